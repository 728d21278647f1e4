"""A file of comma-separated values, row by row, as platforms hand them out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from .errors import ContractError


def csv_rows(file: IO[bytes], where: str) -> Iterator[list[str]]:
    """The cells of each row, ``[]`` for an empty line; without a byte order mark and without NULs.

    Raises ContractError with the line for text that is no UTF-8, and for quotes that do not end.
    """
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    reader = csv.reader((line.replace("\0", "") for line in text), strict=True)
    try:
        yield from reader
    except UnicodeDecodeError:
        raise ContractError(f"{where}: line {reader.line_num + 1} is no UTF-8") from None
    except csv.Error as error:
        raise ContractError(f"{where}: line {reader.line_num}: {error}") from None
    finally:
        text.detach()
