"""What no connector brings: files that the user has, read once into the ledger."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from .ledger import Ledger
from .ledger.tables import StateTable
from .reference_rates import read_reference_rates

SOURCE = "ECB"
BASE = "EUR"
_TABLE = StateTable("fx_rates", ("base", "quote", "day"), ("num", "den", "source"))


class Imported(Struct, frozen=True, kw_only=True):
    """What a file of exchange rates held, and what of it the ledger did not have yet."""

    days: int
    currencies: int
    rates: int
    changed: int
    """New or corrected rates."""


def import_(ledger: Ledger, path: Path) -> Imported:
    """Keep the exchange rates of a file of the European Central Bank, all or none; the newest file wins.

    Rates that the ledger has and the file has not stay. Raises ConfigError, with the line, for other files.
    """
    rates = read_reference_rates(path)
    rows = [(BASE, rate.currency, rate.day.isoformat(), rate.num, rate.den, SOURCE) for rate in rates]
    with ledger.transaction():
        before = ledger.conn.total_changes
        ledger.conn.executemany(_TABLE.upsert(), rows)
        changed = ledger.conn.total_changes - before
    return Imported(
        days=len({rate.day for rate in rates}),
        currencies=len({rate.currency for rate in rates}),
        rates=len(rates),
        changed=changed,
    )
