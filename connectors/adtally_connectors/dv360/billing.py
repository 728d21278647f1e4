"""Invoices and credit memos as records of ours.

Source: Display & Video 360 API v4, ``advertisers.invoices.list`` (contract of 2026-10-21; read 2026-11).
The type says who owes, whatever sign the amounts have. The link to the PDF is another one at each reading, so
it is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from adtally import Invoice, InvoiceLine, InvoiceLink, Window

from . import wire_billing as wire

CREDIT = "INVOICE_TYPE_CREDIT"
STATUSES = {"INVOICE_TYPE_INVOICE": "", CREDIT: ""}
"""Documents of a type that is not known are "pending", which is never judged."""


def issued(month: Window, until: date) -> Iterator[date]:
    """The first day of each month in which documents of the service month may be issued."""
    first = month.first_day.replace(day=1)
    while first <= until:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def is_of_month(bill: wire.Invoice, month: Window, issued_in: date) -> bool:
    """Whether the days that the document bills begin in the month; without days its issue counts."""
    served = bill.service_date_range.first_day or issued_in
    return served.replace(day=1) == month.first_day.replace(day=1)


def to_invoice(bill: wire.Invoice) -> Invoice:
    """The document; amounts are micros of its own currency, and a credit memo is negative throughout."""
    credit = bill.invoice_type == CREDIT
    sign = -1 if credit and bill.total_amount_micros > 0 else 1
    days = bill.service_date_range
    return Invoice(
        invoice_id=bill.invoice_id,
        number=bill.invoice_id,
        kind="credit_memo" if credit else "invoice",
        status=STATUSES.get(bill.invoice_type, "pending"),
        issue_day=bill.issue_date.date if bill.issue_date else None,
        due_day=bill.due_date.date if bill.due_date else None,
        first_day=days.first_day,
        last_day=days.last_day,
        currency=bill.currency_code,
        subtotal_micros=_signed(bill.subtotal_amount_micros, sign),
        tax_micros=_signed(bill.total_tax_amount_micros, sign),
        total_micros=sign * bill.total_amount_micros,
        purchase_order=bill.purchase_order_number,
        lines=tuple(
            replace(line, line=str(number), amount_micros=sign * line.amount_micros)
            for number, line in enumerate(_lines(bill), start=1)
        ),
        links=tuple(_links(bill)),
    )


def _lines(bill: wire.Invoice) -> Iterator[InvoiceLine]:
    """Each budget, what belongs to none, and the tax; nothing where the budgets are not all of the subtotal.

    What belongs to no budget is cost if it is owed, else an adjustment.
    """
    rest, tax = bill.non_budget_micros or 0, bill.total_tax_amount_micros or 0
    budgets = bill.budget_summaries
    if not budgets or sum(one.pre_tax_amount_micros for one in budgets) + rest != bill.subtotal_amount_micros:
        return
    for one in budgets:
        yield InvoiceLine(
            line="",
            kind="credit" if bill.invoice_type == CREDIT else "media",
            description="budget",
            amount_micros=one.pre_tax_amount_micros,
            budget_id=one.external_budget_id,
            purchase_order=bill.purchase_order_number,
        )
    if rest:
        owed = rest > 0 and bill.invoice_type != CREDIT
        yield InvoiceLine(
            line="", kind="media" if owed else "adjustment", description="not of a budget", amount_micros=rest
        )
    if tax:
        yield InvoiceLine(line="", kind="tax", description="tax", amount_micros=tax)


def _links(bill: wire.Invoice) -> Iterator[InvoiceLink]:
    if bill.corrected_invoice_id:
        yield InvoiceLink(kind="corrects", other_id=bill.corrected_invoice_id)
    for other_id in bill.replaced_invoice_ids:
        yield InvoiceLink(kind="replaces", other_id=other_id)


def _signed(amount: int | None, sign: int) -> int | None:
    return None if amount is None else sign * amount
