"""Lists that come in parts: one page after the other, each row once, as many as the platform counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from .errors import ContractError, TransientError

Row = TypeVar("Row")
Key = TypeVar("Key")
Value = TypeVar("Value")

EMPTY_PAGES = 10
"""More of them in a row, each with a cursor for the next one, never end."""


def cursor_pages(ask: Callable[[str], tuple[list[Row], str]]) -> Iterator[list[Row]]:
    """The rows of each page, empty ones too. ``ask`` gets a cursor and gives its rows and the next one.

    The cursor of the first page is "". The last page is the one after which it is "", however many rows it
    has. Raises ContractError for pages that never end.
    """
    cursor, seen, empty = "", set[str](), 0
    for number in count(1):
        rows, cursor = ask(cursor)
        empty = 0 if rows else empty + 1
        if cursor in seen:
            raise ContractError(f"the pages never end: page {number} names a page that was read before")
        if cursor and empty > EMPTY_PAGES:
            raise ContractError(f"the pages never end: {empty} empty ones in a row")
        yield rows
        if not cursor:
            return
        seen.add(cursor)


def once(rows: Iterable[Row], key: Callable[[Row], object]) -> Iterator[Row]:
    """The rows without those whose key came before, as when a row moves to the next page meanwhile."""
    seen = set[object]()
    for row in rows:
        if (known := key(row)) not in seen:
            seen.add(known)
            yield row


def in_common(pairs: Iterable[tuple[Key, Value]], both: Callable[[Value, Value], Value]) -> dict[Key, Value]:
    """The value of each key; of a key with several different ones what ``both`` makes of two."""
    found: dict[Key, Value] = {}
    for key, value in pairs:
        before = found.setdefault(key, value)
        if before != value:
            found[key] = both(before, value)
    return found


def check_count(came: int, told: int, of: str = "") -> None:
    """Compare what came with the platform's own number; ``of`` is what was counted, if not rows.

    Raises TransientError for less, which asking again may bring, and ContractError for more.
    """
    what = f" {of}" if of else ""
    if came < told:
        raise TransientError(f"rows are missing: {came:,} of {told:,}{what} came; sync again")
    if came > told:
        raise ContractError(f"too many rows: {came:,}{what} came, the platform counts {told:,}")


def batches(items: Sequence[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """The items in their order, at most ``size`` at a time; none for none."""
    return (tuple(items[start : start + size]) for start in range(0, len(items), size))
