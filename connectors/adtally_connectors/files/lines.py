"""The rows of a CSV file with the number of the line that each starts on; nothing but a row is ever held.

UTF-8 with or without a byte order mark, commas, quotes as in RFC 4180, a header line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from adtally import ContractError

LONGEST_LINE = 2**20
BYTE_ORDER_MARK = "\ufeff"


def rows(file: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and every row as (line number, cells); blank lines are left out.

    Raises ContractError, which begins with ``name`` and the line, for what is no such file.
    """
    start, width = 1, 0
    try:
        with file.open("rb") as opened:
            reader = csv.reader(_lines(opened, name), strict=True)
            for cells in reader:
                width = width or len(cells)
                if cells and len(cells) != width:
                    raise ContractError(
                        f"{name} line {start}: {len(cells)} cells, but the header has {width}"
                    )
                if cells:
                    yield start, cells
                start = reader.line_num + 1
    except csv.Error as error:
        raise ContractError(f"{name} line {start}: not CSV: {error}") from error
    except OSError as error:
        raise ContractError(f"{name}: cannot be read ({error.strerror})") from error
    if not width:
        raise ContractError(f"{name}: empty, without even a header line")


def _lines(opened: BinaryIO, name: str) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: opened.readline(LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE:
            raise ContractError(f"{name} line {number}: longer than {LONGEST_LINE:,} bytes")
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise ContractError(
                f"{name} line {number}: not UTF-8 text; save the file as CSV UTF-8"
            ) from error
        if "\0" in text:
            raise ContractError(f"{name} line {number}: holds a NUL byte; save the file as CSV UTF-8")
        yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
