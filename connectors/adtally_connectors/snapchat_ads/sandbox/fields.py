"""What the endpoints know: the metrics of stats and how a day of the world counts for each.

Source: developers.snap.com, Ads API v1, "Measurement"; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from adtally import world

Count: TypeAlias = Callable[[world.Row], int]

DELIVERY: dict[str, Count] = {
    "impressions": lambda row: row.impressions,
    "swipes": lambda row: row.clicks,
    "spend": lambda row: row.cost_micros,
    "shares": lambda row: row.engagements // 3,
    "saves": lambda row: row.engagements - row.engagements // 3,
    "story_opens": lambda row: row.engagements // 2,
    "video_views": lambda row: row.video_views,
    "video_views_15s": lambda row: row.video_views // 2,
    "quartile_1": lambda row: row.video_views * 3 // 4,
    "quartile_2": lambda row: row.video_views // 2,
    "quartile_3": lambda row: row.video_views // 3,
    "view_completion": lambda row: row.video_completions,
    "screen_time_millis": lambda row: row.impressions * 900,
}
CONVERSIONS: dict[str, Count] = {
    "native_leads": lambda row: row.leads,
    "total_installs": lambda row: row.installs,
    "conversion_purchases": lambda row: row.purchases,
    "conversion_purchases_value": lambda row: row.revenue_micros,
    "conversion_sign_ups": lambda row: row.sign_ups,
    "conversion_add_cart": lambda row: row.purchases * 4,
    "conversion_start_checkout": lambda row: row.purchases * 2,
    "conversion_view_content": lambda row: row.clicks // 2,
    "conversion_page_views": lambda row: row.clicks // 3,
    **dict.fromkeys(("conversion_subscribe", "conversion_app_opens"), lambda _: 0),
    **dict.fromkeys(("conversion_save", "conversion_searches"), lambda _: 0),
    **dict.fromkeys((f"custom_event_{number}" for number in range(1, 6)), lambda _: 0),
}
METRICS = DELIVERY | CONVERSIONS

SWIPE_WINDOWS = {"1_DAY": 60, "7_DAY": 90, "28_DAY": 100}
"""The percent of conversions that come that soon after a swipe."""
VIEW_WINDOWS = {
    "none": 70,
    "1_HOUR": 80,
    "3_HOUR": 85,
    "6_HOUR": 90,
    "1_DAY": 100,
    "7_DAY": 100,
    "28_DAY": 100,
}
REPORT_TIMES = ("conversion", "impression")
BREAKDOWNS = {
    "adaccounts": ("campaign", "adsquad", "ad"),
    "campaigns": ("adsquad", "ad"),
    "adsquads": ("ad",),
    "ads": (),
}
TYPES = {
    "adaccounts": "AD_ACCOUNT",
    "campaigns": "CAMPAIGN",
    "adsquads": "AD_SQUAD",
    "ads": "AD",
    "campaign": "CAMPAIGN",
    "adsquad": "AD_SQUAD",
    "ad": "AD",
}
