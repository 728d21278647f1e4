"""Which days of which accounts are in the ledger, and until when their numbers may move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Self

from ..calendar import Window, from_ordinal, local_day, to_ordinal
from ..connector import MetricGroup
from ..ledger import Connection
from ..ledger.units import SECONDS_A_DAY
from .coverage_facts import Coverage


class Known(NamedTuple):
    """Until when things are known: an instant in epoch seconds, and its day (UTC)."""

    at: int = 2**62
    on: date = date.max

    @classmethod
    def by(cls, as_of: date | None) -> Self:
        """What was known when that day ended; None: what is known now."""
        return cls() if as_of is None else cls((to_ordinal(as_of) + 1) * SECONDS_A_DAY - 1, as_of)


@dataclass(frozen=True, slots=True)
class Fetched:
    """Days of an account that are in the ledger, and the day on which they were last asked for."""

    window: Window
    asked_on: date
    asked_before: date | None
    """The day of an earlier fetch, at least 24 hours before the last one; None if there was none."""
    final_after: Mapping[MetricGroup, int]
    at: datetime
    by_days: bool
    """Whether the platform was asked for these days; a file only has the days that it has."""


class Days:
    """What is known of which days, by account; read once, asked often."""

    def __init__(self, conn: Connection, cells: str, span: Window, known: Known) -> None:
        """``cells`` is the query for the feeds in question; nothing later than ``known`` counts."""
        self._fetched: defaultdict[int, list[Fetched]] = defaultdict(list)
        bounds = {
            "first": to_ordinal(span.first_day),
            "last": to_ordinal(span.last_day),
            "known_at": known.at,
        }
        for key, zone, *finals, first, last, on, at, previous, cadence in conn.execute(cells, bounds):
            cost, clicks, conversions = finals
            earlier = None if previous is None or previous > known.at else _instant(previous)
            self._fetched[key].append(
                Fetched(
                    window=Window(from_ordinal(first), from_ordinal(last)),
                    asked_on=min(from_ordinal(on), known.on),
                    asked_before=earlier and local_day(earlier, zone),
                    final_after={"cost": cost, "clicks": clicks, "conversions": conversions},
                    at=_instant(min(at, known.at)),
                    by_days=cadence == "daily",
                )
            )

    def asked(self, key: int, day: date) -> bool:
        """Whether the platform was asked for the day when it was over."""
        return any(
            fetched.by_days and day in fetched.window and day < fetched.asked_on
            for fetched in self._fetched[key]
        )

    def confirmed(self, key: int, day: date) -> bool:
        """Whether the day was over in two fetches that were at least 24 hours apart."""
        return any(
            day in fetched.window and fetched.asked_before is not None and day < fetched.asked_before
            for fetched in self._fetched[key]
        )

    def coverage(self, keys: Iterable[int], window: Window) -> Coverage:
        """How much of the window is fetched for these accounts, and from when its numbers are final.

        A day counts as fetched once it was over when it was asked for.
        """
        known = set[date]()
        pending: dict[MetricGroup, date] = {}
        as_of: datetime | None = None
        for key in keys:
            for fetched in self._fetched[key]:
                days = fetched.window.overlap(window)
                if days is None:
                    continue
                known.update(day for day in days if day < fetched.asked_on)
                as_of = max(as_of or fetched.at, fetched.at)
                for group, after in fetched.final_after.items():
                    if (fetched.asked_on - days.last_day).days <= after:
                        final_on = days.last_day + timedelta(days=after + 1)
                        pending[group] = max(final_on, pending.get(group, final_on))
        missing = window.days - len(known)
        return Coverage(missing_days=missing, pending_until=pending, as_of=as_of)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
