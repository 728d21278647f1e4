"""The ledger file: opening, transactions, the lock that only one sync can hold."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from ..errors import LedgerError
from .migrations import migrate, refuse_foreign

WAIT_SECONDS = 30.0
TRIES = 600
CHECKED_BYTES = 256 * 2**20
"""A ledger up to this size is checked as a whole before each sync, at some 250 MB a second."""
PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -16384",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp.secure_delete = OFF",
)
DAMAGED = "malformed"


class Ledger:
    """An open ledger. Use as a context manager; ``db`` is a sqlite_utils.Database for free queries."""

    def __init__(self, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        """Create the file or bring it up to date; whoever else writes to it is waited for so long.

        Raises LedgerError when it cannot be used. What SQLite says about the file inside the ``with`` block
        leaves that as a LedgerError, too.
        """
        self.path = path
        self._damage = ""
        with self._guarded():
            _create(path)
            self.conn = sqlite3.connect(
                path, timeout=wait_seconds, isolation_level=None, check_same_thread=False
            )
            try:
                refuse_foreign(self.conn, path)
                _log_ahead(self.conn, wait_seconds)
                for pragma in PRAGMAS:
                    self.conn.execute(pragma)
                self.db = Database(self.conn)
                migrate(self.db, path)
            except BaseException:
                self.conn.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, sqlite3.DatabaseError):
                with self._guarded():
                    raise error
        finally:
            self.close()

    def close(self) -> None:
        """Leave one whole file behind: the last one to close folds the write-ahead log in."""
        with suppress(sqlite3.OperationalError):  # another program writes: it will tidy up when it closes
            self.conn.execute("PRAGMA busy_timeout = 0")
            if not self._damage:
                self.conn.execute("PRAGMA optimize")
        self.conn.close()

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Generator[None]:
        """All or nothing, and the only writer meanwhile; without ``keep`` nothing in the end.

        Raises LedgerError when the file cannot be written. A file that was found damaged is never written
        again: what is left of it is for whoever repairs it.
        """
        with self._guarded():
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                if keep:
                    self.conn.commit()
            finally:
                self.conn.rollback()  # without effect once committed

    @contextmanager
    def sync_lock(self) -> Generator[None]:
        """Hold the right to sync; it ends with the process, however that ends.

        Raises LedgerError naming the running sync when another process holds it, and for a damaged file.
        """
        lock = self._lock()
        try:
            with self._guarded():
                self._check()
                yield
        finally:
            lock.close()

    @contextmanager
    def _guarded(self) -> Generator[None]:
        if self._damage:
            raise LedgerError(self._damage)
        try:
            with translated(self.path):
                yield
        except LedgerError as error:
            if _is_damage(error.__cause__):
                self._damage = error.message
            raise

    def _check(self) -> None:
        """A damaged page may not be read for months; here it is found before more is built on it."""
        if self.path.stat().st_size <= CHECKED_BYTES:
            found: str = self.conn.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"malformed: {' '.join(found.split())}")

    def _lock(self) -> sqlite3.Connection:
        path = Path(f"{self.path}.lock")
        with translated(path):
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                lock.close()
                if "locked" not in str(error):
                    raise
                raise LedgerError(
                    f"{self.path}: a sync is already running ({self._running()}); wait for it"
                ) from error
        return lock

    def _running(self) -> str:
        row = self.conn.execute(
            "SELECT run_id, started_at FROM runs WHERE command = 'sync' AND status = 'running' "
            "ORDER BY started_at DESC"
        ).fetchone()
        if not row:
            return "another process"
        process = re.search(r"-(\d+)-", row[0])  # 20261012T120000Z-4711-ab12: the middle is the process
        return f"run {row[0]} since {row[1]}" + (f", process {process[1]}" if process else "")


@contextmanager
def translated(path: Path) -> Generator[None]:
    """SQLite's errors about the file as LedgerErrors that say what to do."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        advice = {
            "locked": "another program is writing to it; try again when it has finished",
            "full": "the disk is full; free some space and run again, nothing was lost",
            "disk I/O": "the disk takes no more; check its space, its quota and its health, then run again",
            "readonly": "it cannot be written; check its permissions",
            "unable to open": "it cannot be opened; check the folder and its permissions",
            "not a database": "it is no SQLite file; choose another [ledger] path",
            "integer overflow": "amounts add up to more than 64 bits; look for one that is far too large",
            DAMAGED: "it is damaged and was left as it is; restore a copy, or sync into a new file",
        }
        text = str(error)
        for sign, what in advice.items():
            if sign in text:
                raise LedgerError(f"{path}: {what} (SQLite: {text})") from error
        raise


def _is_damage(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and DAMAGED in str(error)


def _log_ahead(conn: sqlite3.Connection, wait_seconds: float) -> None:
    """Switch to write-ahead logging; here SQLite itself does not wait for others that open a new file."""
    for _ in range(TRIES):
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(wait_seconds / TRIES)
        else:
            return
    conn.execute("PRAGMA journal_mode = WAL")


def _create(path: Path) -> None:
    """A ledger holds business figures: its file is born readable by its owner only."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except FileNotFoundError as error:
        raise LedgerError(f"{path}: the folder does not exist; create it or change [ledger] path") from error
    except OSError as error:
        raise LedgerError(f"{path}: cannot be opened ({error.strerror})") from error
