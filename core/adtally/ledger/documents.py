"""Bills into the ledger: the newest version of a document wins, its lines as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Sequence

from ..errors import ContractError
from ..records import Invoice, InvoiceAccount, InvoiceLine, InvoiceLink
from .keys import Feed
from .tables import StateTable

_HEAD = ("connector", "invoice_id")
_PARTS = ("lines", "accounts", "links")
_LINE_FIELDS = tuple(name for name in InvoiceLine.__struct_fields__ if name not in ("line", "invoice_id"))
INVOICES = StateTable(
    "invoices",
    _HEAD,
    (*(name for name in Invoice.__struct_fields__ if name not in (*_PARTS, "invoice_id")), "feed"),
)
LINES = StateTable("invoice_lines", (*_HEAD, "line"), (*_LINE_FIELDS, "feed"))
ACCOUNTS = StateTable("invoice_accounts", (*_HEAD, "account_id"), ("amount_micros",))
LINKS = StateTable("invoice_links", (*_HEAD, "kind", "other_id"), ())


def write_invoices(conn: sqlite3.Connection, feed: Feed, invoices: Sequence[Invoice]) -> int:
    """Store each document with its lines, accounts and links; returns how many rows changed.

    Raises ContractError for one document that comes twice with different contents.
    """
    seen: dict[str, Invoice] = {}
    before = conn.total_changes
    for invoice in invoices:
        if seen.setdefault(invoice.invoice_id, invoice) != invoice:
            raise ContractError(f"invoice {invoice.invoice_id} came twice with different contents")
    for key, invoice in seen.items():
        head = (feed.connector, key)
        values = {name: getattr(invoice, name) for name in Invoice.__struct_fields__ if name not in _PARTS}
        values |= {"account_id": invoice.account_id or feed.account.id, "feed": feed.feed}
        conn.execute(INVOICES.upsert(), (*head, *(_text(values[name]) for name in INVOICES.values)))
        _replace(conn, LINES, head, (_line_row(feed, key, line) for line in invoice.lines))
        _replace(conn, ACCOUNTS, head, ((*head, *_account_row(account)) for account in invoice.accounts))
        _replace(conn, LINKS, head, ((*head, *_link_row(link)) for link in invoice.links))
    if feed.report.cadence == "file":
        forget_documents(conn, feed.feed, seen)
    return conn.total_changes - before


def write_invoice_lines(conn: sqlite3.Connection, feed: Feed, lines: Sequence[InvoiceLine]) -> int:
    """Store lines that came apart from their documents; returns how many rows changed."""
    before = conn.total_changes
    rows: dict[tuple[str, str], tuple[object, ...]] = {}
    for line in lines:
        if (line.invoice_id, line.line) in rows:
            raise ContractError(f"invoice {line.invoice_id}: line {line.line} came twice")
        rows[line.invoice_id, line.line] = _line_row(feed, line.invoice_id, line)
    kept = {(row[1], row[2]) for row in rows.values()}
    stored = conn.execute(
        "SELECT invoice_id, line FROM invoice_lines WHERE feed = ?", (feed.feed,)
    ).fetchall()
    gone = [(feed.connector, *key) for key in stored if key not in kept]
    conn.executemany("DELETE FROM invoice_lines WHERE connector = ? AND invoice_id = ? AND line = ?", gone)
    conn.executemany(LINES.upsert(), rows.values())
    return conn.total_changes - before


def forget_documents(conn: sqlite3.Connection, feed: int, kept: Container[str] = ()) -> None:
    """A file is the whole truth about the documents that it brought: those no longer in it are gone."""
    rows = conn.execute("SELECT connector, invoice_id FROM invoices WHERE feed = ?", (feed,)).fetchall()
    gone = [(connector, invoice_id) for connector, invoice_id in rows if invoice_id not in kept]
    for table in (INVOICES, LINES, ACCOUNTS, LINKS):
        conn.executemany(f"DELETE FROM {table.name} WHERE connector = ? AND invoice_id = ?", gone)
    if not kept:
        conn.execute("DELETE FROM invoice_lines WHERE feed = ?", (feed,))


def _replace(
    conn: sqlite3.Connection, table: StateTable, head: tuple[str, str], rows: Iterable[tuple[object, ...]]
) -> None:
    new = set(rows)
    columns = ", ".join((*table.key, *table.values))
    old = set(
        conn.execute(
            f"SELECT {columns} FROM {table.name} WHERE connector = ? AND invoice_id = ?", head
        ).fetchall()
    )
    same = " AND ".join(f"{name} = ?" for name in table.key)
    gone = {row[: len(table.key)] for row in old} - {row[: len(table.key)] for row in new}
    conn.executemany(f"DELETE FROM {table.name} WHERE {same}", gone)
    conn.executemany(table.upsert(), new - old)


def _line_row(feed: Feed, invoice_id: str, line: InvoiceLine) -> tuple[object, ...]:
    fields = (_text(getattr(line, name)) for name in _LINE_FIELDS)
    return (feed.connector, invoice_id, line.line, *fields, feed.feed)


def _account_row(account: InvoiceAccount) -> tuple[object, ...]:
    return account.account_id, account.amount_micros


def _link_row(link: InvoiceLink) -> tuple[object, ...]:
    return link.kind, link.other_id


def _text(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else value
