"""Rows of a public table as a file for other tools."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from .errors import ConfigError
from .ledger import Ledger
from .ledger.public import TABLES, read_table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes text for a formula."""


def export(ledger: Ledger, table: str, path: Path) -> int:
    """Write all rows of a public table to a .csv or .jsonl file; returns how many.

    The file appears whole or not at all. In CSV, text that a spreadsheet would run as a formula begins with
    an apostrophe. Raises ConfigError for an unknown table or ending.
    """
    if table not in TABLES:
        raise ConfigError(f"no table {table!r}: choose from {', '.join(TABLES)}")
    write = WRITERS.get(path.suffix)
    if write is None:
        raise ConfigError(f"{path}: the ending must be one of {', '.join(WRITERS)}")
    columns, rows = read_table(ledger, table)
    fresh = path.with_name(path.name + ".part")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            count = write(file, columns, rows)
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _csv(file: TextIO, columns: list[str], rows: Iterable[tuple[object, ...]]) -> int:
    writer = csv.writer(file)
    writer.writerow(columns)
    return _count(writer.writerow([_harmless(value) for value in row]) for row in rows)


def _jsonl(file: TextIO, columns: list[str], rows: Iterable[tuple[object, ...]]) -> int:
    lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows)
    return _count(file.write(line + "\n") for line in lines)


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _count(steps: Iterator[object]) -> int:
    return sum(1 for _ in steps)


WRITERS: dict[str, Callable[[TextIO, list[str], Iterable[tuple[object, ...]]], int]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
}
