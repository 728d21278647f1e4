"""Rows of the ledger with the answers behind them, as ``show`` gives them to people and programs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from ..calendar import from_ordinal, to_ordinal
from .units import SECONDS_A_DAY

TableRow: TypeAlias = dict[str, str | int | None]
Known: TypeAlias = Mapping[str, str | int]
"""What a query is about, and until which instant (``known``, in seconds since 1970) things are known."""

EVER = 2**62
ANSWER = (
    "f.report, u.first_day, u.last_day, u.fetched_at, u.position, u.method, u.url, u.sent, u.status, "
    "u.content_type, r.size, lower(hex(u.hash)) "
    "FROM unit_answers AS u JOIN raw_answers AS r ON r.hash = u.hash JOIN feeds AS f ON f.feed = u.feed"
)
"""The columns of a ``KeptAnswer``, for ``answers_of``."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer of a fetch; ``position`` is its place among those of its unit, from 1."""

    report: str
    first_day: date
    """With ``last_day``: what was asked for."""
    last_day: date
    fetched_at: datetime
    position: int
    method: str
    url: str
    sent: str
    """The body of the request."""
    status: int
    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one day or of one document, by public table, and the answers that they came with."""

    connector: str
    account_id: str
    day: date | None
    invoice_id: str
    as_of: date | None
    rows: dict[str, list[TableRow]]
    answers: list[KeptAnswer]
    not_kept: list[str]
    """Reports that brought some of the rows when answers were not kept."""
    from_files: list[str]
    """Reports that are files: there the file itself is the answer."""


def until(as_of: date | None) -> int:
    """The last second (UTC) of the day; without one, the end of time."""
    return EVER if as_of is None else (to_ordinal(as_of) + 1) * SECONDS_A_DAY - 1


def answers_of(conn: sqlite3.Connection, query: str, known: Known) -> Iterator[KeptAnswer]:
    """The answers that a query of the columns ``ANSWER`` finds."""
    for report, first_day, last_day, fetched_at, *rest in conn.execute(query, known):
        at = datetime.fromtimestamp(fetched_at, UTC)
        yield KeptAnswer(report, from_ordinal(first_day), from_ordinal(last_day), at, *rest)
