"""What will soon be lost: days that did not come, just before the platform stops answering for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce

from ..calendar import DAY, Window, from_ordinal, month_edges
from ..records import CountryCost
from .day_states import DayState, Expiring
from .known_feeds import KnownFeed, asked_days, retry_command

WARN_DAYS = 30
"""So long before the platform stops, or half of the retention where that is shorter."""
NOT_HERE: frozenset[DayState] = frozenset({"missing", "failed", "denied"})


def expiring(feed: KnownFeed, window: Window, today: date) -> Expiring | None:
    """The days of ``window`` and of the feed's units that did not come and soon cannot come, or None.

    A platform answers for a day until ``retention_days`` after it, as it does when units are planned.
    """
    if feed.retention_days is None:
        return None
    oldest = today - timedelta(days=feed.retention_days)
    soon = Window(oldest, oldest + timedelta(days=max(min(WARN_DAYS, feed.retention_days // 2), 1)) - DAY)
    units = (Window(from_ordinal(cell.first), from_ordinal(cell.last)) for cell in feed.cells)
    known = reduce(Window.span, units, window)
    within = soon.overlap(known)
    states = asked_days(feed, within, today) if within else {}
    can_come = _can_come(feed, known, oldest)
    lost: dict[date, DayState] = {
        day: state for day, state in states.items() if state in NOT_HERE and can_come(day)
    }
    counts: Counter[DayState] = Counter(lost.values())
    if not lost:
        return None
    first, last = min(lost), max(lost)
    return Expiring(
        connector=feed.connector,
        platform=feed.platform,
        account_id=feed.account_id,
        report=feed.report,
        first_day=first,
        last_day=last,
        days=len(lost),
        counts=dict(counts),
        retention_days=feed.retention_days,
        stops_on=first + timedelta(days=feed.retention_days) + DAY,
        retry=retry_command(feed, Window(first, last)),
    )


def _can_come(feed: KnownFeed, known: Window, oldest: date) -> Callable[[date], bool]:
    """Whether a day would be asked for: hours only around the ends of months, countries by whole months."""
    if feed.cadence == "edges":
        return {day for edge in month_edges(known) for day in edge}.__contains__
    if feed.records == CountryCost.__name__:
        return lambda day: day.replace(day=1) >= oldest
    return lambda _: True
