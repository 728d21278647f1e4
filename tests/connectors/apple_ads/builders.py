"""What Apple answers, in small: campaigns, ad groups, rows of reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from adtally_connectors.apple_ads import AppleAds
from adtally_connectors.apple_ads.sandbox import keys

HOST = "https://api.ads.apple.com"
ROOT = f"{HOST}/v1"
TOKEN = "https://appleid.apple.com/auth/oauth2/token"
ACCOUNT, CAMPAIGN, GROUP, AD = 123456789, 444, 9001, 7001

Json: TypeAlias = dict[str, Any]


def client(**changes: object) -> AppleAds:
    """The connector with the sandbox's key; it waits for nothing."""
    ids = {"client_id": "SEARCHADS.client", "team_id": "SEARCHADS.team", "key_id": "key-1"}
    connector = AppleAds.model_validate({**ids, "private_key": keys.private_pem(), **changes})
    connector.http.sleep = lambda _: None
    return connector


def money(amount: str, currency: str | None = "USD") -> dict[str, str]:
    return {"amount": amount} | ({"currency": currency} if currency else {})


def campaign(number: int = CAMPAIGN, /, **changes: object) -> Json:
    """A campaign of the App Store, charged by tap."""
    settings = {
        "id": number,
        "adAccountId": ACCOUNT,
        "name": "Brand US",
        "billingEvent": "TAPS",
        "promotedObjectType": "APPSTORE_APP",
        "promotedObjectId": "1500000001",
        "status": "ENABLED",
        "displayStatus": "RUNNING",
        "deleted": False,
    }
    return settings | changes


def ad_group(number: int = GROUP, /, **changes: object) -> Json:
    settings = {
        "id": number,
        "adAccountId": ACCOUNT,
        "campaignId": CAMPAIGN,
        "name": "Exact",
        "pricingModel": "CPT",
        "status": "ENABLED",
        "displayStatus": "RUNNING",
        "bidStrategy": strategy("MANUAL_CPT", "TAP", "1.50"),
        "startTime": "2026-01-05T00:00:00.000",
        "deleted": False,
    }
    return settings | changes


def strategy(kind: str, goal: str, bid: str = "") -> Json:
    """A bid strategy; Apple leaves out the currency of its bid at times."""
    told: Json = {"bidStrategyType": kind, "bidStrategyGoal": goal}
    return told | ({"bid": {"amount": bid}} if bid else {})


def counted(spend: str = "90.40", impressions: int = 5000, taps: int = 160, /, **more: object) -> Json:
    return {"localSpend": money(spend), "impressions": impressions, "taps": taps, **more}


def row(
    number: int = CAMPAIGN,
    /,
    days: Mapping[str, Json] | None = None,
    *,
    total: Json | None = None,
    **metadata: object,
) -> Json:
    """A row of a report with its days, by their date."""
    told: Json = {"metadata": {"id": number, "adAccountId": ACCOUNT, "deleted": False, **metadata}}
    if total is not None:
        told["totalMetrics"] = dict(total)
    if days is not None:
        told["granularMetrics"] = [{"date": day, **metrics} for day, metrics in days.items()]
    return told


def ad_account(number: int = ACCOUNT, /, **changes: object) -> Json:
    settings = {
        "id": number,
        "name": "App EU",
        "orgId": 987,
        "timezone": "America/New_York",
        "currency": "USD",
        "paymentModel": "PAYG",
        "systemStatus": "ACTIVE",
        "systemStatusReasons": [],
        "productFeatures": ["APPSTORE_APP_MANUAL"],
    }
    return settings | changes
