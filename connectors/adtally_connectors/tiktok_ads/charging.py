"""What a TikTok ad group is charged for, by its ``billing_event``.

Source: API v1.3, "Get ad groups" and its enumerations (read 2026-11). The report's metric ``billing_event``
is display text and is not read. A bid per result (oCPM, oCPC) is a target and never a price: what it buys is
charged by impression or click.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from adtally import Model, RateKind, Terms, in_common, to_micros

from . import wire

PER_THOUSAND = 1000  # micros per unit of a price for 1,000, where the ledger wants the price of one


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""
    views: str = "video_play_actions"
    """The metric of video views that counts here; "" = what is charged is not told."""


MIXED = Charge()
BY_EVENT = {
    "CPC": Charge("cpc", "clicks"),
    "OCPC": Charge("cpc", "clicks"),
    "CPM": Charge("cpm", "impressions"),
    "OCPM": Charge("cpm", "impressions"),
    "CPA": Charge("cpa", "conversions"),
}
BY_PURCHASE = {"FIXED_SHOW": Charge("cpm", "impressions"), "FIXED_REACH": Charge("cpr", "reach")}
RESULT_EVENTS = {"OCPC", "OCPM", "CPA"}
VIEWS_BY_GOAL = {"ENGAGED_VIEW": "engaged_view", "ENGAGED_VIEW_FIFTEEN": "engaged_view_15s"}
VIEWS_BY_DURATION = {"TWO_SECONDS": "video_watched_2s", "SIX_SECONDS": "video_watched_6s"}
WORDS = (
    *("billing_event", "optimization_goal", "bid_type", "conversion_bid_price", "deep_bid_type"),
    *("deep_cpa_bid", "roas_bid", "bid_display_mode", "cpv_video_duration", "rf_purchased_type"),
    *("purchased_impression", "purchased_reach", "rf_estimated_cpr", "click_attribution_window"),
    *("view_attribution_window", "engaged_view_attribution_window"),
)


def to_charge(group: wire.AdGroup) -> Charge:
    """What the ad group pays for; without a model where its billing event is unknown."""
    event = group.billing_event or ""
    if event == "CPV":
        by_goal = VIEWS_BY_GOAL.get(group.optimization_goal or "", "")
        return Charge(
            "cpv", "video_views", by_goal or VIEWS_BY_DURATION.get(group.cpv_video_duration or "", "")
        )
    if event == "GD":
        bought = Charge("cpm", "impressions") if group.cpm else MIXED
        return BY_PURCHASE.get(group.rf_purchased_type or "", bought)
    return BY_EVENT.get(event, MIXED)


def charges(groups: Iterable[wire.AdGroup], by: Literal["adgroup_id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each ad group, or of each campaign whose ad groups all share one.

    Where a campaign pays for views of several lengths, the model is known and the count is not.
    """
    return in_common(((getattr(group, by), to_charge(group)) for group in groups), _both)


def to_terms(group: wire.AdGroup, timezone: str) -> Terms:
    """The terms of one ad group; the price is micros of the account's currency, per 1,000 for cpm.

    A custom bid bounds what a click, a view or 1,000 impressions cost. Of reservations only TopView tells a
    price; an estimated cost per reach is none.
    """
    charge, event = to_charge(group), group.billing_event or ""
    custom = group.bid_type == "BID_TYPE_CUSTOM"
    rate: int | None = None
    kind: RateKind = "auto"
    if event == "GD":
        rate, kind = to_micros(group.cpm) if group.cpm else None, "fixed"
    elif event in RESULT_EVENTS:
        bid = group.conversion_bid_price
        kind = "target" if custom or bid or group.deep_cpa_bid or group.roas_bid else "auto"
        rate = to_micros(bid) if event == "CPA" and bid else None
    elif charge.model and custom and group.bid_price:
        per_thousand = charge.model == "cpv" and group.bid_display_mode == "CPMV"
        rate = to_micros(group.bid_price, scale=PER_THOUSAND) if per_thousand else to_micros(group.bid_price)
        kind = "cap"
    return Terms(
        level="ad_group",
        entity_id=group.adgroup_id,
        campaign_id=group.campaign_id,
        first_day=first_day(group, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(group)),
    )


def first_day(group: wire.AdGroup, timezone: str) -> date | None:
    """The day on which the ad group starts by the account's clock; TikTok tells it by UTC's."""
    if not group.schedule_start_time:
        return None
    return _local(group.schedule_start_time, timezone).date()


def last_day(group: wire.AdGroup, timezone: str) -> date | None:
    """The last day before the end, or None for a schedule without one; an end at midnight closes the day."""
    if not group.schedule_end_time or group.schedule_type == "SCHEDULE_FROM_NOW":
        return None
    return (_local(group.schedule_end_time, timezone) - timedelta(seconds=1)).date()


def _local(text: str, timezone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))


def _words(group: wire.AdGroup) -> Iterator[str]:
    """TikTok's own settings that explain the charge, as ``name=value``; an amount of 0 is no setting."""
    for name in WORDS:
        value: str | int | Decimal | None = getattr(group, name)
        if value:
            yield f"{name}={value}"


def _both(one: Charge, other: Charge) -> Charge:
    return one._replace(views="") if one.model == other.model == "cpv" else MIXED
