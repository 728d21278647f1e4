"""Invoices in Google's words: totals and tax, as the API tells them, by month of issue.

Source: Display & Video 360 API v4, ``advertisers.invoices.list`` (contract of 2026-10-21; read 2026-11). What
sign a credit has is not documented: here it has none, and the type says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from adtally import world

from .entities import MOST_ROWS, day
from .envelope import Refusal, check_names, page

PARAMETERS = ("issueMonth", "loiSapinInvoiceType", "pageSize", "pageToken")


def invoices(account: world.Account, played: world.World, given: Mapping[str, str]) -> world.Reply:
    """What was issued in the asked month; the month before, if none is asked for."""
    check_names(given, PARAMETERS)
    if "loiSapinInvoiceType" in given:
        raise Refusal(400, "loi_sapin_invoice_type: the advertiser is not billed under Loi Sapin.")
    before = played.today.replace(day=1) - timedelta(days=1)
    month = given.get("issueMonth", f"{before:%Y%m}")
    if len(month) != 6 or not month.isdigit() or not 1 <= int(month[4:]) <= 12:
        raise Refusal(400, "issue_month must be in the format YYYYMM.")
    if month > f"{played.today:%Y%m}":
        raise Refusal(400, "issue_month must not be in the future.")
    rows = [
        _invoice(bill)
        for bill in played.bills
        if (bill.connector, bill.account_id) == (account.connector, account.account_id)
        and f"{bill.issue_day:%Y%m}" == month
    ]
    return page(rows, given, key="invoices", most=MOST_ROWS)


def _invoice(bill: world.Bill) -> dict[str, object]:
    tax = bill.summed("tax")
    credit = bill.kind == "credit_memo"
    found: dict[str, object] = {
        "name": f"advertisers/{bill.account_id}/invoices/{bill.invoice_id}",
        "invoiceId": bill.invoice_id,
        "displayName": bill.invoice_id,
        "invoiceType": "INVOICE_TYPE_CREDIT" if credit else "INVOICE_TYPE_INVOICE",
        "currencyCode": bill.currency,
        "issueDate": day(bill.issue_day),
        "dueDate": day(bill.issue_day + timedelta(days=30)),
        "serviceDateRange": {"startDate": day(bill.service.first_day), "endDate": day(bill.service.last_day)},
        "subtotalAmountMicros": _text(bill.total_micros - tax, credit=credit),
        "totalTaxAmountMicros": _text(tax, credit=credit),
        "totalAmountMicros": _text(bill.total_micros, credit=credit),
        "purchaseOrderNumber": bill.purchase_order,
        "paymentsAccountId": "1111-2222-3333",
        "paymentsProfileId": "4444-5555-6666",
        "pdfUrl": f"https://displayvideo.googleapis.com/invoices/{bill.invoice_id}.pdf",
    }
    if bill.corrects:
        found["correctedInvoiceId"] = bill.corrects
    if bill.replaces:
        found["replacedInvoiceIds"] = [bill.replaces]
    return found


def _text(micros: int, *, credit: bool) -> str:
    return str(-micros if credit else micros)
