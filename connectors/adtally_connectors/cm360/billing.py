"""Google's invoices for ad serving as records of ours.

Source: dfareporting v5, revision 20261107, schemas Invoice and CampaignSummary (read 2026-11). Serving is a
fee: the media of the same campaigns is billed by the publishers. So all that stands before tax is told as
fees, and the document has no subtotal of media.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from adtally import Account, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink

from . import wire_billing as wire

CREDIT = "INVOICE_TYPE_CREDIT"


def served_month(bill: wire.Invoice, issued: date) -> date:
    """The first day of the month that the document bills; one without days counts by its issue."""
    return (wire.day(bill.service_start_date) or issued).replace(day=1)


def to_invoice(bill: wire.Invoice, account: Account) -> Invoice:
    """The document, in micros of its own currency, which need not be the account's.

    What the buyer owes is positive: a credit that comes with a positive total is turned round whole.
    """
    credit = bill.invoice_type == CREDIT
    sign = -1 if credit and bill.total_amount_micros > 0 else 1
    tax = bill.total_tax_amount_micros
    fees = _before_tax(bill)
    first_day, last_day = wire.day(bill.service_start_date), wire.day(bill.service_end_date)
    return Invoice(
        invoice_id=bill.id,
        number=bill.id,
        account_id=(bill.payments_account_id or "").replace("-", ""),
        kind="credit_memo" if credit else "invoice",
        issue_day=wire.day(bill.issue_date),
        due_day=wire.day(bill.due_date),
        first_day=first_day,
        last_day=last_day,
        timezone=account.timezone,
        currency=bill.currency_code,
        fees_micros=sign * fees,
        tax_micros=None if tax is None else sign * tax,
        total_micros=sign * bill.total_amount_micros,
        purchase_order=bill.purchase_order_number or "",
        url=bill.pdf_url or "",
        lines=tuple(
            InvoiceLine(
                line=str(number),
                account_id=account.id,
                campaign_id=campaign_id,
                kind="tax" if is_tax else "fee",
                description=description,
                amount_micros=sign * amount,
                purchase_order="" if is_tax else bill.purchase_order_number or "",
                first_day=first_day,
                last_day=last_day,
                original_invoice_id=(bill.corrected_invoice_id or "") if credit else "",
            )
            for number, (is_tax, campaign_id, description, amount) in enumerate(_lines(bill, fees), start=1)
        ),
        accounts=(InvoiceAccount(account_id=account.id, amount_micros=sign * fees),),
        links=tuple(_links(bill)),
    )


def _before_tax(bill: wire.Invoice) -> int:
    if bill.subtotal_amount_micros is not None:
        return bill.subtotal_amount_micros
    return bill.total_amount_micros - (bill.total_tax_amount_micros or 0)


def _lines(bill: wire.Invoice, fees: int) -> Iterator[tuple[bool, str, str, int]]:
    """Whether it is tax, its campaign, words and amount: a fee of each campaign, of none, and the tax."""
    rest = fees
    for summary in bill.campaigns:
        amount = summary.pre_tax_amount_micros or 0
        rest -= amount
        code = summary.billing_invoice_code
        yield False, summary.campaign_id, f"ad serving, code {code}" if code else "ad serving", amount
    if rest or not bill.campaigns:
        yield False, "", "ad serving of no named campaign" if bill.campaigns else "ad serving", rest
    if bill.total_tax_amount_micros:
        yield True, "", "tax", bill.total_tax_amount_micros


def _links(bill: wire.Invoice) -> Iterator[InvoiceLink]:
    if bill.corrected_invoice_id:
        yield InvoiceLink(kind="corrects", other_id=bill.corrected_invoice_id)
    for number in bill.replaced_invoice_ids or ():
        yield InvoiceLink(kind="replaces", other_id=number)
