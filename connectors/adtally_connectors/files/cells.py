"""What the text of a cell means, by the type of the ledger's column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Literal, TypeAlias, get_args, get_origin

from adtally import ContractError, minor, to_micros

Parse: TypeAlias = Callable[[str], object]

_DECIMAL = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def parser(column: str, kind: object, day_format: str) -> Parse:
    """How to read cells of a record's field that is called ``column`` and has the type ``kind``."""
    if get_origin(kind) is Literal:
        return partial(_choice, {str(choice): choice for choice in get_args(kind)})
    if column.endswith("_micros"):
        return _micros
    by_type: dict[object, Parse] = {
        int: _whole,
        bool: _truth,
        str: str,
        date: partial(to_day, day_format),
    }
    return by_type[next(arm for arm in get_args(kind) or (kind,) if arm in by_type)]


def to_currency(text: str) -> str:
    """The code, if ISO 4217 knows it. Raises ContractError."""
    minor(text)
    return text


def _micros(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise ContractError(f"not an amount: {text[:40]!r}; expected a number such as 1234.56")
    return to_micros(text)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ContractError(f"not a whole number: {text[:40]!r}; expected one such as 1234")
    return int(text)


@lru_cache(maxsize=4096)
def to_day(day_format: str, text: str) -> date:
    """The day by a format of ``strptime``. Raises ContractError."""
    try:
        return datetime.strptime(text, day_format).replace(tzinfo=UTC).date()
    except ValueError:
        raise ContractError(f"not a day: {text[:40]!r}; day_format is {day_format!r}") from None


def _truth(text: str) -> bool:
    try:
        return _YES_OR_NO[text.lower()]
    except KeyError:
        raise ContractError(f"neither true nor false: {text[:40]!r}") from None


def _choice(choices: dict[str, str | int], text: str) -> str | int:
    try:
        return choices[text]
    except KeyError:
        raise ContractError(f"{text[:40]!r} is none of: {', '.join(choices)}") from None
