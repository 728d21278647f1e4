"""Forward-only steps from an empty file to today's schema; all that are due run inside one transaction."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database, Migrations

from ..errors import LedgerError

migrations = Migrations("adtally")


@migrations()
def version_1(db: Database) -> None:
    script = files("adtally.ledger").joinpath("schema.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        db.conn.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script one by one: ``executescript`` would end the migration's transaction."""
    found, text = list[str](), ""
    for line in script.splitlines():
        text += line + "\n"
        if sqlite3.complete_statement(text):
            found.append(text)
            text = ""
    return found


def refuse_foreign(conn: sqlite3.Connection, path: Path) -> None:
    """Raise LedgerError for a database that has tables, but no ledger in it: it is somebody else's."""
    tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [name for (name,) in tables if name != Migrations.migrations_table]
    if not names:
        return
    known = (
        len(names) < len(tables)
        and conn.execute(
            f"SELECT 1 FROM {Migrations.migrations_table} WHERE migration_set = ?", (migrations.name,)
        ).fetchone()
    )
    if not known:
        raise LedgerError(
            f"{path}: it is the database of another program (it has a table {min(names)}); "
            "choose another [ledger] path"
        )


def migrate(db: Database, path: Path, steps: Migrations = migrations) -> None:
    """Bring the file to today's schema, after a copy of what was there; a step that fails changes nothing.

    Raises LedgerError for a file that a newer version of the program wrote.
    """
    applied = [migration.name for migration in steps.applied(db)]
    unknown = [name for name in applied if name not in _names(steps)]
    if unknown:
        raise LedgerError(f"{path}: written by a newer adtally ({', '.join(unknown)}); update the program")
    due = [migration.name for migration in steps.pending(db)]
    if not due:
        return
    if applied:
        _copy(db.conn, Path(f"{path}.before-{due[0]}"))
    db.conn.execute("BEGIN IMMEDIATE")  # whoever opens the file at the same time waits, and finds it done
    try:
        steps.apply(db)
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise


def _names(steps: Migrations) -> set[str]:
    """All steps: those that an empty database still needs."""
    with closing(sqlite3.connect(":memory:")) as nothing:
        return {migration.name for migration in steps.pending(Database(nothing))}


def _copy(source: sqlite3.Connection, path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)
