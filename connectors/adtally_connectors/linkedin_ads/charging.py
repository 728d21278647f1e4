"""What a LinkedIn campaign, our ad group, is charged for, by its ``costType``.

Source: LinkedIn Marketing API 202607, "Campaigns", "Ad budget and pricing type combinations"; LinkedIn help
a427513 and a424254 (read 2026-11). Leads and conversions are aimed at and never charged. Sponsored Messaging
is charged by send; whether its price is told per send or per thousand is not said, so it stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from adtally import Model, RateKind, Terms, in_common, local_day, to_micros

from . import wire

MESSAGES = "SPONSORED_INMAILS"


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is its name in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""


MIXED = Charge()
BY_COST_TYPE = {
    "CPM": Charge("cpm", "impressions"),
    "CPC": Charge("cpc", "clicks"),
    "CPV": Charge("cpv", "video_views"),
}
SENDS = Charge("cpsend", "sends")
MANUAL = {"", "NONE"}
TARGETS = {
    "TARGET_COST_PER_CLICK": "cpc",
    "TARGET_COST_PER_IMPRESSION": "cpm",
    "TARGET_COST_PER_VIDEO_VIEW": "cpv",
}
"""Strategies that aim at an average price, and of what."""


def to_charge(campaign: wire.Campaign) -> Charge:
    """What the campaign pays for; without a model where that is unknown."""
    if campaign.type == MESSAGES:
        return SENDS if campaign.cost_type == "CPM" else MIXED
    return BY_COST_TYPE.get(campaign.cost_type or "", MIXED)


def charges(campaigns: Iterable[wire.Campaign], by: Callable[[wire.Campaign], str]) -> dict[str, Charge]:
    """The charge of each campaign, or of each campaign group whose campaigns all share one."""
    return in_common(
        ((by(campaign), to_charge(campaign)) for campaign in campaigns), lambda _one, _other: MIXED
    )


def to_terms(campaign: wire.Campaign, currency: str) -> Terms:
    """The terms of one campaign; the price is micros of the account's currency, per 1,000 for cpm.

    A manual bid bounds what a click, a view or 1,000 impressions cost. An adjusted bid may be exceeded, and a
    cost cap is a price per result: both are targets.
    """
    charge, strategy = to_charge(campaign), campaign.optimization_target_type or ""
    rate: int | None = None
    kind: RateKind = "auto"
    if strategy in MANUAL and charge.model and campaign.unit_cost and campaign.unit_cost.amount:
        kind, rate = "cap", _price(campaign.unit_cost, charge, currency)
    elif strategy == "ENHANCED_CONVERSION" or strategy in TARGETS:
        kind = "target"
        if campaign.unit_cost and TARGETS.get(strategy, charge.model) == charge.model:
            rate = _price(campaign.unit_cost, charge, currency)
    elif strategy.startswith("CAP_COST_"):
        kind = "target"
    return Terms(
        level="ad_group",
        entity_id=str(campaign.id),
        campaign_id=campaign.group_id,
        first_day=first_day(campaign.run_schedule),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(campaign)),
    )


def first_day(schedule: wire.Schedule) -> date | None:
    return None if schedule.start is None else _day(schedule.start)


def last_day(schedule: wire.Schedule) -> date | None:
    """The last day before the end; an end at midnight closes the day."""
    return None if schedule.end is None else _day(schedule.end - 1)


def _day(milliseconds: int) -> date:
    return local_day(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds), "UTC")


def _price(unit_cost: wire.Money, charge: Charge, currency: str) -> int | None:
    """None for what is no price: of sends it is not known for how many, and one of another currency."""
    if charge in (SENDS, MIXED) or unit_cost.currency_code not in ("", currency) or not unit_cost.amount:
        return None
    return to_micros(unit_cost.amount)


def _words(campaign: wire.Campaign) -> Iterator[str]:
    """LinkedIn's own settings that explain the charge, as ``name=value``."""
    cost = campaign.unit_cost
    settings = {
        "type": campaign.type,
        "format": campaign.format,
        "costType": campaign.cost_type,
        "unitCost": f"{cost.amount} {cost.currency_code}".strip() if cost else None,
        "optimizationTargetType": campaign.optimization_target_type,
        "objectiveType": campaign.objective_type,
    }
    return (f"{name}={value}" for name, value in settings.items() if value)
