"""The ledger file: opening, transactions, the lock that only one sync can hold."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from ..errors import LedgerError
from .migrations import migrate

BUSY_MILLISECONDS = 30_000
TRIES = 600
PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -16384",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA foreign_keys = ON",
)


class Ledger:
    """An open ledger. Use as a context manager; ``db`` is a sqlite_utils.Database for free queries."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with translated(path):
            _create(path)
            self.conn = sqlite3.connect(
                path, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
            )
            try:
                _log_ahead(self.conn)
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
        self.close()

    def close(self) -> None:
        """Leave one whole file behind: the last one to close folds the write-ahead log in."""
        with suppress(sqlite3.OperationalError):  # another program writes: it will tidy up when it closes
            self.conn.execute("PRAGMA busy_timeout = 0")
            self.conn.execute("PRAGMA optimize")
        self.conn.close()

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Generator[None]:
        """All or nothing, and the only writer meanwhile; without ``keep`` nothing in the end.

        Raises LedgerError when the file cannot be written.
        """
        with translated(self.path):
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

        Raises LedgerError naming the running sync when another process holds it.
        """
        lock = self._lock()
        try:
            yield
        finally:
            lock.close()

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
        return f"run {row[0]} since {row[1]}" if row else "another process"


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
            "readonly": "it cannot be written; check its permissions",
            "unable to open": "it cannot be opened; check the folder and its permissions",
            "not a database": "it is no SQLite file; choose another [ledger] path",
            "malformed": "it is damaged; restore a copy, or sync into a new file",
        }
        text = str(error)
        for sign, what in advice.items():
            if sign in text:
                raise LedgerError(f"{path}: {what} (SQLite: {text})") from error
        raise


def _log_ahead(conn: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; here SQLite itself does not wait for others that open a new file."""
    for _ in range(TRIES):
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(BUSY_MILLISECONDS / 1000 / TRIES)
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
