"""A JSON document of any length, element by element, without holding it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO, Any, TypeVar

import msgspec

from .errors import ContractError

T = TypeVar("T")

CHUNK = 2**20
LARGEST = 64 * 2**20
"""Bytes that a single element may have."""
BRACKETS = {b"[": b"]", b"{": b"}"}
BOUNDARY = re.compile(rb"[}\]]\s*(,)")
"""Where one element may end and the next begin: unless it lies deeper, or in a text."""
TRIES = 32


def json_items(file: IO[bytes], shape: type[T], where: str) -> Iterator[T]:
    """The elements of the array in the file, or the values of the object, as ``shape``.

    It is read up to the last comma before which everything is whole, which the decoder itself tells.
    Raises ContractError for another document, and for elements that do not fit.
    """
    rest = file.read(CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()
    opens = rest[:1]
    if opens not in BRACKETS:
        raise ContractError(f"{where}: neither an array nor an object of JSON")
    decoder = msgspec.json.Decoder(_container(opens, shape), strict=False)
    rest = rest[1:]
    while chunk := file.read(CHUNK):
        rest += chunk
        for comma in _last_boundaries(rest):
            part = opens + rest[:comma] + BRACKETS[opens]
            try:
                whole = decoder.decode(part)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                if _is_json(part):
                    raise ContractError(f"{where}: {error}") from error
                continue
            yield from _values(whole)
            rest = rest[comma + 1 :]
            break
        if len(rest) > LARGEST:
            raise ContractError(f"{where}: an element is larger than {LARGEST:,} bytes")
    try:
        whole = decoder.decode(opens + rest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(f"{where}: {error}") from error
    yield from _values(whole)


def _container(opens: bytes, shape: Any) -> Any:
    return list[shape] if opens == b"[" else dict[str, shape]


def _values(whole: list[T] | dict[str, T]) -> Iterable[T]:
    return whole.values() if isinstance(whole, dict) else whole


def _is_json(part: bytes) -> bool:
    """Whether it is whole, so that what the decoder dislikes is an element."""
    try:
        msgspec.json.decode(part, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _last_boundaries(text: bytes) -> Iterator[int]:
    """Where to try and cut, from the end on."""
    tail = max(0, len(text) - CHUNK // 4)
    found = [match.start(1) for match in BOUNDARY.finditer(text, tail)]
    yield from reversed(found[-TRIES:])
