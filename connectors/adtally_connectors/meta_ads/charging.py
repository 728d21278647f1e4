"""What an ad set of Meta's is charged for, by its billing event and the campaign's buying type.

Source: "Billing events" (2026-06-28), "Bid strategy", "Cost per action ads" (2025-11-11), Marketing API v26.
Nearly everything is charged per impression, whatever it is optimized for. A bid is worth one result of the
optimization goal, so it bounds the price only where that result is also what is charged.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from adtally import Model, RateKind, Terms

from . import wire
from .offsets import from_units


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its count in the ledger, "" = unknown."""

    model: Model | None = None
    event: str = ""


BY_EVENT = {
    "IMPRESSIONS": Charge("cpm", "impressions"),
    "CLICKS": Charge("cpc", "clicks"),
    "LINK_CLICKS": Charge("cpc", "clicks"),
    "THRUPLAY": Charge("cpv", "video_views"),
    "APP_INSTALLS": Charge("cpi", "installs"),
    "POST_ENGAGEMENT": Charge("cpe", "engagements"),
    "PURCHASE": Charge("cps", "purchases"),
    # Results that have no column of their own: they are counted in billable_units.
    "PAGE_LIKES": Charge("cpr", "page_likes"),
    "OFFER_CLAIMS": Charge("cpr", "offer_claims"),
    "LISTING_INTERACTION": Charge("cpr", "listing_interactions"),
}
# Booked ahead and billed from a prediction, at a price that the API does not tell.
FIXED = frozenset({"RESERVED", "FIXED_CPM"})
CAPPED = "LOWEST_COST_WITH_BID_CAP"
UNBOUND = "LOWEST_COST_WITHOUT_CAP"


def ad_set_terms(ad_set: wire.AdSet, campaign: wire.Campaign, currency: str, timezone: str) -> Terms:
    """The terms of one ad set; what it leaves to its campaign is the campaign's."""
    strategy = ad_set.bid_strategy or campaign.bid_strategy
    charge, kind, rate = (
        BY_EVENT.get(ad_set.billing_event, Charge()),
        _kind(strategy, ad_set.bid_amount),
        None,
    )
    if campaign.buying_type in FIXED:
        charge, kind = BY_EVENT["IMPRESSIONS"], "fixed"
    elif strategy == CAPPED and ad_set.bid_amount and ad_set.optimization_goal == ad_set.billing_event:
        kind, rate = "cap", from_units(ad_set.bid_amount, currency)
    return Terms(
        level="ad_group",
        entity_id=ad_set.id,
        campaign_id=ad_set.campaign_id,
        first_day=wire.first_day(ad_set.start_time or ad_set.created_time, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(ad_set, campaign, strategy)),
    )


def _kind(strategy: str, bid: Decimal | None) -> RateKind:
    """Whether Meta aims at something of the advertiser's: a bid, an average cost, a return."""
    aims = strategy != UNBOUND if strategy else bool(bid)
    return "target" if aims else "auto"


def _words(ad_set: wire.AdSet, campaign: wire.Campaign, strategy: str) -> Iterator[str]:
    """The platform's own settings that explain the charge, as ``name=value``."""
    floor = ad_set.bid_constraints.roas_average_floor or campaign.bid_constraints.roas_average_floor
    told = {
        "buying_type": campaign.buying_type,
        "billing_event": ad_set.billing_event,
        "optimization_goal": ad_set.optimization_goal,
        "bid_strategy": strategy,
        "bid_amount": ad_set.bid_amount,
        "roas_average_floor": floor,
    }
    return (f"{name}={value}" for name, value in told.items() if value)
