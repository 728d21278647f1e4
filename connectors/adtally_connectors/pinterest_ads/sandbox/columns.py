"""The columns that reports know, and how a day of the world counts for each.

Source: Pinterest API v5, OpenAPI document 5.23.0, columns of both kinds of reports; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from adtally import world

Counter: TypeAlias = Callable[[world.Row], int]

IDS = ("AD_ACCOUNT_ID", "ADVERTISER_ID", "CAMPAIGN_ID", "AD_GROUP_ID", "AD_ID")
VALUE = "_VALUE_IN_MICRO_DOLLAR"
LATER = 5
"""One of so many conversions was only seen before, one was engaged with."""


def _native(row: world.Row) -> int:
    """Leads that were left on Pinterest itself; the tag saw the others."""
    return row.leads // 3


def _conversions(row: world.Row) -> int:
    return row.conversions_micros // 1_000_000


def _of(name: str, count: Counter, value: Counter) -> dict[str, Counter]:
    """A conversion, its value, and both by what came before it."""

    def seen(counter: Counter) -> Counter:
        return lambda row: counter(row) // LATER

    def clicked(counter: Counter) -> Counter:
        return lambda row: counter(row) - 2 * (counter(row) // LATER)

    def every(counter: Counter) -> Counter:
        return counter

    parts = {"": every, "CLICK_": clicked, "ENGAGEMENT_": seen, "VIEW_": seen}
    found: dict[str, Counter] = {}
    for part, share in parts.items():
        found[f"TOTAL_{part}{name}"] = share(count)
        found[f"TOTAL_{part}{name}{VALUE}"] = share(value)
    return found


DELIVERED: dict[str, Counter] = {
    "SPEND_IN_MICRO_DOLLAR": lambda row: row.cost_micros,
    "IMPRESSION_1": lambda row: row.impressions,
    "IMPRESSION_2": lambda row: row.impressions // 10,
    "TOTAL_IMPRESSION": lambda row: row.impressions + row.impressions // 10,
    "CLICKTHROUGH_1": lambda row: row.clicks,
    "CLICKTHROUGH_1_GROSS": lambda row: row.clicks + row.invalid_clicks,
    "TOTAL_CLICKTHROUGH": lambda row: row.clicks + row.clicks // 10,
    "OUTBOUND_CLICK_1": lambda row: row.clicks * 3 // 4,
    "ENGAGEMENT_1": lambda row: row.clicks + row.engagements,
    "REPIN_1": lambda row: row.engagements // 2,
    "VIDEO_MRC_VIEWS_1": lambda row: row.video_views,
    "VIDEO_3SEC_VIEWS_1": lambda row: row.video_views * 4 // 5,
}
CONVERTED: dict[str, Counter] = {
    "LEADS": _native,
    "TOTAL_CONVERSIONS": _conversions,
    **_of("CHECKOUT", lambda row: row.purchases, lambda row: row.revenue_micros),
    **_of("SIGNUP", lambda row: row.sign_ups, lambda _: 0),
    **_of("LEAD", lambda row: row.leads - _native(row), lambda _: 0),
    "TOTAL_PAGE_VISIT": lambda row: row.clicks // 2,
    "TOTAL_CUSTOM": lambda _: 0,
    "TOTAL_SUBSCRIBE": lambda _: 0,
}
PREPARED_ONLY: dict[str, Counter] = {
    "ADS_CREDIT_SPEND_IN_MICRO_DOLLAR": lambda _: 0,
    "VIDEO_P100_COMPLETE_1": lambda row: row.video_completions,
    f"TOTAL_CONVERSIONS{VALUE}": lambda row: row.revenue_micros,
    **_of("APP_INSTALL", lambda row: row.installs, lambda _: 0),
    "TOTAL_ADD_TO_CART": lambda row: row.purchases * 3,
    **dict.fromkeys(("TOTAL_SEARCH", "TOTAL_WATCH_VIDEO", "TOTAL_VIEW_CATEGORY"), lambda _: 0),
}
AT_ONCE = DELIVERED | CONVERTED
PREPARED = AT_ONCE | PREPARED_ONLY

CLICK_WINDOWS = {0: 40, 1: 60, 7: 85, 14: 95, 30: 100, 60: 100}
"""The percent of conversions that come that soon after a click."""
WINDOWS = ("click_window_days", "engagement_window_days", "view_window_days")
DEFAULTS = {"click_window_days": 30, "engagement_window_days": 30, "view_window_days": 1}
REPORT_TIMES = ("TIME_OF_AD_ACTION", "TIME_OF_CONVERSION")
