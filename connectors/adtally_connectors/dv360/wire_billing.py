"""The billing answers of the Display & Video 360 API, as far as they are read.

Source: Display & Video 360 API v4, ``advertisers.invoices.list`` (contract of 2026-10-21; read 2026-11).
Amounts are text that holds micros of the document's own currency. No lines of campaigns are told.
"""

from __future__ import annotations

from .wire import Day, Days, Part, Wire


class BudgetSummary(Part, frozen=True):
    """One budget's share, where the billing profile is detailed by budget."""

    pre_tax_amount_micros: int
    external_budget_id: str = ""


class Invoice(Wire):
    invoice_id: str
    currency_code: str
    total_amount_micros: int
    invoice_type: str = ""
    issue_date: Day | None = None
    due_date: Day | None = None
    service_date_range: Days = Days()
    subtotal_amount_micros: int | None = None
    total_tax_amount_micros: int | None = None
    non_budget_micros: int | None = None
    purchase_order_number: str = ""
    budget_summaries: tuple[BudgetSummary, ...] = ()
    corrected_invoice_id: str = ""
    replaced_invoice_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.invoice_id
