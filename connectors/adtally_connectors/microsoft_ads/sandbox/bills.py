"""Billing documents and insertion orders in Microsoft's words.

Source: API v13, "GetBillingDocumentsInfo", "SearchInsertionOrders" (2024-11-06), OpenAPI models of the SDK
13.0.30.1; read 2026-11. A document tells a date and an amount, and neither a period nor lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from adtally import world

from .entities import number
from .envelope import Json, check_names, flags, invalid, optional, page, predicate

MOST_ORDERS = 100
CAP = 100_000.0


def documents(of: world.Account, given: Mapping[str, object], played: world.World) -> Json:
    """Those that are dated within the asked times, both ends counting."""
    check_names(given, ("AccountIds", "StartDate", "EndDate"), ("ReturnInvoiceNumber",))
    first, last = _day(given, "StartDate"), _day(given, "EndDate")
    if first is None:
        raise invalid("StartDate: this element is required.")
    last = last or played.today
    if last < first or last > played.today:
        raise invalid("EndDate: must not be before StartDate or in the future.")
    return {
        "BillingDocumentsInfo": [
            _document(bill, of, with_number=given.get("ReturnInvoiceNumber") is True)
            for bill in played.bills
            if bill.connector == of.connector
            and bill.account_id == of.account_id
            and first <= bill.issue_day <= last
        ]
    }


def insertion_orders(of: world.Account, given: Mapping[str, object], played: world.World) -> Json:
    """One that runs all year, and one that was declined."""
    check_names(given, ("Predicates", "PageInfo"), ("Ordering", "ReturnAdditionalFields"))
    predicate(given, ("AccountId",))
    flags(given, "ReturnAdditionalFields", {"UnlimitedAndEndlessFlags"})
    spent = sum(row.cost_micros for one in of.campaigns for row in played.days[one.campaign_id])
    orders: list[Json] = [
        _order(of, 1, "Active", CAP, number(int(CAP) * 1_000_000 - spent)),
        _order(of, 2, "Declined", CAP, CAP),
    ]
    return {"InsertionOrders": page(orders, given, MOST_ORDERS)}


def _document(bill: world.Bill, of: world.Account, *, with_number: bool) -> Json:
    found: Json = {
        "AccountId": of.account_id,
        "AccountName": of.name,
        "AccountNumber": f"F{of.account_id[-7:]}",
        "Amount": number(bill.total_micros),
        "CurrencyCode": bill.currency,
        "DocumentDate": f"{bill.issue_day}T00:00:00",
        "DocumentId": bill.invoice_id,
        "CustomerId": int(of.manager_id),
        "CampaignId": None,
    }
    return found | ({"DocumentNumber": f"E0{bill.invoice_id}"} if with_number else {})


def _order(of: world.Account, place: int, status: str, cap: float, rest: float) -> Json:
    return {
        "Id": f"{of.account_id}{place}",
        "AccountId": of.account_id,
        "Name": f"{of.name} {place}",
        "PurchaseOrder": f"PO-{of.account_id[-3:]}-{place}",
        "StartDate": "2026-01-01T00:00:00",
        "EndDate": "2026-12-31T00:00:00",
        "SpendCapAmount": cap,
        "BudgetSpent": cap - rest,
        "BudgetRemaining": rest,
        "Status": status,
        "IsUnlimited": False,
        "IsEndless": False,
    }


def _day(given: Mapping[str, object], name: str) -> date | None:
    text = optional(given, name, str)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise invalid(f"{name}: must be a time such as 2026-10-01T00:00:00.") from None
