"""The ledger's file: whose it is, who may write, and who waits for whom."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.ledger.units import start_run

from .feeds import NOON, delivery, feed, put, rows

HOLD = """
import sys
from pathlib import Path
from adtally.ledger import Ledger
with Ledger(Path(sys.argv[1])) as ledger, ledger.sync_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "adtally.db"


def test_file_is_born_readable_by_its_owner_only(path: Path) -> None:
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == {"adtally.db": 0o600, "adtally.db-wal": 0o600, "adtally.db-shm": 0o600}


def test_closed_ledger_is_one_whole_file(path: Path) -> None:
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])

    assert [file.name for file in path.parent.iterdir()] == ["adtally.db"]
    with Ledger(path) as again:
        assert rows(again, "delivery", "campaign_id", "cost_micros") == [("c1", 1_000_000)]


def test_closing_waits_for_nobody(path: Path) -> None:
    ledger = Ledger(path)
    put(ledger, feed(ledger), [delivery()])
    with closing(sqlite3.connect(path)) as reader, closing(sqlite3.connect(path)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM delivery").fetchall()
        writer.execute("BEGIN IMMEDIATE")

        ledger.close()

        assert reader.execute("SELECT campaign_id FROM delivery").fetchall() == [("c1",)]


def test_free_queries_go_through_sqlite_utils(path: Path) -> None:
    with Ledger(path) as ledger:
        put(ledger, feed(ledger), [delivery()])

        assert list(ledger.db.query("SELECT account_id, currency FROM accounts")) == [
            {"account_id": "1", "currency": "EUR"}
        ]


def test_full_disk_is_named_and_changes_nothing(path: Path) -> None:
    with Ledger(path) as ledger:
        pages = ledger.conn.execute("PRAGMA page_count").fetchone()[0]
        ledger.conn.execute(f"PRAGMA max_page_count = {pages + 2}")
        into = feed(ledger)
        before = ledger.conn.execute("SELECT COUNT(*) FROM entities").fetchone()

        with pytest.raises(LedgerError, match=r"adtally\.db: the disk is full; free some space"):
            put(ledger, into, [delivery(campaign_id=f"campaign {n}") for n in range(5_000)])

        assert not ledger.conn.in_transaction
        assert ledger.conn.execute("SELECT COUNT(*) FROM entities").fetchone() == before
        assert rows(ledger, "delivery", "campaign_id") == []


def test_locked_file_is_named(path: Path) -> None:
    with Ledger(path, wait_seconds=0) as ledger, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")

        with (
            pytest.raises(LedgerError, match=r"adtally\.db: another program is writing to it"),
            ledger.transaction(),
        ):
            raise AssertionError("nobody else may write now")


def test_writer_that_ends_in_time_is_waited_for(path: Path) -> None:
    with Ledger(path) as ledger, closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.05, other.rollback)
        ending.start()

        with ledger.transaction():
            start_run(ledger.conn, "r1", "sync", NOON, "1")
        ending.join()

        assert rows(ledger, "runs", "run_id") == [("r1",)]


def test_transaction_is_undone_by_an_error_and_when_it_is_not_kept(path: Path) -> None:
    with Ledger(path) as ledger:
        with suppress(RuntimeError), ledger.transaction():
            start_run(ledger.conn, "r1", "sync", NOON, "1")
            raise RuntimeError
        with ledger.transaction(keep=False):
            start_run(ledger.conn, "r2", "sync", NOON, "1")
        with ledger.transaction():
            start_run(ledger.conn, "r3", "sync", NOON, "1")

        assert rows(ledger, "runs", "run_id") == [("r3",)]


def test_readers_see_the_old_rows_while_a_unit_is_written(path: Path) -> None:
    with Ledger(path) as ledger, closing(sqlite3.connect(path)) as reader:
        into = feed(ledger)
        put(ledger, into, [delivery()])
        with ledger.transaction():
            ledger.conn.execute("DELETE FROM delivery_facts")

            assert reader.execute("SELECT campaign_id FROM delivery").fetchall() == [("c1",)]


def test_second_process_cannot_sync_and_is_told_which_run_does(path: Path) -> None:
    with Ledger(path) as ledger:
        with ledger.transaction():
            start_run(ledger.conn, "20261012T120000Z-4711-ab12", "sync", NOON, "1")
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"

            with pytest.raises(LedgerError) as caught, ledger.sync_lock():
                raise AssertionError("only one may sync")
            holder.kill()

        running = "run 20261012T120000Z-4711-ab12 since 2026-10-12T12:00:00Z, process 4711"
        assert str(caught.value) == f"{path}: a sync is already running ({running}); wait for it"
        with ledger.sync_lock():
            pass


def test_lock_that_cannot_be_made_is_not_taken_for_a_running_sync(path: Path) -> None:
    path.with_name("adtally.db.lock").mkdir()

    with (
        Ledger(path) as ledger,
        pytest.raises(LedgerError, match=r"adtally\.db\.lock: it cannot be opened"),
        ledger.sync_lock(),
    ):
        raise AssertionError("there is no lock")


def test_many_who_open_a_new_ledger_at_once_all_find_it_ready(path: Path) -> None:
    found = list[object]()

    def look() -> None:
        with Ledger(path) as ledger:
            found.append(ledger.conn.execute("SELECT COUNT(*) FROM runs").fetchone())

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [(0,)] * 6
