"""Values of a query in the syntax of Rest.li 2.0: ``List(...)``, ``(key:value,...)`` and encoded text.

Source: Rest.li protocol 2.0.0, "URI encoding"; read 2026-11. The signs ``( ) : ,`` are syntax where they
stand as they are, and encoded where they belong to a text.
"""

from __future__ import annotations

import re
from typing import TypeAlias, TypeVar

import msgspec

from .envelope import invalid

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
T = TypeVar("T")

ENCODED_SYNTAX = re.compile(r"%2[89cC]|%25")
PLAIN_URN = re.compile(r"urn:li:")


def check_encoding(raw: str) -> None:
    """Refuse a query that was encoded as a whole, encoded twice, or whose URNs were not encoded."""
    if ENCODED_SYNTAX.search(raw) or PLAIN_URN.search(raw):
        raise invalid("Invalid query parameters passed to request")


def parsed(text: str) -> Value:
    """The value that the decoded text of a parameter stands for."""
    value, rest = _value(text, inside="")
    if rest:
        raise invalid(f"Array parameter or record cannot be parsed near {rest[:20]!r}")
    return value


def shaped(text: str, shape: type[T], name: str) -> T:
    """The value as this shape. A Refusal for any other."""
    try:
        return msgspec.convert(parsed(text), type=shape, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(f"{name}: {error}") from error


def _value(text: str, inside: str) -> tuple[Value, str]:
    if text.startswith("List("):
        return _list(text.removeprefix("List("))
    if text.startswith("("):
        return _record(text.removeprefix("("))
    end = next((at for at, sign in enumerate(text) if sign in inside), len(text))
    return text[:end], text[end:]


def _list(text: str) -> tuple[Value, str]:
    found: list[Value] = []
    while not text.startswith(")"):
        value, text = _value(text, inside=",)")
        found.append(value)
        text = _after(text)
    return found, text.removeprefix(")")


def _record(text: str) -> tuple[Value, str]:
    found: dict[str, Value] = {}
    while not text.startswith(")"):
        name, _, text = text.partition(":")
        found[name], text = _value(text, inside=",)")
        text = _after(text)
    return found, text.removeprefix(")")


def _after(text: str) -> str:
    """What follows a comma, or the closing bracket itself."""
    if not text.startswith((",", ")")):
        raise invalid("A list or a record is not closed.")
    return text.removeprefix(",")
