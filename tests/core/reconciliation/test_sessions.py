from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.money import rounded
from adtally.reconciliation.evidence_facts import EvidenceSum, SessionTrail
from adtally.reconciliation.facts import CampaignMonth, Counts, Facts, FlightDays
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome, Stake

from .cases import OCTOBER, billed_line, campaign, period, rate
from .counted import counted, known, run, source, tagged

CHECK = "clicks-vs-sessions"
QUARTER = Window(date(2026, 7, 3), date(2026, 9, 30))


def clicked(
    clicks: int | None, *counts: EvidenceSum, cost: str = "900.00", **fields: object
) -> CampaignMonth:
    units = {} if clicks is None else {"clicks": clicks}
    one = campaign(period(rate("cpc", "0.90"), cost=cost, **units), evidence=counts)
    return replace(one, **fields)


def only(found: Facts, rules: Rules | None = None) -> Outcome:
    [outcome] = run(CHECK, found, *([rules] if rules else []))
    return outcome


def trail(sessions: int, clicks: int = 10_000) -> SessionTrail:
    return SessionTrail(connector="google", account_id="1", window=QUARTER, clicks=clicks, sessions=sessions)


def test_c24_too_few_sessions_are_a_finding_of_the_missing_clicks() -> None:
    outcome = only(known(clicked(1_000, counted(760))))

    assert (outcome.verdict, outcome.severity, outcome.direction, outcome.asks) == (
        "finding",
        "medium",
        "over",
        "ask",
    )
    assert (outcome.figures["p_value"], outcome.figures["units"]) == ("1.108e-3", 40)
    assert (outcome.at_risk_micros, outcome.diff_micros) == (36_000_000, 36_000_000)
    assert outcome.stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=36_000_000),)
    assert outcome.figures["coverage_ppm"] == 1_000_000
    assert outcome.explanation == (
        "760 sessions for 1,000 billed clicks; 800 arrive at least (by chance: 1.108e-3): "
        "USD\u00a036.00 for 40 clicks."
    )


@pytest.mark.parametrize(
    ("clicks", "sessions", "chance"),
    [pytest.param(1_000, 785, "0.1263", id="C25"), pytest.param(20, 12, "0.03214", id="C26")],
)
def test_shortfall_that_chance_explains_is_clear(clicks: int, sessions: int, chance: str) -> None:
    outcome = only(known(clicked(clicks, counted(sessions))))

    assert (outcome.verdict, outcome.flags) == ("clear", ("cost_report",))
    assert outcome.figures["p_value"] == chance
    assert outcome.at_risk_micros == 0


def test_more_sessions_than_clicks_are_clear() -> None:
    assert only(known(clicked(100, counted(140)))).verdict == "clear"


def test_floor_that_is_reached_is_clear_however_little_proof_is_asked_for() -> None:
    rules = Rules(alpha=Decimal("0.9"))

    verdicts = [only(known(clicked(1_000, counted(sessions))), rules).verdict for sessions in (799, 800)]

    assert verdicts == ["finding", "clear"]


def test_at_risk_is_a_part_of_what_delivery_cost_and_not_of_what_a_bill_adds() -> None:
    one = clicked(1_000, counted(760), lines=(billed_line("1000.00"),))

    assert only(known(one)).at_risk_micros == 36_000_000


def test_few_clicks_are_clear_with_low_power() -> None:
    outcome = only(known(clicked(2, counted(0))))

    assert (outcome.verdict, outcome.flags) == ("clear", ("cost_report", "low_power"))


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (clicked(None, counted(760)), "does not report the click count"),
        (clicked(1_000, counted(760, evidence_class="E1")), "only the platform's own count"),
        (clicked(1_000, counted(760, flags=("sampled",))), "the count of ga4 is a lower bound (sampled)"),
        (clicked(1_000, counted(760, flags=("other_row", "thresholded"))), "(other_row, thresholded)"),
        (clicked(1_000, counted(760), lines=(), counts=Counts(clicks=1_000)), "neither a bill nor"),
    ],
    ids=["no clicks", "E1", "sampled", "thresholded", "no money"],
)
def test_missing_or_weak_input_is_not_checkable(one: CampaignMonth, says: str) -> None:
    outcome = only(known(one, tagged=tagged(1_000_000)))

    assert outcome.verdict == "not_checkable"
    assert says in outcome.explanation


def test_lower_bound_still_confirms() -> None:
    assert only(known(clicked(1_000, counted(900, flags=("sampled",))))).verdict == "clear"


def test_coverage_below_nine_tenths_is_told_and_judges_nobody() -> None:
    untagged = replace(clicked(1_000, cost="900.00"), campaign_id="8")

    outcomes = run(CHECK, known(clicked(1_000, counted(760)), untagged))

    assert [outcome.verdict for outcome in outcomes] == ["not_checkable", "not_checkable"]
    assert {(outcome.explanation, outcome.figures["coverage_ppm"]) for outcome in outcomes} == {
        ("Not checked: only 50% of the billed money has known session keys.", 500_000)
    }


def test_campaign_without_a_session_in_a_tagged_account_is_not_checkable() -> None:
    untagged = replace(clicked(20, cost="9.00"), campaign_id="8")

    outcomes = run(CHECK, known(clicked(1_000, counted(900)), untagged))

    assert [outcome.verdict for outcome in outcomes] == ["clear", "not_checkable"]
    assert outcomes[1].explanation == "Not checked: no session of any source bears this campaign's key."


def test_source_that_lacks_days_is_not_checkable() -> None:
    outcome = only(known(clicked(1_000, counted(760)), sources=[source(missing_days=3)]))

    assert outcome.explanation == "Not checked: of ga4, 3 days of the month were not fetched."


def test_source_that_nobody_knows_is_not_checkable() -> None:
    assert only(known(clicked(1_000, counted(760)), sources=[])).verdict == "not_checkable"


def test_platform_that_lacks_days_is_not_checkable() -> None:
    one = clicked(1_000, counted(760))
    one = replace(one, coverage=replace(one.coverage, missing_days=2))

    assert only(known(one)).explanation == "Not checked: reports for 2 days were not fetched."


@pytest.mark.parametrize("who", ["source", "platform"])
def test_numbers_that_may_change_are_pending(who: str) -> None:
    until, one = date(2026, 11, 3), clicked(1_000, counted(760))
    if who == "platform":
        one = replace(one, coverage=replace(one.coverage, pending_until={"clicks": until}))
    found = known(one, sources=[source(pending_until={"clicks": until} if who == "source" else None)])

    outcome = only(found)

    assert (outcome.verdict, outcome.severity, outcome.stakes) == ("pending", "low", ())


def test_other_model_clicks_elsewhere_and_account_without_sessions_are_left_out() -> None:
    sessions = counted(1)
    shown = campaign(period(rate("cpm", "5"), cost="900.00", clicks=1_000), evidence=(sessions,))
    app = clicked(1_000, sessions, channel="MULTI_CHANNEL")
    call = clicked(1_000, sessions, channel="call ads")

    assert run(CHECK, known(shown, app, call)) == []
    assert run(CHECK, known(clicked(1_000, counted(1, "click")))) == []
    assert run(CHECK, known(clicked(0, sessions))) == []
    assert run(CHECK, known(clicked(1_000, sessions, cost="0"))) == []


def test_month_of_two_models_is_mixed_terms() -> None:
    halves = (
        period(rate("cpc", "0.90"), Window(date(2026, 10, 1), date(2026, 10, 15)), cost="1", clicks=9),
        period(rate("cpm", "5"), Window(date(2026, 10, 16), date(2026, 10, 31)), cost="1", clicks=9),
    )
    outcome = only(known(campaign(*halves, evidence=(counted(1),))))

    assert "mixed terms" in outcome.explanation


def test_largest_of_two_sources_counts_and_they_are_never_added() -> None:
    both = (counted(700), counted(750, source="matomo"), counted(999, source="x", evidence_class="E1"))

    outcome = only(known(clicked(1_000, *both)))

    assert outcome.verdict == "not_checkable"
    assert "together they may have all of it" in outcome.explanation
    assert only(known(clicked(1_000, counted(300), counted(310, source="matomo")))).figures["sessions"] == 310


def test_strongest_class_counts() -> None:
    outcome = only(known(clicked(1_000, counted(100), counted(950, source="log", evidence_class="E3"))))

    assert (outcome.verdict, outcome.figures["sessions"]) == ("clear", 950)


def test_floor_is_learned_from_the_quarter_before() -> None:
    one = clicked(1_000, counted(560))

    outcome = only(known(one, trails=(trail(7_000),)))

    assert (outcome.verdict, outcome.figures["floor_ppm"], outcome.figures["usual_ppm"]) == (
        "clear",
        550_000,
        700_000,
    )
    assert "70% arrived in the 90 days before, less 15 points" in outcome.formula
    assert only(known(one)).figures["floor_ppm"] == 800_000
    assert "session_floor of the configuration" in only(known(one)).formula


def test_more_usual_sessions_than_clicks_set_no_floor_above_85_percent() -> None:
    assert only(known(clicked(1_000, counted(860)), trails=(trail(13_000),))).verdict == "clear"


def test_account_where_hardly_any_click_arrives_tells_nothing() -> None:
    outcome = only(known(clicked(1_000, counted(0)), trails=(trail(1_500),)))

    assert (outcome.verdict, outcome.proof) == ("not_checkable", ())


def test_setting_is_the_floor_of_an_unknown_quarter() -> None:
    outcome = only(known(clicked(1_000, counted(560))), Rules(session_floor=Decimal("0.55")))

    assert (outcome.verdict, outcome.figures["floor_ppm"]) == ("clear", 550_000)


def test_file_of_some_days_accuses_nobody() -> None:
    week = Window(date(2026, 10, 1), date(2026, 10, 7))
    of_file, one = [source(file_days=week)], clicked(1_000, counted(200))

    outcome = only(known(one, sources=of_file))
    last = Window(date(2026, 10, 5), date(2026, 10, 31))
    late = only(known(one, sources=[source(file_days=last)]))
    near = Window(date(2026, 10, 4), date(2026, 10, 28))

    assert "has rows of 2026-10-05..2026-10-31 only" in late.explanation
    assert only(known(one, sources=[source(file_days=near)])).verdict == "finding"
    flown = replace(one, flight=FlightDays(window=week, source="agreement 1"))

    assert "has rows of 2026-10-01..2026-10-07 only" in outcome.explanation
    assert only(known(flown, sources=of_file)).verdict == "finding"


def test_proof_names_both_zones_and_the_flags() -> None:
    sessions = counted(760, flags=("modelled",))
    outcome = only(known(clicked(1_000, sessions), sources=[source(timezone="Europe/Berlin")]))

    told = [(row.says, row.value, row.evidence_class) for row in outcome.proof]
    assert told[1:] == [
        ("clicks by the platform's own count", "1,000", "E0"),
        (
            "session by ga4, 31 records; zone Europe/Berlin, of the ad account UTC; modelled",
            "760",
            "E2",
        ),
        ("floor: session_floor of the configuration", "80%", "E0"),
    ]


@given(
    clicks=st.integers(1, 3_000),
    sessions=st.integers(0, 3_000),
    cents=st.integers(1, 10**8),
)
def test_finding_only_below_the_floor_and_never_above_the_cost(
    clicks: int, sessions: int, cents: int
) -> None:
    one = clicked(clicks, counted(sessions), cost=f"{cents / 100:.2f}")

    outcome, better = only(known(one)), only(known(clicked(clicks, counted(sessions + 1))))

    if outcome.verdict == "finding":
        units = -(-clicks * 8 // 10) - sessions
        assert units > 0
        assert outcome.diff_micros == rounded(units * cents * 10_000, clicks)
        assert 0 < (outcome.diff_micros or 0) <= (outcome.billed_micros or 0)
    else:
        assert (outcome.verdict, better.verdict) == ("clear", "clear")
    assert (outcome.window, outcome.at_risk_micros) == (OCTOBER, sum(s.micros for s in outcome.stakes))


@given(
    sessions=st.integers(0, 100),
    gap=st.sampled_from(["source", "days", "coverage", "clicks", "class", "flag"]),
)
def test_missing_input_is_never_a_pass_or_a_finding(sessions: int, gap: str) -> None:
    row = counted(
        sessions,
        evidence_class="E1" if gap == "class" else "E2",
        flags=("truncated",) if gap == "flag" else (),
    )
    one = clicked(None if gap == "clicks" else 1_000, row)
    sources = [] if gap == "source" else [source(missing_days=gap == "days")]

    outcome = only(known(one, sources=sources, tagged=tagged(899_999 if gap == "coverage" else 900_000)))

    assert (outcome.verdict, outcome.at_risk_micros) == ("not_checkable", 0)


def test_money_that_the_contract_owns_is_not_asked_for_again() -> None:
    dear = campaign(period(rate("cpc", "0.80"), cost="900.00", clicks=1_000), evidence=(counted(760),))

    outcomes = {one.check_id: one for one in judge(known(dear), Rules())}

    assert outcomes["expected-charge-vs-billed"].at_risk_micros == 100_000_000
    found = outcomes[CHECK]
    assert (found.verdict, found.at_risk_micros, found.severity) == ("finding", 0, "info")
    assert "owned_elsewhere" in found.flags


def test_question_keeps_its_own_bucket_when_money_is_settled() -> None:
    [found] = [one for one in judge(known(clicked(1_000, counted(760))), Rules()) if one.check_id == CHECK]

    assert (found.asks, found.at_risk_micros) == ("ask", 36_000_000)
    assert found.next_step == "Ask Google Ads what the USD\u00a036.00 are for: no agreement names this count."
