"""What a Snapchat ad squad is charged for, and what its bid means.

Source: developers.snap.com, Ads API v1, "Ad Squads" (read 2026-11). ``billing_event`` has one documented
value, IMPRESSION, whatever the squad optimises for. A bid is for one event of the optimization goal, and so a
price of 1,000 impressions only where these are the goal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from adtally import Model, RateKind, Terms, in_common, rounded

from . import wire
from .entities import first_day


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""


MIXED = Charge()
BY_EVENT = {"IMPRESSION": Charge("cpm", "impressions")}
BID_KINDS: dict[str, RateKind] = {
    "LOWEST_COST_WITH_MAX_BID": "cap",
    "TARGET_COST": "target",
    "MIN_ROAS": "target",
}
"""By ``bid_strategy``; without a bid, AUTO_BID or anything else."""
WORDS = (
    *("billing_event", "bid_strategy", "bid_micro", "roas_value_micro", "optimization_goal"),
    *("reach_and_frequency_status", "reach_and_frequency_micro", "impression_goal", "reach_goal"),
)


def to_charge(squad: wire.AdSquad) -> Charge:
    """What the ad squad pays for; nothing where its billing event is unknown."""
    return BY_EVENT.get(squad.billing_event or "", MIXED)


def charges(squads: Iterable[wire.AdSquad], by: Literal["id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each ad squad, or of each campaign whose ad squads all share one."""
    return in_common(((getattr(squad, by), to_charge(squad)) for squad in squads), lambda _one, _other: MIXED)


def to_terms(squad: wire.AdSquad, campaign: wire.Campaign | None, timezone: str) -> Terms:
    """The terms of one ad squad; the price is micros of the account's currency for 1,000 impressions.

    What is booked has the price that follows from the amount and the impressions of the booking. A bid for
    another event is a target without a price.
    """
    charge, booked = to_charge(squad), squad.reach_and_frequency_micro
    rate: int | None = None
    kind: RateKind = "auto"
    if booked or (campaign and campaign.buy_model == "RESERVED"):
        kind = "fixed"
        if booked and squad.impression_goal:
            rate = rounded(booked * 1000, squad.impression_goal)
    else:
        strategy, goal = _strategy(squad, campaign), _goal(squad, campaign)
        bid = squad.bid_micro
        if strategy == "AUTO_BID":
            bid = campaign.auto_bid_max_bid_micro if campaign else None
            kind = "cap" if bid else "auto"
        else:
            kind = BID_KINDS.get(strategy, "auto")
        if goal == "IMPRESSIONS":
            rate = bid if kind != "auto" and strategy != "MIN_ROAS" else None
        elif kind == "cap":
            kind = "target"
    return Terms(
        level="ad_group",
        entity_id=squad.id,
        campaign_id=squad.campaign_id,
        first_day=first_day(squad.start_time, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate if charge.model else None,
        kind=kind,
        native=", ".join(_words(squad, campaign)),
    )


def _strategy(squad: wire.AdSquad, campaign: wire.Campaign | None) -> str:
    """The bid strategy; of older ad squads two switches tell it, of shared budgets the campaign."""
    if squad.bid_strategy:
        return squad.bid_strategy
    shared = campaign.shared_properties if campaign else None
    if shared and shared.shared_ad_squad_bid_strategy:
        return shared.shared_ad_squad_bid_strategy
    if squad.target_bid:
        return "TARGET_COST"
    return "LOWEST_COST_WITH_MAX_BID" if squad.bid_micro and not squad.auto_bid else "AUTO_BID"


def _goal(squad: wire.AdSquad, campaign: wire.Campaign | None) -> str:
    shared = campaign.shared_properties if campaign else None
    return squad.optimization_goal or (shared and shared.shared_optimization_goal) or ""


def _words(squad: wire.AdSquad, campaign: wire.Campaign | None) -> Iterator[str]:
    """Snapchat's own settings that explain the charge, as ``name=value``; an amount of 0 is no setting."""
    for name in WORDS:
        value: str | int | None = getattr(squad, name)
        if value:
            yield f"{name}={value}"
    if campaign is None:
        return
    if campaign.buy_model:
        yield f"buy_model={campaign.buy_model}"
    if campaign.pacing_level:
        yield f"pacing_level={campaign.pacing_level}"
    if campaign.auto_bid_max_bid_micro:
        yield f"auto_bid_max_bid_micro={campaign.auto_bid_max_bid_micro}"
    if shared := campaign.shared_properties:
        for name in ("shared_optimization_goal", "shared_ad_squad_bid_strategy"):
            if word := getattr(shared, name):
                yield f"{name}={word}"
