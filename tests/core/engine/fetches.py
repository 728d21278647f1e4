"""Units of a feed as several fetches brought them, without a connector."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from adtally.calendar import Window, to_ordinal
from adtally.ledger import Ledger
from adtally.ledger.keys import Feed
from adtally.ledger.units import Attempt, record_done, record_failure
from adtally.records import Delivery

from ..ledger.feeds import put

DAY_ONE = date(2026, 10, 1)
ONE_DAY = Window(DAY_ONE, DAY_ONE)


def fetched(
    ledger: Ledger,
    into: Feed,
    records: Iterable[Delivery],
    *,
    on: date = date(2026, 11, 10),
    window: Window = ONE_DAY,
) -> None:
    """Store the records as the whole answer that came at noon of that day (UTC)."""
    found = list(records)
    put(ledger, into, found, window=window, now=_noon(on))
    with ledger.transaction():
        record_done(ledger.conn, _attempt(into, window, on), len(found), on)


def turned_down(ledger: Ledger, into: Feed, status: str, window: Window, *, on: date) -> None:
    """Note that the unit did not come."""
    with ledger.transaction():
        record_failure(ledger.conn, _attempt(into, window, on), status, "refused")


def days_later(days: int) -> date:
    return DAY_ONE + timedelta(days=days)


def _attempt(into: Feed, window: Window, on: date) -> Attempt:
    return Attempt(into.feed, to_ordinal(window.first_day), window, "r1", _noon(on), _noon(on))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
