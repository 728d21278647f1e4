"""Guaranteed units at the end of an order's flight."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window
from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import CampaignMonth, Clauses, Counts, Facts, Gaps, OrderFlight, Rate
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, RULES, campaign, period, rate

CPM = rate("cpm", "6.00")


def order(
    impressions: int | None = 930_000,
    paid: str | None = "6000.00",
    *,
    units: int = 1_000_000,
    terms: Rate = CPM,
    counts: Counts | None = None,
    **fields: object,
) -> OrderFlight:
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "name": "order IO-7",
        "subject": "google/order:IO-7",
        "window": Window(date(2026, 9, 15), date(2026, 10, 31)),
        "source": "agreement 1",
        "currencies": ("USD",),
        "campaigns": ("google/1/7",),
        "before_micros": 0,
        "month_micros": None if paid is None else to_micros(paid),
        **fields,
    }
    delivered = Counts(impressions=impressions) if counts is None else counts
    return OrderFlight(units=units, rate=terms, delivered=delivered, **values)  # type: ignore[arg-type]


RAN = campaign(period(CPM, cost="6000.00", impressions=930_000))


def found(one: OrderFlight, *campaigns: CampaignMonth, today: date = date(2026, 11, 23)) -> Facts:
    return Facts(month=OCTOBER, today=today, campaigns=campaigns or (RAN,), orders=(one,))


def judged(one: OrderFlight, *campaigns: CampaignMonth, today: date = date(2026, 11, 23)) -> Outcome:
    [outcome] = CHECKS["under-delivery-make-good"].run(found(one, *campaigns, today=today), RULES)
    return outcome


def test_c44_seven_percent_short_and_paid_in_full() -> None:
    outcome = judged(order())

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.billed_micros, outcome.expected_micros) == (6_000_000_000, 5_580_000_000)
    assert (outcome.diff_micros, outcome.at_risk_micros) == (420_000_000, 420_000_000)
    assert outcome.tolerance_micros == 300_000_000
    assert outcome.figures == {
        "ordered": 1_000_000,
        "delivered": 930_000,
        "short": 70_000,
        "short_ppm": 70_000,
        "invalid": 0,
        "credit_micros": 420_000_000,
    }
    assert outcome.explanation == (
        "930,000 impressions of 1,000,000 impressions ordered: 7% short, and USD\u00a0420.00 was paid for it."
    )


def test_units_that_were_not_paid_for_are_owed_and_no_money_is() -> None:
    outcome = judged(order(paid="5580.00"))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "high", "ask")
    assert (outcome.at_risk_micros, outcome.stakes) == (0, ())
    assert outcome.next_step == "Ask Google Ads to make good 70,000 impressions."
    assert outcome.figures["credit_micros"] == 420_000_000


def test_what_rounding_the_bills_of_two_months_adds_is_no_claim() -> None:
    owed = judged(order(paid="5580.01"))
    claimed = judged(order(paid="5580.02"))

    assert (owed.verdict, owed.asks, owed.at_risk_micros) == ("finding", "ask", 0)
    assert (claimed.asks, claimed.at_risk_micros) == ("claim", 20_000)


def test_money_beyond_the_whole_price_is_another_checks() -> None:
    assert judged(order(paid="7000.00")).at_risk_micros == 420_000_000


@pytest.mark.parametrize(
    ("impressions", "verdict"),
    [
        (949_999, "finding"),
        (950_000, "within_tolerance"),
        (999_999, "within_tolerance"),
        (1_000_000, "clear"),
        (1_200_000, "clear"),
    ],
)
def test_limit_is_inclusive(impressions: int, verdict: str) -> None:
    assert judged(order(impressions)).verdict == verdict


def test_limit_of_the_contract() -> None:
    assert judged(order(under_delivery_ppm=70_000)).verdict == "within_tolerance"
    assert judged(order(999_999, under_delivery_ppm=0)).verdict == "finding"


def test_units_and_credit_of_results() -> None:
    results = order(
        paid="1000.00",
        units=50,
        terms=rate("cpa", "20.00"),
        counts=Counts(conversions_micros=44_500_000, impressions=9),
    )

    outcome = judged(results)

    assert (outcome.figures["short"], outcome.at_risk_micros) == (5_500_000, 110_000_000)
    assert outcome.formula == "1,000.00 − 890.00"


def test_clicks_that_a_verifier_refutes_are_not_delivered() -> None:
    clicks = Counts(clicks=1_000)
    given_order = order(
        paid="500.00", units=1_000, terms=rate("cpc", "0.50"), counts=clicks, invalid_clicks=80
    )

    outcome = judged(given_order)

    assert (outcome.verdict, outcome.figures["short"], outcome.at_risk_micros) == ("finding", 80, 40_000_000)
    assert [(row.table, row.value) for row in outcome.proof][-1] == ("evidence", "80 clicks")


def test_only_in_the_month_in_which_the_flight_ends_and_after_its_last_day() -> None:
    later = order(window=Window(date(2026, 9, 15), date(2026, 11, 1)))
    running = judged(order(window=Window(date(2026, 9, 15), date(2026, 10, 20))), today=date(2026, 10, 20))

    assert list(CHECKS["under-delivery-make-good"].run(found(later), RULES)) == []
    assert (running.verdict, running.next_step) == ("pending", "Wait until 21 Oct.")


def test_counts_that_may_move_are_pending() -> None:
    moving = order(coverage=Coverage(pending_until={"clicks": date(2026, 11, 30)}))

    outcome = judged(moving)

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("pending", "low", 0)


def test_missing_inputs_are_no_verdict() -> None:
    gaps = Gaps(days=(date(2026, 10, 5),), confirmed=True, neighbours=())
    theirs = rate("cpm", "6.00", clauses=Clauses(counted_by="ga4"))
    outcomes = [
        judged(order(coverage=Coverage(missing_days=1))),
        judged(order(None)),
        judged(order(campaigns=())),
        judged(order(currencies=("USD", "EUR"))),
        judged(order(terms=rate("flat", "6.00"))),
        judged(order(terms=theirs)),
        judged(order(), campaign(period(CPM, cost="1.00", impressions=1), gaps=gaps)),
    ]

    assert [one.verdict for one in outcomes] == ["not_checkable"] * 7
    assert all(one.next_step and one.explanation for one in outcomes)


def test_unknown_cost_still_tells_the_units() -> None:
    outcome = judged(order(paid=None))

    assert (outcome.verdict, outcome.asks, outcome.diff_micros) == ("finding", "ask", None)


def test_money_that_the_price_check_owns_is_not_claimed_again() -> None:
    outcomes = judge(found(order()), RULES, only={"expected-charge-vs-billed", "under-delivery-make-good"})

    assert [(one.check_id, one.at_risk_micros) for one in outcomes] == [
        ("expected-charge-vs-billed", 420_000_000),
        ("under-delivery-make-good", 0),
    ]
    assert outcomes[1].flags == ("owned_elsewhere",)


@given(st.integers(0, 2_000_000), st.integers(1, 1_000_000), st.integers(0, 2 * 10**10))
def test_claim_never_exceeds_what_was_paid_or_what_the_missing_units_cost(
    delivered: int, units: int, paid: int
) -> None:
    one = order(delivered, units=units, month_micros=paid)

    outcome = judged(one)
    fewer = judged(order(max(0, delivered - 1), units=units, month_micros=paid))

    short = units - delivered
    assert outcome.verdict == (
        "clear" if short <= 0 else "within_tolerance" if short * 20 <= units else "finding"
    )
    assert outcome.at_risk_micros <= max(0, min(paid, short * 6_000))
    assert fewer.at_risk_micros >= outcome.at_risk_micros
