"""Invoices and funding sources of Snapchat's Ads API, as far as they are read.

Source: developers.snap.com, Ads API v1, "Invoices", "Funding Sources" (read 2026-11). Invoices count in
hundredths (``amount_cent``), funding sources in micros.
"""

from __future__ import annotations

from msgspec import Struct

from .wire import Entity, Instant


class Invoice(Struct, gc=False):
    invoice_id: str
    amount_cent: int
    currency: str
    billing_period: str = ""
    """Text for people: ``October 2026``."""
    ad_account_id: str | None = None
    document_number: str | None = None
    invoice_status: str | None = None
    created_at: Instant | None = None
    due_date: Instant | None = None

    @property
    def key(self) -> str:
        return self.invoice_id


class FundingSource(Entity, kw_only=True):
    type: str = ""
    currency: str = ""
    total_budget_micro: int | None = None
    budget_spent_micro: int | None = None
    available_credit_micro: int | None = None
    value_micro: int | None = None
    start_date: Instant | None = None
    end_date: Instant | None = None
