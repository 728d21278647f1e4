"""One unit into the ledger in one short transaction: rows, history and the unit's own state together."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from ..calendar import from_ordinal
from ..errors import ContractError
from ..records import Invoice, InvoiceLine
from .documents import forget_documents, write_invoice_lines, write_invoices
from .intake import Intake, Stage
from .observed import observe_terms
from .tables import FACTS, FactTable, differs


def write_unit(
    conn: sqlite3.Connection, intake: Intake, first: int, last: int, today: date
) -> dict[str, int]:
    """Replace the unit's days by what was taken; returns the rows changed in each public table.

    ``first`` and ``last`` are epoch days; rows of these days that did not come again move to the history. To
    be called inside a transaction. Raises ContractError for a key that is null or came twice, in this unit or
    with other values in a sibling, and for a value that does not fit its column.
    """
    changed: dict[str, int] = {}
    try:
        new = [(key, intake.feed.account_key, *ids) for ids, key in intake.fresh.items()]
        conn.executemany("INSERT INTO entities VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", new)
        for table in (FACTS[record] for record in intake.feed.report.records if record in FACTS):
            changed[table.public] = _write_facts(conn, intake, intake.stage(table), first, last)
        for state, rows in intake.states.items():
            before = conn.total_changes
            conn.executemany(state.upsert(), rows.values())
            changed[state.name] = conn.total_changes - before
        if intake.terms:
            changed["terms"] = observe_terms(conn, intake.feed, intake.terms, today, intake.as_of)
        if Invoice in intake.feed.report.records:
            changed |= write_invoices(conn, intake.feed, intake.invoices)
        if InvoiceLine in intake.feed.report.records:
            changed["invoice_lines"] = write_invoice_lines(conn, intake.feed, intake.invoice_lines)
    except (sqlite3.IntegrityError, OverflowError) as error:
        raise ContractError(f"{intake.feed.report.name}: a value cannot be stored: {error}") from error
    return changed


def _write_facts(conn: sqlite3.Connection, intake: Intake, stage: Stage, first: int, last: int) -> int:
    siblings = _siblings(conn, intake, stage.table)
    try:
        return replace_days(conn, stage, intake.feed.feed, first, last, intake.as_of, siblings)
    except sqlite3.IntegrityError as error:
        if "UNIQUE" not in str(error):
            raise
        raise intake.twice(stage) from error


def replace_days(
    conn: sqlite3.Connection,
    stage: Stage,
    feed: int,
    first: int,
    last: int,
    now: int,
    siblings: Sequence[int] = (),
) -> int:
    """Make the feed's rows of these days equal to the stage; returns how many rows were written or moved.

    Rows that differ or are gone go to the history first; equal ones keep their ``as_of`` and are not touched.
    A clock that was ahead once does not make a value older than the one it replaces: both then bear the later
    instant, so that at any instant one value of a key is believed.
    """
    table, within = stage.table, f"feed = {feed} AND day BETWEEN {first} AND {last}"
    begun = conn.execute(f"SELECT 1 FROM {table.history} WHERE {within} LIMIT 1").fetchone()
    empty = not begun and not conn.execute(f"SELECT 1 FROM {table.name} WHERE {within} LIMIT 1").fetchone()
    if empty and not siblings and not stage.spilled:
        table.insert(conn, stage.sorted_rows())
        return len(stage)
    total = _staged(conn, stage, siblings)
    where = f"f.feed = {feed} AND f.day BETWEEN {first} AND {last}"
    same_key = " AND ".join(f"s.{name} = f.{name}" for name in table.key)
    if begun:
        gone = f"FROM {table.history} AS f WHERE {same_key} AND f.superseded_at > s.as_of"
        conn.execute(
            f"UPDATE {stage.name} AS s SET as_of = (SELECT MAX(f.superseded_at) {gone}) "
            f"WHERE NOT EXISTS (SELECT 1 FROM {table.name} AS f WHERE {same_key}) "
            f"AND EXISTS (SELECT 1 {gone})"
        )
    before = conn.total_changes
    conn.execute(
        f"INSERT INTO {table.history} SELECT f.*, MAX(f.as_of, {now}) FROM {table.name} AS f "
        f"LEFT JOIN {stage.name} AS s ON {same_key} "
        f"WHERE {where} AND (s.feed IS NULL OR {differs('f', 's', table.values)})"
    )
    conn.execute(
        f"DELETE FROM {table.name} AS f WHERE {where} "
        f"AND NOT EXISTS (SELECT 1 FROM {stage.name} AS s WHERE {same_key})"
    )
    update = ", ".join(f"{name} = excluded.{name}" for name in table.values)
    conn.execute(
        f"INSERT INTO {table.name} SELECT * FROM {stage.name} WHERE true ORDER BY {', '.join(table.key)} "
        f"ON CONFLICT DO UPDATE SET {update}, as_of = MAX(excluded.as_of, {table.name}.as_of) "
        f"WHERE {differs(table.name, 'excluded', table.values)}"
    )
    stored = conn.execute(f"SELECT COUNT(*) FROM {table.name} WHERE {within}").fetchone()[0]
    if stored != total:
        raise ContractError(f"{total} rows came and {stored} would be stored; nothing was changed")
    return conn.total_changes - before


def retire_feed(conn: sqlite3.Connection, feed: int, now: int) -> None:
    """Take out what a file brought that is no longer there; its rows stay in the history."""
    for table in FACTS.values():
        conn.execute(
            f"INSERT INTO {table.history} SELECT *, MAX(as_of, ?) FROM {table.name} WHERE feed = ?",
            (now, feed),
        )
        conn.execute(f"DELETE FROM {table.name} WHERE feed = ?", (feed,))
    forget_documents(conn, feed)
    conn.execute("DELETE FROM unit_cells WHERE feed = ?", (feed,))
    conn.execute("UPDATE feeds SET records = '' WHERE feed = ?", (feed,))  # only the history still needs it


def _staged(conn: sqlite3.Connection, stage: Stage, siblings: Sequence[int]) -> int:
    """Put all rows into the stage; returns how many they are without those that a sibling already holds."""
    table = stage.table
    total = len(stage)
    stage.spill()
    if siblings:
        others = f"g.feed IN ({', '.join(map(str, siblings))})"
        key = " AND ".join(f"g.{name} = s.{name}" for name in table.key[1:])
        join = f"FROM {stage.name} AS s JOIN {table.name} AS g ON {others} AND {key}"
        clash = conn.execute(
            f"SELECT s.day, own.report, other.report {join} JOIN feeds AS own ON own.feed = s.feed "
            f"JOIN feeds AS other ON other.feed = g.feed WHERE {differs('s', 'g', table.values)} LIMIT 1"
        ).fetchone()
        if clash:
            day, own, other = clash
            raise ContractError(
                f"{own} and {other} have different values for the same row of {from_ordinal(day)}: "
                "correct or remove one of the two"
            )
        names = ", ".join(table.key)
        same = f"SELECT {', '.join(f's.{name}' for name in table.key)} {join}"
        total -= conn.execute(f"DELETE FROM {stage.name} WHERE ({names}) IN ({same})").rowcount
    return total


def _siblings(conn: sqlite3.Connection, intake: Intake, table: FactTable) -> list[int]:
    """Other feeds of the account that hold the same kind of rows at the same grain, and so the same keys."""
    report = intake.feed.report
    rows = conn.execute(
        f"SELECT f.feed FROM feeds AS f WHERE f.account_key = ? AND f.feed <> ? AND f.grain = ? "
        f"AND EXISTS (SELECT 1 FROM {table.name} AS t WHERE t.feed = f.feed)",
        (intake.feed.account_key, intake.feed.feed, report.grain),
    )
    return [feed for (feed,) in rows]
