"""Invoices and funding sources as records of ours.

Source: developers.snap.com, Ads API v1, "Invoices", "Funding Sources" (read 2026-11). An invoice tells its
total alone; tax stands in its PDF. Its period is English text, which is read without any locale.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from adtally import Account, Balance, Invoice, Order, Window, day_start, to_micros

from . import wire_billing as wire
from .entities import first_day, last_day

log = logging.getLogger(__name__)

CENT = 10_000
"""Micros of the hundredths that invoices count in."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SHORTEST = 3
"""Letters that a month may be shortened to."""


def service_month(text: str) -> Window | None:
    """The days of ``October 2026``, or None for a text that names no month and year."""
    words = text.replace(",", " ").replace(".", " ").casefold().split()
    if len(words) != 2 or len(words[0]) < SHORTEST or not (words[1].isascii() and words[1].isdigit()):
        return None
    number = next((n for n, name in enumerate(MONTHS, start=1) if name.startswith(words[0])), None)
    if number is None or len(words[1]) != 4 or not int(words[1]):
        return None
    first = date(int(words[1]), number, 1)
    return Window(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def is_of_month(bill: wire.Invoice, account: Account, month: Window) -> bool:
    """Whether the document bills the account for the month; one without a period counts by its issue."""
    if bill.ad_account_id not in (None, account.id):
        return False
    served = service_month(bill.billing_period)
    if served is None:
        log.warning(
            "snapchat_ads: %s: the period of invoice %s is not understood: %r",
            *(account.id, bill.invoice_id, bill.billing_period[:40]),
        )
        return bill.created_at is not None and bill.created_at.date() in month
    return served.overlap(month) is not None


def to_invoice(bill: wire.Invoice) -> Invoice:
    """The document, in micros of its own currency, which need not be the account's."""
    served = service_month(bill.billing_period)
    return Invoice(
        invoice_id=bill.invoice_id,
        number=bill.document_number or "",
        kind="credit_memo" if bill.amount_cent < 0 else "invoice",
        status=(bill.invoice_status or "").lower(),
        issue_day=bill.created_at.date() if bill.created_at else None,
        due_day=bill.due_date.date() if bill.due_date else None,
        first_day=served.first_day if served else None,
        last_day=served.last_day if served else None,
        currency=bill.currency,
        total_micros=to_micros(bill.amount_cent, scale=CENT),
    )


def to_order(source: wire.FundingSource, account: Account) -> Order:
    """A funding source as far as the account draws on it: several may share one, so the id names both."""
    return Order(
        order_id=f"{source.id}/{account.id}",
        paid_type=source.type,
        first_day=first_day(source.start_date, account.timezone),
        last_day=last_day(source.end_date, account.timezone),
        cap_micros=source.total_budget_micro or source.value_micro or None,
        currency=source.currency,
    )


def to_balances(source: wire.FundingSource, account: Account, today: date) -> Iterator[Balance]:
    """What a funding source still allows, as of the morning of the day; each is a balance of its own."""
    at = day_start(today, account.timezone)
    told = {"available_credit": source.available_credit_micro}
    if source.total_budget_micro is not None and source.budget_spent_micro is not None:
        told["rest_of_budget"] = source.total_budget_micro - source.budget_spent_micro
    for kind, amount in told.items():
        if amount is not None:
            yield Balance(at=at, kind=f"{kind} {source.id}", amount_micros=amount, currency=source.currency)
