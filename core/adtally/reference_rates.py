"""The euro reference rates of the European Central Bank, from its own CSV files; exact, with their days.

Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates, the files
``eurofxref-hist.csv`` (all days) and ``eurofxref.csv`` (the last day), as such or zipped, read 2026-11-23.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from msgspec import Struct

from .errors import ConfigError

LARGEST_BYTES = 64 * 2**20
"""The whole history is 2 MB; what is larger is something else."""
EXPECTED = "expected rates of the European Central Bank: a first line Date,USD,JPY,..."
_CODE = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"\d{1,12}(\.\d{1,6})?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class ReferenceRate(Struct, frozen=True, kw_only=True):
    """``num / den`` units of ``currency`` for one euro."""

    day: date
    currency: str
    num: int
    den: int


def read_reference_rates(path: Path) -> list[ReferenceRate]:
    """The rates of the file, in its order; cells without a rate are left out.

    Raises ConfigError, with the line and what was expected there, for anything that is no such file.
    """
    return list(_rates(path, _text(path)))


def _text(path: Path) -> str:
    try:
        if is_zipfile(path):
            with ZipFile(path) as archive:
                inside = [one for one in archive.infolist() if one.filename.endswith(".csv")]
                if len(inside) != 1 or inside[0].file_size > LARGEST_BYTES:
                    raise ConfigError(f"{path}: {EXPECTED}, in an archive of just one .csv")
                data = archive.read(inside[0])
        elif path.stat().st_size > LARGEST_BYTES:
            raise ConfigError(f"{path}: {EXPECTED}; it is too large to be that")
        else:
            data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise ConfigError(f"{path}, line 1: {EXPECTED}; this is no text") from error


def _rates(path: Path, text: str) -> Iterator[ReferenceRate]:
    rows = csv.reader(text.splitlines())
    head = [cell.strip() for cell in next(rows, list[str]())]
    if head[-1:] == [""]:
        head.pop()
    codes = head[1:]
    if head[:1] != ["Date"] or not codes or not all(map(_CODE.fullmatch, codes)):
        raise ConfigError(f"{path}, line 1: {EXPECTED}")
    if len(set(codes)) < len(codes) or "EUR" in codes:
        raise ConfigError(f"{path}, line 1: each currency stands there once, and EUR not at all")
    lines = dict[date, int]()
    for cells in rows:
        if not any(cells):
            continue
        at = f"{path}, line {rows.line_num}"
        values = [cell.strip() for cell in cells]
        if values[len(head) :] not in ([], [""]) or len(values) < len(head):
            raise ConfigError(f"{at}: {len(values)} values, expected {len(head)} as in the first line")
        day = _day(values[0], at)
        if lines.setdefault(day, rows.line_num) != rows.line_num:
            raise ConfigError(f"{at}: {day} stands in line {lines[day]} already, expected each day once")
        for code, value in zip(codes, values[1 : len(head)], strict=True):
            if value == "N/A":
                continue
            if not _RATE.fullmatch(value) or not Decimal(value):
                raise ConfigError(f"{at}: {code} is {value[:20]!r}, expected a number such as 1.1172, or N/A")
            num, den = Decimal(value).as_integer_ratio()
            yield ReferenceRate(day=day, currency=code, num=num, den=den)


def _day(text: str, at: str) -> date:
    """A day as ``2026-10-30``, or as the file of the last day has it: ``30 October 2026``."""
    words = text.split()
    try:
        if len(words) == 3:
            return date(int(words[2]), _MONTHS.index(words[1]) + 1, int(words[0]))
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{at}: the day is {text[:20]!r}, expected one such as 2026-10-30") from None
