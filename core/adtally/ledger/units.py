"""What was fetched and how it went: the state of every unit, and the runs that fetched them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from ..calendar import Window, from_ordinal, instant_text, to_ordinal

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a feed's grid. ``covered`` is in the ledger since ``done_on``; None if nothing is."""

    status: str
    covered: Window | None
    done_on: date | None
    remembered: dict[str, str]
    error: str


def read_cells(conn: sqlite3.Connection, feed: int) -> dict[int, Cell]:
    """The feed's cells by the epoch day that each begins on."""
    rows = conn.execute(
        "SELECT cell, status, first_day, last_day, done_on, remembered, error FROM unit_cells WHERE feed = ?",
        (feed,),
    )
    return {
        cell: Cell(
            status,
            Window(from_ordinal(first), from_ordinal(last)) if done_on is not None else None,
            from_ordinal(done_on) if done_on is not None else None,
            msgspec.json.decode(remembered, type=dict[str, str]),
            error,
        )
        for cell, status, first, last, done_on, remembered, error in rows
    }


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a cell of a feed; ``window`` is what was asked for, or what is covered now."""

    feed: int
    cell: int
    window: Window
    run_id: str
    started: datetime
    ended: datetime


def record_done(conn: sqlite3.Connection, attempt: Attempt, rows: int, today: date) -> None:
    """Note that the window is in the ledger as the platform tells it today.

    However often a unit is fetched, one earlier fetch is remembered that is at least 24 hours older: what two
    such fetches both lack is no lag of the platform's.
    """
    at = int(attempt.ended.timestamp())
    a_day_later = f"excluded.done_at >= anchor_done_at + {SECONDS_A_DAY}"
    conn.execute(
        "INSERT INTO unit_cells (feed, cell, first_day, last_day, started_at, finished_at, run_id, status, "
        "attempts, rows, done_at, done_on, first_done_at, anchor_done_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'done', 1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "first_day = excluded.first_day, last_day = excluded.last_day, "
        "started_at = excluded.started_at, finished_at = excluded.finished_at, run_id = excluded.run_id, "
        "status = 'done', attempts = attempts + 1, rows = excluded.rows, remembered = '{}', error = '', "
        "done_at = excluded.done_at, done_on = excluded.done_on, "
        "first_done_at = COALESCE(first_done_at, excluded.first_done_at), "
        f"previous_done_at = CASE WHEN {a_day_later} THEN anchor_done_at ELSE previous_done_at END, "
        f"anchor_done_at = CASE WHEN anchor_done_at IS NULL OR {a_day_later} THEN excluded.done_at "
        "ELSE anchor_done_at END",
        (*_noted(attempt), rows, at, to_ordinal(today), at, at),
    )


def record_failure(
    conn: sqlite3.Connection, attempt: Attempt, status: str, error: str, *, forget: bool = False
) -> None:
    """Note that a unit did not come (``failed``, ``denied``, ``not_offered``) or not yet (``waiting``).

    What is stored stays.
    With ``forget`` a report that was made for it is asked for anew: this one cannot be used.
    """
    conn.execute(
        "INSERT INTO unit_cells (feed, cell, first_day, last_day, started_at, finished_at, run_id, status, "
        "attempts, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
        "first_day = CASE WHEN done_at IS NULL THEN excluded.first_day ELSE first_day END, "
        "last_day = CASE WHEN done_at IS NULL THEN excluded.last_day ELSE last_day END, "
        "started_at = excluded.started_at, finished_at = excluded.finished_at, run_id = excluded.run_id, "
        "status = excluded.status, attempts = attempts + 1, error = excluded.error"
        + (", remembered = '{}'" if forget else ""),
        (*_noted(attempt), status, error),
    )


def _noted(attempt: Attempt) -> tuple[object, ...]:
    first, last = to_ordinal(attempt.window.first_day), to_ordinal(attempt.window.last_day)
    times = instant_text(attempt.started), instant_text(attempt.ended)
    return (attempt.feed, attempt.cell, first, last, *times, attempt.run_id)


def remember(conn: sqlite3.Connection, feed: int, cell: int, asked: Window, texts: dict[str, str]) -> None:
    """Keep what a unit must know after a restart, such as the id of a report that is being made."""
    first, last = to_ordinal(asked.first_day), to_ordinal(asked.last_day)
    conn.execute(
        "INSERT INTO unit_cells (feed, cell, first_day, last_day, status, remembered) "
        "VALUES (?, ?, ?, ?, 'waiting', ?) ON CONFLICT DO UPDATE SET remembered = excluded.remembered",
        (feed, cell, first, last, msgspec.json.encode(texts).decode()),
    )


def start_run(conn: sqlite3.Connection, run_id: str, command: str, now: datetime, version: str) -> None:
    """Open a run; an earlier one of this command that never closed was interrupted."""
    conn.execute(
        "UPDATE runs SET status = 'interrupted' WHERE command = ? AND status = 'running'", (command,)
    )
    conn.execute(
        "INSERT INTO runs (run_id, command, started_at, status, version) VALUES (?, ?, ?, 'running', ?)",
        (run_id, command, instant_text(now), version),
    )


def finish_run(conn: sqlite3.Connection, run_id: str, status: str, now: datetime) -> None:
    conn.execute(
        "UPDATE runs SET status = ?, finished_at = ? WHERE run_id = ?", (status, instant_text(now), run_id)
    )
