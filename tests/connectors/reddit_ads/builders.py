"""What Reddit answers, in small: rows of reports, campaigns, ad groups, funding instruments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ORIGIN = "https://ads-api.reddit.com"
HOST = f"{ORIGIN}/api/v3"
TOKEN = "https://www.reddit.com/api/v1/access_token"
ACCOUNT_ID = "a2_demo1"
ACCOUNT = f"ad_accounts/{ACCOUNT_ID}"
REPORTS = f"{ACCOUNT}/reports"

Json: TypeAlias = Mapping[str, object]


def row(
    campaign: str = "1001", day: str = "2026-10-20", *, ad_group: str = "", ad: str = "", **metrics: object
) -> Json:
    """A row of a report by campaign, by ad group or by ad."""
    ids = {"campaign_id": campaign}
    if ad_group:
        ids["ad_group_id"] = ad_group
    if ad:
        ids = {"ad_id": ad, "ad_group_id": ad_group}
    told = {"currency": "USD", "spend": 51036973, "impressions": 10020, "clicks": 95}
    return {**ids, "date": day, **told, **metrics}


def campaign(number: str = "1001", /, **changes: object) -> Json:
    settings = {
        "id": number,
        "name": "Autumn",
        "configured_status": "ACTIVE",
        "effective_status": "ACTIVE",
        "objective": "CLICKS",
        "funding_instrument_id": "1889001",
        "is_campaign_budget_optimization": False,
        "bid_type": None,
        "bid_strategy": None,
        "bid_value": None,
        "goal_type": None,
        "goal_value": None,
        "spend_cap": None,
        "start_time": None,
        "end_time": None,
    }
    return settings | changes


def group(number: str = "2001", /, **changes: object) -> Json:
    """An ad group as Reddit tells it, charged by click."""
    settings = {
        "id": number,
        "campaign_id": "1001",
        "name": "Shoes",
        "configured_status": "ACTIVE",
        "effective_status": "ACTIVE",
        "bid_type": "CPC",
        "bid_strategy": "MANUAL_BIDDING",
        "bid_value": 4500000,
        "goal_type": "DAILY_SPEND",
        "goal_value": 20000000,
        "optimization_goal": "CLICKS",
        "is_campaign_budget_optimization": False,
        "start_time": "2026-09-30T00:00:00Z",
        "end_time": None,
    }
    return settings | changes


def account(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    settings = {
        "id": number,
        "name": "Demo Shop",
        "business_id": "b-1",
        "currency": "USD",
        "time_zone_id": "America/New_York",
        "type": "SELF_SERVE",
        "admin_approval": "VALID",
        "suspension_reason": None,
        "click_attribution_window": "MONTH",
        "view_attribution_window": "DAY",
    }
    return settings | changes


def instrument(number: str = "1889001", /, **changes: object) -> Json:
    settings = {
        "id": number,
        "name": "Credit line Q4",
        "currency": "USD",
        "billable_amount": 387500000,
        "credit_limit": 5000000000,
        "is_servable": True,
        "reasons_not_servable": [],
        "start_time": "2026-10-01T04:00:00Z",
        "end_time": "2027-01-01T05:00:00Z",
    }
    return settings | changes
