"""What the ledger believes of one day of an account, now or then, and the answers that this came with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ..calendar import instant_text, to_ordinal
from ..errors import ConfigError
from .shown import ANSWER, Known, Shown, TableRow, answers_of, until
from .store import Ledger
from .tables import DELIVERY, EVIDENCE, HOURLY, INTERACTION, FactTable


@dataclass(frozen=True, slots=True)
class _Fact:
    """How the rows of a fact table, ``t``, are written in natural keys."""

    table: FactTable
    columns: dict[str, str]
    """Public name = SQL."""
    joins: str
    campaign: str


_ENTITY = {"grain": "f.grain"} | {name: f"e.{name}" for name in ("campaign_id", "ad_group_id", "ad_id")}
_OF_ENTITY = "JOIN entities AS e ON e.entity = t.entity"
_FACTS = (
    _Fact(
        DELIVERY,
        _ENTITY
        | {name: f"t.{name}" for name in DELIVERY.values}
        | {"currency": "c.text", "view_definition": "v.text"},
        f"{_OF_ENTITY} JOIN texts AS c ON c.text_key = t.currency "
        "JOIN texts AS v ON v.text_key = t.view_definition",
        "e.campaign_id",
    ),
    _Fact(
        INTERACTION,
        _ENTITY
        | {"action": "k.action", "attribution": "k.attribution"}
        | {name: f"t.{name}" for name in INTERACTION.values},
        f"{_OF_ENTITY} JOIN actions AS k ON k.action_key = t.action",
        "e.campaign_id",
    ),
    _Fact(
        EVIDENCE,
        {name: f"t.{name}" for name in (*EVIDENCE.key[2:], *EVIDENCE.values)},
        "",
        "CASE t.key_kind WHEN 'campaign_id' THEN t.key_value END",
    ),
    _Fact(
        HOURLY,
        {"hour": "strftime('%Y-%m-%dT%H:%M:%SZ', t.hour, 'unixepoch')", "campaign_id": "e.campaign_id"}
        | {name: f"t.{name}" for name in HOURLY.values}
        | {"currency": "c.text"},
        f"{_OF_ENTITY} JOIN texts AS c ON c.text_key = t.currency",
        "e.campaign_id",
    ),
)
_FEEDS = "feed IN (SELECT feed FROM feeds WHERE account_key = :account)"
_THERE = f"{_FEEDS} AND day = :day AND as_of <= :known"
_COVERS = f"{_FEEDS} AND first_day <= :day AND last_day >= :day AND fetched_at <= :known"
_ANSWERS = f"""
WITH newest AS (SELECT feed, MAX(fetched_at) AS at FROM unit_answers WHERE {_COVERS} GROUP BY feed)
SELECT {ANSWER} JOIN newest AS n ON n.feed = u.feed AND n.at = u.fetched_at
WHERE u.first_day <= :day AND u.last_day >= :day AND (:report = '' OR f.report = :report)
  AND (f.records LIKE '%Delivery%' OR f.records LIKE '%Interaction%' OR f.records LIKE '%Evidence%'
    OR f.records LIKE '%HourlyCost%')
ORDER BY f.report, u.cell, u.position
"""


def read_day(
    ledger: Ledger,
    connector: str,
    account_id: str,
    day: date,
    *,
    report: str = "",
    campaign_id: str = "",
    as_of: date | None = None,
) -> Shown:
    """The rows of one day as they are, or as they were when the day ``as_of`` ended (UTC).

    The answers are those of each report's newest fetch until then, where they were kept; ``campaign_id``
    chooses among the rows only. Raises ConfigError for an account that the ledger does not have.
    """
    known: dict[str, str | int] = {
        "account": _account_key(ledger, connector, account_id),
        "day": to_ordinal(day),
        "known": until(as_of),
        "report": report,
        "campaign": campaign_id,
    }
    head: TableRow = {"connector": connector, "account_id": account_id, "day": str(day)}
    rows = {fact.table.public: [head | row for row in _rows(ledger, fact, known)] for fact in _FACTS}
    changed = _changes(ledger, known)
    answers = [
        answer
        for answer in answers_of(ledger.conn, _ANSWERS, known)
        if answer.fetched_at.timestamp() >= changed.get(answer.report, 0)
    ]
    brought = {str(row["report"]) for each in rows.values() for row in each}
    files = brought & _files(ledger, known)
    return Shown(
        connector=connector,
        account_id=account_id,
        day=day,
        invoice_id="",
        as_of=as_of,
        rows={table: each for table, each in rows.items() if each},
        answers=answers,
        not_kept=sorted(brought - files - {answer.report for answer in answers}),
        from_files=sorted(files),
    )


def _account_key(ledger: Ledger, connector: str, account_id: str) -> int:
    row = ledger.conn.execute(
        "SELECT account_key FROM accounts WHERE connector = ? AND account_id = ?", (connector, account_id)
    ).fetchone()
    if row is None:
        raise ConfigError(f"the ledger has no account {connector}/{account_id}; adtally status lists them")
    key: int = row[0]
    return key


def _rows(ledger: Ledger, fact: _Fact, known: Known) -> Iterator[TableRow]:
    table, names = fact.table, ", ".join(fact.table.columns)
    found = ledger.conn.execute(
        f"SELECT f.report, {', '.join(fact.columns.values())}, t.as_of FROM ("
        f"SELECT {names} FROM {table.name} WHERE {_THERE} UNION ALL "
        f"SELECT {names} FROM {table.history} WHERE {_THERE} AND superseded_at > :known"
        f") AS t JOIN feeds AS f ON f.feed = t.feed {fact.joins} "
        f"WHERE (:report = '' OR f.report = :report) AND (:campaign = '' OR {fact.campaign} = :campaign) "
        f"ORDER BY f.report, {', '.join(str(number + 2) for number in range(len(fact.columns)))}",
        known,
    )
    for *values, as_of in found:
        at = instant_text(datetime.fromtimestamp(as_of, UTC))
        yield dict(zip(("report", *fact.columns, "as_of"), (*values, at), strict=True))


def _changes(ledger: Ledger, known: Known) -> dict[str, int]:
    """By report, when a row of the day last came, changed or went: answers of before are not behind it."""
    told = " UNION ALL ".join(
        f"SELECT feed, as_of AS at FROM {table.name} WHERE {_THERE} "
        f"UNION ALL SELECT feed, as_of FROM {table.history} WHERE {_THERE} "
        f"UNION ALL SELECT feed, superseded_at FROM {table.history} "
        f"WHERE {_THERE} AND superseded_at <= :known"
        for table in (DELIVERY, INTERACTION, EVIDENCE)
    )
    return dict(
        ledger.conn.execute(
            f"SELECT f.report, MAX(t.at) FROM ({told}) AS t JOIN feeds AS f ON f.feed = t.feed "
            "GROUP BY f.report",
            known,
        )
    )


def _files(ledger: Ledger, known: Known) -> set[str]:
    rows = ledger.conn.execute(
        "SELECT report FROM feeds WHERE account_key = :account AND cadence = 'file'", known
    )
    return {report for (report,) in rows}
