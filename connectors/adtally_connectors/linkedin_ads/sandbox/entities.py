"""The world's accounts in LinkedIn's words: campaign groups, campaigns, creatives and rules.

Source: "Ad Accounts", "Campaign Groups", "Campaigns", "Creatives" and "Conversion Tracking" of the LinkedIn
Marketing API 202607; read 2026-11. A campaign of the world is a campaign group, its ad group a campaign, its
ad a creative.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from adtally import world

COST_TYPES = {"cpm": "CPM", "cpc": "CPC", "cpv": "CPV"}
OBJECTIVES = {"cpm": "BRAND_AWARENESS", "cpc": "WEBSITE_VISIT", "cpv": "VIDEO_VIEW"}
STATES = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "REMOVED"}
RULES = {"104001": ("Purchase", "PURCHASE"), "104002": ("Brochure", "DOWNLOAD")}
"""The second one never happens."""
CREATED = 1_755_682_200_000


def account(of: world.Account) -> dict[str, object]:
    return {
        "id": int(of.account_id),
        "name": of.name,
        "currency": of.currency,
        "type": "BUSINESS",
        "status": "CANCELED" if of.access == "cancelled" else "ACTIVE",
        "servingStatuses": ["STOPPED" if of.access == "cancelled" else "RUNNABLE"],
        "reference": "urn:li:organization:2414183",
        "test": False,
        **_audit(),
    }


def campaign_groups(of: world.Account) -> Iterator[dict[str, object]]:
    for campaign in of.campaigns:
        yield {
            "id": int(campaign.campaign_id),
            "name": campaign.name,
            "account": urn("sponsoredAccount", of.account_id),
            "status": STATES[campaign.status],
            "servingStatuses": _serving(campaign),
            "objectiveType": _objective(campaign),
            "runSchedule": _schedule(campaign),
            "test": False,
            **_audit(),
        }


def campaigns(of: world.Account) -> Iterator[dict[str, object]]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            yield _campaign(of, campaign, group)


def creatives(of: world.Account) -> Iterator[dict[str, object]]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield {
                    "id": urn("sponsoredCreative", ad),
                    "name": f"{group.name} ad {ad[-1]}",
                    "account": urn("sponsoredAccount", of.account_id),
                    "campaign": urn("sponsoredCampaign", group.ad_group_id),
                    "intendedStatus": STATES[campaign.status],
                    "isServing": campaign.status == "enabled",
                    "isTest": False,
                    "createdAt": CREATED,
                    "lastModifiedAt": CREATED,
                }


def rules(of: world.Account) -> Iterator[dict[str, object]]:
    for number, (name, kind) in RULES.items():
        yield {
            "id": int(number),
            "name": name,
            "type": kind,
            "account": urn("sponsoredAccount", of.account_id),
            "enabled": True,
            "attributionType": "LAST_TOUCH_BY_CAMPAIGN",
            "postClickAttributionWindowSize": 30,
            "viewThroughAttributionWindowSize": 7,
            "created": CREATED,
            "lastModified": CREATED,
        }


def urn(kind: str, number: str) -> str:
    return f"urn:li:{kind}:{number}"


def amount(micros: int) -> str:
    return f"{Decimal(micros).scaleb(-6).normalize():f}"


def _campaign(of: world.Account, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    """A campaign for results leaves the bid to LinkedIn; the others bid by hand."""
    bid = 0 if campaign.goal else group.bid_micros
    return {
        "id": int(group.ad_group_id),
        "name": group.name,
        "account": urn("sponsoredAccount", of.account_id),
        "campaignGroup": urn("sponsoredCampaignGroup", campaign.campaign_id),
        "type": "SPONSORED_UPDATES",
        "format": "SINGLE_VIDEO" if campaign.channel == "reel" else "STANDARD_UPDATE",
        "status": STATES[campaign.status],
        "servingStatuses": _serving(campaign),
        "objectiveType": _objective(campaign),
        "costType": COST_TYPES[campaign.model],
        "unitCost": {"amount": amount(bid), "currencyCode": of.currency},
        "optimizationTargetType": "MAX_CONVERSION" if campaign.goal else "NONE",
        "dailyBudget": {"amount": "500.00", "currencyCode": of.currency},
        "creativeSelection": "OPTIMIZED",
        "offsiteDeliveryEnabled": False,
        "test": False,
        "runSchedule": _schedule(campaign),
        **_audit(),
    }


def _objective(campaign: world.Campaign) -> str:
    return "WEBSITE_CONVERSION" if campaign.goal else OBJECTIVES[campaign.model]


def _serving(campaign: world.Campaign) -> list[str]:
    return ["RUNNABLE" if campaign.status == "enabled" else "STOPPED"]


def _schedule(campaign: world.Campaign) -> dict[str, int]:
    """Milliseconds; an end only where one was agreed."""
    found = {"start": _milliseconds(campaign.days.first_day)}
    if campaign.agreement and campaign.agreement.flight:
        found["end"] = _milliseconds(campaign.agreement.flight.last_day + timedelta(days=1))
    return found


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _audit() -> dict[str, object]:
    times = {"created": {"time": CREATED}, "lastModified": {"time": CREATED}}
    return {"version": {"versionTag": "3"}, "changeAuditStamps": times}
