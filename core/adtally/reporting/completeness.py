"""How much of a month is there: accounts, days, the newest day everywhere, and what to do about the rest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from ..calendar import Window
from ..engine.day_states import DayState, FeedStatus, Status, Trouble

GAPS: frozenset[DayState] = frozenset({"missing", "failed", "denied", "partial"})
STALE_DAYS = 2
REPORTS = 2


class Row(Struct, frozen=True, kw_only=True):
    """One report of one account over the days of a month; None where nothing was planned."""

    feed: FeedStatus
    cells: tuple[tuple[date, DayState | None], ...]
    never_synced: bool

    @property
    def has_gap(self) -> bool:
        return self.never_synced or any(state in GAPS for _, state in self.cells)


class Completeness(Struct, frozen=True, kw_only=True):
    window: Window
    accounts: int
    complete: int
    newest: date | None
    """The newest day that every daily report of every account has; None when one has nothing yet."""
    missing_by_day: tuple[tuple[date, int], ...]
    """Accounts with a gap on each day of the month."""
    gaps: tuple[Row, ...]
    others: tuple[Row, ...]
    troubles: tuple[Trouble, ...]
    """What failed, was denied or is still being prepared, and touches the month."""
    not_offered: tuple[Trouble, ...]
    """What the platform does not have for an account: nothing to repair."""
    stale_days: int
    """Days since the newest fetch, 0 when it is fresh."""


def completeness(status: Status, window: Window) -> Completeness:
    """The state of every daily report over the days of ``window``, and the troubles that touch them.

    Reports that come as a whole (entities, bills) have no days; they count only when a unit of theirs failed.
    """
    rows = [_row(feed, window) for feed in status.feeds if feed.days or feed.newest_complete_day is None]
    touching = merged(trouble for trouble in status.troubles if _touches(trouble, window))
    troubles = [row for row in touching if row.status != "not_offered"]
    accounts = {(feed.connector, feed.account_id) for feed in status.feeds}
    broken = {(row.feed.connector, row.feed.account_id) for row in rows if row.has_gap}
    failed = [row for row in troubles if row.status != "waiting"]
    broken |= {(row.connector, row.account_id) for row in failed}
    silent = {row.connector for row in failed if not row.account_id}
    complete = [key for key in accounts if key not in broken and key[0] not in silent]
    newest = [row.feed.newest_complete_day for row in rows]
    known = [day for day in newest if day is not None]
    return Completeness(
        window=window,
        accounts=len(accounts),
        complete=len(complete),
        newest=min(known) if known and len(known) == len(newest) else None,
        missing_by_day=tuple((day, _missing(rows, day)) for day in window),
        gaps=tuple(sorted((row for row in rows if row.has_gap), key=_worst_first)),
        others=tuple(sorted((row for row in rows if not row.has_gap), key=_by_name)),
        troubles=tuple(troubles),
        not_offered=tuple(row for row in touching if row.status == "not_offered"),
        stale_days=stale_days(status),
    )


def merged(troubles: Iterable[Trouble]) -> list[Trouble]:
    """One trouble for each cause of an account: its reports named or counted, from the first day to the last.

    Request ids are left out: they differ where the cause is one.
    """
    together: defaultdict[tuple[str, str, str, str], list[Trouble]] = defaultdict(list)
    for row in sorted(troubles, key=lambda row: (row.connector, row.account_id, row.first_day, row.report)):
        together[row.connector, row.account_id, row.status, cause_of(row.message)].append(row)
    return [
        replace(
            rows[0],
            report=reports_text({row.report for row in rows}),
            first_day=min(row.first_day for row in rows),
            last_day=max(row.last_day for row in rows),
            message=cause,
        )
        for (_, _, _, cause), rows in together.items()
    ]


def cause_of(message: str) -> str:
    """The message without the request's id."""
    return re.sub(r",? request [\w.:-]+", "", message)


def reports_text(names: Set[str]) -> str:
    """The reports by name, or only their number where it is more than two."""
    return ", ".join(sorted(names)) if len(names) <= REPORTS else f"{len(names)} reports"


def account_names(status: Status) -> dict[tuple[str, str], str]:
    """Names of accounts by (platform, account id); absent where the platform gave none."""
    return {(row.platform, row.account_id): row.account_name for row in status.feeds if row.account_name}


def stale_days(status: Status) -> int:
    """Whole days since the newest fetch, if it is so old that the reader should know."""
    if not status.as_of:
        return 0
    age = (status.today - datetime.fromisoformat(status.as_of).date()).days
    return age if age >= STALE_DAYS else 0


def _row(feed: FeedStatus, window: Window) -> Row:
    return Row(
        feed=feed,
        cells=tuple((day, feed.days.get(day)) for day in window),
        never_synced=feed.newest_complete_day is None
        and all(state == "missing" for state in feed.days.values()),
    )


def _touches(trouble: Trouble, window: Window) -> bool:
    return trouble.first_day <= window.last_day and trouble.last_day >= window.first_day


def _missing(rows: Iterable[Row], day: date) -> int:
    without = [row for row in rows if row.never_synced or row.feed.days.get(day) in GAPS]
    return len({(row.feed.connector, row.feed.account_id) for row in without})


def _worst_first(row: Row) -> tuple[int, str, str, str]:
    states = {state for _, state in row.cells}
    order: tuple[DayState, ...] = ("missing", "failed", "denied", "partial")
    rank = next((place for place, state in enumerate(order) if state in states), -1)
    return (rank, *_by_name(row))


def _by_name(row: Row) -> tuple[str, str, str]:
    return row.feed.platform, row.feed.account_name or row.feed.account_id, row.feed.report
