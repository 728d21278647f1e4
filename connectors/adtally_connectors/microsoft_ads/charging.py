"""What a campaign of Microsoft Advertising is charged for, by the type of its bidding scheme.

Source: API v13, "Budget and Bid Strategies", "BiddingScheme", "Campaign", "AdGroup" (2024-11-06, SDK
13.0.30.1); read 2026-11. Since April 2021 only campaigns have bid strategies; ad groups keep bids. A target
cost or return is no price: what it buys is charged by click.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from adtally import Model, RateKind, Terms, to_micros

from . import wire


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown."""

    model: Model | None = None
    event: str = ""


UNKNOWN = Charge()
CLICKS, SHOWN, VIEWS, SALES = (
    Charge("cpc", "clicks"),
    Charge("cpm", "impressions"),
    Charge("cpv", "video_views"),
    Charge("cps"),
)
BY_SCHEME = {
    **dict.fromkeys(("EnhancedCpc", "ManualCpc", "MaxClicks", "MaxConversions", "PercentCpc"), CLICKS),
    **dict.fromkeys(("MaxConversionValue", "TargetRoas", "MaxRoas", "TargetCpa"), CLICKS),
    "TargetImpressionShare": CLICKS,
    "ManualCpm": SHOWN,
    "ManualCpv": VIEWS,
    "CostPerSale": SALES,
    "Commission": SALES,
}
"""``ManualCpa`` is not among them: whether it charges installs or actions is not said."""
AIMING = {"EnhancedCpc", "MaxConversionValue", "TargetRoas", "MaxRoas", "TargetCpa", "TargetImpressionShare"}
BIDS = {"ManualCpc": "cpc_bid", "ManualCpm": "cpm_bid", "ManualCpv": "cpv_bid"}
"""Bids of ad groups that bound what a click, 1,000 impressions or a view cost."""
WORDS = (
    *("manual_cpc", "max_cpc", "manual_cpi", "target_cpa", "target_roas", "target_ad_position"),
    *("target_impression_share", "target_cost_per_sale", "commission_rate", "max_percent_cpc"),
)
BID_WORDS = ("cpc_bid", "cpm_bid", "cpv_bid", "mcpa_bid", "commission_rate", "percent_cpc_bid")


def scheme_name(campaign: wire.Campaign) -> str:
    """The short name of the scheme that counts, "" where Microsoft does not tell it."""
    scheme = campaign.bidding_scheme or wire.BiddingScheme()
    own = (scheme.type or "").removesuffix("BiddingScheme")
    if own == "InheritFromParent":
        return (scheme.inherited_bid_strategy_type or "").removesuffix("BiddingScheme")
    return own


def to_charge(campaign: wire.Campaign) -> Charge:
    """What the campaign pays for; a programmatic deal its impressions, at a price that is not told."""
    return SHOWN if campaign.is_deal_campaign else BY_SCHEME.get(scheme_name(campaign), UNKNOWN)


def charges(campaigns: Iterable[wire.Campaign]) -> Mapping[str, Charge]:
    """The charge of each campaign by its id."""
    return {campaign.id: to_charge(campaign) for campaign in campaigns}


def campaign_terms(campaign: wire.Campaign) -> Terms:
    """The terms of a campaign; a highest price per click is in micros of the account's currency."""
    charge, name = to_charge(campaign), scheme_name(campaign)
    scheme = campaign.bidding_scheme or wire.BiddingScheme()
    max_cpc = scheme.max_cpc.amount if scheme.max_cpc else None
    bound = _price(scheme.manual_cpc if name == "ManualCpc" else max_cpc)
    rate = bound if charge == CLICKS and not campaign.is_deal_campaign else None
    kind: RateKind = "auto"
    if campaign.is_deal_campaign:
        kind = "fixed"
    elif rate is not None:
        kind = "cap"
    elif name in AIMING or scheme.target_cpa:
        kind = "target"
    return Terms(
        level="campaign",
        entity_id=campaign.id,
        campaign_id=campaign.id,
        first_day=campaign.start_date.date if campaign.start_date else None,
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_campaign_words(campaign)),
    )


def ad_group_terms(group: wire.AdGroup, campaign: wire.Campaign) -> Terms | None:
    """The bid of an ad group, or None where it keeps none; per 1,000 for cpm.

    The bid of enhanced CPC is an aim, which Microsoft goes beyond.
    """
    charge, words = to_charge(campaign), list(_words(group, BID_WORDS))
    if not words:
        return None
    bid: wire.Bid | None = getattr(group, BIDS.get(scheme_name(campaign), ""), None)
    rate = None if campaign.is_deal_campaign or bid is None else _price(bid.amount)
    told = campaign_terms(campaign)
    return Terms(
        level="ad_group",
        entity_id=group.id,
        campaign_id=campaign.id,
        first_day=group.start_date.date if group.start_date else told.first_day,
        model=charge.model,
        billable_event=charge.event,
        rate_micros=told.rate_micros if rate is None else rate,
        kind=told.kind if rate is None else "cap",
        native=", ".join([told.native, *words]),
    )


def _price(amount: Decimal | None) -> int | None:
    """Micros of a bid; one of 0 is none."""
    return to_micros(amount) if amount else None


def _campaign_words(campaign: wire.Campaign) -> Iterator[str]:
    scheme = campaign.bidding_scheme
    yield f"bidding_scheme={scheme.type or ''}" if scheme else "bidding_scheme not told"
    if scheme and scheme.inherited_bid_strategy_type:
        yield f"inherited_bid_strategy_type={scheme.inherited_bid_strategy_type}"
    if campaign.bid_strategy_id not in (None, "", "0"):
        yield f"bid_strategy_id={campaign.bid_strategy_id}"
    if campaign.is_deal_campaign:
        yield "is_deal_campaign"
    if scheme:
        yield from _words(scheme, WORDS)


def _words(owner: wire.Wire, names: Iterable[str]) -> Iterator[str]:
    """Microsoft's own settings that explain the charge, as ``name=value``; an amount of 0 is no setting."""
    for name in names:
        value: wire.Bid | wire.Rate | Decimal | str | None = getattr(owner, name)
        if isinstance(value, wire.Rate):
            value = value.rate_amount
        if isinstance(value, wire.Bid):
            value = value.amount
        if value:
            yield f"{name}={value}"
