"""Terms are observed, not historical: what is seen today closes what was seen before, from today on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime

from ..calendar import DAY, instant_text
from ..records import Terms
from .keys import Feed

_VALUES = ("campaign_id", "model", "billable_event", "rate_micros", "kind", "native")
_OF_ENTITY = "connector = ? AND account_id = ? AND level = ? AND entity_id = ?"


def observe_terms(
    conn: sqlite3.Connection, feed: Feed, terms: Iterable[Terms], today: date, as_of: int
) -> int:
    """Note what is in force today, as seen ``as_of`` (seconds since 1970); returns how many rows changed.

    The first observation of an entity is assumed valid from its first day (or from the beginning, when it has
    none); a change closes the old row on the day before and opens a new one today.
    """
    before, at = conn.total_changes, instant_text(datetime.fromtimestamp(as_of, UTC))
    for seen in terms:
        key = (feed.connector, feed.account.id, seen.level, seen.entity_id)
        values = tuple(getattr(seen, name) for name in _VALUES)
        _distrust_the_future(conn, key, today)
        last = conn.execute(
            f"SELECT valid_from, {', '.join(_VALUES)} FROM terms WHERE {_OF_ENTITY} AND valid_to IS NULL", key
        ).fetchone()
        if last is None:
            first_day = seen.first_day or date.min
            _open(conn, key, min(first_day, today), values, at, assumed=first_day < today)
        elif last[1:] != values and last[0] == today.isoformat():
            conn.execute(f"DELETE FROM terms WHERE {_OF_ENTITY} AND valid_from = ?", (*key, last[0]))
            _open(conn, key, today, values, at, assumed=False)
        elif last[1:] != values:
            closed = (today - DAY).isoformat()
            conn.execute(
                f"UPDATE terms SET valid_to = ? WHERE {_OF_ENTITY} AND valid_to IS NULL", (closed, *key)
            )
            _open(conn, key, today, values, at, assumed=False)
    return conn.total_changes - before


def _distrust_the_future(conn: sqlite3.Connection, key: tuple[str, ...], today: date) -> None:
    """Take back what was seen by a clock that was ahead: it cannot be in force from a later day on."""
    later = f"DELETE FROM terms WHERE {_OF_ENTITY} AND valid_from > ?"
    if conn.execute(later, (*key, today.isoformat())).rowcount:
        conn.execute(
            f"UPDATE terms SET valid_to = NULL WHERE {_OF_ENTITY} AND valid_to >= ?",
            (*key, today.isoformat()),
        )


def _open(
    conn: sqlite3.Connection,
    key: tuple[str, ...],
    valid_from: date,
    values: tuple[object, ...],
    observed_at: str,
    *,
    assumed: bool,
) -> None:
    columns = (
        f"connector, account_id, level, entity_id, valid_from, observed_at, assumed, {', '.join(_VALUES)}"
    )
    row = (*key, valid_from.isoformat(), observed_at, int(assumed), *values)
    conn.execute(f"INSERT INTO terms ({columns}) VALUES ({', '.join('?' * len(row))})", row)
