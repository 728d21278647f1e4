"""What LinkedIn answers, in small: elements of reports, campaigns, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://api.linkedin.com"
TOKEN_URL = "https://www.linkedin.com/oauth/v2/accessToken"
ACCOUNT_ID = "512345678"
ACCOUNTS = "rest/adAccounts"
ACCOUNT = f"{ACCOUNTS}/{ACCOUNT_ID}"
GROUPS, CAMPAIGNS, CREATIVES = (
    f"{ACCOUNT}/{name}" for name in ("adCampaignGroups", "adCampaigns", "creatives")
)
REPORT = "rest/adAnalytics"
RULES = "rest/conversions"
GROUP, CAMPAIGN, CREATIVE = "601000009", "301000111", "901000001"

Json: TypeAlias = Mapping[str, object]


def row(day: str = "2026-10-05", /, *pivots: str, **metrics: object) -> Json:
    """An element by day; by the campaign group if nothing else is named."""
    told = {"impressions": 18250, "clicks": 143, "costInLocalCurrency": "612.33000000000004093"} | metrics
    year, month, number = map(int, day.split("-"))
    date = {"year": year, "month": month, "day": number}
    return {"dateRange": {"start": date, "end": date}, "pivotValues": pivots or [group_urn()], **told}


def group_urn(number: str = GROUP) -> str:
    return f"urn:li:sponsoredCampaignGroup:{number}"


def campaign_urn(number: str = CAMPAIGN) -> str:
    return f"urn:li:sponsoredCampaign:{number}"


def creative_urn(number: str = CREATIVE) -> str:
    return f"urn:li:sponsoredCreative:{number}"


def account(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    settings = {
        "id": int(number),
        "name": "Nordwind EU",
        "currency": "EUR",
        "type": "BUSINESS",
        "status": "ACTIVE",
        "servingStatuses": ["RUNNABLE"],
        "reference": "urn:li:organization:2414183",
        "test": False,
        "version": {"versionTag": "7"},
    }
    return settings | changes


def campaign(number: str = CAMPAIGN, /, **changes: object) -> Json:
    """A campaign as LinkedIn tells it, charged by click with a bid of its own."""
    settings = {
        "id": int(number),
        "name": "Leads DE",
        "account": f"urn:li:sponsoredAccount:{ACCOUNT_ID}",
        "campaignGroup": group_urn(),
        "type": "SPONSORED_UPDATES",
        "objectiveType": "WEBSITE_VISIT",
        "costType": "CPC",
        "optimizationTargetType": "NONE",
        "unitCost": {"amount": "4.50", "currencyCode": "EUR"},
        "status": "ACTIVE",
        "servingStatuses": ["RUNNABLE"],
        "test": False,
    }
    return settings | changes
