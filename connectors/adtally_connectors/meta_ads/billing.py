"""A document of Meta's as one of ours: monthly invoices, and the charges of accounts that pay by card.

Source: ``OmegaCustomerTrx`` of facebook-business 26.0.3, "Business Invoices": total = net + tax. Charges are
no list of their own: they are entries of the activity log, as ``activities`` reads it.
"""

from __future__ import annotations

import logging
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adtally import (
    Account,
    ContractError,
    Invoice,
    InvoiceAccount,
    InvoiceLine,
    InvoiceLink,
    Window,
    canonical_account,
    to_micros,
)

from . import wire, wire_billing as billed
from .activities import extra, micros, text

log = logging.getLogger(__name__)

Paid: TypeAlias = Literal["charge", "refund"]

PAYMENTS: dict[str, Paid] = {
    "ad_account_billing_charge": "charge",
    "ad_account_billing_refund": "refund",
    "ad_account_billing_chargeback": "refund",
    "ad_account_billing_chargeback_reversal": "charge",
}
"""Money that moved. A charge that failed or was declined moved none."""


def accounts_of(bill: billed.Invoice, lines: Iterable[billed.CampaignLine] = ()) -> set[str]:
    """The accounts that the document bills; none where it names none."""
    named = [*bill.ad_account_ids, *(line.ad_account_id for line in lines)]
    return {canonical_account(account_id) for account_id in named if account_id}


def to_invoice(
    bill: billed.Invoice, lines: Sequence[billed.CampaignLine], account: Account, business_id: str
) -> Invoice:
    """The document with its lines and accounts; what the buyer owes is positive.

    A document for several accounts reads the same whichever of them asked, and so has no time zone. A credit
    memo is negative whatever the wire says; a pro forma document is open. Raises ContractError if it has no
    total, or one line of a campaign twice.
    """
    for line, times in Counter(line for line in lines if line.campaign_id).items():
        if times > 1:
            raise ContractError(
                f"invoice {bill.invoice_id or bill.id}: the line of campaign {line.campaign_id} came twice"
            )
    details = bill.billed_amount_details
    printed = bill.amount if details.total_amount is None else details.total_amount
    if printed is None:
        raise ContractError(f"invoice {bill.invoice_id or bill.id} has no amount")
    sign = -1 if bill.type == "CM" and printed > 0 else 1
    total, tax = sign * to_micros(printed), sign * to_micros(details.tax_amount or 0)
    accounts = accounts_of(bill, lines)
    first_day, last_day = _period(bill)
    only = next(iter(accounts)) if len(accounts) == 1 else ""
    common = InvoiceLine(line="", account_id=only, first_day=first_day, last_day=last_day, amount_micros=0)
    media = list(_media(lines, total - tax, common))
    all_lines = list(media)
    if tax:
        tax_line = replace(common, kind="tax", description="tax", amount_micros=tax)
        all_lines.append(replace(tax_line, base_micros=total - tax))
    return Invoice(
        invoice_id=bill.invoice_id or bill.id,
        number=bill.invoice_id,
        account_id=business_id,
        kind="credit_memo" if bill.type == "CM" else "invoice",
        status="open" if bill.type == "PRO_FORMA" else "",
        issue_day=billed.day(bill.invoice_date),
        due_day=billed.day(bill.due_date),
        first_day=first_day,
        last_day=last_day,
        timezone=account.timezone if accounts == {account.id} else "",
        currency=bill.currency,
        subtotal_micros=None if details.net_amount is None else sign * to_micros(details.net_amount),
        tax_micros=None if details.tax_amount is None else tax,
        total_micros=total,
        url=bill.download_uri,
        lines=tuple(replace(line, line=str(number)) for number, line in enumerate(all_lines, start=1)),
        accounts=tuple(_split(accounts, media)),
    )


def to_charges(events: Iterable[wire.Activity], window: Window, account: Account) -> Iterator[Invoice]:
    """The charges and refunds on the window's days, each once; an entry without an amount is logged."""
    clock = ZoneInfo(account.timezone)
    known: set[str] = set()
    for event in events:
        at = wire.instant(event.event_time)
        day = at.astimezone(clock).date()
        if event.event_type not in PAYMENTS or day not in window:
            continue
        told, kind = extra(event), PAYMENTS[event.event_type]
        currency = text(told, "currency") or account.currency
        amount = micros(told, "new_value", currency)
        if amount is None:
            log.warning(
                "meta_ads: %s of account %s at %s has no amount and is passed over",
                *(event.event_type, account.id, event.event_time),
            )
            continue
        transaction = text(told, "transaction_id")
        plain = event.event_type == "ad_account_billing_charge"
        moment = f"{event.event_type.removeprefix('ad_account_billing_')}-{at:%Y%m%dT%H%M%SZ}"
        invoice_id = transaction if transaction and plain else f"{transaction or account.id}-{moment}"
        if invoice_id in known:
            continue
        known.add(invoice_id)
        yield Invoice(
            invoice_id=invoice_id,
            number=transaction,
            kind=kind,
            issue_day=day,
            timezone=account.timezone,
            currency=currency,
            total_micros=-abs(amount) if kind == "refund" else abs(amount),
            links=(InvoiceLink(kind="corrects", other_id=transaction),) if transaction and not plain else (),
        )


def _period(bill: billed.Invoice) -> tuple[date | None, date | None]:
    """The month that is billed: Meta names it by its first day."""
    month = billed.day(bill.billing_period)
    if month is None:
        return None, None
    return month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])


def _media(lines: Iterable[billed.CampaignLine], net: int, common: InvoiceLine) -> Iterator[InvoiceLine]:
    """The campaigns' lines, and what is left to the net amount: lines without an amount are in that."""
    amounts = [(line, amount) for line in lines if (amount := _net(line.billed_amount_details)) is not None]
    told = sum(to_micros(amount) for _, amount in amounts)
    sign = -1 if told * net < 0 else 1
    for line, amount in amounts:
        yield replace(
            common,
            account_id=canonical_account(line.ad_account_id) if line.ad_account_id else common.account_id,
            campaign_id=line.campaign_id,
            campaign_name=line.campaign_name,
            quantity=line.impressions,
            unit="" if line.impressions is None else "impressions",
            amount_micros=sign * to_micros(amount),
        )
    rest = net - sign * told
    if rest and not amounts:
        yield replace(common, description="the whole document", amount_micros=rest)
    elif rest:
        kind = "media" if rest * net > 0 else "adjustment"
        yield replace(common, kind=kind, description="beyond the named campaigns", amount_micros=rest)


def _net(details: billed.Billed) -> Decimal | None:
    if details.net_amount is not None or details.total_amount is None:
        return details.net_amount
    return details.total_amount - (details.tax_amount or 0)


def _split(accounts: set[str], media: Sequence[InvoiceLine]) -> Iterator[InvoiceAccount]:
    """The accounts with what each is billed before tax; without amounts where a line belongs to none."""
    known = all(line.account_id for line in media)
    for account_id in sorted(accounts):
        amount = sum(line.amount_micros for line in media if line.account_id == account_id)
        yield InvoiceAccount(account_id=account_id, amount_micros=amount if known else None)
