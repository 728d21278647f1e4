"""What a Reddit ad group is charged for, by its ``bid_type``.

Source: Reddit Ads API v3, ad groups and campaigns (types of clients made from its OpenAPI file; read
2026-11). What an ad group leaves null is set in its campaign. An optimization goal is never charged: it only
steers who sees the ad. Prices are micros, for CPM of 1,000 impressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec.structs import replace

from adtally import Model, RateKind, Terms, in_common, local_day, to_micros

from . import wire


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""
    views: str = "video_viewable_impressions"
    """The field of video views that counts here; "" = what is charged is not told."""


MIXED = Charge()
BY_BID_TYPE = {
    "CPC": Charge("cpc", "clicks"),
    "CPM": Charge("cpm", "impressions"),
    "CPV": Charge("cpv", "video_views"),
    "CPV6": Charge("cpv", "video_views", "video_viewable_watched_6_seconds"),
    "CPV15": Charge("cpv", "video_views", "video_viewable_watched_15_seconds"),
}
INHERITED = wire.Bidding.__struct_fields__
WORDS = ("bid_type", "bid_strategy", "bid_value", "optimization_goal", "view_through_conversion_type")


def effective(group: wire.AdGroup, campaign: wire.Campaign | None) -> wire.AdGroup:
    """The ad group with what its campaign sets, where it sets nothing itself."""
    if campaign is None:
        return group
    missing = {name: getattr(campaign, name) for name in INHERITED if getattr(group, name) is None}
    return replace(group, **missing)


def to_charge(group: wire.AdGroup) -> Charge:
    """What the ad group pays for; without a model where its bid type is unknown."""
    return BY_BID_TYPE.get(group.bid_type or "", MIXED)


def charges(groups: Iterable[wire.AdGroup], by: Literal["id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each ad group, or of each campaign whose ad groups all share one.

    Where a campaign pays for views of several lengths, the model is known and the count is not.
    """
    return in_common(((getattr(group, by), to_charge(group)) for group in groups), _both)


def to_terms(group: wire.AdGroup, timezone: str) -> Terms:
    """The terms of one effective ad group.

    A bid bounds what a click, a view or 1,000 impressions cost; the value of ``TARGET_CPX`` is aimed at, for
    a result, and is no price.
    """
    charge = to_charge(group)
    rate: int | None = None
    kind: RateKind = "auto"
    if group.bid_strategy == "TARGET_CPX":
        kind = "target"
    elif charge.model and group.bid_value and group.bid_strategy in ("MANUAL_BIDDING", "MAXIMIZE_VOLUME"):
        rate, kind = to_micros(group.bid_value, scale=1), "cap"
    return Terms(
        level="ad_group",
        entity_id=group.id,
        campaign_id=group.campaign_id,
        first_day=first_day(group, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate,
        kind=kind,
        native=", ".join(_words(group)),
    )


def first_day(of: wire.Bidding | wire.FundingInstrument, timezone: str) -> date | None:
    """The day on which it starts by the account's clock."""
    return local_day(of.start_time, timezone) if of.start_time else None


def last_day(of: wire.Bidding | wire.FundingInstrument, timezone: str) -> date | None:
    """The last day before the end, or None if it has none; an end at midnight closes the day."""
    return local_day(of.end_time - timedelta(seconds=1), timezone) if of.end_time else None


def _words(group: wire.AdGroup) -> Iterator[str]:
    """Reddit's own settings that explain the charge, as ``name=value``."""
    for name in WORDS:
        value: str | Decimal | None = getattr(group, name)
        if value:
            yield f"{name}={value}"


def _both(one: Charge, other: Charge) -> Charge:
    return one._replace(views="") if one.model == other.model == "cpv" else MIXED
