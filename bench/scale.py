"""A year of many accounts: whether writing slows down with what is there, and what a day more costs.

The first account's year is synced; every other account is a copy of it under keys of its own, which fills
the same pages in the same order as syncing account after account would.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from adtally.commands import open_ledger, sync
from adtally.ledger import Ledger
from adtally.settings import Settings

from .deliveries import unit, window
from .desk import CONNECTOR, Desk
from .figures import Figure, Stopwatch, medians, say
from .northwind import ACCOUNTS, ADS, account
from .synced import DAYS, FIRST, NOW

FEW = 101
"""Accounts of the smaller ledger, and those of the larger one that are written to: 2.0 of its 10.2 M rows."""
YEAR = 365
LAST = FIRST + timedelta(days=YEAR - 1)
CONFIG = f"""\
[ledger]
path = "many.db"
[sync]
workers = 1
[connectors.{CONNECTOR}]
use = "bench.northwind:Northwind"
"""
KEYS = {
    "accounts": {"account_key": 1, "account_id": 1},
    "feeds": {"feed": 1, "account_key": 1},
    "entities": {"entity": ADS, "account_key": 1},
    "unit_cells": {"feed": 1},
    "delivery_facts": {"feed": 1, "entity": ADS},
}
"""What a copied account has of its own: how much larger each key is than that of the account before."""


def figures(folder: Path) -> Iterator[Figure]:
    config = folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    settings = Settings.load(config)
    many, few = settings.ledger_path, folder / "few.db"
    say(f"filling a ledger with a year of {ACCOUNTS} accounts")
    sync_until(settings, LAST, [account(0).id])
    with Ledger(many) as ledger:
        statements = copying(ledger, KEYS)
        copy_account(ledger, statements, range(1, FEW))
        ledger.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(many, few)
        copy_account(ledger, statements, range(FEW, ACCOUNTS))

    say("syncing one day more of each account")
    before = bytes_written()
    rows = sync_until(settings, LAST + timedelta(days=1))
    if rows != ACCOUNTS * ADS:
        raise SystemExit(f"one day more brought {rows:,} rows, not {ACCOUNTS * ADS:,}")
    yield Figure(
        f"append a day to {ACCOUNTS} accounts: bytes written a row",
        (bytes_written() - before) / rows,
        2000,
        4000,
        "{:.0f}",
    )

    with Ledger(few) as small, Ledger(many) as large:
        step = ACCOUNTS // FEW
        few_desks = [Desk(small, account(number)) for number in range(FEW)]
        many_desks = [Desk(large, account(number * step)) for number in range(FEW)]
        at_few, at_many = medians(
            lambda run: write_seconds(few_desks, run), lambda run: write_seconds(many_desks, run)
        )
    yield Figure("write rate at 10 M rows, times that at 2 M", at_few / at_many, 0.9, 0.8, "{:.2f}")


def fill(ledger: Ledger, keys: Mapping[str, Mapping[str, int]], accounts: int) -> None:
    """Store the only account so often that there are ``accounts`` of them."""
    copy_account(ledger, copying(ledger, keys), range(1, accounts))


def sync_until(settings: Settings, last_day: date, accounts: Sequence[str] = ()) -> int:
    """Sync up to that day, on the day after it; returns the rows of delivery that were written."""
    now = datetime.combine(last_day + timedelta(days=1), NOW.timetz())
    with open_ledger(settings) as ledger:
        run = sync(settings, ledger, first_day=FIRST, accounts=accounts, clock=lambda: now)
    if run.failures:
        raise SystemExit(f"the sync failed: {run.failures[0].message}")
    return run.rows["delivery"]


def copying(ledger: Ledger, keys: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Statements that store all of the only account once more, as that of another number."""
    statements = list[str]()
    for table, steps in keys.items():
        ledger.conn.execute(f"CREATE TEMP TABLE first_{table} AS SELECT * FROM {table}")
        columns = [row[1] for row in ledger.conn.execute(f"PRAGMA table_info({table})")]
        own = [f"{name} + {steps[name]} * :number" if name in steps else name for name in columns]
        statements.append(f"INSERT INTO {table} SELECT {', '.join(own)} FROM first_{table}")
    return statements


def copy_account(ledger: Ledger, statements: list[str], numbers: range) -> None:
    """Add the accounts of these numbers."""
    for number in numbers:
        with ledger.transaction():
            for statement in statements:
                ledger.conn.execute(statement, {"number": number})


def write_seconds(desks: list[Desk], run: int) -> float:
    """CPU seconds for a new window of each account; the run says which one."""
    watch, days = Stopwatch(), window(YEAR // DAYS + 1 + run)
    records = unit(YEAR // DAYS + 1 + run, ADS)
    for desk in desks:
        taken = desk.take(records, days)
        with watch.running():
            desk.write(taken, days)
    return watch.seconds


def bytes_written() -> int:
    """What this process has handed to the kernel so far, to any file: Linux only."""
    counts = Path("/proc/self/io").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in counts.splitlines() if line.startswith("wchar:")))
