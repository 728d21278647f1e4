"""The world's accounts in Snapchat's words: ad accounts, campaigns, ad squads and ads.

Source: developers.snap.com, Ads API v1, "Organizations", "Ad Accounts", "Campaigns", "Ad Squads", "Ads"; read
2026-11. What was deleted is left out of a list unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from adtally import world

Node: TypeAlias = dict[str, object]

STATES = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "PAUSED"}
CREATED = "2026-08-20T09:30:00.000Z"
STAMPS = {"created_at": CREATED, "updated_at": CREATED}


def organization(organization_id: str) -> Node:
    return {
        "id": organization_id,
        "name": "Lindenhof media",
        "country": "DE",
        "type": "ENTERPRISE",
        "state": "ACTIVE",
        "roles": ["organization_admin"],
        **STAMPS,
    }


def ad_account(of: world.Account) -> Node:
    return {
        "id": of.account_id,
        "name": of.name,
        "organization_id": of.manager_id,
        "type": "PARTNER",
        "status": "ACTIVE",
        "currency": of.currency,
        "timezone": of.timezone,
        "billing_type": "IO",
        "funding_source_ids": [funding_source_id(of)],
        "advertiser": of.name,
        **STAMPS,
    }


def funding_source_id(of: world.Account) -> str:
    return f"5c{of.account_id[2:]}"


def campaigns(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        yield {
            "id": campaign.campaign_id,
            "ad_account_id": of.account_id,
            "name": campaign.name,
            "status": STATES[campaign.status],
            "deleted": campaign.status == "removed",
            "objective": "SALES" if campaign.goal else "BRAND_AWARENESS",
            "objective_v2_properties": {
                "objective_v2_type": "SALES" if campaign.goal else "AWARENESS_AND_ENGAGEMENT"
            },
            "buy_model": "AUCTION",
            "pacing_level": "AD_SQUAD",
            "start_time": _midnight(campaign.days.first_day, of.timezone),
            **STAMPS,
        }


def ad_squads(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            found: Node = {
                "id": group.ad_group_id,
                "campaign_id": campaign.campaign_id,
                "name": group.name,
                "status": STATES[campaign.status],
                "deleted": campaign.status == "removed",
                "type": "SNAP_ADS",
                "billing_event": "IMPRESSION",
                "optimization_goal": "PIXEL_PURCHASE" if campaign.goal else "IMPRESSIONS",
                "bid_strategy": "LOWEST_COST_WITH_MAX_BID",
                "bid_micro": group.bid_micros,
                "auto_bid": False,
                "target_bid": False,
                "daily_budget_micro": max(20_000_000, campaign.volume * campaign.price_micros // 500),
                "pacing_type": "STANDARD",
                "start_time": _midnight(campaign.days.first_day, of.timezone),
                **STAMPS,
            }
            if campaign.agreement and campaign.agreement.flight:
                after = campaign.agreement.flight.last_day + timedelta(days=1)
                found["end_time"] = _midnight(after, of.timezone)
            yield found


def ads(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for number, ad in enumerate(group.ads, start=1):
                yield {
                    "id": ad,
                    "ad_squad_id": group.ad_group_id,
                    "creative_id": f"c{ad[1:]}",
                    "name": f"{group.name} ad {number}",
                    "status": STATES[campaign.status],
                    "deleted": campaign.status == "removed",
                    "type": "SNAP_AD",
                    "review_status": "APPROVED",
                    **STAMPS,
                }


KINDS: dict[str, Callable[[world.Account], Iterator[Node]]] = {
    "campaigns": campaigns,
    "adsquads": ad_squads,
    "ads": ads,
}


def _midnight(day: date, timezone: str) -> str:
    """The account's midnight as the clock in Greenwich shows it."""
    midnight = datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(ZoneInfo("UTC"))
    return midnight.strftime("%Y-%m-%dT%H:%M:%S.000Z")
