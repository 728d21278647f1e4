"""Days that are missing between days on which a campaign ran, and what explains them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from adtally.ledger import Ledger
from adtally.reconciliation.facts import Gaps
from adtally.records import Account, Campaign, Change, Level

from .told import Told, at, campaign, facts, later, ran, sync

ALL_BUT_11_AND_12 = [day for day in range(1, 32) if day not in (11, 12)]
BOTH = (date(2026, 10, 11), date(2026, 10, 12))
BESIDE = ((date(2026, 10, 10), 100), (date(2026, 10, 13), 100))


def status(day: int, old: str, new: str, *, entity: str = "7", hour: int = 0) -> Change:
    level: Level = "account" if entity == "1" else "campaign"
    return Change(level=level, entity_id=entity, at=at(day, hour), field="status", old=old, new=new)


def gaps(ledger: Ledger, changes: Sequence[Change], **told: object) -> Gaps | None:
    sync(ledger, google=Told(delivery=ran(*ALL_BUT_11_AND_12), changes=changes, **told))  # type: ignore[arg-type]
    return campaign(facts(ledger)).gaps


def test_missing_days_are_confirmed_by_a_second_fetch_a_day_later(ledger: Ledger) -> None:
    told = Told(delivery=ran(*ALL_BUT_11_AND_12))

    found = []
    for hours in (0, 23, 24):
        sync(ledger, later(hours), google=told)
        found.append(campaign(facts(ledger)).gaps)

    once = Gaps(days=BOTH, confirmed=False, neighbours=BESIDE)
    assert found == [once, once, Gaps(days=BOTH, confirmed=True, neighbours=BESIDE)]


def test_day_that_came_late_is_no_gap_any_more(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(*ALL_BUT_11_AND_12)))
    sync(ledger, later(24), google=Told(delivery=ran(*range(1, 32))))

    assert campaign(facts(ledger)).gaps is None


def test_only_days_that_were_over_in_both_fetches_are_confirmed_and_told(ledger: Ledger) -> None:
    found = []
    for today in (12, 14, 15):
        told = Told(delivery=ran(*(day for day in ALL_BUT_11_AND_12 if day < today)))
        sync(ledger, datetime(2026, 10, today, 6, tzinfo=UTC), google=told)
        found.append(campaign(facts(ledger)).gaps)

    assert found == [
        None,
        Gaps(days=BOTH[:1], confirmed=True, neighbours=BESIDE),
        Gaps(days=BOTH, confirmed=True, neighbours=BESIDE),
    ]


def test_row_of_nothing_but_zeros_is_no_gap(ledger: Ledger) -> None:
    rows = [*ran(*ALL_BUT_11_AND_12), *ran(11, 12, impressions=0, clicks=0, cost=0)]
    sync(ledger, google=Told(delivery=rows))

    assert campaign(facts(ledger)).gaps is None


def test_campaign_that_begins_or_ends_in_the_month_has_no_gap(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(*range(8, 20))))

    assert campaign(facts(ledger)).gaps is None


def test_gap_at_the_edge_of_the_month_is_seen_from_the_next(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=[*ran(*range(1, 30)), *ran(date(2026, 11, 2))]))

    assert campaign(facts(ledger)).gaps == Gaps(
        days=(date(2026, 10, 30), date(2026, 10, 31)),
        confirmed=False,
        neighbours=((date(2026, 10, 29), 100), (date(2026, 11, 2), 100)),
    )


def test_day_that_is_not_fetched_is_no_gap(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(*ALL_BUT_11_AND_12)))
    ledger.conn.execute(  # as if the unit of these days had never come
        "UPDATE unit_cells SET done_at = NULL, done_on = NULL, first_done_at = NULL WHERE feed IN "
        "(SELECT feed FROM feeds WHERE report = 'delivery') AND ? BETWEEN first_day AND last_day",
        ((BOTH[0] - date(1970, 1, 1)).days,),
    )

    assert campaign(facts(ledger)).gaps is None


def test_days_outside_the_flight_are_no_gap(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(*ALL_BUT_11_AND_12)))

    until_10th = {"flight": {"first_day": "2026-10-01", "last_day": "2026-10-10"}}
    from_12th = {"flight": {"first_day": "2026-10-12", "last_day": "2026-10-31"}}

    assert campaign(facts(ledger, [until_10th])).gaps is None
    assert campaign(facts(ledger, [until_10th, from_12th])).gaps == Gaps(
        days=BOTH[1:], confirmed=False, neighbours=BESIDE
    )


@pytest.mark.parametrize("entity", ["7", "1"], ids=["campaign", "account"])
def test_days_paused_from_midnight_to_midnight_are_no_gap(ledger: Ledger, entity: str) -> None:
    changes = [
        status(11, "ENABLED", "PAUSED", entity=entity),
        status(13, "PAUSED", "ENABLED", entity=entity),
    ]

    assert gaps(ledger, changes) is None


def test_day_that_was_paused_only_in_part_is_a_gap(ledger: Ledger) -> None:
    changes = [status(11, "ENABLED", "PAUSED", hour=1), status(12, "PAUSED", "ENABLED", hour=23)]

    assert gaps(ledger, changes) == Gaps(days=BOTH, confirmed=False, neighbours=BESIDE)


def test_day_is_the_accounts_own(ledger: Ledger) -> None:
    los_angeles = Account(id="1", currency="USD", timezone="America/Los_Angeles")
    changes = [status(11, "ACTIVE", "PAUSED", hour=7), status(13, "PAUSED", "ACTIVE", hour=6)]

    found = gaps(ledger, changes, accounts=[los_angeles])

    assert found == Gaps(days=BOTH[1:], confirmed=False, neighbours=BESIDE)


def test_change_after_the_month_tells_what_was_before_it(ledger: Ledger) -> None:
    restarted = Change(
        level="campaign", entity_id="7", at=at(20, month=11), field="status", old="PAUSED", new="ENABLED"
    )

    assert gaps(ledger, [restarted]) is None


def test_todays_status_and_other_changes_prove_nothing(ledger: Ledger) -> None:
    changes = [
        Change(level="campaign", entity_id="7", at=at(11), field="budget_micros", old="5", new="PAUSED"),
        status(11, "ENABLED", "PAUSED", entity="8"),
    ]

    found = gaps(ledger, changes, campaigns=[Campaign(campaign_id="7", status="PAUSED")])

    assert found == Gaps(days=BOTH, confirmed=False, neighbours=BESIDE)
