"""The world's accounts in TikTok's words: advertisers, campaigns, ad groups and ads.

Source: ``advertiser/info``, ``campaign/get``, ``adgroup/get`` and ``ad/get`` of TikTok API for Business v1.3;
read 2026-11. Schedules are told in UTC, whatever the clock of the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from adtally import world

from . import fields
from .envelope import decoded, invalid, named, page

OBJECTIVES = {"cpm": "REACH", "cpc": "TRAFFIC", "cpv": "VIDEO_VIEWS"}
CHARGED = {"cpm": ("CPM", "REACH"), "cpc": ("CPC", "CLICK"), "cpv": ("CPV", "ENGAGED_VIEW")}
FOR_RESULTS = ("OCPM", "CONVERT")
DISPLAYED = {"CPM": "Impression", "CPC": "Clicks", "CPV": "Video views", "OCPM": "Impression"}
"""The billing event as a report's attribute shows it: words, not the enum."""
STATES = {
    "enabled": ("ENABLE", "STATUS_ENABLE"),
    "paused": ("DISABLE", "STATUS_DISABLE"),
    "removed": ("DISABLE", "STATUS_DELETE"),
}
TOP_VIEW_ROWS = 100
NOT_DELETED = "STATUS_NOT_DELETE"
CREATED = "2026-08-20 09:30:00"


@dataclass(frozen=True, slots=True)
class Entity:
    node: Mapping[str, object]
    is_deleted: bool


def advertiser(of: world.Account, played: world.World) -> dict[str, object]:
    spent = sum(row.cost_micros for campaign in of.campaigns for row in played.days[campaign.campaign_id])
    found: dict[str, object] = {
        "advertiser_id": of.account_id,
        "name": of.name,
        "currency": of.currency,
        "timezone": of.timezone,
        "display_timezone": of.timezone,
        "status": "STATUS_ENABLE",
        "advertiser_account_type": "AUCTION",
        "company": of.name,
        "country": of.timezone.partition("/")[2],
        "industry": "290101",
        "balance": max(0, 500_000 - spent // 1_000_000),
        "create_time": 1_755_682_200,
    }
    return found | ({"owner_bc_id": of.manager_id} if of.manager_id else {})


def listing(account: world.Account, kind: str, given: Mapping[str, str]) -> dict[str, object]:
    """A page of campaigns, ad groups or ads; deleted ones only if all are asked for."""
    known, of_account = KINDS[kind]
    asked = named(given, "fields", known, sorted(known))
    filters = decoded(given, "filtering", dict[str, object], {})
    for name in filters:
        if name not in fields.FILTERS:
            raise invalid(f"filtering.{name}: Unknown field.")
    if "RESERVATION_TOP_VIEW" in msgspec.convert(filters.get("buying_types", []), list[str]):
        return page([], given, most=TOP_VIEW_ROWS)
    status = filters.get("primary_status", NOT_DELETED)
    if status not in fields.STATUSES:
        raise invalid(f"filtering.primary_status: Invalid value {status!r}.")
    wanted = {
        key: set(msgspec.convert(filters[name], list[str]))
        for name, key in fields.ID_FILTERS.items()
        if name in filters
    }
    rows = [
        {name: entity.node[name] for name in asked if name in entity.node}
        for entity in of_account(account)
        if (status == "STATUS_ALL" or not entity.is_deleted)
        and all(entity.node.get(key) in values for key, values in wanted.items())
    ]
    return page(rows, given)


def charged(campaign: world.Campaign) -> tuple[str, str]:
    """What is paid for, and what is aimed at."""
    return FOR_RESULTS if campaign.goal else CHARGED[campaign.model]


def objective(campaign: world.Campaign) -> str:
    return "WEB_CONVERSIONS" if campaign.goal else OBJECTIVES[campaign.model]


def ad_name(group: world.AdGroup, ad: str) -> str:
    return f"{group.name} ad {ad[-1]}"


def campaigns(of: world.Account) -> Iterator[Entity]:
    for campaign in of.campaigns:
        operation, secondary = STATES[campaign.status]
        node: dict[str, object] = {
            "advertiser_id": of.account_id,
            "campaign_id": campaign.campaign_id,
            "campaign_name": campaign.name,
            "objective_type": objective(campaign),
            "budget": 0.0,
            "budget_mode": "BUDGET_MODE_INFINITE",
            "operation_status": operation,
            "secondary_status": f"CAMPAIGN_{secondary}",
            "campaign_type": "REGULAR_CAMPAIGN",
            "is_smart_performance_campaign": False,
            "create_time": CREATED,
            "modify_time": CREATED,
        }
        yield Entity(node, campaign.status == "removed")


def ad_groups(of: world.Account) -> Iterator[Entity]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            yield Entity(_ad_group(of, campaign, group), campaign.status == "removed")


def ads(of: world.Account) -> Iterator[Entity]:
    for campaign in of.campaigns:
        operation, secondary = STATES[campaign.status]
        for group in campaign.ad_groups:
            for ad in group.ads:
                node: dict[str, object] = {
                    "advertiser_id": of.account_id,
                    "campaign_id": campaign.campaign_id,
                    "campaign_name": campaign.name,
                    "adgroup_id": group.ad_group_id,
                    "adgroup_name": group.name,
                    "ad_id": ad,
                    "ad_name": ad_name(group, ad),
                    "operation_status": operation,
                    "secondary_status": f"AD_{secondary}",
                    "ad_format": "SINGLE_VIDEO",
                    "create_time": CREATED,
                    "modify_time": CREATED,
                }
                yield Entity(node, campaign.status == "removed")


def _ad_group(of: world.Account, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    operation, secondary = STATES[campaign.status]
    event, goal = charged(campaign)
    bid = group.bid_micros / 1_000_000
    budget = campaign.volume * campaign.price_micros // 10_000_000
    found: dict[str, object] = {
        "advertiser_id": of.account_id,
        "campaign_id": campaign.campaign_id,
        "campaign_name": campaign.name,
        "adgroup_id": group.ad_group_id,
        "adgroup_name": group.name,
        "billing_event": event,
        "optimization_goal": goal,
        "bid_type": "BID_TYPE_CUSTOM",
        "bid_price": 0.0 if event == "OCPM" else bid,
        "conversion_bid_price": bid if event == "OCPM" else 0.0,
        "deep_bid_type": None,
        "pacing": "PACING_MODE_SMOOTH",
        "budget": float(max(20, budget // 1_000_000)),
        "budget_mode": "BUDGET_MODE_DAY",
        "schedule_type": "SCHEDULE_FROM_NOW",
        "schedule_start_time": _utc(campaign.days.first_day, of.timezone),
        "schedule_end_time": "2036-08-20 09:30:00",
        "rf_purchased_type": None,
        "click_attribution_window": "SEVEN_DAYS",
        "view_attribution_window": "ONE_DAY",
        "operation_status": operation,
        "secondary_status": f"ADGROUP_{secondary}",
        "create_time": CREATED,
        "modify_time": CREATED,
    }
    if campaign.agreement and campaign.agreement.flight:
        after = campaign.agreement.flight.last_day + timedelta(days=1)
        found |= {
            "schedule_type": "SCHEDULE_START_END",
            "schedule_end_time": _utc(after, of.timezone),
        }
    return found


KINDS: dict[str, tuple[frozenset[str], Callable[[world.Account], Iterator[Entity]]]] = {
    "campaign": (fields.CAMPAIGN, campaigns),
    "adgroup": (fields.ADGROUP, ad_groups),
    "ad": (fields.AD, ads),
}


def _utc(day: date, timezone: str) -> str:
    """The account's midnight as the clock in Greenwich shows it."""
    midnight = datetime.combine(day, time.min, ZoneInfo(timezone))
    return midnight.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
