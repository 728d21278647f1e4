"""The billing answers of the Google Ads API, as far as they are read.

Source: ``resources/invoice.proto`` and ``resources/billing_setup.proto`` of Google Ads API v26 (the
invoice is the same since v23). Amounts are micros before tax unless their name says tax or total.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class BillingSetup(Wire):
    id: str
    status: str = ""


class BillingSetupRow(Wire):
    billing_setup: BillingSetup


class Dates(Wire):
    start_date: date
    end_date: date


class InvalidActivity(Wire):
    amount_micros: int
    original_month_of_service: str = ""
    original_year_of_service: int | None = None
    original_invoice_id: str = ""
    original_purchase_order_number: str = ""


class CampaignSummary(Wire):
    amount_micros: int
    campaign_description: str = ""
    quantity: int | None = None
    unit_of_measure: str = ""


class AccountBudgetSummary(Wire):
    customer: str
    account_budget: str = ""
    account_budget_name: str = ""
    purchase_order_number: str = ""
    subtotal_amount_micros: int = 0
    tax_amount_micros: int = 0
    billable_activity_date_range: Dates | None = None
    served_amount_micros: int | None = None
    billed_amount_micros: int | None = None
    overdelivery_amount_micros: int = 0
    invalid_activity_amount_micros: int | None = None
    invalid_activity_summaries: list[InvalidActivity] = []
    campaign_summaries: list[CampaignSummary] = []


class RegulatoryCost(Wire):
    amount_micros: int
    regulatory_fee_type: str = ""


class AccountSummary(Wire):
    customer: str
    billing_correction_subtotal_amount_micros: int = 0
    coupon_adjustment_subtotal_amount_micros: int = 0
    excess_credit_adjustment_subtotal_amount_micros: int = 0
    regulatory_costs_subtotal_amount_micros: int = 0
    export_charge_subtotal_amount_micros: int = 0
    regulatory_cost_summaries: list[RegulatoryCost] = []


class Invoice(Wire):
    id: str
    currency_code: str
    total_amount_micros: int
    type: str = ""
    payments_account_id: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    service_date_range: Dates | None = None
    subtotal_amount_micros: int = 0
    tax_amount_micros: int = 0
    adjustments_subtotal_amount_micros: int = 0
    regulatory_costs_subtotal_amount_micros: int = 0
    export_charge_subtotal_amount_micros: int = 0
    corrected_invoice: str = ""
    replaced_invoices: list[str] = []
    pdf_url: str = ""
    account_budget_summaries: list[AccountBudgetSummary] = []
    account_summaries: list[AccountSummary] = []


class Invoices(Wire):
    invoices: list[Invoice] = []
