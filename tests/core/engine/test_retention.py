"""Days that did not come, just before the platform stops answering for them."""

from datetime import date, timedelta

import pytest

from adtally.calendar import Window
from adtally.connector import Report
from adtally.engine.day_states import Expiring
from adtally.engine.status import read_status
from adtally.ledger import Ledger
from adtally.records import Change, Delivery, Record

from ..ledger.feeds import delivery, feed, report
from .fetches import fetched, turned_down

TODAY = date(2026, 11, 10)
ALL = Window(date(2026, 8, 1), TODAY)


def kept(days: int | None = 95, record: type[Record] = Delivery) -> Report:
    return report("daily", (record,), retention_days=days)


def expiring(ledger: Ledger, window: Window = ALL, today: date = TODAY) -> list[Expiring]:
    return list(read_status(ledger, window, today).retention)


def test_days_that_are_not_here_are_told_with_their_end_and_the_command(ledger: Ledger) -> None:
    into = feed(ledger, kept())
    turned_down(ledger, into, "denied", Window(date(2026, 8, 1), date(2026, 8, 9)), on=TODAY)
    here = Window(date(2026, 8, 12), date(2026, 11, 9))
    fetched(ledger, into, [delivery(date(2026, 8, 12))], window=here, on=TODAY)

    assert expiring(ledger) == [
        Expiring(
            connector="north",
            platform="northwind",
            account_id="1",
            report="daily",
            first_day=date(2026, 8, 7),  # what is older is lost already
            last_day=date(2026, 8, 11),
            days=5,
            counts={"denied": 3, "missing": 2},
            retention_days=95,
            stops_on=date(2026, 11, 11),
            retry="adtally sync north --account 1 --first-day 2026-08-07 --last-day 2026-08-11",
        )
    ]


def test_only_the_next_thirty_days_are_told(ledger: Ledger) -> None:
    feed(ledger, kept())

    [found] = expiring(ledger)

    assert (found.first_day, found.last_day, found.days) == (date(2026, 8, 7), date(2026, 9, 5), 30)


def test_short_retention_is_told_in_its_second_half(ledger: Ledger) -> None:
    feed(ledger, kept(28, Change))

    [found] = expiring(ledger)

    assert (found.first_day, found.last_day) == (date(2026, 10, 13), date(2026, 10, 26))


@pytest.mark.parametrize("status", ["done", "not_offered"])
def test_what_is_here_or_was_never_offered_is_not_lost(ledger: Ledger, status: str) -> None:
    into = feed(ledger, kept())
    if status == "done":
        fetched(ledger, into, [], window=ALL, on=TODAY)
    else:
        turned_down(ledger, into, status, ALL, on=TODAY)

    assert expiring(ledger) == []


def test_stored_days_are_not_lost_when_their_refetch_fails(ledger: Ledger) -> None:
    into = feed(ledger, kept())
    fetched(ledger, into, [], window=ALL, on=TODAY - timedelta(days=1))
    turned_down(ledger, into, "failed", ALL, on=TODAY)

    assert expiring(ledger) == []


def test_platform_that_keeps_everything_loses_nothing(ledger: Ledger) -> None:
    feed(ledger, kept(None))

    assert expiring(ledger) == []


def test_failed_units_outside_the_window_are_told_too(ledger: Ledger) -> None:
    into = feed(ledger, kept())
    turned_down(ledger, into, "failed", Window(date(2026, 8, 20), date(2026, 8, 21)), on=TODAY)

    [found] = expiring(ledger, Window(date(2026, 10, 1), date(2026, 10, 31)))

    assert (found.first_day, found.counts["failed"]) == (date(2026, 8, 20), 2)
