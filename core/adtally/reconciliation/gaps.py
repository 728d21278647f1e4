"""Days that are missing between days on which a campaign ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ..calendar import Window
from .facts import Gaps


def find_gaps(
    shown: Mapping[date, int],
    month: Window,
    *,
    expected: Callable[[date], bool],
    confirmed: Callable[[date], bool],
) -> Gaps | None:
    """The days of the month without a row, between days with impressions; None if there are none.

    ``shown`` is impressions by day, with the days just around the month; a row without impressions is 0.
    ``expected`` says whether a day should be there: fetched, inside the flight, not paused. Where some days
    are confirmed by a second fetch, only those are told.
    """
    seen = [day for day, impressions in shown.items() if impressions > 0]
    if not seen:
        return None
    first, last = min(seen), max(seen)
    missing = [day for day in month if first < day < last and day not in shown and expected(day)]
    certain = [day for day in missing if confirmed(day)]
    days = certain or missing
    if not days:
        return None
    beside = {max(day for day in shown if day < gap) for gap in days}
    beside |= {min(day for day in shown if day > gap) for gap in days}
    return Gaps(
        days=tuple(days),
        confirmed=bool(certain),
        neighbours=tuple((day, shown[day]) for day in sorted(beside)),
    )
