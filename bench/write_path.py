"""From checked rows to SQLite: the shipped replacement of a unit, ``executemany`` alone, and sqlite-utils."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from adtally.calendar import to_ordinal
from adtally.ledger import Ledger
from adtally.ledger.intake import Stage
from adtally.ledger.tables import DELIVERY, Row
from adtally.ledger.write import replace_days

from .deliveries import unit, window
from .desk import Desk
from .end_to_end import raw_seconds
from .figures import Figure, Stopwatch, medians

UNITS = 8
FEED = 1


def figures(folder: Path) -> Iterator[Figure]:
    with Ledger(folder / "rows.db") as ledger:
        desk = Desk(ledger)
        taken = [desk.take(unit(number), window(number)) for number in range(UNITS)]
    units = [intake.stage(DELIVERY).rows for intake in taken]
    in_order = [sorted(rows, key=lambda row: row[: len(DELIVERY.key)]) for rows in units]

    shipped, raw, convenient = medians(
        lambda run: shipped_seconds(folder / f"shipped{run}.db", units),
        lambda run: raw_seconds(folder / f"raw{run}.db", iter(in_order)),
        lambda run: sqlite_utils_seconds(folder / f"convenient{run}.db", units[0]) * UNITS,
    )
    yield Figure("write path: speed, % of raw executemany", 100 * raw / shipped, 90, 80)
    yield Figure("write path: speed, times sqlite-utils upsert_all(dicts)", convenient / shipped, 7, 5)


def shipped_seconds(path: Path, units: list[list[Row]]) -> float:
    """CPU seconds of our own way: rows as they came, sorted by it, one transaction a unit."""
    watch = Stopwatch()
    with watch.running():
        ledger = Ledger(path)
    for number, rows in enumerate(units):
        days = window(number)
        stage = Stage(ledger.conn, DELIVERY)
        stage.rows = list(rows)
        with watch.running(), ledger.transaction():
            first, last = to_ordinal(days.first_day), to_ordinal(days.last_day)
            replace_days(ledger.conn, stage, FEED, first, last, 0)
    with watch.running():
        ledger.close()
    return watch.seconds


def sqlite_utils_seconds(path: Path, rows: list[Row]) -> float:
    """CPU seconds of ``upsert_all`` with its defaults, into a table that it makes by itself."""
    dicts = [dict(zip(DELIVERY.columns, row, strict=True)) for row in rows]
    watch = Stopwatch()
    with watch.running():
        db = Database(path)
        db.table(DELIVERY.name).upsert_all(dicts, pk=DELIVERY.key)
        db.close()
    return watch.seconds
