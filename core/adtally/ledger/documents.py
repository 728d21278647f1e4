"""Bills into the ledger: the newest version of a document wins, its lines as a whole."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager

from ..errors import ContractError
from ..records import Invoice, InvoiceAccount, InvoiceLine, InvoiceLink
from .keys import Feed
from .tables import Row, StateTable, as_column

_HEAD = ("connector", "invoice_id")
_PARTS = ("lines", "accounts", "links")
_FIELDS = tuple(name for name in Invoice.__struct_fields__ if name not in (*_PARTS, "invoice_id"))
_LINE_FIELDS = tuple(name for name in InvoiceLine.__struct_fields__ if name not in ("line", "invoice_id"))
INVOICES = StateTable("invoices", _HEAD, _FIELDS, beside=("feed",))
LINES = StateTable("invoice_lines", (*_HEAD, "line"), _LINE_FIELDS, beside=("feed",))
ACCOUNTS = StateTable("invoice_accounts", (*_HEAD, "account_id"), ("amount_micros",))
LINKS = StateTable("invoice_links", (*_HEAD, "kind", "other_id"), ())


def write_invoices(conn: sqlite3.Connection, feed: Feed, invoices: Sequence[Invoice]) -> dict[str, int]:
    """Store each document with its lines, accounts and links; returns the rows changed in each table.

    Raises ContractError for a document that comes twice with different contents, also in two files.
    """
    seen: dict[str, Invoice] = {}
    for invoice in invoices:
        if seen.setdefault(invoice.invoice_id, invoice) != invoice:
            raise ContractError(f"invoice {invoice.invoice_id} came twice with different contents")
    changed = Counter[str]({INVOICES.name: 0})
    for invoice in seen.values():
        head = (feed.connector, invoice.invoice_id)
        with _as_other_files(conn, feed, INVOICES, head):
            changed.update(_write_document(conn, feed, head, invoice))
    if feed.report.cadence == "file":
        changed.update(forget_documents(conn, feed.feed, seen))
    return changed


def write_invoice_lines(conn: sqlite3.Connection, feed: Feed, lines: Sequence[InvoiceLine]) -> int:
    """Store lines that came apart from their documents; returns how many rows changed.

    A line that did not come again is gone: of a file any, else those of the documents in the answer.
    """
    before = conn.total_changes
    rows: dict[Row, Row] = {}
    for line in lines:
        row = _line_row(feed, line.invoice_id, line)
        if rows.setdefault(row[:3], row) is not row:
            raise ContractError(f"invoice {line.invoice_id}: line {line.line} came twice")
    documents = {line.invoice_id for line in lines}
    stored = conn.execute(
        "SELECT connector, invoice_id, line FROM invoice_lines WHERE feed = ?", (feed.feed,)
    ).fetchall()
    _delete(
        conn,
        LINES,
        [key for key in stored if key not in rows and (feed.report.cadence == "file" or key[1] in documents)],
    )
    for key, row in rows.items():
        with _as_other_files(conn, feed, LINES, key):
            conn.execute(LINES.upsert(), (*row, feed.feed))
    return conn.total_changes - before


def forget_documents(conn: sqlite3.Connection, feed: int, kept: Collection[str] = ()) -> dict[str, int]:
    """Drop what a file no longer holds, which is the whole truth about it; returns the rows gone by table."""
    rows = conn.execute("SELECT connector, invoice_id FROM invoices WHERE feed = ?", (feed,)).fetchall()
    gone = [(connector, invoice_id) for connector, invoice_id in rows if invoice_id not in kept]
    changed = {
        table.name: conn.executemany(
            f"DELETE FROM {table.name} WHERE connector = ? AND invoice_id = ?", gone
        ).rowcount
        for table in (INVOICES, LINES, ACCOUNTS, LINKS)
        if gone
    }
    if not kept:
        conn.execute("DELETE FROM invoice_lines WHERE feed = ?", (feed,))
    return changed


def _write_document(conn: sqlite3.Connection, feed: Feed, head: Row, invoice: Invoice) -> dict[str, int]:
    values = {name: as_column(getattr(invoice, name)) for name in _FIELDS}
    values["account_id"] = invoice.account_id or feed.account.id
    parts: dict[StateTable, list[Row]] = {
        INVOICES: [(*head, *values.values())],
        ACCOUNTS: [(*head, *_account_row(account)) for account in invoice.accounts],
        LINKS: [(*head, *_link_row(link)) for link in invoice.links],
    }
    if invoice.lines or not _lines_come_apart(conn, head):
        parts[LINES] = [_line_row(feed, invoice.invoice_id, line) for line in invoice.lines]
    return {table.name: _replace(conn, table, head, rows, feed.feed) for table, rows in parts.items()}


@contextmanager
def _as_other_files(conn: sqlite3.Connection, feed: Feed, table: StateTable, key: Row) -> Generator[None]:
    """Refuse a change of what another file of the connector says; the same words twice are fine."""
    same = " AND ".join(f"t.{name} = ?" for name in table.key)
    other = conn.execute(
        f"SELECT f.report FROM {table.name} AS t JOIN feeds AS f ON f.feed = t.feed "
        f"WHERE {same} AND t.feed <> ? AND f.cadence = 'file'",
        (*key, feed.feed),
    ).fetchone()
    before = conn.total_changes
    yield
    if other and conn.total_changes != before:
        raise ContractError(
            f"{feed.report.name} and {other[0]} have different values for invoice "
            f"{' '.join(map(str, key[1:]))}: correct or remove one of the two"
        )


def _lines_come_apart(conn: sqlite3.Connection, head: Row) -> bool:
    """Whether the document's lines were brought by a report of lines."""
    return bool(
        conn.execute(
            "SELECT 1 FROM invoice_lines AS l JOIN feeds AS f ON f.feed = l.feed "
            "WHERE l.connector = ? AND l.invoice_id = ? AND f.records LIKE '%InvoiceLine%'",
            head,
        ).fetchone()
    )


def _replace(conn: sqlite3.Connection, table: StateTable, head: Row, rows: Sequence[Row], feed: int) -> int:
    """Make the document's rows of one table equal to these; returns how many changed."""
    size = len(table.key)
    keys = {row[:size] for row in rows}
    if len(keys) != len(rows):
        raise ContractError(f"invoice {head[1]}: two rows of {table.name} have one key")
    columns = ", ".join((*table.key, *table.values))
    where = "connector = ? AND invoice_id = ?"
    old = set(conn.execute(f"SELECT {columns} FROM {table.name} WHERE {where}", head).fetchall())
    before = conn.total_changes
    _delete(conn, table, {row[:size] for row in old} - keys)
    beside = (feed,) if table.beside else ()
    conn.executemany(table.upsert(), [(*row, *beside) for row in rows if row not in old])
    return conn.total_changes - before


def _delete(conn: sqlite3.Connection, table: StateTable, keys: Iterable[Row]) -> None:
    same = " AND ".join(f"{name} = ?" for name in table.key)
    conn.executemany(f"DELETE FROM {table.name} WHERE {same}", keys)


def _line_row(feed: Feed, invoice_id: str, line: InvoiceLine) -> Row:
    fields = (as_column(getattr(line, name)) for name in _LINE_FIELDS)
    return (feed.connector, invoice_id, line.line, *fields)


def _account_row(account: InvoiceAccount) -> Row:
    return account.account_id, account.amount_micros


def _link_row(link: InvoiceLink) -> Row:
    return link.kind, link.other_id
