"""From the platform to the ledger: a whole sync against writing the rows that came of it, and no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

from adtally.ledger import Ledger
from adtally.ledger.tables import DELIVERY, Row

from .figures import Figure, Stopwatch, medians
from .server import google
from .synced import DAYS, Synced, first_sync

ACCOUNTS, WINDOWS = 4, 4
INSERT = f"INSERT INTO {DELIVERY.name} VALUES ({', '.join('?' * len(DELIVERY.columns))})"


def figures(folder: Path) -> Iterator[Figure]:
    with google() as url:
        first_sync(folder / "warm", url, accounts=1, windows=WINDOWS)  # renders the pages, imports all
        synced: list[Synced] = []

        def shipped(run: int) -> float:
            synced.append(first_sync(folder / f"sync{run}", url, accounts=ACCOUNTS, windows=WINDOWS))
            return synced[-1].cpu

        def raw(run: int) -> float:
            return raw_seconds(folder / f"raw{run}.db", units(synced[-1].path))

        whole, written = medians(shipped, raw)
    yield Figure("HTTP to SQLite: speed, % of raw executemany", 100 * written / whole, 35, 28)


def units(path: Path) -> Iterator[list[Row]]:
    """The delivery rows of a ledger, unit by unit and in the order of the key."""
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute("SELECT * FROM delivery_facts")
        for _, unit in groupby(rows, key=lambda row: (row[0], row[1] // DAYS)):
            yield list(unit)


def raw_seconds(path: Path, found: Iterator[list[Row]]) -> float:
    """CPU seconds for ``executemany`` alone: an empty ledger, one transaction a unit, what the file needs."""
    watch = Stopwatch()
    with watch.running():
        ledger = Ledger(path)
    for rows in found:
        with watch.running(), ledger.transaction():
            ledger.conn.executemany(INSERT, rows)
    with watch.running():
        ledger.close()
    return watch.seconds
