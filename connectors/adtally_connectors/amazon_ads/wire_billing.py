"""The billing answers of the Amazon Ads API, as far as they are read.

Source: OpenAPI document of accounts billing 3.0, ``GET /invoices`` and ``GET /invoices/{invoiceId}`` (as of
2026-10; read 2026-11). Amounts are JSON numbers of major units, days are ``20261014``. Some clients see the
answers in an envelope ``payload``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

from .wire import Number

Inner = TypeVar("Inner")


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Amount(Wire):
    amount: Decimal
    currency_code: str


class FeeIdentifiers(Struct, frozen=True, gc=False, rename="camel"):
    country_code: str = ""


class Fee(Wire):
    cost: Amount
    fee_type: str = ""
    fee_identifiers: FeeIdentifiers = FeeIdentifiers()


class Aggregation(Wire):
    """Whom or what a document of an agency is about."""

    billing_level: str = ""
    billing_aggregation_id: Number | None = None


class Summary(Wire):
    id: str
    status: str
    amount_due: Amount
    from_date: str = ""
    to_date: str = ""
    invoice_date: str = ""
    due_date: str | None = None
    tax_amount_due: Amount | None = None
    fees: list[Fee] | None = None
    purchase_order_number: str | None = None
    billing_aggregation: Aggregation | None = None


class Line(Wire):
    cost: Amount
    campaign_id: Number | None = None
    campaign_name: str = ""
    name: str = ""
    program_name: str = ""
    price_type: str = ""
    cost_event_type: str = ""
    cost_event_count: int | None = None
    cost_per_unit: Decimal | None = None
    fees: list[Fee] | None = None
    purchase_order_number: str | None = None


class Adjustment(Wire):
    amount: Amount
    comments: str = ""
    fees: list[Fee] | None = None


class Promotion(Wire):
    amount: Amount
    description: str = ""


class TaxBreakup(Wire):
    tax_amount: Amount
    tax_name: str = ""
    tax_rate: Decimal | None = None
    taxed_jurisdiction_name: str = ""


class TaxDetail(Wire):
    tax_breakups: list[TaxBreakup] = []


class Invoice(Wire):
    invoice_summary: Summary
    invoice_lines: list[Line] = []
    adjustments: list[Adjustment] | None = None
    promotions: list[Promotion] | None = None
    tax_detail: TaxDetail | None = None


class Summaries(Wire):
    """One page of documents."""

    invoice_summaries: list[Summary]
    next_cursor: str | None = None


class Enveloped(Wire, Generic[Inner]):
    payload: Inner
