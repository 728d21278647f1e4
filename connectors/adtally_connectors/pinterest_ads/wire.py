"""The answers of the Pinterest API, as far as they are read.

Source: API v5, OpenAPI document 5.23.0 and a client of 5.28.0 (read 2026-11). In reports an id is a number or
text, and a column that is zero is left out of JSON. In lists money is whole micros of the account's currency.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

Id: TypeAlias = int | str
Count: TypeAlias = int | None
Amount: TypeAlias = Decimal | None
"""Micros of the account's currency, whatever ``DOLLAR`` in the column's name says; or events."""
ZERO = Decimal(0)


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Status(Wire):
    """What a refusal says."""

    code: int = 0
    message: str = ""


class Item(Wire):
    """What lists hold: a thing that is known again by its id."""

    id: str


Listed = TypeVar("Listed", bound=Item)


class Page(Wire, Generic[Listed]):
    items: list[Listed]
    bookmark: str | None = None


class Account(Item):
    name: str = ""
    currency: str | None = None


class Campaign(Item):
    name: str | None = None
    status: str | None = None
    objective_type: str | None = None
    daily_spend_cap: int | None = None
    lifetime_spend_cap: int | None = None
    order_line_id: str | None = None
    start_time: int | None = None
    end_time: int | None = None


class Goal(Wire):
    """What an ad group optimises for; its value is a target and no price."""

    conversion_event: str | None = None
    cpa_goal_value_in_micro_currency: str | None = None
    is_roas_optimized: bool | None = None


class Goals(Wire):
    conversion_tag_v3_goal_metadata: Goal | None = None


class AdGroup(Item):
    campaign_id: str
    name: str | None = None
    status: str | None = None
    billable_event: str | None = None
    bid_strategy_type: str | None = None
    bid_in_micro_currency: int | None = None
    bid_multiplier: Decimal | None = None
    budget_in_micro_currency: int | None = None
    budget_type: str | None = None
    optimization_goal_metadata: Goals | None = None
    start_time: int | None = None
    end_time: int | None = None

    @property
    def goal(self) -> Goal | None:
        goals = self.optimization_goal_metadata
        return goals.conversion_tag_v3_goal_metadata if goals else None


class Ad(Item):
    ad_group_id: str
    campaign_id: str
    name: str | None = None
    status: str | None = None


class OrderLine(Item):
    purchase_order_id: str | None = None
    paid_type: str | None = None
    budget: int | None = None
    paid_budget: int | None = None
    start_time: int | None = None
    end_time: int | None = None


class Ordered(Wire):
    token: str


class Job(Wire):
    report_status: str
    url: str | None = None
    size: int | None = None


class Row(Wire, rename="upper", kw_only=True):
    """One thing on one day, with the two columns that are compared with the account's own days."""

    date: date
    ad_account_id: Id = ""
    campaign_id: Id = ""
    ad_group_id: Id = ""
    ad_id: Id = ""
    spend_in_micro_dollar: Amount = ZERO
    impression_1: Count = 0


class TotalRow(Row, kw_only=True):
    """What Pinterest tells of ads, and of a whole account at once, too."""

    clickthrough_1: Count = 0
    engagement_1: Count = 0
    video_mrc_views_1: Count = 0
    leads: Count = 0
    total_lead: Amount = ZERO
    total_conversions: Amount = ZERO
    total_checkout: Amount = ZERO
    total_checkout_value_in_micro_dollar: Amount = ZERO


class DeliveryRow(TotalRow, kw_only=True):
    """What only reports that are made ready tell, too."""

    video_p100_complete_1: Count = 0
    total_app_install: Amount = ZERO
    ads_credit_spend_in_micro_dollar: Amount = ZERO


class ActionRow(Row, kw_only=True):
    """What people did, by event and by what came before it."""

    outbound_click_1: Amount = ZERO
    engagement_1: Amount = ZERO
    repin_1: Amount = ZERO
    video_mrc_views_1: Amount = ZERO
    video_3sec_views_1: Amount = ZERO
    leads: Amount = ZERO
    total_conversions: Amount = ZERO
    total_conversions_value_in_micro_dollar: Amount = ZERO
    total_checkout: Amount = ZERO
    total_checkout_value_in_micro_dollar: Amount = ZERO
    total_click_checkout: Amount = ZERO
    total_click_checkout_value_in_micro_dollar: Amount = ZERO
    total_engagement_checkout: Amount = ZERO
    total_engagement_checkout_value_in_micro_dollar: Amount = ZERO
    total_view_checkout: Amount = ZERO
    total_view_checkout_value_in_micro_dollar: Amount = ZERO
    total_signup: Amount = ZERO
    total_signup_value_in_micro_dollar: Amount = ZERO
    total_click_signup: Amount = ZERO
    total_click_signup_value_in_micro_dollar: Amount = ZERO
    total_engagement_signup: Amount = ZERO
    total_engagement_signup_value_in_micro_dollar: Amount = ZERO
    total_view_signup: Amount = ZERO
    total_view_signup_value_in_micro_dollar: Amount = ZERO
    total_lead: Amount = ZERO
    total_lead_value_in_micro_dollar: Amount = ZERO
    total_click_lead: Amount = ZERO
    total_click_lead_value_in_micro_dollar: Amount = ZERO
    total_engagement_lead: Amount = ZERO
    total_engagement_lead_value_in_micro_dollar: Amount = ZERO
    total_view_lead: Amount = ZERO
    total_view_lead_value_in_micro_dollar: Amount = ZERO
    total_app_install: Amount = ZERO
    total_app_install_value_in_micro_dollar: Amount = ZERO
    total_click_app_install: Amount = ZERO
    total_click_app_install_value_in_micro_dollar: Amount = ZERO
    total_engagement_app_install: Amount = ZERO
    total_engagement_app_install_value_in_micro_dollar: Amount = ZERO
    total_view_app_install: Amount = ZERO
    total_view_app_install_value_in_micro_dollar: Amount = ZERO
    total_add_to_cart: Amount = ZERO
    total_page_visit: Amount = ZERO
    total_search: Amount = ZERO
    total_watch_video: Amount = ZERO
    total_view_category: Amount = ZERO
    total_custom: Amount = ZERO
    total_subscribe: Amount = ZERO
