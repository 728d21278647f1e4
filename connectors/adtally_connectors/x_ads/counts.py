"""Impressions, interactions, cost and conversions as records.

Source: X Ads API v12, "Metrics and Segmentation" (snapshot of 2026-08-22; read 2026-11); the parts of
conversions from the announcement "Additional Stats Metrics" of X's developer forum and the schemas of
singer-io/tap-twitter-ads 1.2.1. Charges are micros of the line item's currency. That values of sales are
micros, too, is seen only in a sample of 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from adtally import Delivery, Interaction

from .places import Place
from .queries import MOBILE, WEB, Groups
from .stats import Counted, Told

Kind: TypeAlias = Literal["video_view", "engagement", "lead", "install", "purchase", "conversion", "other"]

MICROS = 1_000_000
ALL_VIEWS = "video_total_views"
VIEWS_SINCE = date(2026, 8, 13)
"""From here on a view is 3 seconds in full view, or one started by hand; before, 2 seconds half in view."""
VIEWS = {
    ALL_VIEWS: "x_3s_100pct_or_click",
    "video_3s100pct_views": "x_3s_100pct",
    "video_6s_views": "x_6s",
    "video_15s_views": "x_15s",
}
"""What each count of views counts."""
ACTIONS_BILLED = {"clicks", "video_views", "engagements", "follows", "installs", "leads"}


class Conversion(NamedTuple):
    """A metric that has parts by attribution; what may be added up never counts the same event twice."""

    metric: str
    kind: Kind = "conversion"
    in_total: bool = False


COUNTED: dict[str, Kind] = {
    **dict.fromkeys(("likes", "retweets", "replies", "follows"), "engagement"),
    **dict.fromkeys(("card_engagements", "carousel_swipes", "app_clicks"), "engagement"),
    **dict.fromkeys(VIEWS, "video_view"),
    "billed_engagements": "other",
}
"""Metrics without an attribution; the last is how often X charged what is paid for."""
OF_WEB = (
    Conversion("conversion_purchases", "purchase", in_total=True),
    Conversion("conversion_sign_ups", "lead", in_total=True),
    *(
        Conversion(f"conversion_{name}")
        for name in (
            *("site_visits", "downloads", "custom", "add_to_carts", "checkouts_initiated", "content_views"),
            *("payment_info_additions", "add_to_wishlists", "searches", "landing_page_views"),
            "subscriptions",
        )
    ),
)
OF_MOBILE = (
    Conversion("mobile_conversion_installs", "install", in_total=True),
    Conversion("mobile_conversion_purchases", "purchase", in_total=True),
    Conversion("mobile_conversion_sign_ups", "lead", in_total=True),
    *(
        Conversion(f"mobile_conversion_{name}")
        for name in ("re_engages", "add_to_carts", "checkouts_initiated", "content_views", "reservations")
    ),
)
SEEN, ACTED = "post_view", "post_engagement"
PARTS = {SEEN: "sale_amount_view", ACTED: "sale_amount_engagement", "assisted": ""}
"""The attributions of a conversion, with the value of each where it is told."""


def to_delivery(counted: Iterable[Counted], place_of: Callable[[str], Place]) -> Iterator[Delivery]:
    """One record per thing and day.

    ``billable_units`` counts what the line item pays for, or what all line items of the campaign do.
    """
    for one in counted:
        told, place = one.told, place_of(one.id)
        charge = place.charge
        clicks, engagements = told.get(charge.clicks), told.get("engagements")
        installs = _mobile(told, "mobile_conversion_installs")
        units = installs if charge.metric == "installs" else told.get(charge.metric)
        views = told.get(charge.views)
        if engagements is not None:
            engagements = None if clicks is None else max(0, engagements - clicks)
        yield Delivery(
            day=one.day,
            campaign_id=place.campaign_id,
            ad_group_id=place.ad_group_id,
            ad_id=place.ad_id,
            currency=place.currency,
            view_definition="" if views is None else _definition(charge.views, one.day),
            impressions=told.get("impressions"),
            clicks=clicks,
            interactions=units if charge.event in ACTIONS_BILLED else clicks,
            engagements=engagements,
            video_views=views,
            video_completions=told.get("video_views_100"),
            installs=installs,
            purchases=_purchases(one),
            revenue_micros=_revenue(one),
            billable_units=units,
            cost_micros=told.get("billed_charge_local_micro"),
        )


def to_totals(counted: Iterable[Counted]) -> Iterator[Delivery]:
    """One record per day of the whole account: what its funding instruments were charged."""
    days: dict[date, list[int | None]] = {}
    for one in counted:
        days.setdefault(one.day, []).append(one.told.get("billed_charge_local_micro"))
    for day, costs in sorted(days.items()):
        yield Delivery(day=day, cost_micros=_sum(*costs))


def to_interactions(counted: Iterable[Counted]) -> Iterator[Interaction]:
    """What people did by campaign, one record per action and attribution that is told and that happened.

    Views of different lengths have their definition as attribution: never to be added up.
    """
    for one in counted:
        for metric, kind in COUNTED.items():
            if quantity := one.told.get(metric):
                yield Interaction(
                    day=one.day,
                    campaign_id=one.id,
                    action=metric,
                    attribution=_definition(metric, one.day) if metric in VIEWS else "",
                    kind=kind,
                    quantity_micros=quantity * MICROS,
                )
        for conversion in OF_WEB:
            quantity = one.told.get(f"{conversion.metric}.metric")
            yield from _converted(one, conversion, quantity)
        for conversion in OF_MOBILE:
            yield from _converted(one, conversion, _mobile(one.told, conversion.metric))


def _definition(metric: str, day: date) -> str:
    return "x_2s_50pct" if metric == ALL_VIEWS and day < VIEWS_SINCE else VIEWS[metric]


def _converted(one: Counted, conversion: Conversion, quantity: int | None) -> Iterator[Interaction]:
    """The conversions by X's own attribution, and the parts of them."""
    told, metric = one.told, conversion.metric
    rows = [("default", quantity, told.get(f"{metric}.sale_amount"))]
    rows += [
        (part, told.get(f"{metric}.{part}"), told.get(f"{metric}.{value}") if value else None)
        for part, value in PARTS.items()
    ]
    for attribution, number, value in rows:
        if number is not None and (number or value):
            yield Interaction(
                day=one.day,
                campaign_id=one.id,
                action=metric,
                attribution=attribution,
                kind=conversion.kind,
                quantity_micros=number * MICROS,
                value_micros=value,
                view_through=attribution == SEEN,
                in_total=conversion.in_total and attribution == "default",
            )


def _mobile(told: Told, metric: str) -> int | None:
    """Conversions of an app, of which X tells the parts only; assisted ones are others' as well."""
    return _sum(told.get(f"{metric}.{SEEN}"), told.get(f"{metric}.{ACTED}"))


def _purchases(one: Counted) -> int | None:
    return _of_both(
        one, one.told.get("conversion_purchases.metric"), _mobile(one.told, "mobile_conversion_purchases")
    )


def _revenue(one: Counted) -> int | None:
    """The value of purchases, which is micros already."""
    return _of_both(
        one,
        one.told.get("conversion_purchases.sale_amount"),
        one.told.get("mobile_conversion_purchases.sale_amount"),
    )


def _of_both(one: Counted, on_web: int | None, in_apps: int | None) -> int | None:
    """The sum of what the account has: of web sites, of apps, or of both."""
    parts: dict[Groups, int | None] = {WEB: on_web, MOBILE: in_apps}
    told = [number for groups, number in parts.items() if groups in one.groups]
    return _sum(*told) if told else None


def _sum(*numbers: int | None) -> int | None:
    """The sum, or None where a part of it is not told."""
    told = [number for number in numbers if number is not None]
    return sum(told) if len(told) == len(numbers) else None
