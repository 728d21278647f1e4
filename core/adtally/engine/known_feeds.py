"""The reports of every account with their units, as the ledger has them, and what that says of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from ..calendar import Window, from_ordinal, to_ordinal
from ..connector import Cadence
from ..ledger import Connection
from .day_states import DayState


class KnownCell(Struct, frozen=True):
    """One cell of one feed. Days are epoch days, instants epoch seconds; None: it never came."""

    first: int
    last: int
    status: Literal["done", "waiting", "failed", "denied", "not_offered"]
    """waiting: a report is ordered, also where an earlier one is stored."""
    error: str
    rows: int
    done_on: int | None
    done_at: int | None
    first_done_at: int | None


class KnownFeed(Struct, frozen=True):
    """One report of one account."""

    cells: tuple[KnownCell, ...]
    is_money: bool
    """Whether its rows are the money of its account (``money_feeds``), not detail."""
    feed: int
    account_key: int
    connector: str
    platform: str
    account_id: str
    account_name: str
    currency: str
    timezone: str
    report: str
    cadence: Cadence
    records: str
    grain: str
    restated_days: int
    final_cost: int
    final_clicks: int
    final_conversions: int
    retention_days: int | None

    @property
    def has_delivery(self) -> bool:
        return "Delivery" in self.records.split(",")


NEVER_CAME: dict[str, DayState] = {"denied": "denied", "failed": "failed", "not_offered": "inactive"}

_FEEDS = """
SELECT f.feed IN (SELECT feed FROM money_feeds), f.feed, f.account_key, a.connector, a.platform, a.account_id,
  a.name, a.currency, a.timezone, f.report, f.cadence, f.records, f.grain, f.restated_days, f.final_cost,
  f.final_clicks, f.final_conversions, f.retention_days
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
ORDER BY a.connector, a.account_id, f.feed
"""
_CELLS = """
SELECT feed, first_day, last_day,
  CASE WHEN status = 'done' AND remembered <> '{}' THEN 'waiting' ELSE status END,
  error, rows, done_on, done_at, first_done_at
FROM unit_cells ORDER BY feed, cell
"""


def read_feeds(conn: Connection) -> list[KnownFeed]:
    """Every feed with its cells in order of days, by connector and account."""
    cells: defaultdict[int, list[KnownCell]] = defaultdict(list)
    for feed, *cell in conn.execute(_CELLS):
        cells[feed].append(KnownCell(*cell))
    return [
        KnownFeed(tuple(cells[feed]), bool(is_money), feed, *row)
        for is_money, feed, *row in conn.execute(_FEEDS)
    ]


def asked_days(feed: KnownFeed, window: Window, today: date) -> dict[date, DayState]:
    """How each day of the window before ``today`` was fetched; whether it has rows is not looked at."""
    offered = not feed.cells or any(cell.status != "not_offered" for cell in feed.cells)
    never: DayState = "missing" if offered else "inactive"
    states: dict[date, DayState] = dict.fromkeys((day for day in window if day < today), never)
    restated_days = feed.restated_days if feed.cadence in ("daily", "edges") else 0
    for cell in feed.cells:
        done_on = from_ordinal(cell.done_on) if cell.done_on is not None else None
        days = Window(from_ordinal(cell.first), from_ordinal(cell.last)).overlap(window)
        for day in days or ():
            if day not in states:
                continue
            if done_on is None:
                states[day] = NEVER_CAME.get(cell.status, "missing")
            elif day >= done_on:
                states[day] = "partial"
            else:
                states[day] = "final" if (done_on - day).days > restated_days else "restated"
    return states


def settled_days(feed: KnownFeed, window: Window) -> set[int]:
    """The epoch days of the window that are stored with cost and clicks as the platform leaves them."""
    after = max(feed.final_cost, feed.final_clicks)
    first, last = to_ordinal(window.first_day), to_ordinal(window.last_day)
    return {
        day
        for cell in feed.cells
        if cell.done_on is not None
        for day in range(max(cell.first, first), min(cell.last, last, cell.done_on - after - 1) + 1)
    }


def newest_complete_day(cells: Sequence[KnownCell]) -> date | None:
    done = [min(cell.last, cell.done_on - 1) for cell in cells if cell.done_on is not None]
    return from_ordinal(max(done)) if done else None


def retry_command(feed: KnownFeed, days: Window | None = None, *, full: bool = False) -> str:
    """What to run to ask for the account again: for these days, with ``full`` also for final ones."""
    between = f" --first-day {days.first_day} --last-day {days.last_day}" if days else ""
    return f"adtally sync {feed.connector} --account {feed.account_id}{' --full' if full else ''}{between}"
