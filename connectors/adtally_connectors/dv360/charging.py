"""What a line item is charged for, by its type and its bid strategy.

Source: Display & Video 360 API v4, ``LineItem``, ``BiddingStrategy`` (contract of 2026-10-21; read 2026-11).
Google bills won impressions, and on YouTube views where they are bid for. A bid bounds or steers the media
cost alone; the billable cost has fees on top. So no bid is a price of what is billed, and no rate is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from adtally import Model, RateKind, Terms, in_common

from . import wire
from .queries import PLAYS, TRUEVIEW


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""
    views: str = ""
    """The metric of video views that counts here; "" = what is charged is not told."""


MIXED = Charge()
CPM = Charge("cpm", "impressions", PLAYS)
YOUTUBE = Charge(views=TRUEVIEW)
"""Where Google bids by itself: charged by impression or by view."""

TYPE, YOUTUBE_TYPES = "LINE_ITEM_TYPE_", "LINE_ITEM_TYPE_YOUTUBE_AND_PARTNERS"
BY_IMPRESSION = {
    TYPE + name
    for name in (
        *("DISPLAY_DEFAULT", "DISPLAY_MOBILE_APP_INSTALL", "DISPLAY_MOBILE_APP_INVENTORY"),
        *("VIDEO_DEFAULT", "VIDEO_MOBILE_APP_INSTALL", "VIDEO_MOBILE_APP_INVENTORY"),
        *("VIDEO_OVER_THE_TOP", "AUDIO_DEFAULT", "DISPLAY_OUT_OF_HOME", "VIDEO_OUT_OF_HOME"),
    )
}
YOUTUBE_BID = "YOUTUBE_AND_PARTNERS_BIDDING_STRATEGY_TYPE_"
YOUTUBE_BIDS = {
    **dict.fromkeys(("MANUAL_CPV", "TARGET_CPV"), Charge("cpv", "video_views", TRUEVIEW)),
    **dict.fromkeys(
        ("MANUAL_CPM", "TARGET_CPM", "RESERVE_CPM", "MAXIMIZE_LIFT"), CPM._replace(views=TRUEVIEW)
    ),
}
GUARANTEED = {
    f"RESERVATION_TYPE_{name}" for name in ("PROGRAMMATIC_GUARANTEED", "TAG_GUARANTEED", "INSTANT_RESERVE")
}


def to_charge(item: wire.LineItem) -> Charge:
    """What the line item pays for; without a model where its type or its bid does not say."""
    if item.line_item_type.startswith(YOUTUBE_TYPES):
        bid = item.bid_strategy.youtube_and_partners_bid or wire.TypedBid()
        return YOUTUBE_BIDS.get(bid.type.removeprefix(YOUTUBE_BID), YOUTUBE)
    return CPM if item.line_item_type in BY_IMPRESSION else MIXED


def charges(items: Iterable[wire.LineItem], by: Literal["line_item_id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each line item, or of each campaign as far as all its line items share one."""
    return in_common(((getattr(item, by), to_charge(item)) for item in items), _both)


def to_terms(item: wire.LineItem) -> Terms:
    charge = to_charge(item)
    return Terms(
        level="ad_group",
        entity_id=item.line_item_id,
        campaign_id=item.campaign_id,
        first_day=item.flight.date_range.first_day,
        model=charge.model,
        billable_event=charge.event,
        kind=to_kind(item),
        native=", ".join(_words(item)),
    )


def to_kind(item: wire.LineItem) -> RateKind:
    """Whether the price was agreed, is bounded, aimed at, or Google's to find."""
    strategy = item.bid_strategy
    if item.reservation_type in GUARANTEED:
        return "fixed"
    if strategy.fixed_bid:
        return "cap"
    if strategy.performance_goal_auto_bid:
        return "target"
    typed = strategy.youtube_and_partners_bid or strategy.demand_gen_bid or wire.TypedBid()
    name = typed.type.rpartition("BIDDING_STRATEGY_TYPE_")[2]
    begins: dict[str, RateKind] = {"RESERVE": "fixed", "MANUAL": "cap", "TARGET": "target"}
    return begins.get(name.partition("_")[0], "auto")


def _words(item: wire.LineItem) -> Iterator[str]:
    """Google's own settings that explain the charge, as ``name=value``; what is not set is left out."""
    strategy, markup = item.bid_strategy, item.partner_revenue_model
    told: dict[str, object] = {
        "lineItemType": item.line_item_type.removeprefix(TYPE),
        "reservationType": item.reservation_type.removeprefix("RESERVATION_TYPE_"),
        "fixedBid": strategy.fixed_bid and strategy.fixed_bid.bid_amount_micros,
        "markupType": markup.markup_type.removeprefix("PARTNER_REVENUE_MODEL_MARKUP_TYPE_"),
        "markupAmount": markup.markup_amount,
    }
    for name, goal in (
        ("maximizeSpend", strategy.maximize_spend_auto_bid),
        ("performanceGoal", strategy.performance_goal_auto_bid),
    ):
        if goal:
            told[name] = goal.performance_goal_type.removeprefix("BIDDING_STRATEGY_PERFORMANCE_GOAL_TYPE_")
            told[f"{name}Amount"] = goal.performance_goal_amount_micros
            told[f"{name}MaxAverageCpm"] = goal.max_average_cpm_bid_amount_micros
    for typed in (strategy.youtube_and_partners_bid, strategy.demand_gen_bid):
        if typed:
            told["bid"], told["bidValue"] = typed.type.rpartition("STRATEGY_TYPE_")[2], typed.value
    return (f"{name}={value}" for name, value in told.items() if value)


def _both(one: Charge, other: Charge) -> Charge:
    views = one.views if one.views == other.views else ""
    return one._replace(views=views) if one[:2] == other[:2] else Charge(views=views)
