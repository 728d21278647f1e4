"""Old files become new ones without a loss; newer ones are refused."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.ledger.migrations import migrate, statements

from .feeds import delivery, feed, put, rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "adtally.db"


def test_file_of_a_newer_program_is_refused(path: Path) -> None:
    with Ledger(path) as ledger:
        migrate(ledger.db, path, steps(("version_2", "CREATE TABLE later (x INTEGER) STRICT")))

    with pytest.raises(LedgerError, match=r"adtally\.db: written by a newer adtally \(version_2\); update"):
        Ledger(path)


def test_migration_copies_the_file_before_and_loses_no_rows(path: Path) -> None:
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])
        migrate(ledger.db, path, steps(("version_2", "CREATE TABLE later (x INTEGER) STRICT")))

        assert rows(ledger, "delivery", "campaign_id") == [("c1",)]
        assert rows(ledger, "later", "x") == []
    copy = path.with_name("adtally.db.before-version_2")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT campaign_id FROM delivery").fetchall() == [("c1",)]
        assert before.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall() == []


def test_migration_that_fails_leaves_the_old_file(path: Path) -> None:
    broken = steps(
        ("version_2", "CREATE TABLE later (x INTEGER) STRICT"),
        ("version_3", "DROP TABLE nobody_made_this"),
    )
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])
        before = ledger.conn.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()

        with pytest.raises(sqlite3.OperationalError, match="nobody_made_this"):
            migrate(ledger.db, path, broken)

        assert ledger.conn.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before
        assert not ledger.conn.in_transaction
    with Ledger(path) as again:
        assert rows(again, "delivery", "campaign_id") == [("c1",)]


def test_migration_without_anything_due_makes_no_copy(path: Path) -> None:
    Ledger(path).close()
    Ledger(path).close()

    assert [file.name for file in path.parent.iterdir()] == ["adtally.db"]


def test_script_is_cut_into_whole_statements() -> None:
    script = "-- a; b\nCREATE TABLE t (x TEXT DEFAULT ';');\n\nCREATE VIEW v AS\nSELECT x FROM t;\n"

    assert [text.strip() for text in statements(script)] == [
        "-- a; b\nCREATE TABLE t (x TEXT DEFAULT ';');",
        "CREATE VIEW v AS\nSELECT x FROM t;",
    ]


def steps(*later: tuple[str, str]) -> Migrations:
    """Today's migrations and later ones, each a statement."""
    known = Migrations("adtally")

    def version_1(_: Database) -> None:
        raise AssertionError("was applied before")

    known()(version_1)
    for name, statement in later:

        def apply(db: Database, statement: str = statement) -> None:
            db.conn.execute(statement)

        known(name=name)(apply)
    return known
