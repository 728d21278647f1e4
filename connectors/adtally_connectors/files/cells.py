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
STATUSES = (
    *("accepted", "paid", "pending", "refunded", "cancelled", "test", "duplicate", "invalid", "rejected"),
    *("out_of_area", "not_found", "failed", "open", "lost", "won"),
)
"""What may have become of a lead, an order, a payment, a refund or a dispute."""
_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def parser(column: str, kind: object, day_format: str) -> Parse:
    """How to read cells of a record's field that is called ``column`` and has the type ``kind``."""
    arms = (kind,) if get_origin(kind) is Literal else get_args(kind) or (kind,)
    for arm in arms:
        if get_origin(arm) is Literal:
            return partial(_choice, {str(choice): choice for choice in get_args(arm)})
    if column.endswith("_micros"):
        return _micros
    by_type: dict[object, Parse] = {
        int: _whole,
        bool: _truth,
        str: str,
        date: partial(to_day, day_format),
        datetime: _instant,
    }
    return by_type[next(arm for arm in arms if arm in by_type)]


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


def to_status(text: str) -> str:
    """A word of ``STATUSES``, whatever its case; blanks and dashes are as good as underscores."""
    word = re.sub(r"[\s-]+", "_", text.lower())
    if word not in STATUSES:
        raise ContractError(f"{text[:40]!r} is none of: {', '.join(STATUSES)}")
    return word


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ContractError(
            f"not an instant: {text[:40]!r}; expected such as 2026-01-31T18:00 or 2026-01-31T17:00Z"
        ) from None


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
