"""Impressions, interactions, cost and conversions as records.

Source: developers.snap.com, Ads API v1, "Measurement" (read 2026-11). Money in stats is micros: spend, and
values too, which one public client takes for whole units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from adtally import Delivery, HourlyCost, Interaction, local_day, to_micros

from . import wire
from .charging import MIXED, Charge
from .families import Family, whose
from .queries import Breakdown

Kind: TypeAlias = Literal["video_view", "engagement", "lead", "install", "purchase", "conversion"]

VIEW = "snapchat_2s"
"""Two seconds, or a swipe before."""


class Action(NamedTuple):
    """A metric that becomes interactions; only of conversions does the attribution decide what is counted."""

    metric: str
    kind: Kind
    value: str = ""
    attributed: bool = True
    in_total: bool = False


# What may be added up never counts the same event; the rest of the conversions are steps on the way.
ACTIONS = (
    Action("conversion_purchases", "purchase", value="conversion_purchases_value", in_total=True),
    Action("conversion_sign_ups", "lead", in_total=True),
    Action("native_leads", "lead", in_total=True),
    Action("total_installs", "install", in_total=True),
    *(
        Action(f"conversion_{name}", "conversion")
        for name in ("add_cart", "start_checkout", "view_content", "page_views", "subscribe", "app_opens")
    ),
    *(Action(f"conversion_{name}", "conversion") for name in ("save", "searches")),
    *(Action(f"custom_event_{number}", "conversion") for number in range(1, 6)),
    *(Action(name, "video_view", attributed=False) for name in ("video_views", "video_views_15s")),
    *(Action(name, "engagement", attributed=False) for name in ("shares", "saves", "story_opens")),
)
METRICS = tuple(name for action in ACTIONS for name in (action.metric, action.value) if name)


def to_delivery(
    pages: Iterable[list[wire.Series[wire.DeliveryMetrics]]],
    level: Breakdown,
    families: Mapping[str, Family],
    charges: Mapping[str, Charge],
    timezone: str,
    campaign_id: str,
) -> Iterator[Delivery]:
    """One record per thing and day; cost and value are of the account's currency.

    ``billable_units`` counts what the ad group pays for, or what all ad groups of the campaign do. No action
    is paid for, so that clicks are the interactions. ``campaign_id`` is the one asked for alone, or "".
    """
    for page in pages:
        for series in page:
            family = whose(level, series.id, families, campaign_id)
            charge = charges.get(family.ad_group_id or family.campaign_id, MIXED)
            for bucket in series.timeseries:
                told = bucket.stats
                yield Delivery(
                    day=local_day(bucket.start_time, timezone),
                    campaign_id=family.campaign_id,
                    ad_group_id=family.ad_group_id,
                    ad_id=family.ad_id,
                    view_definition="" if told.video_views is None else VIEW,
                    impressions=told.impressions,
                    clicks=told.swipes,
                    interactions=told.swipes,
                    engagements=_sum(told.shares, told.saves),
                    video_views=told.video_views,
                    video_completions=told.view_completion,
                    leads=_whole(told.native_leads),
                    installs=_whole(told.total_installs),
                    purchases=_whole(told.conversion_purchases),
                    revenue_micros=_micros(told.conversion_purchases_value),
                    billable_units=told.impressions if charge.event == "impressions" else None,
                    cost_micros=told.spend,
                )


def to_totals(pages: Iterable[list[wire.Series[wire.TotalMetrics]]], timezone: str) -> Iterator[Delivery]:
    """One record per day of the whole account, of which Snapchat tells the cost and nothing else."""
    for page in pages:
        for series in page:
            for bucket in series.timeseries:
                day = local_day(bucket.start_time, timezone)
                yield Delivery(day=day, cost_micros=bucket.stats.spend)


def to_hours(pages: Iterable[list[wire.Series[wire.HourMetrics]]]) -> Iterator[HourlyCost]:
    """One record per campaign and hour; one that the clock repeats is two instants, and two records."""
    for page in pages:
        for series in page:
            for bucket in series.timeseries:
                yield HourlyCost(
                    hour=bucket.start_time.astimezone(UTC),
                    campaign_id=series.id,
                    impressions=bucket.stats.impressions,
                    clicks=bucket.stats.swipes,
                    cost_micros=bucket.stats.spend,
                )


def to_interactions(
    pages: Iterable[list[wire.Series[dict[str, Decimal | None]]]], timezone: str, attribution: str
) -> Iterator[Interaction]:
    """What people did by campaign, one record per action that is told and that happened."""
    for page in pages:
        for series in page:
            for bucket in series.timeseries:
                for action in ACTIONS:
                    quantity = bucket.stats.get(action.metric)
                    value = _micros(bucket.stats.get(action.value))
                    if quantity is not None and (quantity or value):
                        yield Interaction(
                            day=local_day(bucket.start_time, timezone),
                            campaign_id=series.id,
                            action=action.metric,
                            attribution=attribution if action.attributed else "",
                            kind=action.kind,
                            quantity_micros=to_micros(quantity),
                            value_micros=value,
                            in_total=action.in_total,
                        )


def _micros(amount: Decimal | None) -> int | None:
    """An amount that is micros already, and in public clients a fraction of them at times."""
    return None if amount is None else to_micros(amount, scale=1)


def _whole(quantity: Decimal | None) -> int | None:
    """A count that is a whole number; a part of a conversion has no column."""
    return None if quantity is None or quantity % 1 else int(quantity)


def _sum(*counts: int | None) -> int | None:
    """The sum, or None where a part of it is not told."""
    told = [count for count in counts if count is not None]
    return sum(told) if len(told) == len(counts) else None
