"""Invoices in Meta's words: documents of a business by billing period, and their lines by campaign.

Source: ``OmegaCustomerTrx`` and ``InvoiceCampaign`` of facebook-business 26.0.3 (API v26.0) and the reference
page "Business Invoices", read 2026-11. Amounts are decimal text in major units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from adtally import world

from .fields import INVOICE, OF_INVOICES
from .graph import Refusal, check_names, selected
from .rows import money

TYPES = {"invoice": "INV", "credit_memo": "CM"}
KNOWN_TYPES = {*TYPES.values(), "DM", "PRO_FORMA"}


def node_id(bill: world.Bill) -> str:
    """The id of the document's node, which is not its printed number."""
    return f"88{bill.invoice_id}"


def invoices(business: str, played: world.World, given: Mapping[str, str]) -> list[dict[str, object]]:
    """The documents of the business that the filters let through."""
    check_names(given, OF_INVOICES)
    if "type" in given and given["type"] not in KNOWN_TYPES:
        raise Refusal(100, f"(#100) Param type must be one of {sorted(KNOWN_TYPES)}.")
    period = _bounds(given, "start_date", "end_date", played.today)
    issued = _bounds(given, "issue_start_date", "issue_end_date", played.today)
    owners = {account.billed_to for account in played.accounts if account.manager_id == business}
    return [
        selected(_invoice(bill, played), given.get("fields", "id"), INVOICE, "OmegaCustomerTrx")
        for bill in played.bills
        if bill.billed_to in owners
        and _is_in(bill.service.first_day, period)
        and _is_in(bill.issue_day, issued)
        and given.get("type", TYPES[bill.kind]) == TYPES[bill.kind]
        and given.get("invoice_id", bill.invoice_id) == bill.invoice_id
    ]


def lines(bill: world.Bill) -> list[dict[str, object]]:
    """The lines of a document by campaign, before tax."""
    found: list[dict[str, object]] = []
    for line in bill.lines:
        if line.kind != "media":
            continue
        amount = money(line.amount_micros, bill.currency)
        row: dict[str, object] = {
            "ad_account_id": line.account_id,
            "campaign_id": line.campaign_id,
            "campaign_name": line.campaign_name,
            "billed_amount_details": {
                "currency": bill.currency,
                "net_amount": amount,
                "tax_amount": money(0, bill.currency),
                "total_amount": amount,
            },
        }
        if line.unit in ("impressions", "clicks") and line.quantity:
            row[line.unit] = str(line.quantity)
        found.append(row)
    return found


def _bounds(given: Mapping[str, str], first: str, end: str, today: date) -> tuple[date, date] | None:
    """From the first day to just before the end; without an end, today is the last day."""
    if first not in given:
        if end in given:
            raise Refusal(100, f"(#100) Param {first} must be set with {end}.")
        return None
    days = _day(given, first), _day(given, end) if end in given else today + timedelta(days=1)
    if days[0] >= days[1]:
        raise Refusal(100, f"(#100) Param {end} must be after {first}.")
    return days


def _day(given: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise Refusal(100, f"(#100) Param {name} must be a date such as 2026-10-01.") from None


def _is_in(day: date, bounds: tuple[date, date] | None) -> bool:
    return bounds is None or bounds[0] <= day < bounds[1]


def _invoice(bill: world.Bill, played: world.World) -> dict[str, object]:
    members = [account for account in played.accounts if account.billed_to == bill.billed_to]
    named = {line.account_id for line in bill.lines}
    total, tax = bill.total_micros, bill.summed("tax")
    text = money(total, bill.currency)
    return {
        "id": node_id(bill),
        "invoice_id": bill.invoice_id,
        "type": TYPES[bill.kind],
        "invoice_type": TYPES[bill.kind],
        "invoice_date": f"{bill.issue_day}T00:00:00+0000",
        "due_date": f"{bill.issue_day + timedelta(days=30)}T00:00:00+0000",
        "billing_period": bill.service.first_day.isoformat(),
        "currency": bill.currency,
        "amount": text,
        "amount_due": {"amount": text, "currency": bill.currency},
        "billed_amount_details": {
            "currency": bill.currency,
            "net_amount": money(total - tax, bill.currency),
            "tax_amount": money(tax, bill.currency),
            "total_amount": text,
        },
        "ad_account_ids": [account.account_id for account in members if account.account_id in named],
        "advertiser_name": members[0].name,
        "entity": "Meta Platforms Ireland Limited",
        "liability_type": "MSA",
        "payment_status": "UNPAID",
        "payment_term": "Net 30",
        "download_uri": "https://business.invalid/invoice.pdf",
        "cdn_download_uri": "https://business.invalid/invoice.pdf",
    }
