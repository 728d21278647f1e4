"""The world's accounts in Reddit's words: ad accounts, campaigns, ad groups, ads and funding instruments.

Source: Reddit Ads API v3, types of a client made from its OpenAPI file; read 2026-11. The campaign of a goal
holds budget and bidding itself, and its ad groups have null. Lists leave out what was deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from adtally import day_start, world

from .envelope import check_names, invalid
from .fields import MODES, OF_FUNDING, OF_LISTS

Node: TypeAlias = dict[str, object]

BID_TYPES = {"cpm": "CPM", "cpc": "CPC", "cpv": "CPV"}
OBJECTIVES = {"cpm": "IMPRESSIONS", "cpc": "CLICKS", "cpv": "VIDEO_VIEWABLE_IMPRESSIONS"}
STATES = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "DELETED"}
CREATED = "2026-08-20T09:30:00Z"
CREDIT = 5_000_000_000
NO_BIDDING: Node = {
    "bid_type": None,
    "bid_strategy": None,
    "bid_value": None,
    "optimization_goal": None,
    "view_through_conversion_type": None,
    "goal_type": None,
    "goal_value": None,
    "start_time": None,
    "end_time": None,
}


def ad_account(of: world.Account) -> Node:
    return {
        "id": of.account_id,
        "name": of.name,
        "business_id": of.manager_id,
        "currency": of.currency,
        "time_zone_id": of.timezone,
        "type": "SELF_SERVE",
        "admin_approval": "VALID",
        "suspension_reason": None,
        "attribution_type": "ALL_CONVERSION",
        "click_attribution_window": "WEEK",
        "view_attribution_window": "DAY",
        "app_attribution_type": "ALL_CONVERSION",
        "app_click_attribution_window": "MONTH",
        "app_view_attribution_window": "DAY",
        "spend_cap_type": None,
        "created_at": CREATED,
        "modified_at": CREATED,
    }


def campaigns(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        yield {
            "id": campaign.campaign_id,
            "ad_account_id": of.account_id,
            "name": campaign.name,
            **_state(campaign),
            "objective": "CONVERSIONS" if campaign.goal else OBJECTIVES[campaign.model],
            "funding_instrument_id": _current_id(of),
            "is_campaign_budget_optimization": bool(campaign.goal),
            "spend_cap": None,
            "invoice_label": None,
            **(_bidding(of, campaign, None) if campaign.goal else NO_BIDDING),
        }


def ad_groups(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            yield {
                "id": group.ad_group_id,
                "ad_account_id": of.account_id,
                "campaign_id": campaign.campaign_id,
                "name": group.name,
                **_state(campaign),
                "campaign_objective_type": "CONVERSIONS" if campaign.goal else OBJECTIVES[campaign.model],
                "is_campaign_budget_optimization": bool(campaign.goal),
                "conversion_pixel_id": of.account_id,
                **(NO_BIDDING if campaign.goal else _bidding(of, campaign, group.bid_micros)),
            }


def ads(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield {
                    "id": ad,
                    "ad_account_id": of.account_id,
                    "campaign_id": campaign.campaign_id,
                    "ad_group_id": group.ad_group_id,
                    "name": f"{group.name} ad {ad[-1]}",
                    **_state(campaign),
                    "post_id": f"t3_{ad}",
                    "rejection_reason": None,
                }


KINDS: dict[str, Callable[[world.Account], Iterator[Node]]] = {
    "campaigns": campaigns,
    "ad_groups": ad_groups,
    "ads": ads,
}


def listing(of: world.Account, kind: str, given: Mapping[str, str]) -> list[Node]:
    """Campaigns, ad groups or ads that match, but for deleted ones."""
    check_names(given, OF_LISTS[kind])
    return [
        node
        for node in KINDS[kind](of)
        if node["configured_status"] != "DELETED"
        and all(str(node[name]) in value.split(",") for name, value in given.items())
    ]


def instruments(of: world.Account, played: world.World, given: Mapping[str, str]) -> list[Node]:
    """The credit line that pays now, and a card that did before."""
    check_names(given, OF_FUNDING)
    mode = given.get("mode", "SELECTABLE")
    if mode not in MODES:
        raise invalid("mode", f"{mode!r} is not one of {sorted(MODES)}")
    owed = sum(
        row.cost_micros
        for campaign in of.campaigns
        for row in played.days[campaign.campaign_id]
        if row.day.month == played.today.month
    )
    common: Node = {"currency": of.currency, "invoice_group_status": None}
    current: Node = common | {
        "id": _current_id(of),
        "name": "Credit line",
        "billable_amount": owed,
        "credit_limit": CREDIT,
        "is_servable": True,
        "reasons_not_servable": list[str](),
        "authorize_status": None,
        "start_time": "2026-08-01T00:00:00Z",
        "end_time": None,
    }
    ended: Node = common | {
        "id": f"{int(_current_id(of)) + 1}",
        "name": "Card",
        "billable_amount": 0,
        "credit_limit": CREDIT // 100,
        "is_servable": False,
        "reasons_not_servable": ["NOT_ACTIVE"],
        "authorize_status": "APPROVED",
        "start_time": "2026-05-01T00:00:00Z",
        "end_time": "2026-08-01T00:00:00Z",
    }
    shown = {"ALL": [current, ended], "INACTIVE": [ended], "UPCOMING": list[Node]()}
    return shown.get(mode, [current])


def _current_id(of: world.Account) -> str:
    return str(1_889_000 + 10 * sum(map(ord, of.account_id)))


def _state(campaign: world.Campaign) -> Node:
    status = STATES[campaign.status]
    return {
        "configured_status": status,
        "effective_status": status,
        "delivery_status": list[str](),
        "created_at": CREATED,
        "modified_at": CREATED,
    }


def _bidding(of: world.Account, campaign: world.Campaign, bid: int | None) -> Node:
    starts = day_start(campaign.days.first_day, of.timezone)
    return {
        "bid_type": BID_TYPES[campaign.model],
        "bid_strategy": "MANUAL_BIDDING" if bid else "MAXIMIZE_VOLUME",
        "bid_value": bid,
        "optimization_goal": "PURCHASE" if campaign.goal else None,
        "view_through_conversion_type": "SEVEN_DAY_CLICKS_ONE_DAY_VIEW" if campaign.goal else None,
        "goal_type": "DAILY_SPEND",
        "goal_value": max(20_000_000, campaign.volume * campaign.price_micros // 10_000),
        "start_time": _text(starts),
        "end_time": None,
    }


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
