"""Cost on days on which a campaign was paused from midnight to midnight."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window, to_ordinal
from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import FlightDays, Gaps
from adtally.reconciliation.judge import judge
from adtally.reconciliation.order_facts import PausedDays, Unknown
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome, Stake
from adtally.records import Account, Campaign, Change

from .cases import RULES, campaign, facts, period, rate
from .told import Told, at, campaign as campaign_in, facts as facts_of, later, ran, sync

RAN = period(rate("cpc", "0.50"), cost="50.00", clicks=100)
CHANGES = ((datetime(2026, 10, 10, 8, tzinfo=UTC), "ENABLED", "PAUSED"),)


def october(day: int) -> date:
    return date(2026, 10, day)


def paused(*costs: tuple[int, str], unknown: Unknown = "", days: tuple[int, ...] = ()) -> PausedDays:
    return PausedDays(
        days=tuple(october(day) for day in days or [day for day, _ in costs]),
        costs=tuple((october(day), to_micros(cost)) for day, cost in costs),
        changes=CHANGES,
        unknown=unknown,
    )


def judged(still: PausedDays | None, **fields: object) -> Outcome:
    given_campaign = campaign(RAN, paused=still, **fields)  # type: ignore[arg-type]
    [outcome] = CHECKS["spend-while-paused"].run(facts(campaigns=(given_campaign,)), RULES)
    return outcome


def test_c48_two_paused_days() -> None:
    outcome = judged(paused((11, "6.00"), (12, "4.50")))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.diff_micros, outcome.at_risk_micros) == (10_500_000, 10_500_000)
    assert outcome.explanation == (
        "USD\u00a010.50 was spent on 11 Oct and 12 Oct, paused from midnight to midnight."
    )
    assert outcome.formula == "6.00 + 4.50"
    assert outcome.stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=10_500_000),)
    assert [(row.says, row.table, row.value) for row in outcome.proof] == [
        ("status changed from ENABLED to PAUSED", "changes", "2026-10-10T08:00:00Z"),
        ("cost of a paused day", "delivery", "USD\u00a06.00"),
        ("cost of a paused day", "delivery", "USD\u00a04.50"),
    ]
    assert outcome.figures == {"paused_days": 2, "days": 2}


def test_late_clicks_of_a_hundred_minor_units_are_tolerated() -> None:
    assert judged(paused((11, "1.00"))).verdict == "within_tolerance"
    assert judged(paused((11, "1.000001"))).verdict == "finding"


def test_nothing_spent_is_clear() -> None:
    assert judged(paused(days=(11, 12))).explanation.startswith("Nothing was spent")
    assert judged(PausedDays()).explanation == "The campaign was not paused for a whole day."


@pytest.mark.parametrize("unknown", ["log", "value"])
def test_unknown_history_is_no_verdict(unknown: Unknown) -> None:
    outcome = judged(paused((11, "6.00"), unknown=unknown))

    assert (outcome.verdict, outcome.at_risk_micros) == ("not_checkable", 0)
    assert outcome.next_step


def test_platform_without_a_log_is_not_judged() -> None:
    given_facts = facts(campaigns=(campaign(RAN),))

    assert list(CHECKS["spend-while-paused"].run(given_facts, RULES)) == []


def test_missing_inputs_and_moving_numbers_are_no_verdict() -> None:
    still = paused((11, "6.00"))
    gaps = Gaps(days=(october(5),), confirmed=True, neighbours=())
    unknown_cost = campaign(period(rate("cpc", "0.50"), clicks=100), paused=still)
    [uncosted] = CHECKS["spend-while-paused"].run(facts(campaigns=(unknown_cost,)), RULES)

    assert judged(still, missing_days=1).verdict == "not_checkable"
    assert judged(still, gaps=gaps).verdict == "not_checkable"
    assert uncosted.verdict == "not_checkable"
    assert judged(still, pending_until={"cost": date(2026, 11, 3)}).verdict == "pending"


def test_days_outside_the_flight_belong_to_the_other_check() -> None:
    flight = FlightDays(
        window=Window(october(1), october(20)),
        source="agreement 1",
        outside=((october(25), to_micros("6.00")),),
    )
    one = campaign(RAN, flight=flight, paused=paused((11, "4.50"), (25, "6.00")))

    outcomes = judge(facts(campaigns=(one,)), RULES, only={"spend-outside-flight", "spend-while-paused"})

    assert [(outcome.check_id, outcome.at_risk_micros) for outcome in outcomes] == [
        ("spend-outside-flight", 6_000_000),
        ("spend-while-paused", 4_500_000),
    ]


def test_what_the_bill_left_out_is_not_claimed() -> None:
    outcome = judged(paused((11, "6.00")), billed={"A": "2.00"})

    assert (outcome.diff_micros, outcome.at_risk_micros) == (6_000_000, 2_000_000)


@given(st.dictionaries(st.integers(1, 31), st.integers(0, 10**9), max_size=31))
def test_cost_is_the_sum_of_the_days_and_one_micro_more_is_more(costs: dict[int, int]) -> None:
    still = PausedDays(
        days=tuple(map(october, sorted(costs))),
        costs=tuple((october(day), micros) for day, micros in sorted(costs.items()) if micros),
    )
    total = sum(costs.values())

    outcome = judged(still)

    assert outcome.verdict == ("clear" if not total else "within_tolerance" if total <= 10**6 else "finding")
    assert outcome.at_risk_micros == (total if total > 10**6 else 0)


# From the ledger

BERLIN = Account(id="1", currency="USD", timezone="Europe/Berlin")
ENABLED = Campaign(campaign_id="7", name="brand", status="ENABLED")


def status(when: datetime, old: str, new: str, level: str = "campaign", entity: str = "7") -> Change:
    return Change(level=level, entity_id=entity, at=when, field="status", old=old, new=new)  # type: ignore[arg-type]


def test_c48_from_the_ledger(ledger: Ledger) -> None:
    rows = [*ran(9), *ran(11, cost=6_000_000), *ran(12, cost=4_500_000), *ran(14)]
    changes = [status(at(10, 8), "ENABLED", "PAUSED"), status(at(13, 8), "PAUSED", "ENABLED")]
    sync(ledger, google=Told(delivery=rows, changes=changes, campaigns=[ENABLED]))

    found = facts_of(ledger)
    [outcome] = judge(found, Rules(), only={"spend-while-paused"})

    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 10_500_000)
    assert campaign_in(found).paused == PausedDays(
        days=(october(11), october(12)),
        costs=((october(11), 6_000_000), (october(12), 4_500_000)),
        changes=((at(10, 8), "ENABLED", "PAUSED"), (at(13, 8), "PAUSED", "ENABLED")),
    )


def test_days_are_those_of_the_accounts_clock(ledger: Ledger) -> None:
    changes = [status(at(10, 22), "ENABLED", "PAUSED"), status(at(12, 22), "PAUSED", "ENABLED")]
    told = Told(accounts=[BERLIN], delivery=ran(11, 12), changes=changes, campaigns=[ENABLED])
    sync(ledger, google=told)

    still = campaign_in(facts_of(ledger)).paused

    assert still
    assert still.days == (october(11), october(12))


def test_paused_account_pauses_its_campaigns(ledger: Ledger) -> None:
    changes = [
        status(at(10), "ACTIVE", "DISABLED", "account", "1"),
        status(at(12), "DISABLED", "ACTIVE", "account", "1"),
    ]
    sync(ledger, meta=Told(platform="meta_ads", delivery=ran(10), changes=changes, campaigns=[ENABLED]))

    still = campaign_in(facts_of(ledger)).paused

    assert still
    assert (still.days, still.costs) == ((october(10), october(11)), ((october(10), 1_000_000),))


@pytest.mark.parametrize(
    ("status_now", "unknown"),
    [("ENABLED", ""), ("CAMPAIGN_STATUS_ENABLE", ""), ("PAUSED", "value"), ("", "value")],
)
def test_campaign_without_a_change_is_known_only_if_it_may_run_today(
    ledger: Ledger, status_now: str, unknown: str
) -> None:
    own = Campaign(campaign_id="7", status=status_now)
    sync(ledger, google=Told(delivery=ran(11), changes=[], campaigns=[own]))

    assert campaign_in(facts_of(ledger)).paused == PausedDays(unknown=unknown)  # type: ignore[arg-type]


def test_log_that_nobody_fetched_is_unknown_and_a_platform_without_one_is_not_judged(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(11), campaigns=[ENABLED], changes=None))
    nobody = campaign_in(facts_of(ledger)).paused
    sync(ledger, later(2), google=Told(delivery=ran(11), campaigns=[ENABLED]))
    ledger.conn.execute(
        "UPDATE unit_cells SET done_on = first_day"
        " WHERE feed IN (SELECT feed FROM feeds WHERE report = 'changes')"
    )

    assert nobody is None
    assert campaign_in(facts_of(ledger)).paused == PausedDays(unknown="log")


def test_change_beyond_a_hole_in_the_log_proves_nothing(ledger: Ledger) -> None:
    changes = [status(datetime(2026, 7, 1, tzinfo=UTC), "ENABLED", "PAUSED")]
    sync(ledger, google=Told(delivery=ran(11), campaigns=[ENABLED], changes=changes))
    still = campaign_in(facts_of(ledger)).paused
    assert still
    assert len(still.days) == 31

    ledger.conn.execute(
        "DELETE FROM unit_cells WHERE feed IN (SELECT feed FROM feeds WHERE report = 'changes')"
        " AND last_day < CAST(julianday('2026-10-01') - julianday('1970-01-01') AS INTEGER)"
        " AND last_day > CAST(julianday('2026-08-15') - julianday('1970-01-01') AS INTEGER)"
    )

    assert campaign_in(facts_of(ledger)).paused == PausedDays()


def test_todays_status_proves_nothing_beyond_a_hole_in_the_log_after_the_month(ledger: Ledger) -> None:
    own = Campaign(
        campaign_id="7", status="ENABLED", budget_id="9", budget_micros=1_000_000, budget_period="daily"
    )
    sync(ledger, google=Told(delivery=ran(11), campaigns=[own], changes=[]))
    feeds = "SELECT feed FROM feeds WHERE report = 'changes'"
    middle = to_ordinal(date(2026, 11, 10))
    ledger.conn.execute(
        f"INSERT INTO unit_cells (feed, cell, first_day, last_day, status, done_at, done_on, first_done_at)"
        f" SELECT feed, 99999, {middle + 3}, last_day, status, done_at, done_on, first_done_at"
        f" FROM unit_cells WHERE feed IN ({feeds}) AND {middle} BETWEEN first_day AND last_day"
    )
    ledger.conn.execute(
        f"UPDATE unit_cells SET last_day = {middle}"
        f" WHERE feed IN ({feeds}) AND {middle} BETWEEN first_day AND last_day"
    )

    found = facts_of(ledger)

    assert campaign_in(found).paused == PausedDays(unknown="value")
    assert [one.unknown for one in found.budgets] == ["value"]
