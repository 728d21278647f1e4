"""The answers of Snapchat's Ads API, as far as they are read.

Source: developers.snap.com, Ads API v1, "Measurement", "Campaigns", "Ad Squads", "Ads", "Organizations" (read
2026-11). Ids are UUIDs, money is integer micros of the account's currency, metrics are JSON numbers. What an
answer leaves out or calls null is not offered and stays None.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, Protocol, TypeVar

from msgspec import Meta, Struct

Metrics = TypeVar("Metrics")
Instant = Annotated[datetime, Meta(tz=True)]
"""A time without an offset says nothing: it is refused."""


class Keyed(Protocol):
    """A row with an identity, by which one that moved to the next page is known again."""

    @property
    def key(self) -> str: ...


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Entity(Wire, kw_only=True):
    """What Snapchat keeps under an id of its own."""

    id: str
    name: str | None = None
    status: str | None = None
    deleted: bool | None = None

    @property
    def key(self) -> str:
        return self.id


class Status(Wire):
    """What every answer says of itself; ``success`` is written in either case."""

    request_status: str = ""
    request_id: str = ""
    debug_message: str | None = None
    display_message: str | None = None
    error_code: str | None = None


class Paging(Part, frozen=True):
    next_link: str | None = None


class Item(Wire):
    """What one thing of a list says of itself."""

    sub_request_status: str = ""
    sub_request_error_reason: str | None = None


class Organization(Entity):
    """A business; nothing but its id is needed."""


class AdAccount(Entity, kw_only=True):
    currency: str
    timezone: str
    organization_id: str | None = None
    billing_type: str | None = None
    funding_source_ids: list[str] | None = None


class ObjectiveV2(Part, frozen=True):
    objective_v2_type: str | None = None


class Shared(Part, frozen=True):
    """What the ad squads of a campaign with a budget of its own have in common."""

    shared_optimization_goal: str | None = None
    shared_ad_squad_bid_strategy: str | None = None


class Campaign(Entity, kw_only=True):
    objective: str | None = None
    objective_v2_properties: ObjectiveV2 | None = None
    buy_model: str | None = None
    daily_budget_micro: int | None = None
    lifetime_spend_cap_micro: int | None = None
    start_time: Instant | None = None
    end_time: Instant | None = None
    pacing_level: str | None = None
    shared_properties: Shared | None = None
    auto_bid_max_bid_micro: int | None = None


class AdSquad(Entity, kw_only=True):
    campaign_id: str
    daily_budget_micro: int | None = None
    lifetime_budget_micro: int | None = None
    start_time: Instant | None = None
    end_time: Instant | None = None
    billing_event: str | None = None
    bid_strategy: str | None = None
    bid_micro: int | None = None
    roas_value_micro: int | None = None
    optimization_goal: str | None = None
    auto_bid: bool | None = None
    target_bid: bool | None = None
    reach_and_frequency_status: str | None = None
    reach_and_frequency_micro: int | None = None
    impression_goal: int | None = None
    reach_goal: int | None = None


class Ad(Entity, kw_only=True):
    ad_squad_id: str


class Bucket(Wire, Generic[Metrics]):
    """One day, from the account's midnight to its next."""

    start_time: Instant
    end_time: Instant
    stats: Metrics


class Series(Wire, Generic[Metrics]):
    """The days of one thing."""

    id: str
    timeseries: list[Bucket[Metrics]]


class TimeseriesStat(Wire, Generic[Metrics]):
    id: str
    timeseries: list[Bucket[Metrics]] | None = None
    breakdown_stats: dict[str, list[Series[Metrics]]] | None = None
    finalized_data_end_time: Instant | None = None
    swipe_up_attribution_window: str | None = None
    view_attribution_window: str | None = None


class StatItem(Item, Generic[Metrics]):
    timeseries_stat: TimeseriesStat[Metrics] | None = None


class Stats(Wire, Generic[Metrics]):
    timeseries_stats: list[StatItem[Metrics]]
    paging: Paging | None = None


class TotalMetrics(Wire):
    """Of a whole account Snapchat tells nothing else."""

    spend: int | None = None


class HourMetrics(Wire):
    """The names of these fields are the metrics that are asked for."""

    impressions: int | None = None
    swipes: int | None = None
    spend: int | None = None


class DeliveryMetrics(Wire):
    """The names of these fields are the metrics that are asked for."""

    impressions: int | None = None
    swipes: int | None = None
    spend: int | None = None
    shares: int | None = None
    saves: int | None = None
    video_views: int | None = None
    view_completion: int | None = None
    native_leads: Decimal | None = None
    total_installs: Decimal | None = None
    conversion_purchases: Decimal | None = None
    conversion_purchases_value: Decimal | None = None
