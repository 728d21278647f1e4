"""The answers of the Reddit Ads API, as far as they are read.

Source: Reddit Ads API v3 (types of clients made from its OpenAPI file, their live notes of 2026; read
2026-11). Fields are asked for in capitals and answered in lower case. Ids are text, numbers are JSON numbers;
null is "nothing to tell", and what is left out was not offered.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from msgspec import UNSET, Struct, UnsetType

Count: TypeAlias = int | UnsetType | None
"""UNSET = not in the answer."""
Amount: TypeAlias = Decimal | UnsetType | None

Body = TypeVar("Body")
Row = TypeVar("Row")


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Pagination(Wire):
    next_url: str | None = None


class Page(Wire, Generic[Body]):
    """One page of a list or a report."""

    data: Body
    pagination: Pagination | None = None


class Metrics(Wire, Generic[Row]):
    """What is on a page of a report."""

    metrics: list[Row]
    metrics_updated_at: datetime | None = None


class One(Wire, Generic[Body]):
    """A single object."""

    data: Body


class Fault(Wire):
    """What is wrong, or with which field of the request."""

    message: str = ""
    field: str = ""
    fields: list[Fault] | None = None


class Refusal(Wire):
    """What an answer says of a failure, in one of Reddit's ways; all empty if it is none."""

    error: Fault | str | int | None = None
    errors: list[Fault | str] | None = None
    message: str | None = None


class Business(Wire):
    id: str


class Account(Wire):
    id: str
    name: str | None = None
    business_id: str | None = None
    currency: str | None = None
    time_zone_id: str | None = None
    admin_approval: str | None = None
    suspension_reason: str | None = None
    click_attribution_window: str | None = None
    view_attribution_window: str | None = None
    app_click_attribution_window: str | None = None
    app_view_attribution_window: str | None = None


class Bidding(Wire):
    """How is paid, and until when: of an ad group, or of the campaign where the ad group has null."""

    bid_type: str | None = None
    bid_strategy: str | None = None
    bid_value: Decimal | None = None
    optimization_goal: str | None = None
    view_through_conversion_type: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None


class Campaign(Bidding, kw_only=True):
    id: str
    name: str | None = None
    configured_status: str | None = None
    effective_status: str | None = None
    objective: str | None = None
    funding_instrument_id: str | None = None
    goal_type: str | None = None
    goal_value: Decimal | None = None
    spend_cap: Decimal | None = None


class AdGroup(Bidding, kw_only=True):
    id: str
    campaign_id: str
    name: str | None = None
    configured_status: str | None = None
    effective_status: str | None = None
    goal_type: str | None = None
    goal_value: Decimal | None = None


class Ad(Wire):
    id: str
    ad_group_id: str
    campaign_id: str = ""
    name: str | None = None
    configured_status: str | None = None
    effective_status: str | None = None


class FundingInstrument(Wire):
    """What pays: a card or a credit line. Amounts are micros of its currency."""

    id: str
    name: str | None = None
    currency: str | None = None
    billable_amount: Decimal | None = None
    credit_limit: Decimal | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None


class Ids(Wire):
    """What a row of a report is about."""

    ad_account_id: str = ""
    campaign_id: str = ""
    ad_group_id: str = ""
    ad_id: str = ""


class DatedIds(Ids, kw_only=True):
    """A row of a report by day; the fields beside ids and day are those that are asked for, in lower case."""

    date: date
    impressions: Count = UNSET


class DeliveryRow(DatedIds, kw_only=True):
    currency: str | None = None
    spend: Amount = UNSET
    clicks: Count = UNSET
    video_viewable_impressions: Count = UNSET
    video_viewable_watched_6_seconds: Count = UNSET
    video_viewable_watched_15_seconds: Count = UNSET
    video_watched_100_percent: Count = UNSET
    reddit_leads: Count = UNSET
    conversion_lead_clicks: Count = UNSET
    conversion_lead_views: Count = UNSET
    app_install_install_count: Count = UNSET
    key_conversion_total_count: Count = UNSET
    conversion_purchase_clicks: Count = UNSET
    conversion_purchase_views: Count = UNSET
    conversion_purchase_total_value: Amount = UNSET
    app_install_purchase_count: Count = UNSET
    app_install_revenue: Amount = UNSET


class ActionRow(DatedIds, kw_only=True):
    engaged_click: Count = UNSET
    video_started: Count = UNSET
    video_watched_3_seconds: Count = UNSET
    video_viewable_impressions: Count = UNSET
    video_viewable_watched_6_seconds: Count = UNSET
    video_viewable_watched_15_seconds: Count = UNSET
    reddit_leads: Count = UNSET
    key_conversion_total_count: Count = UNSET
    key_conversion_clicks: Count = UNSET
    key_conversion_views: Count = UNSET
    conversion_purchase_clicks: Count = UNSET
    conversion_purchase_views: Count = UNSET
    conversion_purchase_total_value: Amount = UNSET
    conversion_lead_clicks: Count = UNSET
    conversion_lead_views: Count = UNSET
    conversion_lead_total_value: Amount = UNSET
    conversion_sign_up_clicks: Count = UNSET
    conversion_sign_up_views: Count = UNSET
    conversion_signup_total_value: Amount = UNSET
    conversion_add_to_cart_clicks: Count = UNSET
    conversion_add_to_cart_views: Count = UNSET
    conversion_add_to_cart_total_value: Amount = UNSET
    conversion_page_visit_clicks: Count = UNSET
    conversion_page_visit_views: Count = UNSET
    conversion_view_content_clicks: Count = UNSET
    conversion_view_content_views: Count = UNSET
    conversion_custom_clicks: Count = UNSET
    conversion_custom_views: Count = UNSET
    conversion_custom_total_value: Amount = UNSET
    app_install_install_count: Count = UNSET
    app_install_mmp_install_count: Count = UNSET
    app_install_skan_install_count: Count = UNSET
    app_install_purchase_count: Count = UNSET
    app_install_revenue: Amount = UNSET
