"""Which days of which accounts are in the ledger, and until when their numbers may move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..calendar import Window, from_ordinal, to_ordinal
from ..connector import MetricGroup
from ..ledger import Connection
from . import sql
from .coverage_facts import Coverage

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Fetched:
    """Days of an account that are in the ledger, and the day on which they were last asked for."""

    window: Window
    asked_on: date
    final_after: Mapping[MetricGroup, int]
    at: datetime


class Days:
    """What is known of which days, by account; read once, asked often."""

    def __init__(self, conn: Connection, span: Window, known_at: int) -> None:
        self._fetched: defaultdict[int, list[Fetched]] = defaultdict(list)
        bounds = {
            "first": to_ordinal(span.first_day),
            "last": to_ordinal(span.last_day),
            "known_at": known_at,
        }
        known_on = known_at // SECONDS_A_DAY
        for key, cost, clicks, conversions, first, last, on, at in conn.execute(sql.CELLS, bounds):
            final: dict[MetricGroup, int] = {"cost": cost, "clicks": clicks, "conversions": conversions}
            window = Window(from_ordinal(first), from_ordinal(last))
            self._fetched[key].append(
                Fetched(
                    window,
                    from_ordinal(min(on, known_on)),
                    final,
                    datetime.fromtimestamp(min(at, known_at), UTC),
                )
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
