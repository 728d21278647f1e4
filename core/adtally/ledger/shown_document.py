"""A bill as the ledger has it, and the answers that it came with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..calendar import to_ordinal
from ..errors import ConfigError
from .public import columns
from .raw import read_answer
from .shown import ANSWER, EVER, KeptAnswer, Known, Shown, TableRow, answers_of, until
from .store import Ledger

TABLES = ("invoices", "invoice_accounts", "invoice_links", "invoice_lines")
_IT = "connector = :connector AND invoice_id = :invoice"
_BROUGHT = f"SELECT feed FROM invoices WHERE {_IT} UNION SELECT feed FROM invoice_lines WHERE {_IT}"
_FEEDS = f"""
SELECT f.report, f.cadence FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
WHERE f.feed IN ({_BROUGHT}) AND (a.account_id = :account
  OR EXISTS (SELECT 1 FROM invoices WHERE {_IT} AND account_id = :account)
  OR EXISTS (SELECT 1 FROM invoice_accounts WHERE {_IT} AND account_id = :account))
"""
# A document belongs to the month by which its platform files it: of its service, or of its issue. A cell that
# was fetched again without keeping the answers has none.
_ANSWERS = f"""
WITH newest AS (
  SELECT feed, cell, MAX(fetched_at) AS at FROM unit_answers
  WHERE feed IN ({_BROUGHT}) AND fetched_at <= :known GROUP BY feed, cell
)
SELECT {ANSWER} JOIN newest AS n ON n.feed = u.feed AND n.cell = u.cell AND n.at = u.fetched_at
  JOIN unit_cells AS c ON c.feed = u.feed AND c.cell = u.cell
WHERE (u.first_day <= :last AND u.last_day >= :first OR :issued BETWEEN u.first_day AND u.last_day)
  AND (:newest = 0 OR c.status <> 'done' OR u.fetched_at >= CAST(strftime('%s', c.started_at) AS INTEGER))
ORDER BY f.report, u.first_day, u.position
"""


def read_document(
    ledger: Ledger, connector: str, account_id: str, invoice_id: str, *, as_of: date | None = None
) -> Shown:
    """The newest version of a document, and the answers of the newest fetch, or of the one before ``as_of``.

    Where some of them mention the document, only these. ``as_of`` is a day (UTC), which it includes. Raises
    ConfigError for a document that the ledger does not have, or not of this account.
    """
    known: dict[str, str | int] = {
        "connector": connector,
        "account": account_id,
        "invoice": invoice_id,
        "known": until(as_of),
        "newest": int(as_of is None),
    }
    known |= _days(ledger, known)
    cadences: dict[str, str] = dict(ledger.conn.execute(_FEEDS, known))
    if not cadences:
        raise ConfigError(f"the ledger has no document {invoice_id} of {connector}/{account_id}")
    files = {report for report, cadence in cadences.items() if cadence == "file"}
    found = list(answers_of(ledger.conn, _ANSWERS, known))
    answers = [answer for answer in found if _mentions(ledger, answer, invoice_id)] or found
    rows = {table: list(_rows(ledger, table, known)) for table in TABLES}
    return Shown(
        connector=connector,
        account_id=account_id,
        day=None,
        invoice_id=invoice_id,
        as_of=as_of,
        rows={table: each for table, each in rows.items() if each},
        answers=answers,
        not_kept=sorted(cadences.keys() - files - {answer.report for answer in answers}),
        from_files=sorted(files),
    )


def _days(ledger: Ledger, known: Known) -> dict[str, int]:
    """When the document was issued, and the days that it is about; of one that does not say, any."""
    query = f"SELECT issue_day, first_day, last_day FROM invoices WHERE {_IT}"
    issued, first, last = ledger.conn.execute(query, known).fetchone() or (None, None, None)
    return {
        "issued": to_ordinal(date.fromisoformat(issued)) if issued else EVER,
        "first": to_ordinal(date.fromisoformat(first)) if first and last else -EVER,
        "last": to_ordinal(date.fromisoformat(last)) if first and last else EVER,
    }


def _rows(ledger: Ledger, table: str, known: Known) -> Iterator[TableRow]:
    names = columns(ledger, table)
    for values in ledger.conn.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {_IT}", known):
        yield dict(zip(names, values, strict=True))


def _mentions(ledger: Ledger, answer: KeptAnswer, invoice_id: str) -> bool:
    asked = answer.url + answer.sent
    return invoice_id in asked or invoice_id.encode() in read_answer(ledger, answer.sha256)
