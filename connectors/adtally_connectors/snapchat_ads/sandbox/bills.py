"""Invoices and funding sources in Snapchat's words.

Source: developers.snap.com, Ads API v1, "Invoices", "Funding Sources"; read 2026-11. Invoices count in
hundredths and name their month in English; they are neither paged nor filtered.
"""

from __future__ import annotations

from datetime import date, timedelta

from adtally import world

from .entities import STAMPS, Node, funding_source_id

CENT = 10_000
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CREDIT_LINE = 50_000_000_000


def invoices(of: world.Account, played: world.World) -> list[Node]:
    """Every document that the account ever got."""
    return [
        _invoice(bill, of)
        for bill in played.bills
        if bill.connector == of.connector and bill.account_id == of.account_id
    ]


def funding_sources(accounts: tuple[world.Account, ...], played: world.World) -> list[Node]:
    """One line of credit for each account of an organization."""
    return [_line_of_credit(account, played) for account in accounts]


def _line_of_credit(of: world.Account, played: world.World) -> Node:
    spent = sum(row.cost_micros for campaign in of.campaigns for row in played.days[campaign.campaign_id])
    return {
        "id": funding_source_id(of),
        "name": f"{of.name} credit",
        "organization_id": of.manager_id,
        "type": "LINE_OF_CREDIT",
        "status": "ACTIVE",
        "currency": of.currency,
        "total_budget_micro": CREDIT_LINE,
        "budget_spent_micro": spent,
        "available_credit_micro": CREDIT_LINE - spent,
        "start_date": "2026-01-01T00:00:00.000Z",
        **STAMPS,
    }


def _invoice(bill: world.Bill, of: world.Account) -> Node:
    issued, month = bill.issue_day, bill.service.first_day
    return {
        "invoice_id": bill.invoice_id,
        "org_id": of.manager_id,
        "ad_account_id": of.account_id,
        "document_number": bill.invoice_id,
        "netsuite_file_id": f"7{bill.invoice_id}",
        "customer": {"name": of.name, "netsuite_id": "9000001"},
        "amount_cent": bill.total_micros // CENT,
        "currency": bill.currency,
        "billing_period": f"{MONTHS[month.month - 1]} {month.year}",
        "due_date": _at(issued + timedelta(days=30)),
        "created_at": _at(issued),
        "line_last_modified": _at(issued),
        "last_modified": _at(issued),
        "invoice_status": "SENT_FOR_COLLECTION",
    }


def _at(day: date) -> str:
    return f"{day}T06:45:00.000Z"
