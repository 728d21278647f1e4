"""The world's accounts in Google's words: advertisers, campaigns, insertion orders, line items, creatives.

Source: Display & Video 360 API v4, its resources and enums (contract of 2026-10-21; read 2026-11). Here
YouTube line items have creatives, too, so that their ads have ids; at Google theirs are ads of ad groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from adtally import world

from .envelope import Refusal, check_names, page

Node: TypeAlias = dict[str, object]

PAGING = ("pageSize", "pageToken", "filter", "orderBy")
MOST_ROWS, MOST_ORDERS = 200, 100
STATES = {
    "enabled": "ENTITY_STATUS_ACTIVE",
    "paused": "ENTITY_STATUS_PAUSED",
    "removed": "ENTITY_STATUS_ARCHIVED",
}
EVERY_STATE = {*STATES.values(), "ENTITY_STATUS_DRAFT", "ENTITY_STATUS_SCHEDULED_FOR_DELETION"}
CONDITION = re.compile(r'entityStatus="([A-Z_]+)"')
ARCHIVED = STATES["removed"]
YOUTUBE, DISPLAY = "LINE_ITEM_TYPE_YOUTUBE_AND_PARTNERS_VIEW", "LINE_ITEM_TYPE_DISPLAY_DEFAULT"


def listing(account: world.Account, kind: str, given: Mapping[str, str]) -> world.Reply:
    """What is not archived, or what has one of the asked states."""
    check_names(given, PAGING)
    rows = in_state(list(KINDS[kind](account)), given.get("filter", ""))
    return page(rows, given, key=kind, most=MOST_ORDERS if kind == "insertionOrders" else MOST_ROWS)


def in_state(rows: list[Node], condition: str, *, archived: bool = False) -> list[Node]:
    """The rows that a filter on states wants; without one ``archived`` decides about archived rows."""
    if not condition:
        return [row for row in rows if archived or row["entityStatus"] != ARCHIVED]
    wanted: set[object] = set()
    for part in condition.split(" OR "):
        match = CONDITION.fullmatch(part)
        if match is None or match[1] not in EVERY_STATE:
            raise Refusal(400, f"Invalid filter: {condition}")
        wanted.add(match[1])
    return [row for row in rows if row["entityStatus"] in wanted]


def advertiser(account: world.Account) -> Node:
    return {
        "name": f"advertisers/{account.account_id}",
        "advertiserId": account.account_id,
        "partnerId": account.manager_id,
        "displayName": account.name,
        "entityStatus": STATES["enabled"],
        "generalConfig": {
            "domainUrl": "https://shop.example",
            "timeZone": account.timezone,
            "currencyCode": account.currency,
        },
        "billingConfig": {"billingProfileId": f"7{account.account_id}"},
        "updateTime": "2026-08-31T09:30:00Z",
    }


def is_youtube(campaign: world.Campaign) -> bool:
    return campaign.channel == "reel"


def campaigns(account: world.Account) -> Iterator[Node]:
    for campaign in account.campaigns:
        flight = campaign.agreement.flight if campaign.agreement else None
        first, last = campaign.days.first_day, flight.last_day if flight else None
        yield {
            **_head(account, "campaigns", campaign.campaign_id, campaign.name, campaign),
            "campaignId": campaign.campaign_id,
            "campaignGoal": {"campaignGoalType": "CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS"},
            "campaignFlight": {"plannedSpendAmountMicros": "0", "plannedDates": _days(first, last)},
        }


def insertion_orders(account: world.Account) -> Iterator[Node]:
    for campaign in account.campaigns:
        segment = {
            "budgetAmountMicros": str(campaign.volume * campaign.price_micros // 5),
            "dateRange": _days(campaign.days.first_day, date(2026, 12, 31)),
            "description": f"PO {campaign.campaign_id[-5:]}",
        }
        order_id = _order_id(campaign)
        yield {
            **_head(account, "insertionOrders", order_id, campaign.name, campaign),
            "campaignId": campaign.campaign_id,
            "insertionOrderId": order_id,
            "insertionOrderType": "RTB",
            "kpi": {"kpiType": "KPI_TYPE_CPM", "kpiAmountMicros": "1000000"},
            "budget": {
                "budgetUnit": "BUDGET_UNIT_CURRENCY",
                "automationType": "INSERTION_ORDER_AUTOMATION_TYPE_NONE",
                "budgetSegments": [segment],
            },
        }


def line_items(account: world.Account) -> Iterator[Node]:
    for campaign in account.campaigns:
        youtube = is_youtube(campaign)
        for group in campaign.ad_groups:
            bid: Node = {"fixedBid": {"bidAmountMicros": str(group.bid_micros)}}
            if youtube:
                kind = "YOUTUBE_AND_PARTNERS_BIDDING_STRATEGY_TYPE_TARGET_CPV"
                bid = {"youtubeAndPartnersBid": {"type": kind, "value": str(group.bid_micros)}}
            yield {
                **_head(account, "lineItems", group.ad_group_id, group.name, campaign),
                "campaignId": campaign.campaign_id,
                "insertionOrderId": _order_id(campaign),
                "lineItemId": group.ad_group_id,
                "lineItemType": YOUTUBE if youtube else DISPLAY,
                "reservationType": "RESERVATION_TYPE_NOT_GUARANTEED",
                "flight": {
                    "flightDateType": "LINE_ITEM_FLIGHT_DATE_TYPE_CUSTOM",
                    "dateRange": _days(campaign.days.first_day, date(2026, 12, 31)),
                },
                "budget": {
                    "budgetAllocationType": "LINE_ITEM_BUDGET_ALLOCATION_TYPE_UNLIMITED",
                    "budgetUnit": "BUDGET_UNIT_CURRENCY",
                },
                "pacing": {"pacingPeriod": "PACING_PERIOD_DAILY", "dailyMaxMicros": "90000000"},
                "bidStrategy": bid,
                "partnerRevenueModel": {
                    "markupType": "PARTNER_REVENUE_MODEL_MARKUP_TYPE_TOTAL_MEDIA_COST_MARKUP",
                    "markupAmount": "15000",
                },
                "creativeIds": list(group.ads),
            }


def creatives(account: world.Account) -> Iterator[Node]:
    for campaign in account.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield {
                    **_head(account, "creatives", ad, f"{group.name} creative {ad[-1]}", campaign),
                    "creativeId": ad,
                    "creativeType": "CREATIVE_TYPE_VIDEO"
                    if is_youtube(campaign)
                    else "CREATIVE_TYPE_STANDARD",
                    "lineItemIds": [group.ad_group_id],
                }


KINDS: dict[str, Callable[[world.Account], Iterator[Node]]] = {
    "campaigns": campaigns,
    "insertionOrders": insertion_orders,
    "lineItems": line_items,
    "creatives": creatives,
}


def _head(of: world.Account, kind: str, number: str, name: str, campaign: world.Campaign) -> Node:
    return {
        "name": f"advertisers/{of.account_id}/{kind}/{number}",
        "advertiserId": of.account_id,
        "displayName": name,
        "entityStatus": STATES[campaign.status],
        "updateTime": "2026-08-31T09:30:00Z",
    }


def _order_id(campaign: world.Campaign) -> str:
    return f"1{campaign.campaign_id}"


def _days(first: date, last: date | None) -> Node:
    found: Node = {"startDate": day(first)}
    return found | ({"endDate": day(last)} if last else {})


def day(of: date) -> dict[str, int]:
    return {"year": of.year, "month": of.month, "day": of.day}
