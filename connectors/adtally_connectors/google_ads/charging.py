"""What a Google Ads campaign is charged for, by payment mode, bidding strategy and channel.

Source: ``PaymentMode`` and ``BiddingStrategyType`` enums and the bidding messages of Google Ads API v26. A
target (target CPA, target ROAS, target CPM) is an average that the platform aims at, never a price and
never an upper bound, so it is told in words only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from adtally import Terms

from . import wire

Model: TypeAlias = Literal["cpm", "vcpm", "cpc", "cpv", "cpl", "cpa", "cps", "dynamic"]
Kind: TypeAlias = Literal["fixed", "cap", "target", "auto"]


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""
    kind: Kind = "auto"


BY_PAYMENT_MODE = {
    "CONVERSIONS": Charge("cpa", "conversions", "target"),
    "CONVERSION_VALUE": Charge("cps", "conversion_value", "fixed"),
    "GUEST_STAY": Charge("cps", "conversion_value", "fixed"),
}
BY_STRATEGY = {
    "MANUAL_CPC": Charge("cpc", "clicks", "cap"),
    "ENHANCED_CPC": Charge("cpc", "clicks"),
    "TARGET_CPC": Charge("cpc", "clicks", "target"),
    "TARGET_SPEND": Charge("cpc", "clicks"),
    "TARGET_IMPRESSION_SHARE": Charge("cpc", "clicks"),
    "PERCENT_CPC": Charge("cpc", "clicks"),
    "PAGE_ONE_PROMOTED": Charge("cpc", "clicks"),
    "TARGET_OUTRANK_SHARE": Charge("cpc", "clicks"),
    "MANUAL_CPM": Charge("vcpm", "viewable_impressions", "cap"),
    "TARGET_CPM": Charge("cpm", "impressions", "target"),
    "FIXED_CPM": Charge("cpm", "impressions", "fixed"),
    "MANUAL_CPV": Charge("cpv", "video_views", "cap"),
    "TARGET_CPV": Charge("cpv", "video_views", "target"),
    "MANUAL_CPA": Charge("cpa", "conversions", "cap"),
    "COMMISSION": Charge("cps", "conversion_value", "fixed"),
}
# These optimise for conversions and yet charge the interaction, which is a click only on some channels.
BY_GOAL: dict[str, Kind] = {
    "TARGET_CPA": "target",
    "MAXIMIZE_CONVERSIONS": "auto",
    "TARGET_ROAS": "target",
    "MAXIMIZE_CONVERSION_VALUE": "auto",
}
CLICK_CHANNELS = {"SEARCH", "SHOPPING", "DISPLAY", "PERFORMANCE_MAX"}
BID_BY_AD_GROUP = {
    "MANUAL_CPC": "cpc_bid_micros",
    "MANUAL_CPM": "cpm_bid_micros",
    "MANUAL_CPV": "cpv_bid_micros",
    "FIXED_CPM": "fixed_cpm_micros",
}
COUNTED = {
    "clicks": "clicks",
    "impressions": "impressions",
    "viewable_impressions": "active_view_impressions",
    "video_views": "video_trueview_views",
    "conversions": "conversions",
}
"""The metric that counts each billable event."""


def to_charge(payment_mode: str, strategy: str, channel: str) -> Charge:
    """What the campaign pays for; without a model where the documents do not say."""
    if payment_mode in BY_PAYMENT_MODE:
        return BY_PAYMENT_MODE[payment_mode]
    if strategy == "MANUAL_CPA" and channel == "LOCAL_SERVICES":
        return Charge("cpl", "leads", "cap")
    if strategy in BY_GOAL:
        return Charge("cpc", "clicks", BY_GOAL[strategy]) if channel in CLICK_CHANNELS else Charge("dynamic")
    return BY_STRATEGY.get(strategy, Charge())


def campaign_terms(campaign: wire.CampaignSettings, first_day: date | None, prices: set[int]) -> Terms:
    """The terms of one campaign; ``prices`` are the fixed prices of its ad groups, used if they agree."""
    model, event, kind = _charge(campaign)
    rate = None
    ceiling = campaign.target_spend.cpc_bid_ceiling_micros or campaign.percent_cpc.cpc_bid_ceiling_micros
    if model == "cpc" and ceiling:
        rate, kind = ceiling, "cap"
    elif kind == "fixed" and len(prices) == 1:
        rate = next(iter(prices))
    return Terms(
        level="campaign",
        entity_id=campaign.id,
        campaign_id=campaign.id,
        first_day=first_day,
        model=model,
        billable_event=event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(campaign)),
    )


def ad_group_terms(
    campaign: wire.CampaignSettings, ad_group: wire.AdGroupSettings, first_day: date | None
) -> Terms | None:
    """The bid or fixed price of one ad group, or None where its campaign's strategy keeps none there.

    A manual bid bounds what a click, a view or 1,000 viewable impressions cost, unless a keyword has a bid of
    its own or an adjustment (device, place, hour) raises it.
    """
    field = BID_BY_AD_GROUP[campaign.bidding_strategy_type]
    bid: int | None = getattr(ad_group, field)
    if not bid:
        return None
    model, event, kind = _charge(campaign)
    return Terms(
        level="ad_group",
        entity_id=ad_group.id,
        campaign_id=campaign.id,
        first_day=first_day,
        model=model,
        billable_event=event,
        rate_micros=bid,
        kind=kind,
        native=f"{', '.join(_words(campaign))}, {field}={bid}",
    )


def _charge(campaign: wire.CampaignSettings) -> Charge:
    return to_charge(campaign.payment_mode, campaign.bidding_strategy_type, campaign.advertising_channel_type)


def _words(campaign: wire.CampaignSettings) -> Iterator[str]:
    """The platform's own settings that explain the charge, as ``name=value``."""
    told = {
        "payment_mode": campaign.payment_mode or None,
        "bidding_strategy_type": campaign.bidding_strategy_type or None,
        "target_cpa_micros": campaign.target_cpa.target_cpa_micros
        or campaign.maximize_conversions.target_cpa_micros,
        "target_roas": campaign.target_roas.target_roas or campaign.maximize_conversion_value.target_roas,
        "target_cpc_micros": campaign.target_cpc.target_cpc_micros,
        "cpc_bid_ceiling_micros": campaign.target_spend.cpc_bid_ceiling_micros
        or campaign.percent_cpc.cpc_bid_ceiling_micros,
        "commission_rate_micros": campaign.commission.commission_rate_micros,
    }
    return (f"{name}={value}" for name, value in told.items() if value)
