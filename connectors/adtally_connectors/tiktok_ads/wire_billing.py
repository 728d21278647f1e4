"""The billing answers of the TikTok API for Business, as far as they are read.

Source: API v1.3, pages of "BC Payments", "BC Invoices" and "BC Billing Group" (read 2026-11). Amounts are
JSON numbers of major units; an invoice tells neither a period nor lines.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Linked(Wire):
    invoice_id: str


class Invoice(Wire):
    invoice_id: str
    currency_code: str
    amount: Decimal
    invoice_type: str = ""
    serial_number: str | None = None
    status: str | None = None
    send_date: date | None = None
    due_date: date | None = None
    billing_group_id: str | None = None
    amount_excluding_tax: Decimal | None = None
    total_tax_amount: Decimal | None = None
    tax_type1: str | None = None
    tax_amount1: Decimal | None = None
    tax_type2: str | None = None
    tax_amount2: Decimal | None = None
    positive_invoice_ids: list[Linked] | None = None

    @property
    def key(self) -> str:
        return self.invoice_id


class Member(Wire):
    advertiser_id: str


class BillingGroup(Wire):
    billing_group_id: str
    advertisers: list[Member] | None = None

    @property
    def key(self) -> str:
        return self.billing_group_id


class Transaction(Wire):
    transaction_id: str
    amount: Decimal
    currency: str
    transaction_type: str
    create_time: str
    subtotal: Decimal | None = None
    tax_amount: Decimal | None = None

    @property
    def key(self) -> str:
        return self.transaction_id


class Balances(Wire):
    """What is in one account; with a payment portfolio, what is in the portfolio."""

    advertiser_id: str
    currency: str = ""
    account_balance: Decimal | None = None
    valid_account_balance: Decimal | None = None
    frozen_balance: Decimal | None = None
    tax: Decimal | None = None
    cash_balance: Decimal | None = None
    grant_balance: Decimal | None = None

    @property
    def key(self) -> str:
        return self.advertiser_id
