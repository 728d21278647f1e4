"""A month of which nothing changed is not judged again; whatever its verdicts rest on judges it anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from adtally.calendar import Window, month as days_of
from adtally.ledger import Ledger
from adtally.reconciliation import judging
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.findings import find, work
from adtally.reconciliation.gather import gather
from adtally.reconciliation.judging import Judging, narrowed
from adtally.reconciliation.result import Month
from adtally.reconciliation.rules import Rules
from adtally.records import Campaign
from adtally.settings import Agreement

from .told import NOW, Told, bill, ran, sync

OCTOBER = days_of("2026-10")
ALL_DAYS = tuple(range(1, 32))
RULES = Rules()
BILLS = [bill(total_micros=131_000_000)]
DEAR = Told(delivery=ran(*ALL_DAYS), invoices=BILLS)
"""31.00 was delivered and 131.00 is billed."""


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Window]:
    """The months whose facts were gathered."""
    months = list[Window]()

    def gathered(ledger: Ledger, agreements: object, month: Window, *rest: object, **more: object) -> Facts:
        months.append(month)
        return gather(ledger, agreements, month, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "gather", gathered)
    return months


def month(
    ledger: Ledger,
    now: datetime = NOW,
    *,
    keep: bool = True,
    rules: Rules = RULES,
    agreements: tuple[Mapping[str, object], ...] = (),
) -> Month:
    agreed = [Agreement.model_validate({"connector": "google", **one}) for one in agreements]
    return Judging(agreed, (), rules, now).month(ledger, OCTOBER, keep=keep)


def test_unchanged_month_is_told_from_memory(ledger: Ledger, judged: list[Window]) -> None:
    sync(ledger, google=DEAR)

    first, again = month(ledger), month(ledger)

    assert judged == [OCTOBER]
    assert again == first
    assert [finding.check_id for finding in first.findings] == ["invoice-total-vs-delivered"]
    assert again.facts == first.facts
    assert again.outcomes == first.outcomes


def test_report_takes_what_reconcile_kept_and_keeps_nothing_itself(
    ledger: Ledger, judged: list[Window]
) -> None:
    sync(ledger, google=DEAR)

    month(ledger, keep=False)
    assert ledger.conn.execute("SELECT COUNT(*) FROM judged_months").fetchone() == (0,)
    kept = month(ledger)

    assert month(ledger, keep=False) == kept
    assert judged == [OCTOBER, OCTOBER]


def test_finding_keeps_what_a_person_did_and_is_seen_again(ledger: Ledger, judged: list[Window]) -> None:
    sync(ledger, google=DEAR)
    [found] = month(ledger).findings
    work(ledger, found.finding_id, "acknowledged", "asked", NOW)

    later = NOW + timedelta(hours=1)
    [again] = month(ledger, later).findings

    assert judged == [OCTOBER]
    assert (again.state, again.first_seen, again.last_seen) == ("acknowledged", NOW, later)
    assert find(ledger.conn, found.finding_id) == again


def test_day_of_today_matters_until_late_bills_and_credits_are_over(
    ledger: Ledger, judged: list[Window]
) -> None:
    sync(ledger, google=DEAR)
    settled = datetime(2027, 3, 1, 12, tzinfo=NOW.tzinfo)

    for now in (NOW, NOW + timedelta(days=1), settled, settled + timedelta(days=30)):
        month(ledger, now)

    assert len(judged) == 3


@pytest.mark.parametrize(
    "change",
    [
        Told(delivery=ran(*ALL_DAYS, cost=4_000_000), invoices=DEAR.invoices),
        Told(delivery=DEAR.delivery, invoices=[bill(total_micros=31_000_000)]),
        Told(delivery=DEAR.delivery, invoices=[*BILLS, bill("INV-2")]),
        Told(
            delivery=DEAR.delivery,
            invoices=DEAR.invoices,
            campaigns=[Campaign(campaign_id="7", name="Seven")],
        ),
    ],
    ids=["delivery", "a bill's total", "one more bill", "a campaign's name"],
)
def test_what_the_platform_changes_judges_the_month_anew(
    ledger: Ledger, judged: list[Window], change: Told
) -> None:
    sync(ledger, google=DEAR)
    month(ledger)
    sync(ledger, NOW + timedelta(hours=1), google=change)

    month(ledger)

    assert judged == [OCTOBER, OCTOBER]


@pytest.mark.parametrize(
    "told",
    [
        {"rules": Rules(invoice_lag_days=11)},
        {"agreements": ({"model": "cpc", "rate": "0.50"},)},
    ],
    ids=["a limit", "an agreement"],
)
def test_what_the_user_changes_judges_the_month_anew(
    ledger: Ledger, judged: list[Window], told: dict[str, object]
) -> None:
    sync(ledger, google=DEAR)
    month(ledger)

    month(ledger, **told)  # type: ignore[arg-type]

    assert judged == [OCTOBER, OCTOBER]


def test_later_month_changes_nothing(ledger: Ledger, judged: list[Window]) -> None:
    far = datetime(2027, 6, 1, 6, tzinfo=NOW.tzinfo)
    sync(ledger, far, google=DEAR)
    month(ledger, far)
    more = [*ran(*ALL_DAYS), *ran(date(2027, 5, 27), date(2027, 5, 28))]
    sync(ledger, far + timedelta(days=1), google=Told(delivery=more, invoices=DEAR.invoices))

    month(ledger, far + timedelta(days=1))

    assert judged == [OCTOBER]


def test_days_that_are_no_month_and_earlier_knowledge_are_always_judged(
    ledger: Ledger, judged: list[Window]
) -> None:
    sync(ledger, google=DEAR)
    week = Window(date(2026, 10, 1), date(2026, 10, 7))
    judge = Judging((), (), Rules(), NOW)

    for _ in range(2):
        judge.month(ledger, week, keep=False)
        judge.month(ledger, OCTOBER, keep=False, as_of=NOW.date())

    assert judged == [week, OCTOBER] * 2
    assert ledger.conn.execute("SELECT COUNT(*) FROM judged_months").fetchone() == (0,)


def test_narrowed_month_has_one_check_or_one_connector(ledger: Ledger) -> None:
    sync(ledger, google=DEAR)
    whole = month(ledger)

    one = narrowed(whole, "invoice-total-vs-delivered", None)
    other = narrowed(whole, None, "meta")

    assert {outcome.check_id for outcome in one.outcomes} == {"invoice-total-vs-delivered"}
    assert one.findings == whole.findings
    assert (other.outcomes, other.findings, other.support) == ((), (), ())
    assert narrowed(whole, None, None) is whole
