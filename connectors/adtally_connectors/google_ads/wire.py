"""The answers of the Google Ads API, as far as they are read.

Source: Google Ads API v26 (google-ads 34.0.0, read 2026-11). JSON follows the proto3 mapping: int64 is text,
a double is a number, a name is lowerCamelCase. Metrics, amounts and settings are ``optional`` in the protos, so
the server writes a zero that was asked for; what is absent is not offered for that row and stays None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

Row = TypeVar("Row")


class Wire(Struct, frozen=True, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Page(Wire, Generic[Row]):
    """One page of ``googleAds:search``; the last one has no token."""

    results: list[Row] = []
    next_page_token: str = ""


class Accessible(Wire):
    resource_names: list[str] = []


class Id(Wire):
    id: str = ""


class Client(Wire):
    id: str
    currency_code: str
    time_zone: str
    descriptive_name: str = ""
    manager: bool = False
    status: str = ""


class ClientRow(Wire):
    customer_client: Client


# Settings


class Priced(Wire):
    """What decides how a campaign is charged."""

    id: str
    advertising_channel_type: str = ""
    bidding_strategy_type: str = ""
    payment_mode: str = ""


class CpaTarget(Wire):
    target_cpa_micros: int | None = None


class RoasTarget(Wire):
    target_roas: Decimal | None = None


class CpcTarget(Wire):
    target_cpc_micros: int | None = None


class CpcCeiling(Wire):
    cpc_bid_ceiling_micros: int | None = None


class Commission(Wire):
    commission_rate_micros: int | None = None


class CampaignSettings(Wire):
    id: str
    name: str = ""
    status: str = ""
    advertising_channel_type: str = ""
    bidding_strategy_type: str = ""
    payment_mode: str = ""
    start_date_time: str = ""
    end_date_time: str = ""
    campaign_budget: str = ""
    target_cpa: CpaTarget = CpaTarget()
    maximize_conversions: CpaTarget = CpaTarget()
    target_roas: RoasTarget = RoasTarget()
    maximize_conversion_value: RoasTarget = RoasTarget()
    target_cpc: CpcTarget = CpcTarget()
    target_spend: CpcCeiling = CpcCeiling()
    percent_cpc: CpcCeiling = CpcCeiling()
    commission: Commission = Commission()


class Budget(Wire):
    amount_micros: int | None = None
    total_amount_micros: int | None = None
    period: str = ""


class CampaignRow(Wire):
    campaign: CampaignSettings
    campaign_budget: Budget = Budget()


class AdGroupSettings(Wire):
    id: str
    name: str = ""
    status: str = ""
    cpc_bid_micros: int | None = None
    cpm_bid_micros: int | None = None
    cpv_bid_micros: int | None = None
    fixed_cpm_micros: int | None = None


class AdGroupRow(Wire):
    campaign: CampaignSettings
    ad_group: AdGroupSettings


class NamedAd(Wire):
    id: str
    name: str = ""


class AdSettings(Wire):
    ad: NamedAd
    status: str = ""


class AdRow(Wire):
    campaign: Id
    ad_group: Id
    ad_group_ad: AdSettings


class AccountBudget(Wire):
    id: str
    status: str = ""
    purchase_order_number: str = ""
    approved_start_date_time: str = ""
    approved_end_date_time: str = ""
    approved_spending_limit_micros: int | None = None
    adjusted_spending_limit_micros: int | None = None


class AccountBudgetRow(Wire):
    account_budget: AccountBudget


# Changes


class Changed(Wire):
    """A campaign, budget, ad group or ad before or after; only what changed is filled in."""

    status: str = ""
    start_date_time: str = ""
    end_date_time: str = ""
    amount_micros: str = ""
    total_amount_micros: str = ""


class ChangedResource(Wire):
    """Exactly the one named by ``changeResourceType`` is set."""

    campaign: Changed | None = None
    campaign_budget: Changed | None = None
    ad_group: Changed | None = None
    ad_group_ad: Changed | None = None


class ChangeEvent(Wire):
    change_date_time: str
    change_resource_type: str
    change_resource_name: str
    resource_change_operation: str = ""
    campaign: str = ""
    old_resource: ChangedResource = ChangedResource()
    new_resource: ChangedResource = ChangedResource()


class ChangeRow(Wire):
    change_event: ChangeEvent


# Delivery and conversions


class Metrics(Wire):
    impressions: int | None = None
    clicks: int | None = None
    interactions: int | None = None
    engagements: int | None = None
    cost_micros: int | None = None
    video_trueview_views: int | None = None
    video_quartile_p100_rate: Decimal | None = None
    active_view_impressions: int | None = None
    active_view_measurable_impressions: int | None = None
    conversions: Decimal | None = None
    conversions_value: Decimal | None = None
    invalid_clicks: int | None = None


class Day(Wire):
    date: date


class Placed(Wire):
    ad: Id


class DeliveryRow(Wire):
    campaign: Priced
    metrics: Metrics
    segments: Day
    ad_group: Id = Id()
    ad_group_ad: Placed = Placed(ad=Id())


class Action(Wire):
    date: date
    conversion_action: str
    conversion_action_name: str = ""
    conversion_action_category: str = ""


class ActionMetrics(Wire):
    conversions: Decimal = Decimal(0)
    conversions_value: Decimal = Decimal(0)
    all_conversions: Decimal = Decimal(0)
    all_conversions_value: Decimal = Decimal(0)


class ActionRow(Wire):
    campaign: Id
    segments: Action
    metrics: ActionMetrics = ActionMetrics()


class ViewThroughMetrics(Wire):
    view_through_conversions: int = 0


class ViewThroughRow(Wire):
    campaign: Id
    segments: Day
    metrics: ViewThroughMetrics = ViewThroughMetrics()


# Billing


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
    """All amounts are before tax unless their name says tax or total (v26, ``resources/invoice.proto``)."""

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


# Refusals


class QuotaDetails(Wire):
    retry_delay: str = ""


class FaultDetails(Wire):
    quota_error_details: QuotaDetails | None = None


class Fault(Wire):
    error_code: dict[str, str] = {}
    message: str = ""
    details: FaultDetails = FaultDetails()


class Failure(Wire):
    """``GoogleAdsFailure``, or another kind of detail without ``errors``."""

    errors: list[Fault] = []
    request_id: str = ""


class Status(Wire):
    message: str = ""
    details: list[Failure] = []


class Refusal(Wire):
    error: Status
