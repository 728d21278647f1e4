"""What may be asked for: fields and breakdowns of a report, parameters of lists.

Source: types of a client made from the OpenAPI file of Reddit Ads API v3 (2026-07), without the many variants
of app events and custom events; read 2026-11.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BREAKDOWNS = _names(
    """AD_ACCOUNT_ID AD_GROUP_ID AD_ID ASSET_ID CAMPAIGN_ID CAROUSEL_CARD COMMUNITY COUNTRY DATE DMA
    GALLERY_ITEM_ID GENDER HOUR INTEREST KEYWORD LANGUAGE METRO OS_TYPE PLACEMENT REGION"""
)
PLAYED = _names("AD_ACCOUNT_ID CAMPAIGN_ID AD_GROUP_ID AD_ID DATE")
"""Breakdowns that the sandbox has."""
CENTS = {
    "CONVERSION_PURCHASE_TOTAL_VALUE": "revenue_micros",
    "CONVERSION_LEAD_TOTAL_VALUE": "",
    "CONVERSION_SIGNUP_TOTAL_VALUE": "",
    "CONVERSION_ADD_TO_CART_TOTAL_VALUE": "",
    "CONVERSION_CUSTOM_TOTAL_VALUE": "",
}
"""Amounts in cents, by what they are the sum of; "" = nothing happened."""
MICROS = {"SPEND": "cost_micros", "APP_INSTALL_REVENUE": ""}
"""Amounts in micros."""
COUNTS = {
    "IMPRESSIONS": "impressions",
    "CLICKS": "clicks",
    "ENGAGED_CLICK": "engaged",
    "KEY_CONVERSION_TOTAL_COUNT": "conversions",
    "KEY_CONVERSION_CLICKS": "clicked",
    "KEY_CONVERSION_VIEWS": "view_through",
    "CONVERSION_PURCHASE_CLICKS": "clicked_purchases",
    "CONVERSION_PURCHASE_VIEWS": "seen_purchases",
    "CONVERSION_LEAD_CLICKS": "leads",
    "CONVERSION_SIGN_UP_CLICKS": "sign_ups",
    "CONVERSION_PAGE_VISIT_CLICKS": "clicks",
    "APP_INSTALL_INSTALL_COUNT": "installs",
}
VIDEO = {
    "VIDEO_STARTED": "impressions",
    "VIDEO_WATCHED_3_SECONDS": "video_views",
    "VIDEO_VIEWABLE_IMPRESSIONS": "video_views",
    "VIDEO_VIEWABLE_WATCHED_6_SECONDS": "six_seconds",
    "VIDEO_VIEWABLE_WATCHED_15_SECONDS": "video_completions",
    "VIDEO_WATCHED_100_PERCENT": "video_completions",
}
"""Counts of what is no video are null."""
NOTHING = _names(
    """REDDIT_LEADS CONVERSION_LEAD_VIEWS CONVERSION_SIGN_UP_VIEWS CONVERSION_ADD_TO_CART_CLICKS
    CONVERSION_ADD_TO_CART_VIEWS CONVERSION_PAGE_VISIT_VIEWS CONVERSION_VIEW_CONTENT_CLICKS
    CONVERSION_VIEW_CONTENT_VIEWS CONVERSION_CUSTOM_CLICKS CONVERSION_CUSTOM_VIEWS CONVERSION_SEARCH_CLICKS
    CONVERSION_SEARCH_VIEWS APP_INSTALL_MMP_INSTALL_COUNT APP_INSTALL_MMP_TOTAL_INSTALL_COUNT
    APP_INSTALL_SKAN_INSTALL_COUNT APP_INSTALL_SKAN_TOTAL_INSTALL_COUNT APP_INSTALL_PURCHASE_COUNT"""
)
"""Null for everything in this world."""
REPORT = frozenset({"CURRENCY", "DATE"}) | _names("ACCOUNT_ID CAMPAIGN_ID AD_GROUP_ID AD_ID") | NOTHING
FIELDS = REPORT | frozenset(CENTS) | frozenset(MICROS) | frozenset(COUNTS) | frozenset(VIDEO)

OF_REPORT = _names(
    """starts_at ends_at time_zone_id fields breakdowns filter custom_column_ids conversion_metrics
    conversion_custom_events"""
)
OF_LISTS = {
    "campaigns": _names("id"),
    "ad_groups": _names("id campaign_id"),
    "ads": _names("id campaign_id ad_group_id"),
}
OF_FUNDING = _names("funding_instrument_ids types start_time end_time search mode")
MODES = _names("ACTIVE INACTIVE UPCOMING SELECTABLE ALL")
