"""The answers of the Marketing API, as far as they are read.

Source: facebook-business 26.0.3 (API v26.0, read 2026-11) and the guides "Insights API" and "Ad Activity".
Numbers come as text, counts too. In a row of insights a count that is absent is a zero, since it was asked
for; only impressions and spend are told in every row. Amounts of entities and accounts are in units of
``offsets``, those of insights in major units.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field

Row = TypeVar("Row")


def instant(text: str) -> datetime:
    """The UTC instant of a time such as ``2026-10-20T09:30:00+0200``."""
    return datetime.fromisoformat(text).astimezone(UTC)


def first_day(text: str, timezone: str) -> date | None:
    """The account's day on which something starts, or None for none."""
    return instant(text).astimezone(ZoneInfo(timezone)).date() if text else None


def last_day(text: str, timezone: str) -> date | None:
    """The last of the account's days before an end, or None for none; a midnight ends the day before."""
    if not text:
        return None
    return (instant(text) - timedelta(seconds=1)).astimezone(ZoneInfo(timezone)).date()


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Paging(Part, frozen=True):
    next: str = ""


class Summary(Part, frozen=True):
    """What all pages hold together; an edge counts its rows, insights add their metrics up."""

    total_count: int | None = None
    impressions: int | None = None


class Page(Wire, Generic[Row]):
    """One page of an edge; the last one has no ``next``. Short and empty pages may have one."""

    data: list[Row] = []
    paging: Paging = Paging()
    summary: Summary = Summary()


class Id(Part, frozen=True):
    id: str = ""


class FundingSource(Part, frozen=True):
    type: int | None = None


class Account(Wire):
    account_id: str
    currency: str
    timezone_name: str
    name: str = ""
    account_status: int | None = None
    business: Id = Id()
    is_prepay_account: bool | None = None
    extended_credit_invoice_group: Id | None = None
    funding_source_details: FundingSource = FundingSource()


class Balances(Wire):
    """Amounts of the account node, in units of ``offsets``."""

    balance: Decimal | None = None
    amount_spent: Decimal | None = None
    spend_cap: Decimal | None = None


class BidConstraints(Part, frozen=True):
    roas_average_floor: int | None = None


class Campaign(Wire):
    id: str
    name: str = ""
    effective_status: str = ""
    objective: str = ""
    buying_type: str = ""
    start_time: str = ""
    stop_time: str = ""
    daily_budget: Decimal | None = None
    lifetime_budget: Decimal | None = None
    bid_strategy: str = ""
    bid_constraints: BidConstraints = BidConstraints()


class AdSet(Wire):
    id: str
    campaign_id: str
    name: str = ""
    effective_status: str = ""
    start_time: str = ""
    end_time: str = ""
    created_time: str = ""
    daily_budget: Decimal | None = None
    lifetime_budget: Decimal | None = None
    billing_event: str = ""
    optimization_goal: str = ""
    bid_strategy: str = ""
    bid_amount: Decimal | None = None
    bid_constraints: BidConstraints = BidConstraints()


class Ad(Wire):
    id: str
    adset_id: str
    campaign_id: str
    name: str = ""
    effective_status: str = ""


class SpentRow(Wire):
    """What insights tell of something that spent; the ids and names below the level asked for are absent."""

    campaign_id: str
    adset_id: str = ""
    ad_id: str = ""
    campaign_name: str = ""
    adset_name: str = ""
    ad_name: str = ""


class Action(Wire):
    """A count or value by action type; ``value`` is the default window's, and a window of zero is absent."""

    action_type: str
    value: Decimal = Decimal(0)
    default: Decimal | None = None
    click_1d: Decimal | None = field(default=None, name="1d_click")
    click_7d: Decimal | None = field(default=None, name="7d_click")
    click_28d: Decimal | None = field(default=None, name="28d_click")
    view_1d: Decimal | None = field(default=None, name="1d_view")
    engaged_view_1d: Decimal | None = field(default=None, name="1d_ev")


class DailyRow(Wire, kw_only=True):
    date_start: date
    date_stop: date


class MeasuredDay(DailyRow, kw_only=True):
    adset_id: str = ""
    ad_id: str = ""
    account_currency: str = ""
    impressions: int | None = None
    clicks: int = 0
    inline_link_clicks: int = 0
    spend: Decimal | None = None
    actions: list[Action] = []
    action_values: list[Action] = []
    video_thruplay_watched_actions: list[Action] = []
    video_p100_watched_actions: list[Action] = []


class DeliveryRow(MeasuredDay, kw_only=True):
    campaign_id: str


class TotalRow(MeasuredDay, kw_only=True):
    """A day of the whole account, which has no campaign."""

    campaign_id: str = ""


class ActionRow(DailyRow, kw_only=True):
    campaign_id: str
    ad_id: str
    impressions: int | None = None
    actions: list[Action] = []
    action_values: list[Action] = []
    conversions: list[Action] = []
    conversion_values: list[Action] = []
    outbound_clicks: list[Action] = []


class HourRow(DailyRow, kw_only=True):
    """An hour such as ``02:00:00 - 02:59:59``; a row without impressions may lack it."""

    campaign_id: str
    hour: str = field(default="", name="hourly_stats_aggregated_by_advertiser_time_zone")
    account_currency: str = ""
    impressions: int | None = None
    spend: Decimal | None = None


class CountryRow(DailyRow, kw_only=True):
    country: str
    account_currency: str = ""
    impressions: int | None = None
    spend: Decimal | None = None


class Asked(Wire):
    """The answer to a request for an asynchronous report."""

    report_run_id: str


class Run(Wire):
    """How far an asynchronous report is; the error's fields exist since v25.0."""

    async_status: str = ""
    async_percent_completion: int = 0
    error_code: int | None = None
    error_subcode: int | None = None
    error_message: str = ""


class Activity(Wire):
    """One entry of the account's log; ``extra_data`` is JSON as text."""

    event_time: str
    event_type: str
    object_id: str = ""
    extra_data: str | None = None


class Fault(Wire):
    message: str = ""
    code: int = 0
    error_subcode: int = 0
    is_transient: bool = False
    fbtrace_id: str = ""


class Refusal(Wire):
    error: Fault
