"""The metrics of a report, by group, and what of the world each of them counts.

Source: X Ads API v12, "Metrics and Segmentation" (snapshot of 2026-08-22; read 2026-11). Values of sales and
quantities of orders come in millionths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from adtally import world

MILLIONTHS = 1_000_000

Count: TypeAlias = Callable[[world.Campaign, world.Row], int]


def _null(_campaign: world.Campaign, _row: world.Row) -> int:
    return 0


def _counted(name: str, times: int = 1) -> Count:
    return lambda _campaign, row: getattr(row, name) * times


def _engagements(_campaign: world.Campaign, row: world.Row) -> int:
    return row.clicks + row.engagements


def _billed(campaign: world.Campaign, row: world.Row) -> int:
    return {"cpm": row.impressions, "cpc": row.clicks, "cpv": row.video_views}[campaign.model]


def _seen(_campaign: world.Campaign, row: world.Row) -> int:
    return min(row.view_through, row.purchases)


def _acted(campaign: world.Campaign, row: world.Row) -> int:
    return row.purchases - _seen(campaign, row)


NOTHING: Mapping[str, Count] = dict.fromkeys(
    ("metric", "post_view", "post_engagement", "assisted", "order_quantity", "sale_amount"), _null
)
PURCHASES: Mapping[str, Count] = {
    "metric": _counted("purchases"),
    "post_view": _seen,
    "post_engagement": _acted,
    "assisted": _null,
    "order_quantity": _counted("purchases", MILLIONTHS),
    "sale_amount": _counted("revenue_micros"),
}
OF_INSTRUMENTS: dict[str, Count] = {
    "impressions": _counted("impressions"),
    "engagements": _engagements,
    "likes": _counted("engagements"),
    **dict.fromkeys(("retweets", "replies", "follows"), _null),
}
"""The part of ENGAGEMENT that funding instruments have, too."""
METRICS: dict[str, dict[str, Count | Mapping[str, Count]]] = {
    "ENGAGEMENT": {
        **OF_INSTRUMENTS,
        "clicks": _engagements,
        "url_clicks": _counted("clicks"),
        "card_engagements": _counted("clicks"),
        "qualified_impressions": _counted("viewable_impressions"),
        **dict.fromkeys(("app_clicks", "carousel_swipes"), _null),
    },
    "BILLING": {"billed_engagements": _billed, "billed_charge_local_micro": _counted("cost_micros")},
    "VIDEO": {
        "video_total_views": _counted("video_views", 2),
        "video_3s100pct_views": _counted("video_views", 2),
        "video_6s_views": _counted("video_views"),
        "video_15s_views": _counted("video_completions"),
        "video_views_25": _counted("video_views"),
        "video_views_50": _counted("video_views"),
        "video_views_75": _counted("video_completions"),
        "video_views_100": _counted("video_completions"),
        "video_content_starts": _counted("video_views", 3),
        "video_cta_clicks": _null,
    },
    "WEB_CONVERSION": {
        "conversion_purchases": PURCHASES,
        **dict.fromkeys(("conversion_sign_ups", "conversion_site_visits", "conversion_custom"), NOTHING),
    },
    "MOBILE_CONVERSION": {
        "mobile_conversion_installs": {
            **{name: count for name, count in NOTHING.items() if name != "metric"},
            "post_engagement": _counted("installs"),
        },
        "mobile_conversion_purchases": {name: _null for name in NOTHING if name != "metric"},
    },
}
