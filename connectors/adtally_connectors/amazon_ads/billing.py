"""Invoices as records of ours: a line for each campaign, with the number of events that are billed.

Source: OpenAPI document of accounts billing 3.0 (as of 2026-10, read 2026-11). Not said there: whether
``amountDue`` holds the tax, whether lines hold their fees, and which sign an adjustment has, which was seen
to change. Of the possible readings the first is taken by which everything adds up to the amount due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from adtally import Account, ContractError, Invoice, InvoiceLine, to_micros

from . import wire_billing as wire
from .wire import text

Lines: TypeAlias = tuple[InvoiceLine, ...]

OPEN = {"ACCUMULATING", "PROCESSING"}
"""Documents that still grow; they are never judged."""
BY_VIEW = {"SPONSORED BRANDS", "SPONSORED DISPLAY"}
"""Programs whose prices for 1,000 are for viewable impressions, though the line says impressions."""


class Reading(NamedTuple):
    """What the amount due consists of."""

    holds_tax: bool
    lines: Lines
    """Without tax."""


def billed_day(summary: wire.Summary) -> date:
    """The last day that the document bills, by which it belongs to a month."""
    day = to_day(summary.to_date) or to_day(summary.invoice_date)
    if day is None:
        raise ContractError(f"document {summary.id} has neither toDate nor invoiceDate")
    return day


def is_about(bill: wire.Invoice, account_id: str, campaigns: Collection[str]) -> bool:
    """Whether a document of an agency is about this advertiser, with these campaigns.

    One that bills several advertisers is about that of its first line, so that one alone tells it.
    """
    of = bill.invoice_summary.billing_aggregation
    named = text(of.billing_aggregation_id) if of else ""
    if named and of and of.billing_level == "CAMPAIGN":
        return named in campaigns
    first = next((text(line.campaign_id) for line in bill.invoice_lines if line.campaign_id), "")
    return named == account_id or first in campaigns


def to_invoice(bill: wire.Invoice, account: Account) -> Invoice:
    """The document; amounts are micros of its own currency. Raises ContractError for two lines alike."""
    told = bill.invoice_summary
    if len({*map(msgspec.json.encode, bill.invoice_lines)}) < len(bill.invoice_lines):
        raise ContractError(f"document {told.id} has a line twice")
    tax = to_micros(told.tax_amount_due.amount) if told.tax_amount_due else _sum(_taxes(bill))
    due = to_micros(told.amount_due.amount)
    reading = _reading(bill, due, tax)
    total = due if reading.holds_tax else due + tax
    first_day, last_day = to_day(told.from_date), to_day(told.to_date)
    lines = [*reading.lines, *_tax_lines(bill, tax)]
    return Invoice(
        invoice_id=told.id,
        number=told.id,
        kind="credit_memo" if total < 0 else "invoice",
        status="open" if told.status in OPEN else told.status.lower(),
        issue_day=to_day(told.invoice_date),
        due_day=to_day(told.due_date),
        first_day=first_day,
        last_day=last_day,
        timezone=account.timezone,
        currency=told.amount_due.currency_code,
        adjustments_micros=_sum(line for line in reading.lines if line.kind == "adjustment"),
        fees_micros=_sum(line for line in reading.lines if line.kind == "fee"),
        tax_micros=tax,
        total_micros=total,
        purchase_order=told.purchase_order_number or "",
        lines=tuple(
            replace(line, line=str(number), account_id=account.id, first_day=first_day, last_day=last_day)
            for number, line in enumerate(lines, start=1)
        ),
    )


def to_day(told: str | None) -> date | None:
    """The day of ``20261014``, or of ``2026-10-14``. Raises ContractError for anything else."""
    if not told:
        return None
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        raise ContractError(f"not a day: {told[:40]!r}") from None


def _reading(bill: wire.Invoice, due: int, tax: int) -> Reading:
    """The first reading that adds up; where none does, the most usual one."""
    media = tuple(map(_media, bill.invoice_lines))
    by_line = tuple(
        _fees(fee for part in (*bill.invoice_lines, *(bill.adjustments or ())) for fee in part.fees or ())
    )
    in_all = tuple(_fees(bill.invoice_summary.fees or ()))
    adjusted = tuple(map(_adjustment, bill.adjustments or ()))
    given = tuple(map(_promotion, bill.promotions or ()))
    adjustments = (adjusted, tuple(replace(line, amount_micros=-line.amount_micros) for line in adjusted))
    fees: Sequence[Lines] = (by_line, in_all, ()) if by_line else (in_all, ())
    readings = [
        Reading(holds_tax, (*media, *some_adjustments, *some_fees, *some_promotions))
        for holds_tax, some_adjustments, some_fees, some_promotions in product(
            (True, False), adjustments, fees, (given, ())
        )
    ]
    fitting = (one for one in readings if _sum(one.lines) + (tax if one.holds_tax else 0) == due)
    return next(fitting, readings[0])


def _media(line: wire.Line) -> InvoiceLine:
    """What one campaign is billed: events that are counted, and what one of them cost on average."""
    by_thousand = line.price_type == "CPM"
    unit = "clicks" if line.cost_event_type == "CLICKS" else line.cost_event_type.lower()
    if by_thousand and line.program_name in BY_VIEW:
        unit = "viewable_impressions"
    per: Literal[1, 1000] = 1000 if by_thousand else 1
    return InvoiceLine(
        line="",
        campaign_id=text(line.campaign_id),
        campaign_name=line.campaign_name or line.name,
        description=line.program_name,
        quantity=line.cost_event_count,
        unit=unit,
        per=per,
        unit_price_micros=None if line.cost_per_unit is None else to_micros(line.cost_per_unit),
        price_is_average=line.cost_per_unit is not None,
        amount_micros=to_micros(line.cost.amount),
        purchase_order=line.purchase_order_number or "",
    )


def _fees(fees: Iterable[wire.Fee]) -> Iterator[InvoiceLine]:
    for fee in fees:
        yield InvoiceLine(
            line="",
            kind="fee",
            description=fee.fee_type.lower(),
            jurisdiction=fee.fee_identifiers.country_code,
            amount_micros=to_micros(fee.cost.amount),
        )


def _adjustment(told: wire.Adjustment) -> InvoiceLine:
    amount = to_micros(told.amount.amount)
    return InvoiceLine(line="", kind="adjustment", description=told.comments, amount_micros=amount)


def _promotion(told: wire.Promotion) -> InvoiceLine:
    """What a promotion takes off, whatever the sign that it is told with."""
    amount = -abs(to_micros(told.amount.amount))
    return InvoiceLine(line="", kind="promotion", description=told.description, amount_micros=amount)


def _taxes(bill: wire.Invoice) -> Iterator[InvoiceLine]:
    for tax in bill.tax_detail.tax_breakups if bill.tax_detail else ():
        yield InvoiceLine(
            line="",
            kind="tax",
            description=tax.tax_name,
            jurisdiction=tax.taxed_jurisdiction_name,
            rate_ppm=None if tax.tax_rate is None else to_micros(tax.tax_rate),
            amount_micros=to_micros(tax.tax_amount.amount),
        )


def _tax_lines(bill: wire.Invoice, tax: int) -> list[InvoiceLine]:
    """Each tax where they add up to all of it, else all of it."""
    named = [line for line in _taxes(bill) if line.amount_micros]
    if _sum(named) == tax:
        return named
    return [InvoiceLine(line="", kind="tax", description="tax", amount_micros=tax)] if tax else []


def _sum(lines: Iterable[InvoiceLine]) -> int:
    return sum(line.amount_micros for line in lines)
