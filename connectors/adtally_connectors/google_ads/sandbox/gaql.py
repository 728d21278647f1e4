"""The Google Ads Query Language as the fake reads it: the text of a query, taken apart or refused.

Source: "Google Ads Query Language grammar", Google Ads API v26, and its ``QueryErrorEnum``; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

TOKEN = re.compile(
    r"""\s*(?: (?P<text>'[^'\n]*' | "[^"\n]*") | (?P<word>[A-Za-z_][\w.]*) | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign>!=|<=|>=|[=<>(),]) )""",
    re.VERBOSE,
)
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
DAYS_BACK = {
    "TODAY": (0, 0),
    "YESTERDAY": (1, 1),
    "LAST_7_DAYS": (7, 1),
    "LAST_14_DAYS": (14, 1),
    "LAST_30_DAYS": (30, 1),
}


class Refusal(Exception):
    """One error of the API: ``code`` is such as ``queryError.UNRECOGNIZED_FIELD``."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    fields: tuple[str, ...]
    resource: str
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """Fields, and whether from the highest down."""
    limit: int | None = None


def parse(text: str, today: date) -> Query:
    """The query that the text asks. Raises Refusal for what the language does not know."""
    return _Reader(_tokens(text), today).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            unfinished = text[at:].lstrip()[:1] in "'\""
            code = "STRING_NOT_TERMINATED" if unfinished else "UNEXPECTED_INPUT"
            raise Refusal(f"queryError.{code}", f"Error in query: unexpected input {text[at : at + 20]!r}.")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], today: date) -> None:
        self.tokens, self.at, self.today = tokens, 0, today

    def query(self) -> Query:
        self.expect("SELECT", "EXPECTED_SELECT")
        fields = tuple(self.listed())
        self.expect("FROM", "EXPECTED_FROM")
        resource = self.take("word")
        conditions: list[Condition] = []
        order: list[tuple[str, bool]] = []
        limit = None
        if self.skip("WHERE"):
            conditions.append(self.condition())
            while self.skip("AND"):
                conditions.append(self.condition())
        if self.skip("ORDER"):
            self.expect("BY", "EXPECTED_BY")
            order = list(self.sorting())
        if self.skip("LIMIT"):
            limit = int(self.take("number", "BAD_LIMIT_VALUE"))
            if limit < 1:
                raise Refusal("queryError.LIMIT_VALUE_TOO_LOW", "The limit is too low.")
        if self.skip("PARAMETERS"):
            self.tokens = self.tokens[: self.at]
        if self.at < len(self.tokens):
            raise self.unexpected()
        return Query(fields, resource, tuple(conditions), tuple(order), limit)

    def listed(self) -> Iterator[str]:
        yield self.take("word")
        while self.skip(","):
            yield self.take("word")

    def sorting(self) -> Iterator[tuple[str, bool]]:
        while True:
            name = self.take("word")
            falling = self.skip("DESC")
            if not falling:
                self.skip("ASC")
            yield name, falling
            if not self.skip(","):
                return

    def condition(self) -> Condition:
        name = self.take("word")
        kind, operator = self.peek()
        self.at += 1
        if kind == "sign" and operator in SIGNS:
            return Condition(name, operator, (self.value(),))
        operator = operator.upper()
        if operator == "NOT" and self.skip("IN"):
            operator = "NOT IN"
        elif operator == "IS" and self.skip("NOT"):
            operator = "IS NOT"
        return Condition(name, *self.operand(operator))

    def operand(self, operator: str) -> tuple[str, tuple[str, ...]]:
        """The operator of a word and its values."""
        match operator:
            case "IN" | "NOT IN":
                return operator, self.values()
            case "LIKE":
                return operator, (self.value(),)
            case "IS" | "IS NOT":
                self.expect("NULL", "BAD_OPERATOR")
                return f"{operator} NULL", ()
            case "BETWEEN":
                first = self.value()
                self.expect("AND", "EXPECTED_VALUE_WITH_BETWEEN_OPERATOR")
                return operator, (first, self.value())
            case "DURING":
                return "BETWEEN", self.during()
            case _:
                raise Refusal("queryError.BAD_OPERATOR", f"Error in WHERE clause: no operator {operator!r}.")

    def during(self) -> tuple[str, str]:
        name = self.take("word")
        if name not in DAYS_BACK:
            raise Refusal(
                "queryError.INVALID_VALUE_WITH_DURING_OPERATOR", f"{name!r} is no date range literal."
            )
        first, last = (self.today - timedelta(days=back) for back in DAYS_BACK[name])
        return first.isoformat(), last.isoformat()

    def values(self) -> tuple[str, ...]:
        self.expect("(", "EXPECTED_LIST")
        found: list[str] = []
        while not self.skip(")"):
            found.append(self.value())
            if not self.skip(",") and self.peek()[1] != ")":
                raise self.unexpected()
        if not found:
            raise Refusal("queryError.PROHIBITED_EMPTY_LIST_IN_CONDITION", "A list must not be empty.")
        return tuple(found)

    def value(self) -> str:
        kind, value = self.peek()
        if kind == "sign":
            raise Refusal("queryError.BAD_VALUE", f"Error in WHERE clause: {value!r} is no value.")
        self.at += 1
        return value[1:-1] if kind == "text" else value

    def take(self, kind: str, code: str = "UNEXPECTED_INPUT") -> str:
        found, value = self.peek()
        if found != kind:
            raise Refusal(f"queryError.{code}", f"Error in query: unexpected input {value!r}.")
        self.at += 1
        return value

    def expect(self, word: str, code: str) -> None:
        if not self.skip(word):
            raise Refusal(f"queryError.{code}", f"Error in query: {word} is missing.")

    def skip(self, word: str) -> bool:
        here = self.at < len(self.tokens) and self.tokens[self.at][1].upper() == word
        self.at += here
        return here

    def peek(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise Refusal("queryError.UNEXPECTED_END_OF_QUERY", "Error in query: it ends too early.")
        return self.tokens[self.at]

    def unexpected(self) -> Refusal:
        value = self.tokens[self.at][1]
        return Refusal("queryError.UNEXPECTED_INPUT", f"Error in query: unexpected input {value!r}.")
