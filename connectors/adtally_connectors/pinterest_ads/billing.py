"""Invoices and credit memos as records of ours.

Source: API v5, OpenAPI document 5.23.0, "billing_invoices" (read 2026-11). Which sign a credit memo's amounts
have, and whether the net amount holds the discount or the tax, is not said: that reading is taken by which
the amounts add up.
"""

from __future__ import annotations

from datetime import date

from adtally import Account, ContractError, Invoice, Window

from . import wire_billing as wire
from .entities import ZONE

CREDIT_MEMO = "CREDIT_MEMO"
OPEN = "OPEN"


def is_of_month(document: wire.Document, month: Window) -> bool:
    """Whether the document's period ends in the month; one without a period counts by when it is due."""
    ends = document.billing_period_end_date or document.invoice_due_date
    return ends is not None and ends in month


def to_invoice(document: wire.Document, account: Account, today: date) -> Invoice:
    """The document; what the buyer owes is positive, a credit memo is negative whatever the wire says.

    Raises ContractError for a document of another account.
    """
    if document.ad_account_id != account.id:
        raise ContractError(
            f"a document of account {document.ad_account_id[:20]} came, which was not asked for"
        )
    is_credit = document.document_type == CREDIT_MEMO
    sign = -1 if is_credit and document.amount_billed_micro_currency > 0 else 1
    billed = sign * document.amount_billed_micro_currency
    net, discount, tax = (
        None if amount is None else sign * amount
        for amount in (
            document.amount_net_micro_currency,
            document.amount_discount_micro_currency,
            document.amount_tax_micro_currency,
        )
    )
    return Invoice(
        invoice_id=document.id,
        kind="credit_memo" if is_credit else "invoice",
        status=_status(document, today),
        due_day=document.invoice_due_date,
        first_day=document.billing_period_start_date,
        last_day=document.billing_period_end_date,
        timezone=ZONE,
        currency=document.currency,
        subtotal_micros=_subtotal(billed, net, discount or 0, tax or 0),
        adjustments_micros=_against(billed, discount),
        tax_micros=tax,
        total_micros=billed,
    )


def _subtotal(billed: int, net: int | None, discount: int, tax: int) -> int | None:
    """The amount before tax: net of the discount or not, with the tax or not, whichever adds up.

    As printed where no reading does, so that the document is judged as it stands.
    """
    if net is None:
        return None
    less = net + (_against(billed, discount) or 0)
    readings = {net: net + tax, less: less + tax, net - tax: net, less - tax: less}
    return next((subtotal for subtotal, total in readings.items() if total == billed), net)


def _against(billed: int, discount: int | None) -> int | None:
    """The discount as it reduces what is billed, whatever its sign."""
    if discount is None:
        return None
    return -abs(discount) if billed >= 0 else abs(discount)


def _status(document: wire.Document, today: date) -> str:
    """``open`` only while the period runs: an OPEN document of one that is over waits to be paid."""
    ends = document.billing_period_end_date
    if document.status == OPEN and ends is not None and ends < today:
        return "unpaid"
    return document.status.lower()
