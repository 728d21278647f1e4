"""Invoices of the Campaign Manager 360 API, as far as they are read.

Source: discovery document of dfareporting v5, revision 20261107, schemas Invoice and CampaignSummary (read
2026-11). Amounts are micros of the invoice's currency; days are text whose form is not said.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from adtally import ContractError


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class CampaignSummary(Wire):
    campaign_id: str = ""
    billing_invoice_code: str | None = None
    pre_tax_amount_micros: int | None = None


class Invoice(Wire):
    id: str
    currency_code: str
    total_amount_micros: int
    invoice_type: str = ""
    issue_date: str | None = None
    due_date: str | None = None
    service_start_date: str | None = None
    service_end_date: str | None = None
    subtotal_amount_micros: int | None = None
    total_tax_amount_micros: int | None = None
    purchase_order_number: str | None = None
    payments_account_id: str | None = None
    corrected_invoice_id: str | None = None
    replaced_invoice_ids: list[str] | None = None
    pdf_url: str | None = None
    by_contract: list[CampaignSummary] = field(
        name="campaign_summaries", default_factory=list[CampaignSummary]
    )
    by_custom: list[CampaignSummary] = field(name="campaignSummaries", default_factory=list[CampaignSummary])

    @property
    def campaigns(self) -> list[CampaignSummary]:
        """The summaries under either name: the contract's differs from that of all its other keys."""
        return self.by_contract or self.by_custom


def day(text: str | None) -> date | None:
    """The day that a date or an instant begins with. Raises ContractError for other text."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ContractError(f"a date of an invoice is not understood: {text[:40]!r}") from None
