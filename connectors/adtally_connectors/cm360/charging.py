"""What a placement is booked at, by its pricing schedule or by that of its package or roadblock.

Source: dfareporting v5, revision 20261107, schemas PricingSchedule and PlacementGroup (read 2026-11). A price
is agreed with the publisher; CM360's media cost is computed from it and charged by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adtally import Account, Model, Order, Terms, rounded

from . import wire

NANOS = 1000
"""Billionths in a millionth."""
ROADBLOCK = "PLACEMENT_ROADBLOCK"


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = none or unknown."""

    model: Model | None = None
    event: str = ""
    per: int = 1


UNKNOWN = Charge()
BY_TYPE = {
    "PRICING_TYPE_CPM": Charge("cpm", "impressions", 1000),
    "PRICING_TYPE_CPM_ACTIVEVIEW": Charge("vcpm", "viewable_impressions", 1000),
    "PRICING_TYPE_CPC": Charge("cpc", "clicks"),
    "PRICING_TYPE_CPA": Charge("cpa", "conversions"),
    "PRICING_TYPE_FLAT_RATE_IMPRESSIONS": Charge("flat"),
    "PRICING_TYPE_FLAT_RATE_CLICKS": Charge("flat"),
}


def to_terms(placement: wire.Placement, group: wire.PlacementGroup | None, today: date) -> Terms:
    """The terms of one placement on a day; the price is micros, per 1,000 for cpm and vcpm.

    A roadblock is paid on its primary placement alone. A flat price of a package is no placement's own.
    """
    schedule = group.pricing_schedule if group else placement.pricing_schedule
    charge = BY_TYPE.get(schedule.pricing_type, UNKNOWN)
    period = _period(schedule, today)
    rate = _micros(period)
    is_roadblock = group is not None and group.placement_group_type == ROADBLOCK
    if group is not None and is_roadblock and placement.id != group.primary_placement_id:
        charge, rate = UNKNOWN, None
    elif group is not None and not is_roadblock and charge.model == "flat":
        rate = None
    return Terms(
        level="ad_group",
        entity_id=placement.id,
        campaign_id=placement.campaign_id,
        first_day=period.start_date or schedule.start_date,
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate if charge.model else None,
        kind="fixed" if charge.model else "auto",
        native=", ".join(_words(placement, group, schedule, period)),
    )


def to_order(booked: wire.Placement | wire.PlacementGroup, account: Account, today: date) -> Order | None:
    """What is booked in all periods together, at the price of the day; None where nothing is priced."""
    schedule = booked.pricing_schedule
    if not schedule.pricing_periods:
        return None
    charge = BY_TYPE.get(schedule.pricing_type, UNKNOWN)
    units = [period.units for period in schedule.pricing_periods if period.units is not None]
    costs = [_cost(period, charge) for period in schedule.pricing_periods]
    known = [cost for cost in costs if cost is not None]
    return Order(
        order_id=booked.id,
        paid_type=(booked.payment_source or "") if isinstance(booked, wire.Placement) else "",
        first_day=schedule.start_date,
        last_day=schedule.end_date,
        cap_micros=(sum(known) or None) if len(known) == len(costs) else None,
        units=sum(units) if units else None,
        model=charge.model,
        rate_micros=_micros(_period(schedule, today)) if charge.model else None,
        currency=account.currency,
    )


def _period(schedule: wire.Schedule, today: date) -> wire.Period:
    """The period of the day, else the next one, else the last one."""
    periods = sorted(schedule.pricing_periods, key=lambda one: one.start_date or date.min)
    running = [one for one in periods if (one.end_date or date.max) >= today]
    return next(iter(running), periods[-1] if periods else wire.Period())


def _micros(period: wire.Period) -> int | None:
    nanos = period.rate_or_cost_nanos
    return None if nanos is None else rounded(nanos, NANOS)


def _cost(period: wire.Period, charge: Charge) -> int | None:
    """What the booked units of a period cost; None where that cannot be said."""
    nanos = period.rate_or_cost_nanos
    if nanos is None or charge.model is None:
        return None
    if charge.model == "flat":
        return rounded(nanos, NANOS)
    return None if period.units is None else rounded(nanos * period.units, NANOS * charge.per)


def _words(
    placement: wire.Placement, group: wire.PlacementGroup | None, schedule: wire.Schedule, period: wire.Period
) -> Iterator[str]:
    """CM360's own settings that explain the price, as ``name=value``."""
    told = {
        "pricingType": schedule.pricing_type,
        "capCostOption": schedule.cap_cost_option,
        "floodlightActivityId": schedule.floodlight_activity_id,
        "pricingComment": period.pricing_comment,
        "paymentSource": placement.payment_source,
        "placementGroupId": placement.placement_group_id,
        "placementGroupType": group.placement_group_type if group else None,
    }
    return (f"{name}={value}" for name, value in told.items() if value)
