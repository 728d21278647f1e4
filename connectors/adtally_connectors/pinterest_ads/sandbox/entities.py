"""The world's accounts in Pinterest's words: ad accounts, campaigns, ad groups, ads and order lines.

Source: Pinterest API v5, OpenAPI document 5.23.0; read 2026-11. Archived things are left out of a list unless
their state is asked for; an ad group's campaign is written with a letter before its digits, as it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from adtally import world

Node: TypeAlias = dict[str, object]

STATES = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "ARCHIVED"}
EVERY_STATE = ("ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT")
BY_DEFAULT = ("ACTIVE", "PAUSED")
EVENTS = {"cpm": "IMPRESSION", "cpc": "CLICKTHROUGH", "cpv": "VIDEO_V_50_MRC"}
CREATED = 1_787_218_200
STAMPS: Node = {"created_time": CREATED, "updated_time": CREATED}
ORDER_LINE, ORDER_BUDGET = "2690", 50_000_000_000


def ad_account(of: world.Account) -> Node:
    return {
        "id": of.account_id,
        "name": of.name,
        "country": "US",
        "currency": of.currency,
        "time_zone": "America/Los_Angeles",
        "owner": {"id": "383791336903426391", "username": "lindenhof"},
        "permissions": ["ANALYST", "FINANCE_MANAGER"],
        **STAMPS,
    }


def order_line_id(of: world.Account) -> str:
    return f"{ORDER_LINE}{of.account_id[-9:]}"


def campaigns(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        yield {
            "id": campaign.campaign_id,
            "ad_account_id": of.account_id,
            "name": campaign.name,
            "status": STATES[campaign.status],
            "objective_type": _objective(campaign),
            "daily_spend_cap": None,
            "lifetime_spend_cap": 0,
            "order_line_id": order_line_id(of),
            "is_campaign_budget_optimization": False,
            "start_time": _midnight(campaign.days.first_day),
            "end_time": None,
            "type": "campaign",
            **STAMPS,
        }


def ad_groups(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        is_bid = campaign.model != "cpv" and not campaign.goal
        for group in campaign.ad_groups:
            found: Node = {
                "id": group.ad_group_id,
                "ad_account_id": of.account_id,
                "campaign_id": f"C{campaign.campaign_id}",
                "name": group.name,
                "status": STATES[campaign.status],
                "billable_event": EVENTS[campaign.model],
                "bid_strategy_type": "MAX_BID" if is_bid else "AUTOMATIC_BID",
                "bid_in_micro_currency": group.bid_micros if is_bid else None,
                "bid_multiplier": 0,
                "budget_in_micro_currency": max(20_000_000, campaign.volume * campaign.price_micros // 500),
                "budget_type": "DAILY",
                "pacing_delivery_type": "STANDARD",
                "placement_group": "ALL",
                "optimization_goal_metadata": _goals(campaign),
                "start_time": _midnight(campaign.days.first_day),
                "end_time": None,
                "type": "adgroup",
                **STAMPS,
            }
            if campaign.agreement and campaign.agreement.flight:
                found["end_time"] = _midnight(campaign.agreement.flight.last_day + timedelta(days=1))
            yield found


def ads(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for number, ad in enumerate(group.ads, start=1):
                yield {
                    "id": ad,
                    "ad_account_id": of.account_id,
                    "ad_group_id": f"AG{group.ad_group_id}",
                    "campaign_id": campaign.campaign_id,
                    "pin_id": f"39{ad}",
                    "name": f"{group.name} Pin {number}",
                    "status": STATES[campaign.status],
                    "creative_type": "VIDEO" if campaign.channel == "reel" else "REGULAR",
                    "review_status": "APPROVED",
                    "type": "pinpromotion",
                    **STAMPS,
                }


def order_lines(of: world.Account) -> Iterator[Node]:
    """One that is billed, and one that is a bonus and never spent."""
    for place, paid_type in enumerate(("PAID", "BONUS")):
        yield {
            "id": str(int(order_line_id(of)) + place),
            "ad_account_id": of.account_id,
            "name": f"{of.name} {paid_type.lower()}",
            "purchase_order_id": "PO-2026",
            "budget": ORDER_BUDGET,
            "paid_budget": 0 if place else ORDER_BUDGET,
            "paid_type": paid_type,
            "status": "ACTIVE",
            "start_time": _midnight(date(2026, 1, 1)),
            "end_time": _midnight(date(2027, 1, 1)),
            "campaign_ids": [] if place else [campaign.campaign_id for campaign in of.campaigns],
            "type": "orderline",
        }


KINDS: dict[str, Callable[[world.Account], Iterator[Node]]] = {
    "campaigns": campaigns,
    "ad_groups": ad_groups,
    "ads": ads,
}


def listing(of: world.Account, kind: str, states: Collection[str]) -> list[Node]:
    """What is in one of these states."""
    return [node for node in KINDS[kind](of) if node["status"] in (states or BY_DEFAULT)]


def _objective(campaign: world.Campaign) -> str:
    if campaign.goal:
        return "WEB_CONVERSION"
    return {"cpm": "AWARENESS", "cpc": "CONSIDERATION", "cpv": "VIDEO_COMPLETION"}[campaign.model]


def _goals(campaign: world.Campaign) -> Node | None:
    if not campaign.goal:
        return None
    windows = {"click_window_days": 30, "engagement_window_days": 30, "view_window_days": 1}
    goal = {
        "conversion_event": "SIGNUP",
        "attribution_windows": windows,
        "cpa_goal_value_in_micro_currency": None,
        "is_roas_optimized": False,
    }
    return {"conversion_tag_v3_goal_metadata": goal}


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
