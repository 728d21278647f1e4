"""Exact money: integer micros of a currency's major unit, and the one way to round.

1 USD = 1 JPY = 1 KWD = 1,000,000 micros. Exponents: ISO 4217 list one, ``currencies.csv``.
"""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib.resources import files

from .errors import ContractError

MICROS = 1_000_000
LARGEST = 2**63 - 1
DIGITS = len(str(LARGEST))
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_times, _whole = _EXACT.multiply, _EXACT.to_integral_value  # bound once: they run for each row


def to_micros(amount: Decimal | int | str, *, scale: int = MICROS) -> int:
    """Turn decimal text or a Decimal of major units into micros, a half away from zero.

    ``scale`` is micros per unit of ``amount``: 10,000 for an API that counts in cents. Binary floats are
    refused: decode the number as Decimal. Raises ContractError for text that is no finite number or does
    not fit 64 bits.
    """
    if isinstance(amount, float):
        raise TypeError("money as a binary float is not exact: decode it as Decimal or text")
    micros: int | None
    if type(amount) is int:
        micros = amount * scale
    else:
        try:
            number = amount if type(amount) is Decimal else Decimal(amount)
            scaled = _times(number, scale)
            micros = int(_whole(scaled)) if scaled.adjusted() < DIGITS else None
        except (ArithmeticError, ValueError) as error:  # decimal has its own overflow
            raise ContractError(f"not an amount of money: {str(amount)[:40]!r}") from error
    if micros is None or not -LARGEST <= micros <= LARGEST:
        raise ContractError(f"amount beyond 64 bits: {str(amount)[:40]!r}")
    return micros


def rounded(numerator: int, denominator: int) -> int:
    """R(n, d): the integer quotient, a half away from zero on both sides of zero."""
    if denominator == 0:
        raise ZeroDivisionError("R(n, 0)")
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


@cache
def exponents() -> dict[str, int]:
    """Decimals of each ISO 4217 currency by its code."""
    text = files("adtally").joinpath("currencies.csv").read_text(encoding="utf-8")
    return {row["code"]: int(row["exponent"]) for row in csv.DictReader(text.splitlines())}


def exponent(currency: str) -> int:
    """Decimals that the currency is printed with. Raises ContractError for an unknown code."""
    try:
        return exponents()[currency]
    except KeyError:
        raise ContractError(f"unknown currency code {currency!r}: expected ISO 4217, such as EUR") from None


def minor(currency: str) -> int:
    """Micros of the smallest printed amount: 10,000 for USD, 1,000,000 for JPY, 1,000 for KWD."""
    return int(10 ** (6 - exponent(currency)))


def money_text(micros: int, currency: str, *, decimals: int | None = None) -> str:
    """``EUR 1,234.56``: code, no-break space, comma groups, the currency's decimals, U+2212 below zero."""
    return f"{currency}\u00a0{amount_text(micros, currency, decimals=decimals)}"


def amount_text(micros: int, currency: str, *, decimals: int | None = None) -> str:
    """The amount alone, as ``money_text`` writes it; rounded for display only."""
    places = exponent(currency) if decimals is None else decimals
    units = rounded(micros, 10 ** (6 - places)) if places <= 6 else micros * 10 ** (places - 6)
    whole, rest = divmod(abs(units), 10**places)
    text = f"{whole:,}.{rest:0{places}d}" if places else f"{whole:,}"
    return f"\u2212{text}" if units < 0 else text
