"""Numbers that fell after their bill: what was believed then, the newest, and what came back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.money import MICROS, to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import CampaignMonth, Credit, Rate, Restated
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, RULES, campaign, document, facts, group, period, rate

CHECK = "restated-after-billing"
CPA = rate("cpa", "25.00")


def credit(amount: str, name: str = "CM-1") -> Credit:
    return Credit(table="invoice_lines", key=f"google/{name}/1", amount_micros=to_micros(amount))


def then(count: int = 80, terms: Rate | None = CPA, *, cost: str | None = None, **fields: object) -> Restated:
    values: dict[str, object] = {
        "bills": ("google/A",),
        "issue_day": date(2026, 11, 3),
        "periods": (period(terms, conversions_micros=count * MICROS, cost=cost),),
        "billed_days": 31,
        **fields,
    }
    return Restated(**values)  # type: ignore[arg-type]


def fell(
    count: int = 74,
    believed: Restated | None = None,
    terms: Rate | None = CPA,
    *,
    cost: str | None = "1850.00",
    **fields: object,
) -> CampaignMonth:
    now = period(terms, conversions_micros=count * MICROS, cost=cost)
    return campaign(now, restated=believed or then(), **fields)  # type: ignore[arg-type]


def judged(*campaigns: CampaignMonth) -> list[Outcome]:
    return list(CHECKS[CHECK].run(facts(campaigns=campaigns), RULES))


def one(campaign: CampaignMonth) -> Outcome:
    [outcome] = judged(campaign)
    return outcome


def test_c33_six_conversions_that_fell_are_due() -> None:
    outcome = one(fell())

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.billed_micros, outcome.expected_micros) == (2_000_000_000, 1_850_000_000)
    assert (outcome.residual_micros, outcome.at_risk_micros) == (150_000_000, 150_000_000)
    assert outcome.tolerance_micros == 9_250_000
    assert outcome.figures == {
        "then_micros": 2_000_000_000,
        "now_micros": 1_850_000_000,
        "basis": "rate",
        "fell_micros": 150_000_000,
        "credited_micros": 0,
        "due_micros": 150_000_000,
    }
    assert outcome.formula == "(25.00 × 80 conversions) − (25.00 × 74 conversions)"
    assert [(row.table, row.value) for row in outcome.proof[:2]] == [
        ("delivery_history", "80 conversions"),
        ("delivery", "74 conversions"),
    ]
    assert len(outcome.explanation) <= 140


def test_c33_credit_for_the_campaign_explains_it() -> None:
    outcome = one(fell(believed=then(credits=(credit("150.00"),))))

    assert (outcome.verdict, outcome.residual_micros, outcome.stakes) == ("explained", 0, ())
    assert (outcome.figures["fell_micros"], outcome.figures["credited_micros"]) == (150_000_000, 150_000_000)
    assert outcome.formula.endswith(" − 150.00")
    assert outcome.explanation == (
        "The numbers fell by USD\u00a0150.00 after the bill of 3 Nov, and credits gave all of it back."
    )


def test_c42_inside_the_conversion_window_it_is_pending() -> None:
    late = fell(78, pending_until={"conversions": date(2026, 12, 1)})

    outcome = one(late)

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros, outcome.stakes) == (
        "pending",
        "low",
        0,
        (),
    )


def test_window_of_another_number_does_not_wait() -> None:
    assert one(fell(pending_until={"clicks": date(2026, 12, 1)})).verdict == "finding"


def test_part_of_a_credit_leaves_the_rest_due_and_more_than_all_is_no_claim_the_other_way() -> None:
    part, more = (
        one(fell(believed=then(credits=(credit("100.00"),)))),
        one(fell(believed=then(credits=(credit("100.00"), credit("90.00"))))),
    )

    assert (part.verdict, part.residual_micros, part.at_risk_micros) == ("finding", 50_000_000, 50_000_000)
    assert "100.00 came back" in part.explanation
    assert (more.verdict, more.residual_micros) == ("explained", 0)


def test_credit_that_names_no_campaign_counts_once_for_the_campaigns_in_order() -> None:
    shared = then(shared=(credit("200.00"),))
    first, second = judged(fell(believed=shared, name="7"), fell(believed=shared, name="8"))

    assert (first.subject, first.verdict) == ("google/1/7", "explained")
    assert (second.verdict, second.residual_micros) == ("finding", 100_000_000)


@pytest.mark.parametrize("count", [80, 81])
def test_numbers_that_stay_or_rise_are_no_finding(count: int) -> None:
    outcome = one(fell(count))

    assert (outcome.verdict, outcome.direction) == ("clear", "")
    assert outcome.explanation == "The numbers did not fall after the bill was issued."


def test_difference_within_the_limit() -> None:
    small = then(7_400, rate("cpa", "0.01"))

    assert one(fell(7_399, small, rate("cpa", "0.01"))).verdict == "within_tolerance"


def test_bill_that_was_made_from_lower_numbers_owes_only_what_is_above_the_newest() -> None:
    lower = one(fell(billed={"A": "1850.00"}))
    partly = one(fell(billed={"A": "1900.00"}))

    assert (lower.verdict, lower.explanation) == ("clear", "The bill is not above the newest numbers.")
    assert (partly.verdict, partly.residual_micros, partly.at_risk_micros) == (
        "finding",
        50_000_000,
        50_000_000,
    )


@pytest.mark.parametrize("terms", [rate("cpc", "3.00", kind="cap"), rate("cpa", kind="target"), None])
def test_price_that_moves_is_compared_by_the_platforms_own_cost(terms: Rate | None) -> None:
    outcome = one(fell(74, then(80, terms, cost="2000.00"), terms))

    assert (outcome.verdict, outcome.severity, outcome.residual_micros) == ("finding", "low", 150_000_000)
    assert (outcome.figures["basis"], outcome.formula) == ("cost", "2,000.00 − 1,850.00")
    assert "the platform's own cost" in outcome.explanation


def test_cost_waits_for_cost() -> None:
    terms = rate("cpc", "3.00", kind="cap")
    moving = fell(74, then(80, terms, cost="2000.00"), terms, pending_until={"cost": date(2026, 12, 1)})

    assert one(moving).verdict == "pending"


def test_price_of_days_does_not_depend_on_counts() -> None:
    flat = rate("flat", "1000.00", flight=OCTOBER)

    assert judged(fell(74, then(80, flat), flat)) == []


def test_campaign_that_did_not_change_yields_nothing() -> None:
    assert judged(campaign(period(CPA, conversions_micros=80 * MICROS))) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (fell(believed=then(coverage=Coverage(missing_days=3))), "not all days were fetched when"),
        (fell(believed=then(billed_days=15)), "the account's bills cover 15 of 31 days"),
        (fell(missing_days=2), "reports for 2 days were not fetched"),
        (fell(terms=rate("cpl", "25.00")), "does not report the lead count"),
        (fell(terms=rate("cpc", "1", kind="cap")), "mixed terms"),
        (fell(believed=then(terms=rate("cpa"))), "its price is not known"),
        (fell(terms=None, believed=then(terms=None)), "the platform reports no cost"),
        (
            fell(cost=None, terms=None, believed=then(terms=None, cost="1")),
            "neither a bill nor a cost report",
        ),
    ],
)
def test_missing_input_is_never_a_pass(changed: CampaignMonth, said: str) -> None:
    outcome = one(changed)

    assert outcome.verdict == "not_checkable"
    assert said in outcome.explanation
    assert len(outcome.explanation) <= 140
    assert outcome.next_step


def test_bill_in_another_currency_is_not_compared() -> None:
    changed = fell(billed={"A": "2000.00"})

    [outcome] = CHECKS[CHECK].run(
        facts(campaigns=(changed,), documents=(document("2000.00", "A", currency="EUR"),)), RULES
    )

    assert outcome.verdict == "not_checkable"


def test_assumed_terms_convict_at_most_at_medium() -> None:
    assumed = rate("cpa", "25.00", assumed=True)

    assert one(fell(terms=assumed, believed=then(terms=assumed))).severity == "medium"


def test_steps_of_a_price_count_the_whole_month() -> None:
    early, late = (
        Window(date(2026, 10, 1), date(2026, 10, 15)),
        Window(date(2026, 10, 16), date(2026, 10, 31)),
    )
    believed = then(
        periods=(
            period(CPA, early, conversions_micros=50 * MICROS),
            period(rate("cpa", "20.00"), late, conversions_micros=30 * MICROS),
        )
    )
    now = campaign(
        period(CPA, early, conversions_micros=46 * MICROS, cost="1.00"),
        period(rate("cpa", "20.00"), late, conversions_micros=30 * MICROS, cost="1.00"),
        restated=believed,
    )

    assert one(now).residual_micros == 100_000_000


def test_same_money_is_claimed_once_beside_the_agreed_rate() -> None:
    outcomes = judge(facts(campaigns=(fell(cost="2000.00"),)), RULES)
    money = {found.check_id: found.at_risk_micros for found in outcomes if found.verdict == "finding"}

    assert money == {CHECK: 150_000_000, "expected-charge-vs-billed": 0}


def test_bill_above_the_fallen_cost_keeps_its_money() -> None:
    changed, bill = fell(believed=then(cost="2000.00")), document("2000.00", "A")

    outcomes = judge(facts(campaigns=(changed,), documents=(bill,), groups=(group("1850.00", bill),)), RULES)
    money = {found.check_id: found.at_risk_micros for found in outcomes if found.verdict == "finding"}

    assert money == {"invoice-total-vs-delivered": 150_000_000, CHECK: 0}


def test_line_above_the_campaigns_cost_keeps_its_money() -> None:
    changed = fell(billed={"A": "2000.00"})

    outcomes = judge(facts(campaigns=(changed,), documents=(document("2000.00", "A"),)), RULES)
    money = {found.check_id: found.at_risk_micros for found in outcomes if found.verdict == "finding"}

    assert money["invoice-line-vs-campaign-spend"] == 150_000_000
    assert money[CHECK] == 0
    assert money["expected-charge-vs-billed"] == 0


COUNTS = st.integers(0, 10**6)


@given(COUNTS, COUNTS, st.integers(1, 10**9), st.integers(0, 10**12))
def test_what_is_due_is_what_fell_less_what_came_back_and_never_below_zero(
    before: int, now: int, price: int, back: int
) -> None:
    terms = replace(CPA, rate_micros=price)
    given_back = Credit(table="invoices", key="google/CM", amount_micros=back)

    outcome = one(fell(now, then(before, terms, credits=(given_back,)), terms))

    dropped = max(0, (before - now) * price)
    assert (outcome.residual_micros or 0) == max(0, dropped - back)
    assert outcome.at_risk_micros in (0, max(0, dropped - back))
    assert (outcome.verdict == "finding") == (max(0, dropped - back) > (outcome.tolerance_micros or 0))
    assert (outcome.verdict == "clear") == (dropped == 0)


@given(COUNTS, COUNTS, st.integers(0, 10**12), st.integers(0, 10**12))
def test_shared_credits_are_used_up_and_no_more(
    first: int, second: int, one_back: int, other_back: int
) -> None:
    shared = tuple(
        Credit(table="invoices", key=f"google/CM-{n}", amount_micros=back)
        for n, back in enumerate((one_back, other_back))
    )
    changed = [
        fell(0, then(count, shared=shared), name=name) for name, count in (("7", first), ("8", second))
    ]

    outcomes = judged(*changed)

    due = sum(outcome.residual_micros or 0 for outcome in outcomes)
    assert due == max(0, (first + second) * 25 * MICROS - one_back - other_back)
