"""Forward-only steps from an empty file to today's schema; each runs inside one transaction."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from sqlite_utils import Database, Migrations

from ..errors import LedgerError

migrations = Migrations("adtally")


@migrations()
def version_1(db: Database) -> None:
    script = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        db.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script one by one: ``executescript`` would end the migration's transaction."""
    found, text = [], ""
    for line in script.splitlines():
        text += line + "\n"
        if sqlite3.complete_statement(text):
            found.append(text)
            text = ""
    return found


def migrate(db: Database, path: str) -> None:
    """Bring the file to today's schema, after a copy of what was there.

    Raises LedgerError for a file that a newer version of the program wrote.
    """
    known = {migration.name for migration in migrations.pending(db)}
    applied = [migration.name for migration in migrations.applied(db)]
    unknown = [name for name in applied if name not in NAMES]
    if unknown:
        raise LedgerError(f"{path}: written by a newer adtally ({', '.join(unknown)}); update the program")
    if not known:
        return
    if applied:
        copy = f"{path}.before-{sorted(known)[0]}"
        with sqlite3.connect(copy) as target:
            db.conn.backup(target)
        target.close()
    migrations.apply(db)


NAMES = frozenset(["version_1"])
