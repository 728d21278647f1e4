"""The billing answers of the Bing Ads API, as far as they are read.

Source: API v13 as REST, Customer Billing service (OpenAPI models of the SDK 13.0.30.1, October 2026; read
2026-11). A document tells its amount alone: neither a period nor tax nor lines.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .wire import Wire


class Document(Wire):
    account_id: str
    amount: Decimal
    currency_code: str
    document_date: str
    document_id: str
    document_number: str | None = None

    @property
    def day(self) -> date:
        return to_day(self.document_date)


class Documents(Wire):
    billing_documents_info: list[Document | None] | None = None


class InsertionOrder(Wire):
    id: str
    account_id: str
    purchase_order: str | None = None
    status: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    spend_cap_amount: Decimal | None = None
    budget_remaining: Decimal | None = None
    is_unlimited: bool | None = None
    is_endless: bool | None = None


class InsertionOrders(Wire):
    insertion_orders: list[InsertionOrder] | None = None

    @property
    def rows(self) -> list[InsertionOrder]:
        return self.insertion_orders or []


def to_day(text: str) -> date:
    """The day of ``2026-11-01T00:00:00``: of all times in billing only the day counts."""
    return date.fromisoformat(text[:10])
