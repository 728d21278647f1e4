"""The tables that anyone may read, with the columns of the promise and none of the inner keys."""

from __future__ import annotations

from collections.abc import Iterator

from .store import Ledger

TABLES = (
    "accounts",
    "campaigns",
    "ad_groups",
    "ads",
    "changes",
    "terms",
    "delivery",
    "delivery_history",
    "interactions",
    "interactions_history",
    "delivery_hourly",
    "delivery_hourly_history",
    "delivery_by_country",
    "delivery_by_country_history",
    "orders",
    "balances",
    "invoices",
    "invoice_accounts",
    "invoice_links",
    "invoice_lines",
    "evidence",
    "evidence_history",
    "fx_rates",
    "units",
    "runs",
    "verdicts",
    "findings",
    "finding_events",
    "closings",
    "closing_amounts",
    "closing_verdicts",
    "closing_findings",
    "closing_documents",
    "accruals",
    "performance",
    "answers",
)
INNER = frozenset(["account_key", "feed", "event"])


def columns(ledger: Ledger, table: str) -> list[str]:
    """The public columns of a public table, in order."""
    return [row[1] for row in ledger.conn.execute(f"PRAGMA table_info({table})") if row[1] not in INNER]


def read_table(ledger: Ledger, table: str) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """The columns and all rows of one of ``TABLES``; a snapshot, also while a sync writes."""
    names = columns(ledger, table)
    return names, ledger.conn.execute(f"SELECT {', '.join(names)} FROM {table}")


def account_names(ledger: Ledger) -> dict[tuple[str, str], str]:
    """Names of accounts by (platform, account id); absent where the platform gave none."""
    rows = ledger.conn.execute("SELECT platform, account_id, name FROM accounts WHERE name <> ''")
    return {(platform, account): name for platform, account, name in rows}
