"""The billing answers of the Marketing API, as far as they are read.

Source: ``OmegaCustomerTrx`` and ``InvoiceCampaign`` of facebook-business 26.0.3, and the reference page
"Business Invoices" for ``billed_amount_details``. Amounts are decimal text in major units.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


def day(text: str | None) -> date | None:
    """The day of ``2026-11-03`` or ``2026-11-03T00:00:00+0000``, or None for none."""
    return date.fromisoformat(text[:10]) if text else None


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Billed(Struct, frozen=True, gc=False):
    net_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    total_amount: Decimal | None = None


class Invoice(Wire):
    id: str
    currency: str
    amount: Decimal | None = None
    invoice_id: str = ""
    type: str = ""
    invoice_date: str | None = None
    due_date: str | None = None
    billing_period: str | None = None
    billed_amount_details: Billed = Billed()
    ad_account_ids: list[str] = []
    download_uri: str = ""


class CampaignLine(Struct, frozen=True, gc=False):
    """What an invoice bills for one campaign; every field may be absent."""

    ad_account_id: str = ""
    campaign_id: str = ""
    campaign_name: str = ""
    impressions: int | None = None
    billed_amount_details: Billed = Billed()
