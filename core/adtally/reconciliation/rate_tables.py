"""Rates that others set, as dated tables: what platforms add for countries, its legal ceiling, and taxes.

What is shipped is a preset with its sources (``surcharges.csv``, ``ceilings.csv``); the user's rows win.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from ..errors import ConfigError
from ..money import MICROS

SERVED = "spend served in the jurisdiction"


class Surcharge(Struct, frozen=True, kw_only=True):
    """A fee that a platform adds for a country; ``valid_from`` and ``valid_to`` are days of serving."""

    platform: str
    jurisdiction: str
    """ISO 3166-1 alpha-2."""
    kind: str
    rate_ppm: int
    valid_from: date
    valid_to: date | None = None
    """None: no end is known."""
    basis: str = SERVED
    """What the rate multiplies; everything but what was served there is a sum of the whole bill."""
    source: str
    verified: bool
    """Without that the row convicts nobody."""
    preset: bool = False
    """It was shipped, the user did not write it."""


class TaxRate(Struct, frozen=True, kw_only=True):
    connector: str
    jurisdiction: str
    rate_ppm: int
    valid_from: date
    valid_to: date | None = None
    source: str


class Ceiling(Struct, frozen=True, kw_only=True):
    """The most that a country's law takes: no expectation, but a fee above it is worth a question."""

    jurisdiction: str
    rate_ppm: int
    valid_from: date
    valid_to: date | None = None
    source: str


Row = TypeVar("Row", Surcharge, TaxRate, Ceiling)
SURCHARGES = (
    "platform", "jurisdiction", "kind", "rate_ppm", "valid_from", "valid_to", "basis", "source",
    "verified",
)  # fmt: skip
TAXES = ("connector", "jurisdiction", "rate_ppm", "valid_from", "valid_to", "source")
CEILINGS = ("jurisdiction", "rate_ppm", "valid_from", "valid_to", "source")


def read_surcharges(path: Path | None = None) -> tuple[Surcharge, ...]:
    """The user's rows, if there is a file of them, and the shipped ones.

    Raises ConfigError, with the line, for a file that cannot be used.
    """
    own = _read(path, SURCHARGES, lambda cells: _surcharge(cells, preset=False)) if path else ()
    return (*own, *_shipped())


def read_taxes(path: Path) -> tuple[TaxRate, ...]:
    """The user's tax rates; none are shipped. Raises ConfigError, with the line, as above."""
    return _read(path, TAXES, _tax)


@cache
def ceilings() -> tuple[Ceiling, ...]:
    """What the laws take at most, as shipped."""
    text = files("adtally").joinpath("ceilings.csv").read_text(encoding="utf-8")
    return _parse("ceilings.csv", text, CEILINGS, _ceiling)


def in_force(rows: Iterable[Row], day: date) -> list[Row]:
    """Those that are valid on the day."""
    return [row for row in rows if row.valid_from <= day <= (row.valid_to or date.max)]


def surcharges_on(rows: Iterable[Surcharge], day: date) -> list[Surcharge]:
    """Those that are valid on the day; where the user wrote one, only the user's."""
    found = in_force(rows, day)
    return [row for row in found if not row.preset] or found


@cache
def _shipped() -> tuple[Surcharge, ...]:
    text = files("adtally").joinpath("surcharges.csv").read_text(encoding="utf-8")
    return _parse("surcharges.csv", text, SURCHARGES, lambda cells: _surcharge(cells, preset=True))


def _surcharge(cells: dict[str, str], *, preset: bool) -> Surcharge:
    if cells["verified"] not in ("yes", "no"):
        raise ValueError("verified is yes or no")
    first_day, last_day = _days(cells)
    return Surcharge(
        platform=cells["platform"],
        jurisdiction=_country(cells["jurisdiction"]),
        kind=cells["kind"],
        rate_ppm=_ppm(cells["rate_ppm"]),
        valid_from=first_day,
        valid_to=last_day,
        basis=cells["basis"],
        source=cells["source"],
        verified=cells["verified"] == "yes",
        preset=preset,
    )


def _tax(cells: dict[str, str]) -> TaxRate:
    first_day, last_day = _days(cells)
    return TaxRate(
        connector=cells["connector"],
        jurisdiction=cells["jurisdiction"],
        rate_ppm=_ppm(cells["rate_ppm"]),
        valid_from=first_day,
        valid_to=last_day,
        source=cells["source"],
    )


def _ceiling(cells: dict[str, str]) -> Ceiling:
    first_day, last_day = _days(cells)
    return Ceiling(
        jurisdiction=_country(cells["jurisdiction"]),
        rate_ppm=_ppm(cells["rate_ppm"]),
        valid_from=first_day,
        valid_to=last_day,
        source=cells["source"],
    )


def _read(path: Path, columns: tuple[str, ...], row: Callable[[dict[str, str]], Row]) -> tuple[Row, ...]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    return _parse(str(path), text, columns, row)


def _parse(
    name: str, text: str, columns: tuple[str, ...], row: Callable[[dict[str, str]], Row]
) -> tuple[Row, ...]:
    return tuple(_rows(name, text, columns, row))


def _rows(
    name: str, text: str, columns: tuple[str, ...], row: Callable[[dict[str, str]], Row]
) -> Iterator[Row]:
    lines = csv.reader(text.splitlines())
    if tuple(cell.strip() for cell in next(lines, list[str]())) != columns:
        raise ConfigError(f"{name}: its first line must be {','.join(columns)}")
    for cells in lines:
        if not any(cells):
            continue
        at = f"{name}, line {lines.line_num}"
        if len(cells) != len(columns):
            raise ConfigError(f"{at}: {len(cells)} values, expected {len(columns)}")
        named = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        empty = [column for column in columns if not named[column] and column != "valid_to"]
        if empty:
            raise ConfigError(f"{at}: {empty[0]} is missing")
        try:
            yield row(named)
        except ValueError as error:
            raise ConfigError(f"{at}: {error}") from None


def _ppm(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MICROS:
        raise ValueError(f"rate_ppm {text!r}: expected millionths, such as 50000 for 5%")
    return int(text)


def _country(text: str) -> str:
    if len(text) != 2 or not text.isascii() or not text.isalpha() or not text.isupper():
        raise ValueError(f"jurisdiction {text!r}: expected two capital letters, such as AT or GB")
    return text


def _days(cells: dict[str, str]) -> tuple[date, date | None]:
    days = list[date | None]()
    for column in ("valid_from", "valid_to"):
        try:
            days.append(date.fromisoformat(cells[column]) if cells[column] else None)
        except ValueError:
            raise ValueError(f"{column} {cells[column]!r}: expected a day, such as 2026-01-31") from None
    first_day, last_day = days
    if first_day is None or (last_day and last_day < first_day):
        raise ValueError("valid_to is before valid_from")
    return first_day, last_day
