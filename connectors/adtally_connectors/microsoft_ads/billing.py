"""Billing documents and insertion orders as records of ours.

Source: API v13, "GetBillingDocumentsInfo", "BillingDocumentInfo", "InsertionOrder" (2024-11-06, SDK
13.0.30.1); read 2026-11. A document tells its date and its amount, and no period: that is taken from the date
where it leaves no doubt. The XML of a document has no published schema and is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from adtally import Account, Balance, Invoice, Order, Window, day_start, to_micros

from . import wire_billing as wire

FIRST_DAYS = 5
"""Days of a month on which an invoice bills the month before."""
UNSIGNED = {"PendingUserReview", "Declined"}
DAY = timedelta(days=1)


def service_month(document: wire.Document) -> Window | None:
    """The month that a monthly invoice of this date bills; None where the date does not tell.

    The first days of a month bill the one before, its last day bills the month. A credit may be for any.
    """
    day = document.day
    if document.amount < 0:
        return None
    if day.day <= FIRST_DAYS:
        last = day.replace(day=1) - DAY
    elif (day + DAY).day == 1:
        last = day
    else:
        return None
    return Window(last.replace(day=1), last)


def to_invoice(document: wire.Document, account: Account, *, is_monthly: bool) -> Invoice:
    """The document in micros of its own currency; ``is_monthly`` if the account pays by monthly invoice."""
    served = service_month(document) if is_monthly else None
    return Invoice(
        invoice_id=document.document_id,
        number=document.document_number or "",
        account_id=account.id,
        kind="credit_memo" if document.amount < 0 else "invoice",
        issue_day=document.day,
        first_day=served.first_day if served else None,
        last_day=served.last_day if served else None,
        currency=document.currency_code,
        total_micros=to_micros(document.amount),
    )


def to_order(order: wire.InsertionOrder, account: Account) -> Order:
    """The insertion order; one without a limit has no cap, one without an end no last day."""
    cap, end = order.spend_cap_amount, order.end_date
    return Order(
        order_id=order.id,
        purchase_order=order.purchase_order or "",
        first_day=_day(order.start_date),
        last_day=None if order.is_endless else _day(end),
        cap_micros=None if order.is_unlimited or cap is None else to_micros(cap),
        currency=account.currency,
    )


def to_balances(order: wire.InsertionOrder, account: Account, today: date) -> Iterator[Balance]:
    """What is left of an insertion order, as of the morning of the day; nothing for one without a limit."""
    if order.budget_remaining is not None and not order.is_unlimited:
        yield Balance(
            at=day_start(today, account.timezone),
            kind=f"rest_of_budget {order.id}",
            amount_micros=to_micros(order.budget_remaining),
            currency=account.currency,
        )


def _day(text: str | None) -> date | None:
    return wire.to_day(text) if text else None
