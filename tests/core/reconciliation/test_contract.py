from datetime import date

import pytest

from adtally.calendar import Window
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import CampaignMonth, Document, Rate
from adtally.reconciliation.pricing import BASES
from adtally.reconciliation.verdicts import Outcome, Stake
from adtally.records import Model, RateKind

from .cases import OCTOBER, RULES, campaign, document, facts, period, rate

EARLY = Window(date(2026, 10, 1), date(2026, 10, 9))
LATE = Window(date(2026, 10, 10), date(2026, 10, 31))
CONTRACT = ("billed-without-billable-events", "effective-rate-above-cap", "expected-charge-vs-billed")


def run(check: str, given: CampaignMonth, *documents: Document) -> list[Outcome]:
    return list(CHECKS[check].run(facts(campaigns=(given,), documents=documents), RULES))


def expected(given: CampaignMonth, *documents: Document) -> Outcome:
    [outcome] = run("expected-charge-vs-billed", given, *documents)
    return outcome


def capped(given: CampaignMonth) -> Outcome:
    [outcome] = run("effective-rate-above-cap", given)
    return outcome


def without_events(given: CampaignMonth) -> Outcome:
    [outcome] = run("billed-without-billable-events", given)
    return outcome


def priced(terms: Rate | None, cost: str = "100.00", **counts: int) -> CampaignMonth:
    return campaign(period(terms, cost=cost, **counts))


def test_finding_shows_the_bill_the_count_and_the_rate() -> None:
    outcome = expected(priced(rate("cpc", "0.75"), "1500.00", clicks=1_980))

    assert outcome.explanation == (
        "USD\u00a01,500.00 billed; 1,980 clicks at the agreed 0.75 make USD\u00a01,485.00: "
        "USD\u00a015.00 too much. By the platform's cost report, not a bill."
    )
    assert outcome.formula == "1,500.00 − (0.75 × 1,980 clicks)"
    assert (outcome.flags, outcome.confidence) == (("cost_report",), "medium")
    assert [(row.says, row.table, row.value, row.evidence_class) for row in outcome.proof] == [
        (
            "from the platform's cost report, not from a bill",
            "delivery",
            "USD\u00a01,500.00",
            "E0",
        ),
        ("clicks by the platform's own count", "delivery", "1,980", "E0"),
        ("cpc fixed, by agreement 1", "agreements", "0.75", "E0"),
    ]


def test_bill_lines_are_judged_before_the_cost_report() -> None:
    given = campaign(period(rate("cpc", "0.50"), cost="100.00", clicks=200), billed={"A": "130.00"})

    outcome = expected(given)

    assert (outcome.billed_micros, outcome.expected_micros) == (130_000_000, 100_000_000)
    assert (outcome.flags, outcome.confidence) == ((), "high")
    assert outcome.stakes == (Stake(pool="document:google/A", micros=30_000_000, lines_of="google/1/7"),)


def test_money_beyond_the_contract_is_split_between_bill_and_cost() -> None:
    given = campaign(
        period(rate("cpc", "0.50"), cost="120.00", clicks=200), billed={"A": "60.00", "B": "70.00"}
    )

    assert expected(given).stakes == (
        Stake(
            pool="document:google/A", also=("document:google/B",), micros=10_000_000, lines_of="google/1/7"
        ),
        Stake(pool="campaign:google/1/7/2026-10", micros=20_000_000),
    )


def test_bill_below_cost_leaves_all_of_the_excess_in_the_cost() -> None:
    given = campaign(period(rate("cpc", "0.50"), cost="120.00", clicks=200), billed={"A": "110.00"})

    assert expected(given).stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=10_000_000),)


def test_rate_change_splits_the_month() -> None:
    given = campaign(
        period(rate("cpc", "0.50"), EARLY, cost="50.00", clicks=100),
        period(rate("cpm", "2.00"), LATE, cost="30.00", clicks=7, impressions=10_000),
    )

    outcome = expected(given)

    assert (outcome.verdict, outcome.expected_micros) == ("finding", 70_000_000)
    assert outcome.formula == "80.00 − (0.50 × 100 clicks + 2.00 × 10,000 impressions / 1,000)"


def test_too_little_billed_is_nothing_to_claim() -> None:
    outcome = expected(priced(rate("cpc", "1.00"), "100.00", clicks=2_000))

    assert (outcome.verdict, outcome.direction) == ("finding", "under")
    assert (outcome.severity, outcome.asks, outcome.at_risk_micros) == ("medium", "info", 0)


@pytest.mark.parametrize(
    ("cost", "severity"), [("1010.00", "high"), ("1055.00", "critical"), ("1006.00", "high")]
)
def test_breach_of_a_fixed_rate_is_high_and_from_five_percent_critical(cost: str, severity: str) -> None:
    assert expected(priced(rate("cpc", "1.00"), cost, clicks=1_000)).severity == severity


def test_finding_on_assumed_terms_is_at_most_medium() -> None:
    outcome = expected(priced(rate("cpc", "0.10", assumed=True), "100.00", clicks=10))

    assert (outcome.verdict, outcome.severity, outcome.confidence) == ("finding", "medium", "low")
    assert outcome.flags == ("assumed_terms", "cost_report")


def test_flat_price_is_owed_for_the_days_of_its_flight() -> None:
    quarter = Window(date(2026, 10, 1), date(2026, 12, 31))

    outcome = expected(priced(rate("flat", "920.00", flight=quarter), "310.00"))

    assert (outcome.verdict, outcome.formula) == ("match", "310.00 − (920.00 × 31 / 92 days)")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (rate("flat", "920.00"), "a flat price needs the flight"),
        (rate("cpc"), "its price is not known"),
        (rate("vcpm", "8.00"), "does not report the viewable impression count"),
        (None, "pricing model not known for USD\u00a0100.00"),
    ],
)
def test_missing_input_is_named_and_supplied_by_the_next_step(terms: Rate | None, said: str) -> None:
    outcome = expected(priced(terms, clicks=5, impressions=9))

    assert outcome.verdict == "not_checkable"
    assert said in outcome.explanation
    assert outcome.next_step


@pytest.mark.parametrize("check", CONTRACT)
def test_days_that_were_not_fetched_stop_every_contract_check(check: str) -> None:
    kind: RateKind = "cap" if check == "effective-rate-above-cap" else "fixed"
    given = campaign(period(rate("cpc", "0.50", kind=kind), cost="50.00", clicks=100), missing_days=1)

    [outcome] = run(check, given)

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: reports for 1 day were not fetched.",
    )


def test_neither_bill_nor_cost_report_is_not_checkable() -> None:
    assert expected(campaign(period(rate("cpc", "0.50"), clicks=100))).verdict == "not_checkable"


def test_bill_in_another_currency_is_never_compared() -> None:
    given = campaign(period(rate("cpc", "0.50"), cost="50.00", clicks=100), billed={"A": "46.00"})

    outcome = expected(given, document("46.00", "A", currency="EUR"))

    assert (outcome.verdict, outcome.diff_micros) == ("not_checkable", None)
    assert outcome.explanation == "Not checked: billed in EUR, delivered in USD."


@pytest.mark.parametrize("kind", ["target", "auto"])
def test_auction_without_a_cap_has_no_rate_to_hold(kind: RateKind) -> None:
    given = priced(rate("cpc", "0.50", kind=kind), clicks=3)

    assert run("expected-charge-vs-billed", given) == []
    assert run("effective-rate-above-cap", given) == []


def test_unknown_model_without_money_says_nothing() -> None:
    assert run("expected-charge-vs-billed", priced(None, "0", impressions=5)) == []


def test_terms_of_different_kinds_are_not_judged() -> None:
    mixed = campaign(
        period(rate("cpc", "0.50"), EARLY, cost="50.00", clicks=100),
        period(rate("cpc", "0.50", kind="auto"), LATE, cost="30.00", clicks=70),
    )
    partly_known = campaign(
        period(rate("cpc", "0.50", kind="cap"), EARLY, cost="50.00", clicks=100),
        period(None, LATE, cost="30.00", clicks=70),
    )
    cap_and_goal = campaign(
        period(rate("cpc", "0.50", kind="cap"), EARLY, cost="50.00", clicks=100),
        period(rate("cpc", None, kind="target"), LATE, cost="30.00", clicks=70),
    )

    assert expected(mixed).verdict == expected(partly_known).verdict == "not_checkable"
    assert run("effective-rate-above-cap", mixed) == run("effective-rate-above-cap", partly_known) == []
    assert capped(cap_and_goal).verdict == "not_checkable"
    assert "mixed terms" in capped(cap_and_goal).explanation
    assert run("expected-charge-vs-billed", cap_and_goal) == []


def test_days_on_which_nothing_ran_need_no_terms() -> None:
    given = campaign(
        period(None, EARLY, cost="0", clicks=0, impressions=0),
        period(rate("cpc", "0.50"), LATE, cost="50.00", clicks=100, impressions=900),
    )

    assert expected(given).verdict == "match"


def test_numbers_that_may_change_are_pending_with_the_day() -> None:
    given = campaign(
        period(rate("cpa", "5.00"), cost="100.00", conversions_micros=10_000_000),
        pending_until={"conversions": date(2026, 11, 30)},
    )

    outcome = expected(given)

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("pending", "low", 0)
    assert outcome.diff_micros == 50_000_000
    assert outcome.explanation == "The numbers may change until 30 Nov. So far USD\u00a050.00 too much."
    assert outcome.next_step == "Wait until 30 Nov."


def test_only_the_numbers_that_the_terms_read_are_waited_for() -> None:
    by_click = period(rate("cpc", "0.50"), cost="50.00", clicks=100)
    later = date(2026, 11, 30)

    assert expected(campaign(by_click, pending_until={"conversions": later})).verdict == "match"
    assert expected(campaign(by_click, pending_until={"cost": later})).verdict == "pending"
    billed = campaign(by_click, billed={"A": "50.00"}, pending_until={"cost": later})
    assert expected(billed).verdict == "match"


def test_average_price_up_to_the_limit_above_the_cap_is_tolerated() -> None:
    assert capped(priced(rate("cpc", "1.20", kind="cap"), "603.00", clicks=500)).verdict == "within_tolerance"
    assert capped(priced(rate("cpc", "1.20", kind="cap"), "603.01", clicks=500)).verdict == "finding"


def test_price_above_the_cap_is_said_in_the_words_of_its_model() -> None:
    by_click = capped(priced(rate("cpc", "1.20", kind="cap"), "612.00", clicks=500))
    by_view = capped(priced(rate("cpm", "8.00", kind="cap"), "85.00", impressions=10_000))

    assert by_click.explanation.startswith(
        "500 clicks cost USD\u00a0612.00, 1.224 each; the agreed ceiling is 1.20: USD\u00a012.00 too much."
    )
    assert by_view.explanation.startswith(
        "10,000 impressions cost USD\u00a085.00, 8.50 per 1,000; the agreed ceiling is 8.00 per 1,000"
    )


def test_cap_without_a_known_price_is_not_checkable() -> None:
    assert capped(priced(rate("cpc", kind="cap"), clicks=5)).verdict == "not_checkable"


@pytest.mark.parametrize("kind", ["fixed", "cap", "target", "auto"])
@pytest.mark.parametrize("model", BASES)
def test_money_without_one_billable_event_is_critical_whoever_set_the_price(
    model: Model, kind: RateKind
) -> None:
    outcome = without_events(priced(rate(model, kind=kind), "42.00", **{BASES[model].column: 0}))

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("finding", "critical", 42_000_000)


def test_zero_count_stands_beside_the_other_counts_of_the_row() -> None:
    outcome = without_events(priced(rate("cpc", "0.75"), "42.00", clicks=0, impressions=18_000))

    assert outcome.explanation == (
        "USD\u00a042.00 was billed per click, and there was no click in October (18,000 impressions). "
        "From the platform's cost report, not from a bill."
    )
    assert [(row.says, row.value) for row in outcome.proof][1:3] == [
        ("impressions by the platform's own count", "18,000"),
        ("clicks by the platform's own count", "0"),
    ]


def test_event_and_cost_on_different_days_of_the_month_are_clear() -> None:
    given = campaign(
        period(rate("cpc", "0.50"), EARLY, cost="50.00", clicks=0),
        period(rate("cpc", "0.60"), LATE, cost="0", clicks=80),
    )

    assert without_events(given).verdict == "clear"


@pytest.mark.parametrize("model", ["flat", "dynamic"])
def test_prices_that_no_count_decides_need_no_events(model: Model) -> None:
    assert run("billed-without-billable-events", priced(rate(model, "5.00"), clicks=0)) == []


def test_no_money_is_clear_and_unknown_count_is_not() -> None:
    assert without_events(priced(rate("cpc", "0.50"), "0", clicks=0)).verdict == "clear"
    assert without_events(priced(rate("cpc", "0.50"), "1.00", impressions=9)).verdict == "not_checkable"


def test_zero_of_two_different_units_is_mixed_terms() -> None:
    given = campaign(
        period(rate("cpc", "0.50"), EARLY, cost="50.00", clicks=0),
        period(rate("cpm", "0.60"), LATE, cost="10.00", impressions=80),
    )

    assert "mixed terms" in without_events(given).explanation


def test_outcome_is_about_the_campaign_and_its_month() -> None:
    outcome = expected(priced(rate("cpc", "0.50"), clicks=3))

    assert (outcome.subject, outcome.connector, outcome.account_id, outcome.campaign_id) == (
        "google/1/7",
        "google",
        "1",
        "7",
    )
    assert (outcome.window, outcome.currency, outcome.platform) == (OCTOBER, "USD", "google_ads")
