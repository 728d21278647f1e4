"""Files that cannot be a ledger: each is named with what to do, and left as it is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.ledger.store import translated

from .feeds import delivery, feed, put, rows

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "adtally.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


@contextmanager
def without_privileges() -> Iterator[None]:
    """What permissions forbid is possible for root; so be nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def damage(path: Path, table: str) -> bytes:
    """Overwrite the first page of a table; returns the file."""
    with closing(sqlite3.connect(path)) as conn:
        size = conn.execute("PRAGMA page_size").fetchone()[0]
        [root] = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xa5" * size)
    return path.read_bytes()


def test_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "adtally.db"

    with pytest.raises(LedgerError, match=r"nowhere/adtally\.db: the folder does not exist; create it"):
        Ledger(path)


def test_file_that_is_no_database_is_named_and_left_alone(path: Path) -> None:
    path.write_text("day,cost\n2026-10-01,1.50\n" * 50)

    with pytest.raises(
        LedgerError, match=r"adtally\.db: it is no SQLite file; choose another \[ledger\] path"
    ):
        Ledger(path)

    assert path.read_text() == "day,cost\n2026-10-01,1.50\n" * 50


def test_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()

    with Ledger(path) as ledger:
        assert rows(ledger, "runs", "run_id") == []


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE orders (x TEXT)"],
        ["CREATE TABLE zoo (x TEXT)", "CREATE TABLE orders (x TEXT)"],
        [
            "CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT, applied_at TEXT)",
            "INSERT INTO _sqlite_migrations VALUES ('llm', 'm001', '')",
            "CREATE TABLE orders (x TEXT)",
        ],
    ],
)
def test_database_of_another_program_is_named_and_left_alone(path: Path, statements: list[str]) -> None:
    with closing(sqlite3.connect(path)) as other:
        for statement in statements:
            other.execute(statement)
        other.commit()
    before = path.read_bytes()

    with pytest.raises(LedgerError) as caught:
        Ledger(path)

    assert str(caught.value) == (
        f"{path}: it is the database of another program (it has a table orders); choose another [ledger] path"
    )
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_damaged_file_is_named_before_a_sync_and_left_alone(path: Path) -> None:
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])
    before = damage(path, "invoice_lines")

    with (
        Ledger(path) as ledger,
        pytest.raises(LedgerError, match=r"adtally\.db: it is damaged and was left as it is; restore a copy"),
        ledger.sync_lock(),
    ):
        raise AssertionError("nobody may sync into it")

    assert path.read_bytes() == before


def test_damage_that_shows_in_the_middle_ends_all_writing(path: Path) -> None:
    Ledger(path).close()
    before = damage(path, "invoice_lines")
    with Ledger(path) as ledger:
        with pytest.raises(LedgerError, match="it is damaged"), ledger.transaction():
            ledger.conn.execute("DELETE FROM invoice_lines WHERE feed = 1")

        with pytest.raises(LedgerError, match="it is damaged"), ledger.transaction():
            raise AssertionError("nobody may write now")

    assert path.read_bytes() == before


def test_damage_that_a_reader_meets_is_named(path: Path) -> None:
    Ledger(path).close()
    damage(path, "runs")

    with pytest.raises(LedgerError, match="it is damaged"), Ledger(path) as ledger:
        ledger.conn.execute("SELECT * FROM runs").fetchall()


def test_other_errors_of_a_query_are_left_as_they_are(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"), Ledger(path) as ledger:
        ledger.conn.execute("SELECT * FROM nowhere")


def test_file_that_its_user_may_not_write_is_named(open_folder: Path) -> None:
    path = open_folder / "adtally.db"
    Ledger(path).close()
    path.chmod(0o444)

    with (
        without_privileges(),
        pytest.raises(LedgerError, match=r"adtally\.db: cannot be opened \(Permission denied\)"),
    ):
        Ledger(path)


def test_folder_that_its_user_may_not_write_is_named(open_folder: Path) -> None:
    path = open_folder / "adtally.db"
    Ledger(path).close()
    path.chmod(0o666)
    open_folder.chmod(0o555)

    with (
        without_privileges(),
        pytest.raises(LedgerError, match=r"adtally\.db: (it )?cannot be (opened|written)"),
    ):
        Ledger(path)


def test_folder_in_place_of_the_file_is_named(path: Path) -> None:
    path.mkdir()

    with pytest.raises(LedgerError, match=r"adtally\.db: cannot be opened \(Is a directory\)"):
        Ledger(path)


def test_file_that_cannot_be_written_is_named(path: Path) -> None:
    Ledger(path).close()

    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn,
        pytest.raises(LedgerError, match=r"adtally\.db: it cannot be written; check its permissions"),
        translated(path),
    ):
        conn.execute("DELETE FROM runs")
