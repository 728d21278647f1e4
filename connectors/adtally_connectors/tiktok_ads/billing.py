"""Invoices, credit notes, payments and balances as records of ours.

Source: API v1.3, "BC Payments" and "BC Invoices" (read 2026-11). An invoice tells neither the days that it
bills nor lines: its days stay unknown, and its amount before tax is one line. Payments are not invoices: what
was taken from a card or paid in is a charge. Documents of automatic payments (``AUTO_PAY``) are that money
again and are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adtally import Account, Balance, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink, to_micros

from . import wire_billing as wire

Kind: TypeAlias = Literal["charge", "refund"]

STATUSES = {"CREATED": "draft", "SUBMITTED": "pending", "DELETED": "void"}
"""Documents that are not closed are never judged; APPROVED ones are."""
PAYMENTS: dict[str, Kind] = {
    "BILL_PAYMENT": "charge",
    "ADD_BALANCE": "charge",
    "CARD_VERIFICATION": "charge",
    "REFUND": "refund",
    "CARD_VERIFICATION_REFUND": "refund",
}
"""Transactions that move money of the buyer; the others move it inside TikTok, or are ad credit."""
BALANCES = {
    "account_balance": "total",
    "valid_account_balance": "available",
    "frozen_balance": "frozen",
    "tax": "tax",
    "cash_balance": "cash",
    "grant_balance": "ad_credit",
}


def to_invoice(bill: wire.Invoice, bc_id: str, members: Mapping[str, tuple[str, ...]]) -> Invoice:
    """The document; amounts are micros of its own currency, and a credit note is negative throughout.

    ``members`` are the accounts of each billing group. A document for several accounts reads the same
    whichever of them asked.
    """
    credit = bill.invoice_type == "CREDIT"
    sign = -1 if credit and bill.amount > 0 else 1
    subtotal, tax = bill.amount_excluding_tax, bill.total_tax_amount
    return Invoice(
        invoice_id=bill.invoice_id,
        number=bill.serial_number or "",
        account_id=bc_id,
        kind="credit_memo" if credit else "invoice",
        status=STATUSES.get(bill.status or "", (bill.status or "").lower()),
        issue_day=bill.send_date,
        due_day=bill.due_date,
        currency=bill.currency_code,
        subtotal_micros=None if subtotal is None else sign * to_micros(subtotal),
        tax_micros=None if tax is None else sign * to_micros(tax),
        total_micros=sign * to_micros(bill.amount),
        lines=tuple(
            replace(line, line=str(number), amount_micros=sign * line.amount_micros)
            for number, line in enumerate(_lines(bill), start=1)
        ),
        accounts=tuple(
            InvoiceAccount(account_id=account_id)
            for account_id in members.get(bill.billing_group_id or "", ())
        ),
        links=tuple(
            InvoiceLink(kind="corrects", other_id=other.invoice_id)
            for other in (bill.positive_invoice_ids if credit else None) or ()
        ),
    )


def to_payment(paid: wire.Transaction, account: Account) -> Invoice | None:
    """The charge (positive) or refund (negative), or None where no money of the buyer moves.

    TikTok's ``amount_type`` tells the account's balance and not who owes, so the type gives the sign.
    """
    kind = PAYMENTS.get(paid.transaction_type)
    if kind is None:
        return None
    sign = -1 if kind == "refund" else 1
    return Invoice(
        invoice_id=paid.transaction_id,
        number=paid.transaction_id,
        account_id=account.id,
        kind=kind,
        issue_day=date.fromisoformat(paid.create_time[:10]),
        currency=paid.currency,
        subtotal_micros=_signed(paid.subtotal, sign),
        tax_micros=_signed(paid.tax_amount, sign),
        total_micros=sign * abs(to_micros(paid.amount)),
    )


def to_balances(told: wire.Balances, account: Account, today: date) -> Iterator[Balance]:
    """What is left, by kind, as of the beginning of the account's day; a prepaid amount is positive."""
    for name, kind in BALANCES.items():
        amount: Decimal | None = getattr(told, name)
        if amount is not None:
            yield Balance(
                at=_beginning(today, account),
                kind=kind,
                amount_micros=to_micros(amount),
                currency=told.currency or account.currency,
            )


def _lines(bill: wire.Invoice) -> Iterator[InvoiceLine]:
    """The amount before tax, and each tax where they add up to all of it, else all of it."""
    total, tax = to_micros(bill.amount), to_micros(bill.total_tax_amount or 0)
    net = total - tax if bill.amount_excluding_tax is None else to_micros(bill.amount_excluding_tax)
    kind: Literal["credit", "media"] = "credit" if bill.invoice_type == "CREDIT" else "media"
    yield InvoiceLine(line="", kind=kind, description="amount excluding tax", amount_micros=net)
    named = [
        (name or "tax", to_micros(amount))
        for name, amount in ((bill.tax_type1, bill.tax_amount1), (bill.tax_type2, bill.tax_amount2))
        if amount
    ]
    for name, amount in named if sum(amount for _, amount in named) == tax else [("tax", tax)]:
        if amount:
            yield InvoiceLine(line="", kind="tax", description=name, amount_micros=amount)


def _signed(amount: Decimal | None, sign: int) -> int | None:
    return None if amount is None else sign * abs(to_micros(amount))


def _beginning(day: date, account: Account) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(account.timezone)).astimezone(UTC)
