"""What the ledger's file costs: bytes a row, and what a refetch that changes nothing writes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from adtally.ledger import Ledger

from .deliveries import unit, window
from .desk import Desk
from .figures import Figure, Stopwatch

UNITS = 8
PAGE = 4096


def figures(folder: Path) -> Iterator[Figure]:
    path = folder / "ledger.db"
    with Ledger(path) as ledger:
        desk = Desk(ledger)
        rows, first = put_all(desk)
    size = path.stat().st_size / rows
    yield Figure("file size: bytes a delivery row of 17 metrics, all included", size, 80, 92)

    with Ledger(path) as ledger:
        desk = Desk(ledger)
        ledger.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the account was seen: that is no refetch
        before = sha256(path.read_bytes()).digest()
        rows, again = put_all(desk)
        pages = -(-path.with_name(f"{path.name}-wal").stat().st_size // PAGE)
        pages += sha256(path.read_bytes()).digest() != before
    yield Figure("refetch without a change: rows written", rows, 0, 0, "{:.0f}")
    yield Figure("refetch without a change: pages written", pages, 0, 0, "{:.0f}")
    yield Figure("refetch without a change: CPU, times that of the first write", again / first, 2, 3)


def put_all(desk: Desk) -> tuple[int, float]:
    """Store every unit; returns the rows changed, and the CPU seconds without those for making the rows."""
    watch, changed = Stopwatch(), 0
    for number in range(UNITS):
        taken = desk.take(unit(number), window(number))
        with watch.running():
            changed += desk.write(taken, window(number))
    return changed, watch.seconds
