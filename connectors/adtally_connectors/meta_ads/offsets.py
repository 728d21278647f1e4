"""Meta's own units of money: budgets, bids, balances and the amounts of its activity log.

Source: "Currencies", Marketing API v26: an amount is an integer of 1/offset of the currency. The offset is
not the ISO exponent: TWD and HUF have 1 here, BHD and JOD 100. Insights and invoices are decimal text.
"""

from __future__ import annotations

from decimal import Decimal

from adtally import to_micros

WHOLE = frozenset({"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"})
"""Currencies of offset 1; every other one has 100."""


def from_units(amount: Decimal, currency: str) -> int:
    """Micros of an amount that counts in units of 1/offset of the currency."""
    return to_micros(amount, scale=1_000_000 if currency in WHOLE else 10_000)
