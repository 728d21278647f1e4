"""Invoices in Amazon's words: a list of summaries, and each document with its lines.

Source: OpenAPI document of accounts billing 3.0 (as of 2026-10; read 2026-11). Amounts are JSON numbers, days
``20261014``. What a unit cost is an average in whole minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from adtally import minor, rounded, world

from . import entities
from .envelope import MOST_ROWS, Refusal, check_names

LISTED = "application/vnd.invoices.v1.1+json"
DETAILED = "application/vnd.invoice.v1.1+json"
STATUSES = {"ISSUED", "PAID_IN_PART", "PAID_IN_FULL", "WRITTEN_OFF", "ACCUMULATING", "PROCESSING"}
PROGRAMS = {"sp": "SPONSORED PRODUCT", "sb": "SPONSORED BRANDS", "sd": "SPONSORED DISPLAY"}
SENT_BILLS = 1


def listing(bills: list[world.Bill], given: Mapping[str, str], accounts: list[world.Account]) -> object:
    """One page of documents by the day of issue; a cursor stands for everything that was asked."""
    check_names(given, ("invoiceStatuses", "startDate", "endDate", "count", "cursor"))
    if "cursor" in given:
        if len(given) > 1:
            raise Refusal(400, "cursor can not be used with other parameters")
        first, last, start = given["cursor"].split("_")
    else:
        if not set(filter(None, given.get("invoiceStatuses", "").split(","))) <= STATUSES:
            raise Refusal(400, "invoiceStatuses is not valid")
        count = given.get("count", "100")
        if not count.isdigit() or int(count) > MOST_ROWS:
            raise Refusal(400, f"count must be at most {MOST_ROWS}")
        first, last = given.get("startDate", "2000-01-01"), given.get("endDate", "2100-01-01")
        start = "0"
    try:
        window = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Refusal(400, "startDate and endDate must be ISO dates") from None
    found = [bill for bill in bills if window[0] <= bill.issue_day <= window[1]]
    end = int(start) + SENT_BILLS
    return {
        "invoiceSummaries": [_summary(bill, accounts) for bill in found[int(start) : end]],
        "nextCursor": f"{first}_{last}_{end}" if end < len(found) else None,
        "previousCursor": None,
    }


def document(bill: world.Bill, accounts: list[world.Account]) -> object:
    """One document, in the envelope that some clients see."""
    account = _owner(bill, accounts)
    taxes = [line for line in bill.lines if line.kind == "tax"]
    media = [line for line in bill.lines if line.kind == "media"]
    others = [line for line in bill.lines if line.kind not in ("media", "tax")]
    contact = {"address": {}, "email": {"displayName": "x", "emailAddress": "x@example.test"}}
    inside = {
        "invoiceSummary": _summary(bill, accounts),
        "invoiceLines": [_line(line, account) for line in media],
        "adjustments": [
            {
                "accountingDate": _day(line.last_day),
                "amount": _amount(line.amount_micros, bill.currency),
                "comments": line.description,
            }
            for line in others
        ],
        "promotions": [],
        "payments": [],
        "portfolios": [],
        "taxDetail": {
            "taxCalculationDate": _day(bill.issue_day),
            "taxBreakups": [
                {
                    "taxName": line.description,
                    "taxRate": account.tax_ppm / 1_000_000,
                    "taxAmount": _amount(line.amount_micros, bill.currency),
                    "taxedJurisdictionName": "",
                }
                for line in taxes
            ],
        },
        "issuerContactInfo": contact,
        "payerContactInfo": contact,
        "thirdPartyContactInfo": [],
    }
    return {"status": "SUCCESS", "payload": inside}


def _owner(bill: world.Bill, accounts: list[world.Account]) -> world.Account:
    return next(account for account in accounts if account.account_id == bill.account_id)


def _summary(bill: world.Bill, accounts: list[world.Account]) -> dict[str, object]:
    account = _owner(bill, accounts)
    found: dict[str, object] = {
        "id": bill.invoice_id,
        "status": "ISSUED",
        "fromDate": _day(bill.service.first_day),
        "toDate": _day(bill.service.last_day),
        "invoiceDate": _day(bill.issue_day),
        "dueDate": _day(bill.issue_day + timedelta(days=30)),
        "amountDue": _amount(bill.total_micros, bill.currency),
        "taxAmountDue": _amount(bill.summed("tax"), bill.currency),
        "remainingAmountDue": _amount(bill.total_micros, bill.currency),
        "taxRate": account.tax_ppm / 1_000_000,
        "fees": [],
        "paymentMethod": "UNIFIED_BILLING",
        "purchaseOrderNumber": bill.purchase_order,
        "downloadableDocuments": ["INVOICE"],
    }
    if account.manager_id:
        found["billingAggregation"] = {
            "billingLevel": "ACCOUNT",
            "billingAggregationId": account.account_id,
        }
    return found


def _line(line: world.BillLine, account: world.Account) -> dict[str, object]:
    campaign = next(one for one in account.campaigns if one.campaign_id == line.campaign_id)
    by_click, unit = line.unit == "clicks", minor(account.currency)
    price = rounded(line.amount_micros * line.per, (line.quantity or 0) * unit) * unit if line.quantity else 0
    found: dict[str, object] = {
        "name": line.campaign_name,
        "campaignId": int(line.campaign_id),
        "campaignName": line.campaign_name,
        "priceType": "CPC" if by_click else "CPM",
        "costEventType": "CLICKS" if by_click else "IMPRESSIONS",
        "costEventCount": line.quantity or 0,
        "costPerUnit": _number(price),
        "costPerEventType": _number(price),
        "cost": _amount(line.amount_micros, account.currency),
    }
    program = PROGRAMS.get(entities.product_of(campaign))
    return found | ({"programName": program} if program else {})


def _amount(micros: int, currency: str) -> dict[str, object]:
    return {"amount": _number(micros), "currencyCode": currency}


def _number(micros: int) -> float:
    return float(Decimal(micros).scaleb(-6))


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"
