"""Restated rows in a real ledger: what was believed when the bill came, and which credits came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from adtally.ledger import Ledger
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Campaign, Delivery, Invoice, InvoiceLink

from .told import Told, bill, campaign, facts, line, ran, sync

CPA = {"model": "cpa", "rate": "25.00"}
BEFORE, AFTER = datetime(2026, 11, 2, 6, tzinfo=UTC), datetime(2026, 11, 20, 6, tzinfo=UTC)
NAMED = [Campaign(campaign_id="7", name="Brand"), Campaign(campaign_id="8", name="Generic")]
OCTOBER_BILL = bill("INV-1", total_micros=2_000_000_000)
MICROS = 1_000_000


def won(count: int, campaign_id: str = "7", *, day: int = 5, cost: int = 2_000 * MICROS) -> list[Delivery]:
    return ran(day, campaign_id=campaign_id, cost=cost, conversions_micros=count * MICROS)


def told(delivery: Sequence[Delivery], *bills: Invoice) -> Told:
    return Told(delivery=delivery, campaigns=NAMED, invoices=bills or (OCTOBER_BILL,))


def restated(ledger: Ledger, then: Sequence[Delivery], now: Sequence[Delivery], *later: Invoice) -> None:
    sync(ledger, BEFORE, google=told(then, OCTOBER_BILL))
    sync(ledger, AFTER, google=told(now, OCTOBER_BILL, *later))


def judged(found: Facts) -> list[Outcome]:
    return [one for one in judge(found, Rules()) if one.check_id == "restated-after-billing"]


def only(ledger: Ledger, *agreements: dict[str, object]) -> Outcome:
    [outcome] = judged(facts(ledger, agreements or [CPA]))
    return outcome


def memo(amount: int, *lines: object, name: str = "CM-1", day: int = 12, **fields: object) -> Invoice:
    values: dict[str, object] = {
        "kind": "credit_memo",
        "total_micros": -amount * MICROS,
        "issue_day": date(2026, 11, day),
        "first_day": None,
        "last_day": date(2026, 11, day),
        **fields,
    }
    return bill(name, *lines, **values)  # type: ignore[arg-type]


def gives(amount: int, name: str = "1", **fields: object) -> object:
    return line(-amount * MICROS, name, **{"kind": "credit", **fields})


CORRECTS = (InvoiceLink(kind="corrects", other_id="INV-1"),)


def test_c33_from_the_rows_of_a_ledger(ledger: Ledger) -> None:
    restated(ledger, won(80), won(74))

    outcome = only(ledger)

    assert (outcome.verdict, outcome.residual_micros) == ("finding", 150_000_000)
    assert (outcome.billed_micros, outcome.expected_micros) == (2_000_000_000, 1_850_000_000)
    assert outcome.figures["due_micros"] == 150_000_000


@pytest.mark.parametrize(
    "credit",
    [
        memo(150, gives(150, campaign_id="7", original_invoice_id="INV-1")),
        memo(150, gives(150, campaign_name=" brand", original_invoice_id="INV-1")),
        memo(150, gives(150, kind="media", campaign_id="7"), links=CORRECTS),
        memo(150, gives(150, kind="invalid_traffic"), links=CORRECTS),
        memo(150, links=CORRECTS),
        memo(178, links=CORRECTS, tax_micros=-28 * MICROS),
        memo(
            150,
            gives(
                150,
                kind="adjustment",
                first_day=date(2026, 10, 1),
                last_day=date(2026, 10, 31),
                campaign_id="7",
            ),
        ),
    ],
)
def test_c33_credits_that_name_the_bill_or_the_month_explain_it(ledger: Ledger, credit: Invoice) -> None:
    restated(ledger, won(80), won(74), credit)

    outcome = only(ledger)

    assert (outcome.verdict, outcome.residual_micros) == ("explained", 0)
    assert any(row.key.startswith("google/CM-1") for row in outcome.proof)


@pytest.mark.parametrize(
    "credit",
    [
        memo(150, gives(150, campaign_id="7")),
        memo(150, gives(150, campaign_id="8", original_invoice_id="INV-1")),
        memo(150, gives(150, campaign_id="7", original_invoice_id="INV-0")),
        memo(150, gives(150, campaign_id="7", original_invoice_id="INV-1"), day=3),
        memo(150, gives(150, campaign_id="7", original_invoice_id="INV-1"), currency="EUR"),
        memo(150, gives(150, campaign_id="7", original_invoice_id="INV-1"), status="draft"),
        memo(150, gives(150, kind="overdelivery", campaign_id="7", original_invoice_id="INV-1")),
        memo(
            150,
            gives(150, campaign_id="7", first_day=date(2026, 9, 1), last_day=date(2026, 9, 30)),
        ),
    ],
)
def test_credits_for_something_else_explain_nothing(ledger: Ledger, credit: Invoice) -> None:
    restated(ledger, won(80), won(74), credit)

    assert only(ledger).residual_micros == 150_000_000


def test_versions_are_never_added_and_only_the_one_of_the_issue_day_counts(ledger: Ledger) -> None:
    sync(ledger, datetime(2026, 10, 20, 6, tzinfo=UTC), google=told(won(90), OCTOBER_BILL))
    sync(ledger, BEFORE, google=told(won(80), OCTOBER_BILL))
    sync(ledger, datetime(2026, 11, 10, 6, tzinfo=UTC), google=told(won(77), OCTOBER_BILL))
    sync(ledger, AFTER, google=told(won(74), OCTOBER_BILL))

    outcome = only(ledger)

    assert (outcome.figures["then_micros"], outcome.figures["now_micros"]) == (2_000_000_000, 1_850_000_000)


def test_change_on_the_issue_day_itself_may_be_in_the_bill(ledger: Ledger) -> None:
    sync(ledger, BEFORE, google=told(won(80), OCTOBER_BILL))
    sync(ledger, datetime(2026, 11, 3, 23, tzinfo=UTC), google=told(won(74), OCTOBER_BILL))

    assert judged(facts(ledger, [CPA])) == []


def test_rows_that_vanished_fell_to_nothing(ledger: Ledger) -> None:
    restated(ledger, [*won(40), *won(40, day=6)], won(40))

    assert only(ledger).residual_micros == 1_000_000_000


def test_late_rows_that_rise_are_no_finding(ledger: Ledger) -> None:
    restated(ledger, won(80), [*won(80), *won(9, day=6)])
    assert judged(facts(ledger, [CPA])) == []

    sync(ledger, datetime(2026, 11, 21, 6, tzinfo=UTC), google=told([*won(81), *won(9, day=6)], OCTOBER_BILL))
    assert only(ledger).verdict == "clear"


def test_only_the_campaign_that_changed_is_looked_at(ledger: Ledger) -> None:
    restated(ledger, [*won(80), *won(50, "8")], [*won(74), *won(50, "8")])
    found = facts(ledger, [CPA])

    assert [outcome.campaign_id for outcome in judged(found)] == ["7"]
    assert campaign(found, "8").restated is None


def test_account_without_a_bill_yields_nothing(ledger: Ledger) -> None:
    sync(ledger, BEFORE, google=Told(delivery=won(80)))
    sync(ledger, AFTER, google=Told(delivery=won(74)))

    assert judged(facts(ledger, [CPA])) == []


def test_days_that_were_not_fetched_before_the_bill_cannot_be_judged(ledger: Ledger) -> None:
    sync(ledger, datetime(2026, 10, 20, 6, tzinfo=UTC), google=told(won(80), OCTOBER_BILL))
    sync(ledger, AFTER, google=told(won(74), OCTOBER_BILL))

    outcome = only(ledger)

    assert outcome.verdict == "not_checkable"
    assert "not all days were fetched when the bill was issued on 3 Nov" in outcome.explanation


def test_bill_dated_on_the_last_of_its_own_days_is_made_some_days_later(ledger: Ledger) -> None:
    dated = bill("INV-1", issue_day=date(2026, 10, 31))
    sync(ledger, datetime(2026, 11, 1, 6, tzinfo=UTC), google=told(won(80), dated))
    sync(ledger, datetime(2026, 11, 5, 6, tzinfo=UTC), google=told(won(77), dated))
    assert judged(facts(ledger, [CPA])) == []

    sync(ledger, AFTER, google=told(won(74), dated))

    assert only(ledger).residual_micros == 75_000_000


def test_bills_of_a_part_of_the_month_are_not_enough(ledger: Ledger) -> None:
    half = bill("INV-1", first_day=date(2026, 10, 16))
    sync(ledger, BEFORE, google=told(won(80), half))
    sync(ledger, AFTER, google=told(won(74), half))

    assert "bills cover 16 of 31 days" in only(ledger).explanation


def test_rate_of_each_day_holds_for_both_versions(ledger: Ledger) -> None:
    restated(ledger, [*won(40, day=15), *won(40, day=16)], [*won(39, day=15), *won(40, day=16)])
    until = {**CPA, "last_day": date(2026, 10, 15)}

    outcome = only(ledger, until, {**CPA, "rate": "10.00"})

    assert outcome.figures["then_micros"] == (40 * 25 + 40 * 10) * MICROS
    assert outcome.residual_micros == 25_000_000


def test_without_an_agreed_rate_the_platforms_own_cost_is_compared(ledger: Ledger) -> None:
    restated(ledger, won(80), won(80, cost=1_900 * MICROS))

    outcome = only(ledger, {"model": "cpc", "kind": "cap", "rate": "500"})

    assert (outcome.verdict, outcome.figures["basis"], outcome.residual_micros) == (
        "finding",
        "cost",
        100_000_000,
    )


def test_knowledge_of_an_earlier_day_has_no_later_change(ledger: Ledger) -> None:
    restated(ledger, won(80), won(74))

    assert judged(facts(ledger, [CPA], as_of=date(2026, 11, 10))) == []
    assert len(judged(facts(ledger, [CPA], as_of=date(2026, 11, 21)))) == 1
