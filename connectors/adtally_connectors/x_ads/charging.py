"""What a line item of X is charged for, by its ``pay_by``, and what its bid means.

Source: X Ads API v12, "Line Items", "Objective-Based Campaigns" (snapshot of 2026-08-22; read 2026-11), and
the enumerations of the package twitter-ads 11.0.0. A bid is for one event of the ``goal``, and so a price
only where that is what is paid for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from adtally import Model, RateKind, Terms, in_common

from . import wire
from .entities import first_day


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""
    metric: str = ""
    """X's count of it."""
    views: str = "video_total_views"
    """The metric of video views that counts here; "" = what is charged is not told."""
    clicks: str = "url_clicks"
    """The metric of clicks: of links, or of apps where these are paid for."""


MIXED = Charge()
BY_EVENT = {
    "IMPRESSION": Charge("cpm", "impressions", "impressions"),
    "LINK_CLICK": Charge("cpc", "clicks", "url_clicks"),
    "APP_CLICK": Charge("cpc", "clicks", "app_clicks", clicks="app_clicks"),
    "APP_INSTALL": Charge("cpi", "installs", "installs"),
    "ENGAGEMENT": Charge("cpe", "engagements", "engagements"),
    "FOLLOW": Charge("cpa", "follows", "follows"),
    "LEAD": Charge("cpl", "leads", "billed_engagements"),
}
TAKEOVER = Charge("flat")
"""A whole day at the top of the timeline or of the trends; that its price is fixed is not said by X."""
TAKEOVERS = {"SPOTLIGHT", "TREND"}
VIEWS_BY_GOAL = {
    "VIDEO_VIEW": "video_total_views",
    "VIEW_3S_100PCT": "video_3s100pct_views",
    "VIEW_6S": "video_6s_views",
    "VIEW_15S": "video_15s_views",
}
BY_OBJECTIVE = {
    "REACH": "IMPRESSION",
    "ENGAGEMENTS": "ENGAGEMENT",
    "FOLLOWERS": "FOLLOW",
    "VIDEO_VIEWS": "VIEW",
    "PREROLL_VIEWS": "VIEW",
    "APP_ENGAGEMENTS": "APP_CLICK",
}
"""What is paid for where ``pay_by`` is not told; of clicks and installs the objective does not say it."""
GOALS = {
    "IMPRESSION": ("MAX_REACH",),
    "LINK_CLICK": ("LINK_CLICKS",),
    "APP_CLICK": ("APP_CLICKS",),
    "APP_INSTALL": ("APP_INSTALLS",),
    "ENGAGEMENT": ("ENGAGEMENT",),
    "FOLLOW": ("FOLLOWERS",),
    "VIEW": tuple(VIEWS_BY_GOAL),
}
"""The goals of which one event is what is paid for."""
KINDS: dict[str, RateKind] = {"MAX": "cap", "TARGET": "target"}
WORDS = (
    *("pay_by", "goal", "objective", "bid_strategy", "bid_amount_local_micro", "target_cpa_local_micro"),
    *("product_type", "currency"),
)


def to_charge(item: wire.LineItem) -> Charge:
    """What the line item pays for; without a model where that is not told or not known."""
    if TAKEOVERS.intersection(item.placements or ()):
        return TAKEOVER
    event = _event(item)
    if event == "VIEW":
        views = VIEWS_BY_GOAL.get(item.goal or "", "")
        return Charge("cpv", "video_views", views, views)
    return BY_EVENT.get(event, MIXED)


def charges(items: Iterable[wire.LineItem], by: Literal["id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each line item, or of each campaign whose line items all share one.

    Where a campaign pays for views of several lengths, the model is known and the count is not.
    """
    return in_common(((getattr(item, by), to_charge(item)) for item in items), _both)


def to_terms(item: wire.LineItem, timezone: str) -> Terms:
    """The terms of one line item; the price is micros of its currency, of impressions for 1,000.

    A bid for another event than the one that is paid for is a target without a price.
    """
    charge, rate = to_charge(item), item.bid_amount_local_micro
    kind = KINDS.get(item.bid_strategy or "", "auto")
    if charge == TAKEOVER:
        kind, rate = "fixed", None
    elif kind == "auto":  # X ignores the bid
        rate = None
    elif (item.goal or "") not in GOALS.get(_event(item), ()):
        kind, rate = "target", None
    return Terms(
        level="ad_group",
        entity_id=item.id,
        campaign_id=item.campaign_id,
        first_day=first_day(item.start_time, timezone),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=rate or None,
        kind=kind,
        native=", ".join(_words(item)),
    )


def _event(item: wire.LineItem) -> str:
    return item.pay_by or BY_OBJECTIVE.get(item.objective or "", "")


def _words(item: wire.LineItem) -> Iterator[str]:
    """X's own settings that explain the charge, as ``name=value``; an amount of 0 is no setting."""
    for name in WORDS:
        value: str | int | None = getattr(item, name)
        if value:
            yield f"{name}={value}"
    if item.placements:
        yield f"placements={'+'.join(item.placements)}"


def _both(one: Charge, other: Charge) -> Charge:
    return one._replace(metric="", views="") if one.model == other.model == "cpv" else MIXED
