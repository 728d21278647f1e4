"""The billing documents of the Pinterest API, as far as they are read.

Source: API v5, OpenAPI document 5.23.0, "billing_invoices" (read 2026-11; the same in a client of 5.28.0).
Amounts are whole micros of the document's currency. There are neither lines nor a number nor a day of issue.
"""

from __future__ import annotations

from datetime import date

from .wire import Item


class Document(Item):
    ad_account_id: str
    currency: str
    amount_billed_micro_currency: int
    document_type: str = ""
    status: str = ""
    billing_period_start_date: date | None = None
    billing_period_end_date: date | None = None
    invoice_due_date: date | None = None
    amount_net_micro_currency: int | None = None
    amount_discount_micro_currency: int | None = None
    amount_tax_micro_currency: int | None = None
