"""What X answers, in small: entities and the metrics of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://ads-api.x.com"
FILES = "https://ton.twimg.com/advertiser-api-async-analytics/stats_job_"
ACCOUNT_ID = "18ce54d4x5t"
DELIVERY, WEB, MOBILE = "BILLING,ENGAGEMENT,VIDEO", "WEB_CONVERSION", "MOBILE_CONVERSION"

Json: TypeAlias = Mapping[str, object]


def account(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    told = {
        "id": number,
        "name": "Demo Shop",
        "business_id": None,
        "timezone": "America/Los_Angeles",
        "timezone_switch_at": "2016-07-21T07:00:00Z",
        "approval_status": "ACCEPTED",
        "deleted": False,
    }
    return told | changes


def instrument(number: str = "lygyi", /, **changes: object) -> Json:
    """A credit line of 50,000, of which 41,250 are left."""
    told = {
        "id": number,
        "type": "CREDIT_LINE",
        "currency": "USD",
        "credit_limit_local_micro": 50_000_000_000,
        "credit_remaining_local_micro": 41_250_000_000,
        "funded_amount_local_micro": 0,
        "io_header": None,
        "start_time": "2026-01-01T08:00:00Z",
        "end_time": None,
        "created_at": "2026-01-01T00:00:00Z",
        "able_to_fund": True,
    }
    return told | changes


def campaign(number: str = "8wku2", /, **changes: object) -> Json:
    told = {
        "id": number,
        "name": "Autumn",
        "currency": "USD",
        "funding_instrument_id": "lygyi",
        "purchase_order_number": None,
        "daily_budget_amount_local_micro": None,
        "total_budget_amount_local_micro": None,
        "entity_status": "ACTIVE",
        "effective_status": "RUNNING",
        "deleted": False,
    }
    return told | changes


def item(number: str = "itttx", /, **changes: object) -> Json:
    """A line item that pays for clicks on links."""
    told = {
        "id": number,
        "campaign_id": "8wku2",
        "name": "Prospecting",
        "currency": "USD",
        "objective": "WEBSITE_CLICKS",
        "goal": "LINK_CLICKS",
        "pay_by": "LINK_CLICK",
        "bid_strategy": "MAX",
        "bid_amount_local_micro": 320_000,
        "product_type": "PROMOTED_TWEETS",
        "placements": ["ALL_ON_TWITTER"],
        "start_time": "2026-10-01T07:00:00Z",
        "end_time": None,
        "entity_status": "ACTIVE",
        "deleted": False,
    }
    return told | changes


def promoted(number: str = "1efwlo", /, **changes: object) -> Json:
    told = {"id": number, "line_item_id": "itttx", "entity_status": "ACTIVE", "deleted": False}
    return told | changes


def active(
    number: str = "8wku2",
    /,
    *placements: str,
    begins: str = "2026-10-20T09:30:07Z",
    ends: str = "2026-10-22T07:42:55Z",
) -> Json:
    return {
        "entity_id": number,
        "activity_start_time": begins,
        "activity_end_time": ends,
        "placements": list(placements or ["ALL_ON_TWITTER"]),
    }


def numbers(**metrics: object) -> Json:
    """What a thing did on one day."""
    told = {"impressions": [12000], "url_clicks": [150], "billed_charge_local_micro": [45_000_000]}
    return told | metrics
