"""A digest of everything that a month's judgement rests on: equal digests, equal judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

import msgspec

from ..calendar import Window, to_ordinal
from ..ledger import Connection
from ..ledger.tables import COUNTRY, DELIVERY, EVIDENCE, HOURLY, INTERACTION
from ..settings import Agreement
from . import sql_stamp
from .mapping import Mapped
from .rules import Rules

EDGE = timedelta(days=7)
"""How far beyond the month its facts look at days."""
SETTLED = timedelta(days=120)
"""So long after the month the day of today may matter: for late bills, late credits and late refusals."""
CORRECTED = timedelta(days=92)
"""Documents that begin later than this have nothing to do with the month, unless they name another."""


def stamp(
    conn: Connection,
    month: Window,
    today: date,
    rules: Rules,
    agreements: Sequence[Agreement],
    mapping: Sequence[Mapped],
) -> str:
    """The digest of the month's rows, the rules, the program, and the day as long as that matters."""
    patience = max(
        [SETTLED, timedelta(days=rules.invoice_lag_days)]
        + [timedelta(days=agreement.validation_days) + EDGE for agreement in agreements]
    )
    settled = month.last_day + patience
    until = month.last_day + EDGE
    named = {
        "first": to_ordinal(month.first_day),
        "until": to_ordinal(until),
        "evidence_until": to_ordinal(settled if any(a.validation_days for a in agreements) else until),
        "settled": to_ordinal(settled),
        "until_text": until.isoformat(),
        "settled_text": settled.isoformat(),
        "corrected_text": (month.last_day + CORRECTED).isoformat(),
    }
    digest = hashlib.sha256(program().encode())
    told = (month, min(today, settled), rules, [one.model_dump(mode="json") for one in agreements], mapping)
    digest.update(msgspec.json.encode(told))
    queries = [sql_stamp.ACCOUNTS, sql_stamp.CELLS, sql_stamp.FILE_CELLS, sql_stamp.RUNS, *sql_stamp.STATES]
    facts = (DELIVERY, INTERACTION, EVIDENCE, HOURLY, COUNTRY)
    queries += [sql_stamp.FILE_ROWS.format(table=table.name) for table in facts]
    for query in queries:
        _add(digest, conn.execute(query, named))
    documents = conn.execute(sql_stamp.DOCUMENTS, named).fetchall()
    _add(digest, documents)
    kept = {row[1] for row in documents}
    for query in sql_stamp.PARTS:
        _add(digest, (row for row in conn.execute(query) if row[1] in kept))
    return digest.hexdigest()


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


@cache
def program() -> str:
    """A digest of the code and the data that judge."""
    digest = hashlib.sha256()
    for file in _sources(files("adtally").joinpath("reconciliation")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable) -> Iterable[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _sources(item)
        elif item.name.endswith((".py", ".csv")):
            yield item


def _add(digest: Digest, rows: Iterable[Sequence[object]]) -> None:
    for row in rows:
        digest.update(repr(row).encode())
    digest.update(b"\n")
