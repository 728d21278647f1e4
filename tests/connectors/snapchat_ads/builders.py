"""What Snapchat answers, in small: items of lists, stats by day, documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

HOST = "https://adsapi.snapchat.com"
ROOT = f"{HOST}/v1"
TOKEN = "https://accounts.snapchat.com/login/oauth2/access_token"
ORGANIZATION_ID = "0f000000-0000-4000-8000-00000000000a"
ACCOUNT_ID = "1c0ffee0-0000-4000-8000-00000000000a"
CAMPAIGN = "ca000000-0000-4000-8000-000000000001"
SQUAD = "5a000000-0000-4000-8000-000000000001"
AD = "ad000000-0000-4000-8000-000000000001"
PACIFIC = "America/Los_Angeles"

Json: TypeAlias = Mapping[str, object]


def local(day: date, timezone: str = PACIFIC) -> str:
    return datetime.combine(day, time(), ZoneInfo(timezone)).isoformat(timespec="milliseconds")


def bucket(day: date, timezone: str = PACIFIC, /, **metrics: object) -> Json:
    """One day of stats."""
    ends = local(day + timedelta(days=1), timezone)
    return {"start_time": local(day, timezone), "end_time": ends, "stats": metrics}


def series(thing: str, *buckets: Json) -> Json:
    return {"id": thing, "type": "X", "granularity": "DAY", "timeseries": list(buckets)}


def stat(of: str = ACCOUNT_ID, /, **changes: object) -> Json:
    """What stats tell of their owner, with the windows that are asked for by default."""
    told = {
        "id": of,
        "granularity": "DAY",
        "finalized_data_end_time": "2026-12-14T00:00:00.000-08:00",
        "swipe_up_attribution_window": "28_DAY",
        "view_attribution_window": "1_DAY",
    }
    return told | changes


def squad(number: str = SQUAD, /, **changes: object) -> Json:
    """An ad squad as Snapchat tells it."""
    settings = {
        "id": number,
        "campaign_id": CAMPAIGN,
        "name": "Shoes",
        "status": "ACTIVE",
        "billing_event": "IMPRESSION",
        "optimization_goal": "SWIPES",
        "bid_strategy": "AUTO_BID",
    }
    return settings | changes


def ad_account(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    settings = {
        "id": number,
        "name": "Demo Shop",
        "organization_id": ORGANIZATION_ID,
        "type": "PARTNER",
        "status": "ACTIVE",
        "currency": "USD",
        "timezone": PACIFIC,
        "billing_type": "IO",
        "funding_source_ids": ["f1"],
    }
    return settings | changes


def bill(**changes: object) -> Json:
    """An invoice over 11,714.96."""
    document = {
        "invoice_id": "1f000000-0000-4000-8000-000000000001",
        "org_id": ORGANIZATION_ID,
        "ad_account_id": ACCOUNT_ID,
        "document_number": "246810",
        "amount_cent": 1171496,
        "currency": "EUR",
        "billing_period": "October 2026",
        "due_date": "2026-12-05T00:00:00.000Z",
        "created_at": "2026-11-02T06:45:00.000Z",
        "invoice_status": "SENT_FOR_COLLECTION",
    }
    return document | changes
