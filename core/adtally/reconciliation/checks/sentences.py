"""What checks say: sentences of at most 140 characters, and formulas with their numbers substituted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ...calendar import Window
from ...money import MICROS, exponent, money_text, rounded
from ...platforms import platform_name
from ..facts import Counts, Rate
from ..pricing import BY_SHARE, Basis, basis_of, counted, price_of, steps_of

LONGEST = 140
NAME = 24
MINUS = "\u2212"
NO_BREAK = "\u00a0"


def sentence(*choices: str) -> str:
    """The first choice that is short enough, so give the fullest first; the last one is cut if none is."""
    short = next((text for text in choices if len(text) <= LONGEST), choices[-1])
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1]}…"


def name_text(name: str) -> str:
    """A document's number, cut in the middle: only as much of it as a sentence has room for."""
    half = (NAME - 1) // 2
    return name if len(name) <= NAME else f"{name[:half]}…{name[-half:]}"


def plural(count: int, one: str) -> str:
    """``1 click``, ``1,980 clicks``."""
    return f"{count:,} {one if count == 1 else one + 's'}"


def day_text(day: date) -> str:
    return f"{day.day} {day:%b}"


def days_text(days: Sequence[date]) -> str:
    """``11 Jun and 12 Jun``; from 4 days on only their number."""
    if len(days) > 3:
        return plural(len(days), "day")
    *first, last = map(day_text, days)
    return f"{', '.join(first)} and {last}" if first else last


def side_text(platform: str) -> str:
    """Whom to ask."""
    return platform_name(platform) or "the platform"


def month_text(window: Window) -> str:
    return f"{window.first_day:%B}"


def decimal_text(micros: int, *, least: int = 0, most: int = 6) -> str:
    """``0.75``: as many decimals as the number needs, from ``least`` to ``most``; rounded beyond."""
    ticks = rounded(micros, 10 ** (6 - most))
    whole, rest = divmod(abs(ticks), 10**most)
    decimals = (f"{rest:0{most}d}" if most else "").rstrip("0").ljust(least, "0")
    sign = MINUS if ticks < 0 else ""
    return f"{sign}{whole:,}.{decimals}" if decimals else f"{sign}{whole:,}"


def price_text(micros: int, currency: str, *, most: int = 6) -> str:
    """A unit price: at least the currency's own decimals; ``most`` is 4 for averages."""
    return decimal_text(micros, least=exponent(currency), most=most)


def percent_text(ppm: int) -> str:
    """``1.25%``."""
    return f"{decimal_text(ppm * 100)}%"


def share_text(ppm: int) -> str:
    """``92.4%``: cut to a tenth, so that only all of it is 100%."""
    return percent_text(ppm // 1_000 * 1_000)


def quantity_text(basis: Basis, quantity: int, currency: str) -> str:
    """``1,980 clicks``, ``4.5 conversions``, ``USD 600.00 of net revenue``."""
    if basis is BY_SHARE:
        return f"{money_text(quantity, currency)} of {basis.unit}"
    if basis.per == MICROS:
        return f"{decimal_text(quantity)} {basis.unit if quantity == MICROS else basis.unit + 's'}"
    return plural(quantity, basis.unit)


def rate_text(rate: Rate, currency: str) -> str:
    """``0.75``, ``2.50 per 1,000``, ``8%``; in steps ``0.50 to 1,000, then 0.40``."""
    basis = basis_of(rate)
    prices = [
        (tier.up_to, tier.rate_micros if tier.share_ppm is None else tier.share_ppm) for tier in rate.tiers
    ] or [(None, price_of(rate))]
    texts = [
        (percent_text(price or 0) if basis is BY_SHARE else price_text(price or 0, currency))
        + ("" if up_to is None else f" to {up_to:,}")
        for up_to, price in prices
    ]
    *steps, last = texts
    thousand = " per 1,000" if basis is not None and basis.per == 1_000 else ""
    return (f"{', '.join(steps)}, then {last}" if steps else last) + thousand


def average_text(basis: Basis, average: int, currency: str) -> str:
    """``1.224 each``, ``8.5031 per 1,000``, ``12.5% of it``; the average of a share is in ppm."""
    if basis is BY_SHARE:
        return f"{percent_text(average)} of it"
    price = price_text(average, currency, most=max(4, exponent(currency)))
    return f"{price} {'per 1,000' if basis.per == 1_000 else 'each'}"


def charge_text(rate: Rate, counts: Counts, window: Window, currency: str) -> str:
    """The formula of a charge: ``0.75 × 1,980 clicks``, ``2.50 × 18,000 impressions / 1,000``.

    In steps their sum: ``0.50 × 1,000 clicks + 0.40 × 600 clicks``.
    """
    price, basis = price_of(rate) or 0, basis_of(rate)
    if basis is None:
        flight = rate.flight or window
        overlap = window.overlap(flight)
        return f"{price_text(price, currency)} × {overlap.days if overlap else 0} / {flight.days} days"
    return " + ".join(
        f"{percent_text(step.price) if basis is BY_SHARE else price_text(step.price, currency)} × "
        f"{quantity_text(basis, step.units, currency)}{' / 1,000' if basis.per == 1_000 else ''}"
        for step in steps_of(rate, basis, counted(basis, counts) or 0)
    )


def sum_text(amounts: Iterable[int], currency: str) -> str:
    """``100.00 + 250.50 − 10.00``."""
    text = " + ".join(price_text(amount, currency) for amount in amounts)
    return text.replace(f"+ {MINUS}", f"{MINUS} ") or "0"


def change_text(diff: int, currency: str) -> str:
    """``USD 15.00 too much``; every decimal is shown where the currency's own would hide the difference."""
    return f"{currency}{NO_BREAK}{price_text(abs(diff), currency)} too {'much' if diff > 0 else 'little'}"
