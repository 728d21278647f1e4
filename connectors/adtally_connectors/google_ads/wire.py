"""The answers of the Google Ads API, as far as they are read.

Source: Google Ads API v26 (google-ads 34.0.0, read 2026-11). JSON follows the proto3 mapping: int64 is text,
a double is a number, a name is lowerCamelCase. Metrics and settings are ``optional`` in the protos, so the
server writes a zero that was asked for; what is absent is not offered for that row and stays None.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

Row = TypeVar("Row")


FAR_FUTURE = 2037
"""``2037-12-30`` is how Google writes "no end"."""


def first_day(text: str) -> date | None:
    """The day of a start such as ``2026-01-01 00:00:00``, or None for none."""
    return date.fromisoformat(text[:10]) if text else None


def last_day(text: str) -> date | None:
    """The last day before an end such as ``2026-03-31 23:59:59``, or None for none or for the far future.

    An end at midnight belongs to the day before; a bare day is the last one itself.
    """
    if not text:
        return None
    day = (datetime.fromisoformat(text) - timedelta(seconds=len(text) > len("2026-03-31"))).date()
    return day if day.year < FAR_FUTURE else None


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Page(Wire, Generic[Row]):
    """One page of ``googleAds:search``; the last one has no token. The total is that of all pages."""

    results: list[Row] = []
    next_page_token: str = ""
    total_results_count: int | None = None


class Accessible(Wire):
    resource_names: list[str] = []


class Id(Part, frozen=True):
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


class Priced(Part, frozen=True):
    """What decides how a campaign is charged."""

    id: str
    advertising_channel_type: str = ""
    bidding_strategy_type: str = ""
    payment_mode: str = ""


class CpaTarget(Part, frozen=True):
    target_cpa_micros: int | None = None


class RoasTarget(Part, frozen=True):
    target_roas: Decimal | None = None


class CpcTarget(Part, frozen=True):
    target_cpc_micros: int | None = None


class CpcCeiling(Part, frozen=True):
    cpc_bid_ceiling_micros: int | None = None


class Commission(Part, frozen=True):
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


class Budget(Part, frozen=True):
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


class Changed(Wire):
    """A campaign, budget, ad group or ad before or after; only what changed is filled in."""

    status: str = ""
    start_date_time: str = ""
    end_date_time: str = ""
    amount_micros: str = ""
    total_amount_micros: str = ""


class ChangedResource(Part, frozen=True):
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


class Metrics(Wire):
    """A double without a fraction is decoded as an int, which takes a third of the time."""

    impressions: int | None = None
    clicks: int | None = None
    interactions: int | None = None
    engagements: int | None = None
    cost_micros: int | None = None
    video_trueview_views: int | None = None
    video_quartile_p100_rate: int | Decimal | None = None
    active_view_impressions: int | None = None
    active_view_measurable_impressions: int | None = None
    conversions: int | Decimal | None = None
    conversions_value: int | Decimal | None = None
    invalid_clicks: int | None = None


class Day(Wire):
    date: date


class Placed(Part, frozen=True):
    ad: Id


class MeasuredDay(Wire, kw_only=True):
    metrics: Metrics
    segments: Day
    ad_group: Id = Id()
    ad_group_ad: Placed = Placed(ad=Id())


class DeliveryRow(MeasuredDay, kw_only=True):
    campaign: Priced


class TotalRow(MeasuredDay, kw_only=True):
    """A day of the whole account, which has no campaign."""

    campaign: Priced = Priced(id="")


class Hour(Wire):
    date: date
    hour: int


class Cost(Part, frozen=True):
    impressions: int | None = None
    clicks: int | None = None
    cost_micros: int | None = None


class HourRow(Wire):
    campaign: Id
    segments: Hour
    metrics: Cost = Cost()


class UserLocation(Wire):
    country_criterion_id: str = ""


class CountryRow(Wire):
    user_location_view: UserLocation
    metrics: Cost = Cost()


class Place(Wire):
    id: str
    country_code: str = ""


class PlaceRow(Wire):
    geo_target_constant: Place


class Action(Wire):
    date: date
    conversion_action: str
    conversion_action_name: str = ""
    conversion_action_category: str = ""


class ActionMetrics(Part, frozen=True):
    conversions: Decimal | None = None
    conversions_value: Decimal | None = None
    all_conversions: Decimal | None = None
    all_conversions_value: Decimal | None = None


class ActionRow(Wire):
    campaign: Id
    segments: Action
    metrics: ActionMetrics = ActionMetrics()


class ViewThroughMetrics(Part, frozen=True):
    view_through_conversions: int | None = None


class ViewThroughRow(Wire):
    campaign: Id
    segments: Day
    metrics: ViewThroughMetrics = ViewThroughMetrics()


class QuotaDetails(Part, frozen=True):
    rate_scope: str = ""
    """ACCOUNT or DEVELOPER: whose quota it is."""
    retry_delay: str = ""


class FaultDetails(Part, frozen=True):
    quota_error_details: QuotaDetails = QuotaDetails()


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
