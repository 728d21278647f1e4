"""Billing documents in Pinterest's words.

Source: Pinterest API v5, OpenAPI document 5.23.0, "billing_invoices"; read 2026-11. They are filtered by when
they are due and tell no lines. A credit memo has positive amounts: its type tells what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from adtally import world

from .entities import Node
from .envelope import PAGE, check_names, day, invalid, page

TERMS = timedelta(days=30)
CHOICES = {
    "status": ("OPEN", "CLOSED"),
    "document_type": ("INVOICE", "CREDIT_MEMO"),
    "sort": ("DUE_DATE", "BILLING_PERIOD", "DOCUMENT_TYPE", "TOTAL_AMOUNT", "INVOICE_NUMBER"),
}


def invoices(of: world.Account, path: str, given: Mapping[str, str], played: world.World) -> Node:
    check_names(given, (*PAGE, *CHOICES, "start_due_date", "end_due_date"))
    for name, choices in CHOICES.items():
        if given.get(name, choices[0]) not in choices:
            raise invalid(f"{name}: not a valid choice.")
    nodes = [
        _document(bill, of, played)
        for bill in played.bills
        if bill.connector == of.connector and bill.account_id == of.account_id
    ]
    bounds = {name: str(day(given, name)) for name in ("start_due_date", "end_due_date") if name in given}
    found = [
        node
        for node in sorted(nodes, key=_due)
        if bounds.get("start_due_date", "") <= _due(node) <= bounds.get("end_due_date", "9999")
        and all(node[name] == given[name] for name in ("status", "document_type") if name in given)
    ]
    return page(found, path, given)


def _due(node: Node) -> str:
    return str(node["invoice_due_date"])


def _document(bill: world.Bill, of: world.Account, played: world.World) -> Node:
    tax, due = bill.summed("tax"), bill.issue_day + TERMS
    net = bill.total_micros - bill.misprint_micros - tax
    return {
        "id": bill.invoice_id,
        "document_type": bill.kind.upper(),
        "ad_account_id": of.account_id,
        "ad_account_name": of.name,
        "billing_period_start_date": str(bill.service.first_day),
        "billing_period_end_date": str(bill.service.last_day),
        "invoice_due_date": str(due),
        "amount_net_micro_currency": abs(net),
        "amount_discount_micro_currency": None if tax else 0,
        "amount_tax_micro_currency": abs(tax),
        "amount_billed_micro_currency": abs(bill.total_micros),
        "currency": bill.currency,
        "payment_terms": f"NET {TERMS.days}",
        "status": "OPEN" if due > played.today else "CLOSED",
        "bill_to_country": "US",
    }
