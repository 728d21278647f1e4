"""What an Amazon campaign is charged for, by its product and its cost type.

Source: guides of each product and the enumerations of ``costType`` (read 2026-11). Bids of ad groups and
keywords, goals and KPIs steer the price: none of them is one, nor a bound, since placements raise a bid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adtally import Model, RateKind, Terms

from . import wire


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown."""

    model: Model | None = None
    event: str = ""
    kind: RateKind = "auto"


UNKNOWN = Charge()
BY_PRODUCT = {
    "SPONSORED_PRODUCTS": Charge("cpc", "clicks"),
    "SPONSORED_TELEVISION": Charge("cpm", "impressions"),
    "DEMAND_SIDE_PLATFORM": Charge("cpm", "impressions"),
}
"""Products that are charged in one way alone."""
BY_COST_TYPE = {
    "CPC": Charge("cpc", "clicks"),
    "VCPM": Charge("vcpm", "viewable_impressions"),
    "CPM": Charge("cpm", "impressions"),
    "FIXED_PRICE": Charge("flat", "", "fixed"),
}


def to_charge(ad_product: str, cost_type: str | None) -> Charge:
    """What is paid for; without a model where Amazon does not say."""
    return BY_PRODUCT.get(ad_product) or BY_COST_TYPE.get((cost_type or "").upper(), UNKNOWN)


def to_terms(row: wire.Campaign, ad_product: str, first_day: date | None) -> Terms:
    charge = to_charge(ad_product, row.cost_type)
    return Terms(
        level="campaign",
        entity_id=row.key,
        campaign_id=row.key,
        first_day=first_day,
        model=charge.model,
        billable_event=charge.event,
        kind=charge.kind,
        native=", ".join(_words(row, ad_product)),
    )


def _words(row: wire.Campaign, ad_product: str) -> Iterator[str]:
    """Amazon's own settings that explain the charge, as ``name=value``."""
    goals = row.optimizations.goal_settings
    told = {
        "adProduct": ad_product,
        "costType": row.cost_type,
        "goal": row.goal or goals.goal,
        "kpi": goals.kpi,
        "tactic": row.tactic,
        "targetingType": row.targeting_type,
        "strategy": row.dynamic_bidding.strategy,
        "bidStrategy": row.optimizations.bid_settings.bid_strategy,
    }
    return (f"{name}={value}" for name, value in told.items() if value)
