from datetime import date, timedelta

import pytest

from adtally.calendar import Window
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import CampaignMonth, FlightDays, Gaps
from adtally.reconciliation.verdicts import Outcome, Stake

from .cases import OCTOBER, RULES, campaign, facts, period, rate

RAN = period(rate("cpc", "0.50"), cost="50.00", clicks=100, impressions=9_000)


def run(check: str, given: CampaignMonth) -> list[Outcome]:
    return list(CHECKS[check].run(facts(campaigns=(given,)), RULES))


def gapped(*days: int, confirmed: bool = True, beside: int = 300, missing_days: int = 0) -> CampaignMonth:
    gaps = Gaps(
        days=tuple(date(2026, 10, day) for day in days),
        confirmed=confirmed,
        neighbours=((date(2026, 10, min(days) - 1), beside), (date(2026, 10, max(days) + 1), beside)),
    )
    return campaign(RAN, gaps=gaps, missing_days=missing_days)


def flown(
    *outside: tuple[date, int], source: str = "agreement 2", first: date = date(2026, 9, 1)
) -> CampaignMonth:
    window = Window(first, date(2026, 10, 20))
    return campaign(RAN, flight=FlightDays(window=window, source=source, outside=outside))


def gaps_in(given: CampaignMonth) -> Outcome:
    [outcome] = run("delivery-gaps", given)
    return outcome


def outside(given: CampaignMonth) -> Outcome:
    [outcome] = run("spend-outside-flight", given)
    return outcome


def october(day: int) -> date:
    return date(2026, 10, day)


def test_missing_days_are_named_with_the_volume_beside_them() -> None:
    outcome = gaps_in(gapped(11, 12))

    assert outcome.explanation == (
        "Two fetches have no row for 11 Oct and 12 Oct, though the campaign ran before and after."
    )
    assert [(row.says, row.key, row.value) for row in outcome.proof] == [
        ("no row on this day", "google/1/7 2026-10-11", "–"),
        ("no row on this day", "google/1/7 2026-10-12", "–"),
        ("impressions on a day beside", "google/1/7 2026-10-10", "300"),
        ("impressions on a day beside", "google/1/7 2026-10-13", "300"),
    ]
    assert outcome.next_step == "Ask Google Ads whether the campaign stood still on these days."


def test_gap_that_one_fetch_saw_is_pending() -> None:
    outcome = gaps_in(gapped(11, confirmed=False))

    assert (outcome.verdict, outcome.severity) == ("pending", "low")
    assert outcome.explanation == "No row for 11 Oct, between days with rows; a second fetch must confirm it."


def test_many_missing_days_are_counted() -> None:
    assert "no row for 5 days" in gaps_in(gapped(3, 4, 5, 6, 7)).explanation


@pytest.mark.parametrize(("beside", "verdict"), [(5, "finding"), (4, "clear")])
def test_campaign_too_quiet_for_a_row_every_day_is_clear(beside: int, verdict: str) -> None:
    outcome = gaps_in(gapped(11, beside=beside))

    assert (outcome.verdict, outcome.flags) == (verdict, ("low_power",) if verdict == "clear" else ())


def test_days_without_a_gap_are_clear_and_unfetched_ones_are_not() -> None:
    assert gaps_in(campaign(RAN)).verdict == "clear"
    assert gaps_in(gapped(11, missing_days=1)).verdict == "not_checkable"


def test_no_sum_over_days_that_are_certainly_missing() -> None:
    given = gapped(11, confirmed=True)

    for check in ("expected-charge-vs-billed", "impressions-without-interaction", "engagement-support"):
        [outcome] = run(check, given)
        assert (outcome.verdict, outcome.next_step) == ("not_checkable", "See the outcome of delivery-gaps.")


def test_days_that_one_fetch_lacks_are_zeros_until_a_second_one_lacks_them_too() -> None:
    [outcome] = run("expected-charge-vs-billed", gapped(11, confirmed=False))

    assert outcome.verdict == "match"


def test_cost_after_the_last_day_is_told_as_the_order_has_it() -> None:
    outcome = outside(flown((october(21), 4_100_000)))

    assert outcome.explanation == ("USD\u00a04.10 was spent on 21 Oct, after the order's last day, 20 Oct.")
    assert (outcome.flags, outcome.confidence) == (("cost_report",), "high")
    assert outcome.stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=4_100_000),)
    assert [(row.says, row.table, row.value) for row in outcome.proof] == [
        ("flight, by agreement 2", "agreements", "2026-09-01..2026-10-20"),
        ("cost outside the flight", "delivery", "USD\u00a04.10"),
    ]


def test_cost_before_the_first_day_and_on_both_sides() -> None:
    before = outside(flown((october(1), 2_000_000), (october(2), 3_000_000), first=october(5)))
    both = outside(flown((october(1), 2_000_000), (october(22), 3_000_000), first=october(5)))

    assert before.explanation == (
        "USD\u00a05.00 was spent on 1 Oct and 2 Oct, before the order's first day, 5 Oct."
    )
    assert both.explanation == (
        "USD\u00a05.00 was spent on 1 Oct and 22 Oct, outside the order's days from 5 Oct to 20 Oct."
    )
    assert both.formula == "2.00 + 3.00"


def test_flight_by_the_campaigns_own_settings_is_less_firm() -> None:
    given = flown((october(21), 4_100_000), source="campaign settings", first=date.min)

    outcome = outside(given)

    assert (outcome.severity, outcome.confidence, outcome.asks) == ("medium", "low", "claim")
    assert "after the campaign's last day" in outcome.explanation
    assert outcome.proof[0].value == "until 2026-10-20"


@pytest.mark.parametrize(
    ("micros", "verdict"), [(0, "clear"), (1_000_000, "within_tolerance"), (1_000_001, "finding")]
)
def test_a_hundred_minor_units_outside_are_tolerated(micros: int, verdict: str) -> None:
    assert outside(flown((october(21), micros))).verdict == verdict


def test_what_the_bill_left_out_is_not_claimed() -> None:
    flight = FlightDays(
        window=Window(october(1), october(20)), source="agreement 1", outside=((october(21), 9_000_000),)
    )

    outcome = outside(campaign(RAN, billed={"A": "4.00"}, flight=flight))

    assert (outcome.diff_micros, outcome.at_risk_micros, outcome.flags) == (9_000_000, 4_000_000, ())


def test_campaign_without_a_flight_may_run_on_any_day() -> None:
    assert run("spend-outside-flight", campaign(RAN)) == []


def test_missing_days_and_cost_that_may_change_are_no_verdict() -> None:
    days = tuple((OCTOBER.last_day - timedelta(n), 9_000_000) for n in range(2))
    flight = FlightDays(window=Window(october(1), october(20)), source="agreement 1", outside=days)

    unknown = campaign(RAN, flight=flight, missing_days=2)
    later = campaign(RAN, flight=flight, pending_until={"cost": date(2026, 11, 4)})

    assert [outside(given).verdict for given in (unknown, later)] == ["not_checkable", "pending"]
