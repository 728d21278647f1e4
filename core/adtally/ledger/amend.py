"""Cells that were noted under other circumstances, put right before anything is planned with them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from ..calendar import to_ordinal
from .keys import Feed


class Row(NamedTuple):
    """A row of ``unit_cells``."""

    cell: int
    first_day: int
    last_day: int
    status: str
    attempts: int
    rows: int
    remembered: str
    error: str
    started_at: str | None
    finished_at: str | None
    done_at: int | None
    done_on: int | None
    first_done_at: int | None
    previous_done_at: int | None
    anchor_done_at: int | None
    run_id: str | None


COLUMNS = ", ".join(Row._fields)


def amend_cells(conn: sqlite3.Connection, feed: Feed, today: date, now: datetime) -> None:
    """Put the feed's cells right: those of a clock that was ahead, and those of windows of another length."""
    _distrust(conn, feed.feed, today, now)
    if feed.report.cadence == "daily":
        _regrid(conn, feed.feed, feed.report.max_days)


def _distrust(conn: sqlite3.Connection, feed: int, today: date, now: datetime) -> None:
    """Let cells that came later than today count as asked for before their days were over.

    Nobody knows when they really came; once today has passed the noted day, nobody would even ask.
    """
    conn.execute(
        "UPDATE unit_cells SET done_on = first_day, done_at = MIN(done_at, :now), "
        "first_done_at = MIN(first_done_at, :now), previous_done_at = NULL, anchor_done_at = NULL "
        "WHERE feed = :feed AND done_on > :today",
        {"feed": feed, "today": to_ordinal(today), "now": int(now.timestamp())},
    )


def _regrid(conn: sqlite3.Connection, feed: int, max_days: int) -> None:
    """Move the feed's cells to the grid of ``max_days``, if they lie on another one; no day is in two then.

    What is in the ledger stays known: a cell that is cut hands its state to each part, cells that become one
    are known as the least settled of them. Cells that never came are dropped: their days are planned anew.
    """
    found = conn.execute(f"SELECT {COLUMNS} FROM unit_cells WHERE feed = ?", (feed,))
    rows = [Row._make(row) for row in found]
    if all(_fits(row, max_days) for row in rows):
        return
    parts: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.done_at is not None:
            for cell in range(row.first_day // max_days * max_days, row.last_day + 1, max_days):
                first, last = max(row.first_day, cell), min(row.last_day, cell + max_days - 1)
                parts[cell].append(row._replace(cell=cell, first_day=first, last_day=last, remembered="{}"))
    kept = {row.cell: row for row in rows if row.done_at is None and _fits(row, max_days)}
    kept |= {cell: _joined(of_cell) for cell, of_cell in parts.items()}
    conn.execute("DELETE FROM unit_cells WHERE feed = ?", (feed,))
    conn.executemany(
        f"INSERT INTO unit_cells (feed, {COLUMNS}) VALUES (?{', ?' * len(Row._fields)})",
        [(feed, *row) for row in kept.values()],
    )


def _fits(row: Row, max_days: int) -> bool:
    return row.cell % max_days == 0 and row.last_day < row.cell + max_days


def _joined(parts: Sequence[Row]) -> Row:
    """One row for neighbours; of parts with a gap between them only the newest, for a row knows no gaps."""
    run = list[Row]()
    for part in sorted(parts, key=lambda part: part.first_day):
        run = [*run, part] if run and part.first_day <= run[-1].last_day + 1 else [part]
    if len(run) == 1:
        return run[0]
    least = min(run, key=lambda part: part.status == "done")
    return least._replace(
        first_day=run[0].first_day,
        last_day=max(part.last_day for part in run),
        rows=sum(part.rows for part in run),
        done_at=min(part.done_at or 0 for part in run),
        done_on=min(part.done_on or 0 for part in run),
        first_done_at=max(part.first_done_at or 0 for part in run),
        previous_done_at=None,  # no earlier fetch of all of it is known
        anchor_done_at=None,
    )
