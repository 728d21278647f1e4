"""Impressions, taps, cost and installs as records.

Source: Apple Ads Platform API 1.0, "Apps Reports Objects" and metrics of brands; apple-ads-platform 1.117.0
(read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from adtally import ContractError, Delivery, Interaction, Unit, to_micros

from . import wire
from .charging import UNKNOWN, Charges
from .queries import Level
from .totals import Tally

Kind: TypeAlias = Literal["engagement", "install", "conversion"]
Told: TypeAlias = tuple[date, wire.ReportRow, wire.Metrics]

ALWAYS_TOLD = ("local_spend", "impressions", "taps")
METRICS = tuple(name for name in wire.Metrics.__struct_fields__ if name != "date")
MILLION = 1_000_000


class Action(NamedTuple):
    """A metric that becomes interactions, under the name that Apple has for all of its kind."""

    metric: str
    action: str
    kind: Kind
    attribution: str = "default"
    view_through: bool = False
    in_total: bool = False


def _family(action: str, metric: str, kind: Kind, *, in_total: bool = False) -> tuple[Action, ...]:
    """All of one kind, and its parts by what people did before."""
    return (
        Action(f"total_{metric}", action, kind, in_total=in_total),
        Action(f"tap_{metric}", action, kind, "click"),
        Action(f"view_{metric}", action, kind, "view_through", view_through=True),
    )


# Installs alone may be added up: downloads are parts of them. Actions of Maps all follow a tap.
ACTIONS = (
    *_family("totalInstalls", "installs", "install", in_total=True),
    *_family("totalNewDownloads", "new_downloads", "install"),
    *_family("totalRedownloads", "redownloads", "install"),
    *_family("totalPreOrdersPlaced", "pre_orders_placed", "conversion"),
    Action("actions", "actions", "engagement", "click", in_total=True),
    Action("first_actions", "firstActions", "engagement", "click"),
    Action("get_directions", "getDirections", "engagement", "click"),
    Action("tap_url", "tapURL", "engagement", "click"),
    Action("call", "call", "engagement", "click"),
    Action("share", "share", "engagement", "click"),
    Action("get_the_app", "getTheApp", "engagement", "click"),
    Action("gallery_engagement", "galleryEngagement", "engagement", "click"),
)


def to_delivery(
    pages: Iterable[list[wire.ReportRow]], level: Level, charges: Charges, unit: Unit
) -> Iterator[Delivery]:
    """One record per row and day; cost is of the account's currency.

    ``billable_units`` counts what the campaign pays for.
    """
    for day, row, told in by_day(pages, unit):
        place = placed(row, level)
        campaign, ad_group = place["campaign_id"], place["ad_group_id"]
        charge = charges.get((campaign, ad_group)) or charges.get((campaign, 0), UNKNOWN)
        units = {"clicks": told.taps, "impressions": told.impressions, "installs": told.total_installs}.get(
            charge.event
        )
        spend = told.local_spend
        yield Delivery(
            day=day,
            campaign_id=str(campaign),
            ad_group_id=str(ad_group or ""),
            ad_id=str(place["ad_id"] or ""),
            currency=spend.iso if spend else "",
            impressions=told.impressions,
            clicks=told.taps,
            interactions=units if charge.event in ("clicks", "installs") else told.taps,
            installs=told.total_installs,
            billable_units=units,
            cost_micros=to_micros(spend.amount) if spend else None,
        )


def to_interactions(pages: Iterable[list[wire.ReportRow]], unit: Unit) -> Iterator[Interaction]:
    """What people did, one record per action that the row tells and that happened."""
    for day, row, told in by_day(pages, unit):
        for action in ACTIONS:
            number: int | wire.Taps | None = getattr(told, action.metric)
            quantity = number.tap if isinstance(number, wire.Taps) else number
            if quantity:
                yield Interaction(
                    day=day,
                    campaign_id=str(row.metadata.id),
                    action=action.action,
                    attribution=action.attribution,
                    kind=action.kind,
                    quantity_micros=quantity * MILLION,
                    view_through=action.view_through,
                    in_total=action.in_total,
                )


def placed(row: wire.ReportRow, level: Level) -> dict[str, int]:
    """The ids of what the row is about; 0 = none at this level. Raises ContractError if it does not say."""
    *above, own = level.ids
    found: dict[str, int] = {"ad_group_id": 0, "ad_id": 0, own: row.metadata.id}
    for name in above:
        number: int | None = getattr(row.metadata, name)
        if number is None:
            raise ContractError(f"report: a row of {level.path} has no {name}")
        found[name] = number
    return found


def by_day(pages: Iterable[list[wire.ReportRow]], unit: Unit) -> Iterator[Told]:
    """Each row's days; a row of a single day is that day.

    Raises ContractError for a row without days, and TransientError for days that do not add up to its total.
    """
    single = unit.window.days == 1
    for page in pages:
        for row in page:
            if single:
                yield unit.window.first_day, row, row.total_metrics or wire.Metrics()
                continue
            if row.granular_metrics is None:
                raise ContractError(f"report: the row of {row.metadata.id} has no days")
            tally = Tally(unit.account.currency)
            days = [_told(day, row.total_metrics) for day in row.granular_metrics]
            for told in days:
                tally.add(told)
            tally.compare(row.total_metrics, f"the days of {row.metadata.id}")
            for told in days:
                yield _date(told.date), row, told


def _told(day: wire.Metrics, total: wire.Metrics | None) -> wire.Metrics:
    """The day; one that holds nothing but its date is a day of zeros, in all that Apple counts there."""
    if any(getattr(day, name) is not None for name in METRICS):
        return day
    counted = [name for name in METRICS if name in ALWAYS_TOLD or getattr(total, name, None) is not None]
    zeros = {name: _zero(name, getattr(total, name, None)) for name in counted}
    return msgspec.structs.replace(day, **zeros)


def _zero(name: str, like: object) -> object:
    if name == "local_spend":
        return wire.Money(Decimal(0), like.currency if isinstance(like, wire.Money) else None)
    return wire.Taps(0) if isinstance(like, wire.Taps) else 0


def _date(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise ContractError(f"report: not a day: {text!r}") from None
