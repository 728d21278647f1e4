from collections import Counter
from datetime import date
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings, strategies as st
from msgspec.structs import replace

from adtally.errors import ConfigError
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import (
    CampaignMonth,
    Counts,
    Document,
    Facts,
    FlightDays,
    Period,
    Rate,
    Results,
)
from adtally.reconciliation.judge import judge
from adtally.reconciliation.pricing import BASES
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Model, RateKind

from .cases import OCTOBER, RATES, RULES, SAME_500, campaign, document, facts, group, line, period, rate

Row = TypeVar("Row")

PASSES = {"match", "within_tolerance", "explained", "clear"}
CONTRACT = ("billed-without-billable-events", "effective-rate-above-cap", "expected-charge-vs-billed")


def owned(outcomes: list[Outcome]) -> dict[tuple[str, str], int]:
    """What each finding that asks for money puts at risk."""
    return {(one.check_id, one.subject): one.at_risk_micros for one in outcomes if one.stakes}


def find(outcomes: list[Outcome], check: str, subject: str) -> Outcome:
    [found] = [one for one in outcomes if (one.check_id, one.subject) == (check, subject)]
    return found


def test_outcomes_come_in_the_order_of_the_checks_and_then_of_subjects() -> None:
    bills = (document("1.00", "B", line("1.00")), document("2.00", "A", line("2.00")))

    outcomes = judge(facts(documents=bills), RULES)

    assert [(one.check_id, one.subject) for one in outcomes] == [
        ("invoice-duplicate", "google/A"),
        ("invoice-duplicate", "google/B"),
        ("invoice-arithmetic", "google/A"),
        ("invoice-arithmetic", "google/B"),
        ("invoice-line-arithmetic", "google/A"),
        ("invoice-line-arithmetic", "google/B"),
    ]


def test_duplicate_owns_what_the_total_is_above_delivery() -> None:
    outcomes = judge(facts(documents=SAME_500, groups=(group("500.00", *SAME_500),)), RULES)

    pair = "google/INV-7+google/INV-7A"
    assert owned(outcomes) == {
        ("invoice-duplicate", pair): 500_000_000,
        ("invoice-total-vs-delivered", pair): 0,
    }
    total = find(outcomes, "invoice-total-vs-delivered", pair)
    assert (total.verdict, total.severity, total.asks) == ("finding", "info", "info")
    assert "owned_elsewhere" in total.flags
    assert total.next_step == "See the finding of invoice-duplicate."
    assert total.explanation.endswith("of it is counted under invoice-duplicate.")


def test_total_is_at_risk_only_by_what_nobody_owns_yet() -> None:
    bills = (*SAME_500, document("100.00", "INV-9", line("100.00"), purchase_order="PO-9"))

    outcomes = judge(facts(documents=bills, groups=(group("550.00", *bills),)), RULES)

    total = find(outcomes, "invoice-total-vs-delivered", "google/INV-7+google/INV-7A+google/INV-9")
    assert (total.residual_micros, total.at_risk_micros, total.asks) == (550_000_000, 50_000_000, "claim")
    assert total.next_step == "Ask Google Ads for a credit of USD\u00a050.00."


def test_findings_of_other_documents_of_a_group_keep_their_money() -> None:
    wrong = document("110.00", "INV-9", line("100.00"), purchase_order="PO-9")
    bills = (*SAME_500, wrong)

    outcomes = judge(facts(documents=bills, groups=(group("600.00", *bills),)), RULES)

    assert owned(outcomes) == {
        ("invoice-duplicate", "google/INV-7+google/INV-7A"): 500_000_000,
        ("invoice-arithmetic", "google/INV-9"): 10_000_000,
        ("invoice-total-vs-delivered", "google/INV-7+google/INV-7A+google/INV-9"): 0,
    }


def test_wrong_line_and_wrong_total_are_different_money() -> None:
    bill = document("30.00", "A", line("20.00", quantity=10, unit_price_micros=1_000_000))

    outcomes = judge(facts(documents=(bill,), groups=(group("10.00", bill),)), RULES)

    assert owned(outcomes) == {
        ("invoice-arithmetic", "google/A"): 10_000_000,
        ("invoice-line-arithmetic", "google/A/1"): 10_000_000,
        ("invoice-total-vs-delivered", "google/A"): 0,
    }


def test_bill_above_cost_and_cost_above_contract_are_each_counted_once() -> None:
    bill = document("130.00", "A", line("130.00"))
    ran = campaign(period(rate("cpc", "0.50"), cost="120.00", clicks=200), billed={"A": "130.00"})

    outcomes = judge(facts(campaigns=(ran,), documents=(bill,), groups=(group("120.00", bill),)), RULES)

    assert owned(outcomes) == {
        ("invoice-total-vs-delivered", "google/A"): 10_000_000,
        ("invoice-line-vs-campaign-spend", "google/1/7"): 0,
        ("expected-charge-vs-billed", "google/1/7"): 20_000_000,
    }
    charge = find(outcomes, "expected-charge-vs-billed", "google/1/7")
    assert (charge.diff_micros, charge.severity, charge.asks) == (30_000_000, "critical", "claim")
    assert "owned_elsewhere" in charge.flags
    assert "USD\u00a010.00 of it is counted under invoice-total-vs-delivered." in charge.explanation


def test_lines_of_two_campaigns_on_one_bill_are_different_money() -> None:
    cap = rate("cpm", "0.01", kind="cap")
    idle = campaign(period(cap, impressions=0), name="A", billed={"BILL": "2.00"})
    dear = campaign(period(cap, impressions=1), name="B", billed={"BILL": "2.00"})

    outcomes = judge(facts(campaigns=(idle, dear)), RULES)

    assert owned(outcomes) == {
        ("billed-without-billable-events", "google/1/A"): 2_000_000,
        ("effective-rate-above-cap", "google/1/A"): 0,
        ("effective-rate-above-cap", "google/1/B"): 1_999_990,
    }


def test_money_without_events_is_not_claimed_again_by_its_rate() -> None:
    outcomes = judge(facts(campaigns=(campaign(period(rate("cpc", "1"), cost="42.00", clicks=0)),)), RULES)

    assert owned(outcomes) == {
        ("billed-without-billable-events", "google/1/7"): 42_000_000,
        ("expected-charge-vs-billed", "google/1/7"): 0,
    }


def test_currency_mismatch_stops_every_amount_check_of_the_pair() -> None:
    bill = document("920.00", "A", line("920.00"), currency="EUR")
    ran = campaign(period(rate("cpc", "1.00"), cost="1000.00", clicks=1_000), billed={"A": "920.00"})

    outcomes = judge(facts(campaigns=(ran,), documents=(bill,), groups=(group("1000.00", bill),)), RULES)

    assert [
        (one.check_id, one.verdict) for one in outcomes if one.verdict in ("finding", "not_checkable")
    ] == [
        ("invoice-currency-mismatch", "finding"),
        ("invoice-line-arithmetic", "not_checkable"),
        ("fx-conversion", "not_checkable"),
        ("invoice-total-vs-delivered", "not_checkable"),
        ("invoice-line-vs-campaign-spend", "not_checkable"),
        ("billed-quantity-vs-reported", "not_checkable"),
        ("billed-without-billable-events", "not_checkable"),
        ("expected-charge-vs-billed", "not_checkable"),
        ("impressions-without-interaction", "not_checkable"),
        ("engagement-support", "not_checkable"),
    ]


def test_filter_limits_what_comes_back_and_not_who_owns_it() -> None:
    given = facts(documents=SAME_500, groups=(group("500.00", *SAME_500),))

    outcomes = judge(given, RULES, only=["invoice-total-vs-delivered"])

    assert [(one.check_id, one.at_risk_micros) for one in outcomes] == [("invoice-total-vs-delivered", 0)]


def test_unknown_check_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="no check is called 'invoice-sums': choose from invoice-duplicate"):
        judge(facts(), RULES, only=["invoice-sums"])


def test_campaign_in_two_currencies_is_not_checkable() -> None:
    dollars = campaign(period(rate("cpc", "1.00"), cost="10.00", clicks=10))

    outcomes = judge(facts(campaigns=(dollars, replace(dollars, currency="EUR"))), RULES)

    assert [(one.check_id, one.verdict, one.currency) for one in outcomes] == [
        ("delivery-gaps", "not_checkable", ""),
        ("billed-without-billable-events", "not_checkable", ""),
        ("expected-charge-vs-billed", "not_checkable", ""),
        ("impressions-without-interaction", "not_checkable", ""),
        ("engagement-support", "not_checkable", ""),
    ]


def test_every_check_declares_what_its_page_needs() -> None:
    for check_id, check in CHECKS.items():
        assert check.id == check_id
        assert check.question.endswith("?")
        assert all((check.formula, check.grain, check.reads, check.tolerance, check.severity, check.notes))
        assert check.beside <= set(list(CHECKS)[: list(CHECKS).index(check_id)])


micros = st.integers(0, 2_000_000_000)
counts = st.none() | st.integers(0, 5_000)
names = st.sampled_from(["A", "B", "C", "D"])


@st.composite
def bills(draw: st.DrawFn) -> tuple[Document, ...]:
    """Up to four documents of one account, some alike, with totals near the sum of their lines."""
    found: list[Document] = []
    for name in draw(st.lists(names, unique=True, max_size=4)):
        amounts = draw(st.lists(st.sampled_from([10_000_000, 70_000_000, 333_330_000]), max_size=3))
        lines = [
            replace(line("0", str(n)), amount_micros=amount, quantity=draw(counts), unit_price_micros=50_000)
            for n, amount in enumerate(amounts)
        ]
        total = sum(amounts) + draw(st.sampled_from([0, 0, 10_000, 25_000_000, -25_000_000]))
        found.append(replace(document("0", name, *lines), total_micros=total))
    return tuple(found)


@st.composite
def campaigns(draw: st.DrawFn, models: tuple[Model, ...] = tuple(BASES)) -> CampaignMonth:
    model: Model = draw(st.sampled_from(models))
    kind: RateKind = draw(st.sampled_from(["fixed", "cap", "auto"]))
    terms = Rate(model=model, kind=kind, rate_micros=draw(micros), source="agreement 1")
    known = Counts(cost_micros=draw(st.none() | micros), **{BASES[model].column: draw(counts)})
    ran = campaign(Period(window=OCTOBER, counts=known, rate=terms), name=draw(names))
    billed = {
        name: f"{draw(st.integers(0, 500))}.00" for name in draw(st.lists(names, unique=True, max_size=2))
    }
    return replace(ran, lines=campaign(billed=billed).lines)


@st.composite
def months(draw: st.DrawFn) -> Facts:
    documents = draw(bills())
    ran = {one.campaign_id: one for one in draw(st.lists(campaigns(), max_size=3))}
    together = (group("0", *documents),) if documents else ()
    cost = draw(micros)
    groups = tuple(replace(one, delivered=(replace(one.delivered[0], cost_micros=cost),)) for one in together)
    return facts(campaigns=tuple(ran.values()), documents=documents, groups=groups)


EVERYTHING = Rules(rates={"USD": RATES})


@given(months(), st.randoms(use_true_random=False))
def test_order_of_the_facts_does_not_matter(month: Facts, chance: Random) -> None:
    def shuffled(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(chance.sample(rows, len(rows)))

    other = replace(
        month,
        campaigns=shuffled(month.campaigns),
        documents=shuffled(month.documents),
        groups=tuple(replace(one, documents=shuffled(one.documents)) for one in month.groups),
    )

    assert judge(other, EVERYTHING) == judge(month, EVERYTHING)


@given(months())
def test_findings_on_one_campaign_claim_together_what_the_largest_of_them_found(month: Facts) -> None:
    outcomes = judge(month, EVERYTHING)
    claimed: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    for outcome in outcomes:
        staked = sum(stake.micros for stake in outcome.stakes)
        assert 0 <= outcome.at_risk_micros <= staked
        if outcome.campaign_id:
            claimed[outcome.subject] += outcome.at_risk_micros
            largest[outcome.subject] = max(largest[outcome.subject], staked)

    assert all(claimed[subject] <= largest[subject] for subject in claimed)


@given(campaigns())
def test_campaign_never_claims_more_than_was_billed(ran: CampaignMonth) -> None:
    outcomes = judge(facts(campaigns=(ran,)), EVERYTHING)

    assert sum(one.at_risk_micros for one in outcomes) <= max(0, ran.billed_micros or 0)


@given(campaigns(), st.integers(0, 9_000), st.integers(0, 100), st.integers(0, 100))
def test_breaches_of_every_kind_together_never_claim_more_than_was_billed(
    ran: CampaignMonth, quantity: int, late: int, seen: int
) -> None:
    cost = ran.counts.cost_micros or 0
    ran = replace(
        ran,
        lines=tuple(replace(line, quantity=quantity, unit="clicks") for line in ran.lines),
        flight=FlightDays(
            window=OCTOBER, source="agreement 1", outside=((OCTOBER.last_day, cost * late // 100),)
        ),
        results=Results(
            all_micros=100_000_000, view_through_micros=seen * 1_000_000, attribution="", click_only=True
        ),
    )

    outcomes = judge(facts(campaigns=(ran,)), EVERYTHING)

    claimed = sum(one.at_risk_micros for one in outcomes if one.stakes)
    assert claimed <= max(0, ran.billed_micros or 0)


@given(bills(), st.integers(0, 900_000_000))
@settings(max_examples=200)
def test_documents_never_claim_more_than_they_bill(documents: tuple[Document, ...], cost: int) -> None:
    given_group = group("0", *documents) if documents else None
    groups = (
        ()
        if given_group is None
        else (replace(given_group, delivered=(replace(given_group.delivered[0], cost_micros=cost),)),)
    )
    plain = tuple(
        replace(one, lines=tuple(replace(row, quantity=None) for row in one.lines)) for one in documents
    )

    outcomes = judge(facts(documents=plain, groups=groups), EVERYTHING)

    assert sum(one.at_risk_micros for one in outcomes) <= sum(max(0, one.total_micros) for one in documents)


@given(campaigns(), st.sampled_from(["count", "money", "days", "terms"]))
def test_missing_input_of_a_contract_check_is_never_a_pass(ran: CampaignMonth, missing: str) -> None:
    [only] = ran.periods
    if missing == "count":
        cost = Counts(cost_micros=max(1, only.counts.cost_micros or 0))
        ran = replace(ran, periods=(replace(only, counts=cost),), counts=cost, lines=())
    elif missing == "money":
        free = replace(only.counts, cost_micros=None)
        ran = replace(ran, periods=(replace(only, counts=free),), counts=free, lines=())
    elif missing == "days":
        ran = replace(ran, coverage=Coverage(missing_days=1))
    else:
        ran = replace(ran, periods=(replace(only, rate=None),))

    given_facts = facts(campaigns=(ran,))
    verdicts = {
        one.verdict for one in judge(given_facts, RULES, only=None if missing == "days" else CONTRACT)
    }

    assert not verdicts & PASSES


@given(months(), st.booleans())
def test_every_sentence_is_short_and_every_finding_says_what_to_do(month: Facts, later: bool) -> None:
    if later:
        coverage = Coverage(pending_until={"cost": date(2026, 11, 30), "clicks": date(2026, 11, 4)})
        month = replace(month, campaigns=tuple(replace(one, coverage=coverage) for one in month.campaigns))

    for outcome in judge(month, EVERYTHING):
        assert 0 < len(outcome.explanation) <= 140
        assert outcome.next_step or outcome.verdict in PASSES
        assert outcome.asks == "info" or outcome.at_risk_micros > 0
        assert outcome.verdict == "finding" or not outcome.stakes
