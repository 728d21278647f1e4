"""What an Apple Ads campaign is charged for: by its ``billingEvent``, else its ad groups' ``pricingModel``.

Source: Apple Ads Platform API 1.0, "BillingEvent", "PricingModel", "BidStrategy" (read 2026-11). The bid
strategy says what a bid means, never what is charged: a target per install is still billed by tap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from adtally import Model, RateKind, Terms, to_micros

from . import wire


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""


Charges: TypeAlias = Mapping[tuple[int, int], Charge]
"""By campaign and ad group; ad group 0 is the whole campaign."""

UNKNOWN = Charge()
TAPS, IMPRESSIONS, INSTALLS = Charge("cpc", "clicks"), Charge("cpm", "impressions"), Charge("cpi", "installs")
BY_EVENT = {"TAPS": TAPS, "IMPRESSIONS": IMPRESSIONS, "INSTALLS": INSTALLS}
BY_PRICING = {"CPT": TAPS, "CPC": TAPS, "CPM": IMPRESSIONS, "CPA": INSTALLS}
BIDS = {
    ("MANUAL_CPT", "cpc"),
    ("MAX_ENGAGEMENTS", "cpc"),
    ("MANUAL_CPM", "cpm"),
}
"""Strategies whose bid bounds the price of what is charged."""


def to_charge(billing_event: str | None, pricing_model: str | None = None) -> Charge:
    """What is paid for; without a model where Apple's word is unknown."""
    if billing_event:
        return BY_EVENT.get(billing_event, UNKNOWN)
    return BY_PRICING.get(pricing_model or "", UNKNOWN)


def charges(campaigns: Iterable[wire.Campaign], groups: Iterable[wire.AdGroup]) -> Charges:
    """The charge of each campaign; of one without a billing event by its groups, if they all share one."""
    found = {(row.id, 0): to_charge(row.billing_event) for row in campaigns if row.billing_event}
    for group in groups:
        charge = to_charge(None, group.pricing_model)
        found[group.campaign_id, group.id] = charge
        whole = group.campaign_id, 0
        if found.setdefault(whole, charge) != charge:
            found[whole] = UNKNOWN
    return found


def to_terms(group: wire.AdGroup, campaign: wire.Campaign, keyword_bid: int | None, timezone: str) -> Terms:
    """The terms of one ad group; the price is micros of the account's currency, per 1,000 for cpm.

    A manual bid bounds what a tap or 1,000 impressions cost; ``keyword_bid`` is the highest one of the
    group's keywords, which outranks its own.
    """
    charge = to_charge(campaign.billing_event, group.pricing_model)
    strategy = group.bid_strategy or wire.BidStrategy()
    bid = to_micros(strategy.bid.amount) if strategy.bid else None
    rate: int | None = None
    kind: RateKind = "auto"
    if strategy.bid_strategy_type == "MAX_CONVERSIONS":
        kind = "target" if bid else "auto"
        rate = bid if charge == INSTALLS else None
    elif (strategy.bid_strategy_type, charge.model) in BIDS and bid:
        rate, kind = max(bid, keyword_bid or 0), "cap"
    return Terms(
        level="ad_group",
        entity_id=str(group.id),
        campaign_id=str(group.campaign_id),
        first_day=wire.first_day(group.start_time, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(group, campaign, strategy)),
    )


def highest_bids(keywords: Iterable[wire.Keyword]) -> dict[int, int]:
    """The highest bid of the keywords of each ad group."""
    found: dict[int, int] = {}
    for keyword in keywords:
        if keyword.bid:
            bid = to_micros(keyword.bid.amount)
            found[keyword.ad_group_id] = max(bid, found.get(keyword.ad_group_id, bid))
    return found


def _words(group: wire.AdGroup, campaign: wire.Campaign, strategy: wire.BidStrategy) -> Iterator[str]:
    """Apple's own settings that explain the charge, as ``name=value``."""
    cap = group.cpa_cap.value if group.cpa_cap else None
    told = {
        "billingEvent": campaign.billing_event,
        "pricingModel": group.pricing_model,
        "bidStrategyType": strategy.bid_strategy_type,
        "bidStrategyGoal": strategy.bid_strategy_goal,
        "bid": strategy.bid.amount if strategy.bid else None,
        "cpaCap": cap.amount if cap else None,
    }
    return (f"{name}={value}" for name, value in told.items() if value)
