"""The answers of the TikTok API for Business, as far as they are read.

Source: API v1.3 (SDK of 2026-02-27, a field-complete client of 2026-07-24, reference pages; read 2026-11).
Ids are text. Metrics are text, where ``-`` is "not applicable"; settings and billing hold JSON numbers. What
an answer leaves out or calls null is not offered and stays None.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from msgspec import Struct


class Keyed(Protocol):
    """A row with an identity, by which one that moved to the next page is known again."""

    @property
    def key(self) -> object: ...


Row = TypeVar("Row")
Metrics = TypeVar("Metrics")


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Status(Wire):
    """What every answer says of itself."""

    code: int = 0
    message: str = ""
    request_id: str = ""


class PageInfo(Part, frozen=True):
    """Where a page stands; None where the list does not say."""

    page: int | None = None
    total_number: int | None = None
    total_page: int = 1


class Listed(Wire, Generic[Row], rename={"plain": "list"}):
    """One page; TikTok names the list after what is in it."""

    plain: list[Row] = []
    transaction_list: list[Row] = []
    advertiser_account_list: list[Row] = []
    page_info: PageInfo = PageInfo()

    @property
    def rows(self) -> list[Row]:
        return self.plain or self.transaction_list or self.advertiser_account_list


class Page(Wire, Generic[Row]):
    data: Listed[Row]


class Authorised(Wire):
    advertiser_id: str


class Advertiser(Wire):
    advertiser_id: str
    currency: str
    timezone: str = ""
    display_timezone: str | None = None
    """The IANA name, where ``timezone`` may be ``Etc/GMT-8``."""
    name: str = ""
    status: str = ""
    owner_bc_id: str | None = None
    balance: Decimal | None = None


class Campaign(Wire):
    campaign_id: str
    campaign_name: str | None = None
    operation_status: str | None = None
    secondary_status: str | None = None
    objective_type: str | None = None
    rf_campaign_type: str | None = None
    budget: Decimal | None = None
    budget_mode: str | None = None

    @property
    def key(self) -> str:
        return self.campaign_id


class AdGroup(Wire):
    adgroup_id: str
    campaign_id: str
    adgroup_name: str | None = None
    operation_status: str | None = None
    secondary_status: str | None = None
    budget: Decimal | None = None
    budget_mode: str | None = None
    schedule_type: str | None = None
    schedule_start_time: str | None = None
    schedule_end_time: str | None = None
    billing_event: str | None = None
    optimization_goal: str | None = None
    bid_type: str | None = None
    bid_price: Decimal | None = None
    conversion_bid_price: Decimal | None = None
    deep_bid_type: str | None = None
    deep_cpa_bid: Decimal | None = None
    roas_bid: Decimal | None = None
    bid_display_mode: str | None = None
    cpv_video_duration: str | None = None
    rf_purchased_type: str | None = None
    purchased_impression: int | None = None
    purchased_reach: int | None = None
    rf_estimated_cpr: Decimal | None = None
    cpm: Decimal | None = None
    click_attribution_window: str | None = None
    view_attribution_window: str | None = None
    engaged_view_attribution_window: str | None = None

    @property
    def key(self) -> str:
        return self.adgroup_id


class Ad(Wire):
    ad_id: str
    adgroup_id: str
    campaign_id: str
    ad_name: str | None = None
    operation_status: str | None = None
    secondary_status: str | None = None

    @property
    def key(self) -> str:
        return self.ad_id


class Dimensions(Wire):
    stat_time_day: str
    advertiser_id: str = ""
    campaign_id: str = ""
    adgroup_id: str = ""
    ad_id: str = ""

    @property
    def day(self) -> date:
        """The day in the account's zone: ``2026-10-01 00:00:00`` has an hour that says nothing."""
        return date.fromisoformat(self.stat_time_day[:10])


class ReportRow(Wire, Generic[Metrics]):
    dimensions: Dimensions
    metrics: Metrics

    @property
    def key(self) -> tuple[str, str]:
        ids = self.dimensions
        return ids.ad_id or ids.adgroup_id or ids.campaign_id, ids.stat_time_day


class DeliveryMetrics(Wire):
    """The names of these fields are the metrics that are asked for."""

    campaign_id: str | None = None
    adgroup_id: str | None = None
    spend: str | None = None
    billed_cost: str | None = None
    impressions: str | None = None
    clicks: str | None = None
    engagements: str | None = None
    video_play_actions: str | None = None
    video_watched_2s: str | None = None
    video_watched_6s: str | None = None
    engaged_view: str | None = None
    engaged_view_15s: str | None = None
    video_views_p100: str | None = None
    conversion: str | None = None
    onsite_form: str | None = None
    form: str | None = None
    total_sales_lead: str | None = None
    offline_form_events: str | None = None
    app_install: str | None = None
    complete_payment: str | None = None
    total_complete_payment_rate: str | None = None
    total_purchase: str | None = None
    total_purchase_value: str | None = None
    onsite_shopping: str | None = None
    total_onsite_shopping_value: str | None = None
    offline_shopping_events: str | None = None
    offline_shopping_events_value: str | None = None


class HourMetrics(Wire):
    spend: str | None = None
    impressions: str | None = None
    clicks: str | None = None


class HourDimensions(Wire):
    campaign_id: str
    stat_time_hour: datetime
    """By the account's clock, such as ``2026-10-01 07:00:00``."""


class HourRow(Wire):
    dimensions: HourDimensions
    metrics: HourMetrics

    @property
    def key(self) -> tuple[str, datetime]:
        return self.dimensions.campaign_id, self.dimensions.stat_time_hour


class Created(Wire):
    task_id: str


class CreatedTask(Wire):
    data: Created


class Checked(Wire):
    status: str
    message: str | None = None


class CheckedTask(Wire):
    data: Checked


class Download(Wire):
    download_url: str


class DownloadedTask(Wire):
    data: Download
