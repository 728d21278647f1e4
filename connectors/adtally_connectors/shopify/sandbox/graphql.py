"""The little of GraphQL that the sandbox needs: one query is read, priced, and cut out of known objects.

Source: GraphQL specification of October 2021, chapter "Language"; Shopify's prices of a query from its guide
"API limits" (read 2026-11): an object costs a point, a connection what its rows cost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

Given: TypeAlias = Mapping[str, object]
Resolver: TypeAlias = Callable[[Given], object]

TOKEN = re.compile(r"""\s*(?:(\.\.\.|[{}():$!,=\[\]])|("(?:[^"\\]|\\.)*")|([_A-Za-z]\w*|-?\d+))""")
LITERALS: Mapping[str, object] = {"null": None, "true": True, "false": False}
CONNECTED = {"first", "last", "after"}
LONGEST = 250


class Mistake(Exception):
    """A query that is none, or asks for what is not there: with GraphQL's own code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Rows(tuple[object, ...]):
    """What is asked for page by page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    fields: tuple[Field, ...] = ()

    @property
    def cost(self) -> int:
        """The points of one value of this field; those without fields of their own are free."""
        size = self.given.get("first", self.given.get("last"))
        times = size if isinstance(size, int) else 1
        inner = sum(each.cost * (times if each.name == "nodes" else 1) for each in self.fields)
        return 1 + inner if self.fields else 0


class Reader:
    """Reads one query from its beginning to its end."""

    def __init__(self, document: str, variables: Given) -> None:
        self._tokens = _tokens(document)
        self._variables = variables
        self._declared: set[str] = set()

    def fields(self) -> tuple[Field, ...]:
        self._expect("query")
        if self._next() not in ("(", "{"):
            self._take()
        if self._next() == "(":
            self._declare()
        found = self._selection()
        if self._tokens:
            raise Mistake("parseError", f"Parse error on {self._next()!r}")
        if unknown := self._variables.keys() - self._declared:
            raise Mistake("variableNotDefined", f"Variable ${min(unknown)} is not defined")
        return found

    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        if not self._tokens:
            raise Mistake("parseError", "Parse error on end of file")
        return self._tokens.pop(0)

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise Mistake("parseError", f"Parse error on {found!r}, expected {token!r}")

    def _declare(self) -> None:
        self._expect("(")
        while self._next() != ")":
            self._expect("$")
            name = self._take()
            self._declared.add(name)
            self._expect(":")
            kind = self._take()
            if self._next() == "!":
                self._take()
                if self._variables.get(name) is None:
                    told = f"Variable ${name} of type {kind}! was provided invalid value"
                    raise Mistake("INVALID_VARIABLE", told)
            if self._next() == ",":
                self._take()
        self._expect(")")

    def _selection(self) -> tuple[Field, ...]:
        self._expect("{")
        found: list[Field] = []
        while self._next() != "}":
            if self._next() == "...":
                for token in ("...", "on"):
                    self._expect(token)
                self._take()
                found += self._selection()
            else:
                found.append(self._field())
        self._expect("}")
        return tuple(found)

    def _field(self) -> Field:
        name = self._take()
        given: dict[str, object] = {}
        if self._next() == "(":
            self._take()
            while self._next() != ")":
                key = self._take()
                self._expect(":")
                given[key] = self._value()
                if self._next() == ",":
                    self._take()
            self._take()
        return Field(name, given, self._selection() if self._next() == "{" else ())

    def _value(self) -> object:
        token = self._take()
        if token == "$":
            name = self._take()
            if name not in self._declared:
                raise Mistake("variableNotDefined", f"Variable ${name} is used but not declared")
            return self._variables.get(name)
        if token in LITERALS:
            return LITERALS[token]
        return json.loads(token) if token[0] in '"-0123456789' else token


def _tokens(document: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(document.rstrip()):
        match = TOKEN.match(document, at)
        if match is None:
            raise Mistake("parseError", f"Parse error on {document[at : at + 20]!r}")
        found.append(match[0].strip())
        at = match.end()
    return found


def cut_out(asked: Sequence[Field], known: Mapping[str, object], of: str) -> dict[str, object]:
    """What is asked for of an object; what nobody knows is refused."""
    found: dict[str, object] = {}
    for one in asked:
        if one.name not in known:
            raise Mistake("undefinedField", f"Field '{one.name}' doesn't exist on type '{of}'")
        found[one.name] = _shown(one, known[one.name])
    return found


def _shown(one: Field, value: object) -> object:
    if callable(value):
        value = cast("Resolver", value)(one.given)
    elif one.given and value is not None and not isinstance(value, Rows):
        raise Mistake("argumentNotAccepted", f"Field '{one.name}' doesn't accept argument {min(one.given)!r}")
    if isinstance(value, Rows):
        value = _page(one, value)
    if isinstance(value, dict):
        if not one.fields:
            raise Mistake("selectionMismatch", f"Field must have selections (field '{one.name}')")
        return cut_out(one.fields, cast("dict[str, object]", value), one.name)
    if isinstance(value, list):
        plain = Field(one.name, {}, one.fields)
        return [_shown(plain, inner) for inner in cast("list[object]", value)]
    return value


def _page(one: Field, rows: Rows) -> dict[str, object]:
    """Some rows of a connection; a cursor is the number of rows before it."""
    if unknown := one.given.keys() - CONNECTED - {"query", "sortKey"}:
        raise Mistake("argumentNotAccepted", f"Field '{one.name}' doesn't accept argument {min(unknown)!r}")
    first, last, after = one.given.get("first"), one.given.get("last"), one.given.get("after")
    size = first if isinstance(first, int) else last
    if not isinstance(size, int) or not 0 < size <= LONGEST or (first is not None and last is not None):
        raise Mistake("BAD_REQUEST", "you must provide one of first or last, between 1 and 250")
    if last is not None:
        return {"nodes": list(rows[-size:]), "pageInfo": {"hasNextPage": False, "endCursor": None}}
    start = 0
    if after is not None:
        if not isinstance(after, str) or not after.removeprefix("eyJ").isdigit():
            raise Mistake("BAD_REQUEST", "Invalid cursor for current pagination sort.")
        start = int(after.removeprefix("eyJ"))
    end = start + size
    info = {"hasNextPage": end < len(rows), "endCursor": f"eyJ{min(end, len(rows))}" if rows else None}
    return {"nodes": list(rows[start:end]), "pageInfo": info}
