"""The world's accounts in X's words: funding instruments, campaigns, line items and promoted posts.

Source: X Ads API v12, reference of campaign management (snapshot of 2026-08-22; read 2026-11). Amounts are
whole micros in every currency. A promoted post under a deleted line item is not deleted itself, and hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from adtally import day_start, world

from .envelope import check_names, flag, ids, page

CREDIT = 50_000_000_000
OBJECTIVES = {"cpm": "REACH", "cpc": "WEBSITE_CLICKS", "cpv": "VIDEO_VIEWS"}
PAID_BY = {
    "cpm": ("IMPRESSION", "MAX_REACH", "TARGET"),
    "cpc": ("LINK_CLICK", "LINK_CLICKS", "MAX"),
    "cpv": ("VIEW", "VIEW_6S", "MAX"),
}
FOR_RESULTS = ("IMPRESSION", "WEBSITE_CONVERSIONS", "AUTO")
STATES = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "PAUSED"}
CREATED = "2026-08-20T09:30:00Z"
OF_LISTS = ("count", "cursor", "sort_by", "with_deleted", "with_total_count")
MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Listed:
    row: Mapping[str, object]
    is_hidden: bool = False
    """Told only with what is deleted."""


def accounts(of: world.Account) -> dict[str, object]:
    return {
        "id": of.account_id,
        "name": of.name,
        "business_name": None,
        "business_id": of.manager_id or None,
        "timezone": of.timezone,
        "timezone_switch_at": "2020-01-01T08:00:00Z",
        "approval_status": "ACCEPTED",
        "created_at": CREATED,
        "updated_at": CREATED,
        "deleted": False,
    }


def instrument_id(of: world.Account) -> str:
    return f"fi{of.account_id[-3:]}"


def instruments(of: world.Account, played: world.World) -> Iterator[Listed]:
    spent = sum(row.cost_micros for campaign in of.campaigns for row in played.days[campaign.campaign_id])
    yield Listed(
        {
            "id": instrument_id(of),
            "type": "CREDIT_LINE",
            "description": f"{of.name} - Credit Line",
            "currency": of.currency,
            "credit_limit_local_micro": CREDIT,
            "credit_remaining_local_micro": max(0, CREDIT - spent),
            "funded_amount_local_micro": 0,
            "io_header": None,
            "entity_status": "ACTIVE",
            "able_to_fund": True,
            "reasons_not_able_to_fund": [],
            "start_time": "2026-01-01T00:00:00Z",
            "end_time": None,
            "created_at": CREATED,
            "updated_at": CREATED,
            "deleted": False,
        }
    )


def campaigns(of: world.Account, _played: world.World) -> Iterator[Listed]:
    for campaign in of.campaigns:
        is_deleted = campaign.status == "removed"
        row: dict[str, object] = {
            "id": campaign.campaign_id,
            "name": campaign.name,
            "currency": of.currency,
            "funding_instrument_id": instrument_id(of),
            "budget_optimization": "LINE_ITEM",
            "daily_budget_amount_local_micro": None,
            "total_budget_amount_local_micro": None,
            "purchase_order_number": None,
            "entity_status": STATES[campaign.status],
            "effective_status": "RUNNING" if campaign.status == "enabled" else "PAUSED",
            "servable": campaign.status == "enabled",
            "reasons_not_servable": [],
            "created_at": CREATED,
            "updated_at": CREATED,
            "deleted": is_deleted,
        }
        yield Listed(row, is_deleted)


def line_items(of: world.Account, _played: world.World) -> Iterator[Listed]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            yield Listed(_line_item(of, campaign, group), campaign.status == "removed")


def promoted_tweets(of: world.Account, _played: world.World) -> Iterator[Listed]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                row: dict[str, object] = {
                    "id": ad,
                    "line_item_id": group.ad_group_id,
                    "tweet_id": str(1_990_000_000_000_000_000 + int(ad, 36)),
                    "entity_status": STATES[campaign.status],
                    "approval_status": "ACCEPTED",
                    "created_at": CREATED,
                    "updated_at": CREATED,
                    "deleted": False,
                }
                yield Listed(row, campaign.status == "removed")


def promoted_accounts(_of: world.Account, _played: world.World) -> Iterator[Listed]:
    """Nothing in this world aims at followers."""
    yield from ()


KINDS: dict[str, tuple[str, Callable[[world.Account, world.World], Iterator[Listed]]]] = {
    "funding_instruments": ("funding_instrument_ids", instruments),
    "campaigns": ("campaign_ids", campaigns),
    "line_items": ("line_item_ids", line_items),
    "promoted_tweets": ("promoted_tweet_ids", promoted_tweets),
    "promoted_accounts": ("promoted_account_ids", promoted_accounts),
}
"""Lists by their path, with the parameter that names some of their rows."""


def listing(of: world.Account, kind: str, given: Mapping[str, str], played: world.World) -> world.Reply:
    """A page of one list; deleted things, and ads below them, only if they are asked for."""
    named, rows = KINDS[kind]
    with_draft = ("with_draft", "q") if kind in ("campaigns", "line_items") else ()
    check_names(given, (*OF_LISTS, *with_draft, named))
    wanted, everything = ids(given, named, MOST_IDS), flag(given, "with_deleted")
    found = [
        one.row
        for one in rows(of, played)
        if (everything or not one.is_hidden) and (not wanted or one.row["id"] in wanted)
    ]
    return page(found, given)


def _line_item(of: world.Account, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    pay_by, goal, strategy = FOR_RESULTS if campaign.goal else PAID_BY[campaign.model]
    flight = campaign.agreement.flight if campaign.agreement else None
    return {
        "id": group.ad_group_id,
        "campaign_id": campaign.campaign_id,
        "funding_instrument_id": instrument_id(of),
        "name": group.name,
        "currency": of.currency,
        "objective": "WEBSITE_CLICKS" if campaign.goal else OBJECTIVES[campaign.model],
        "goal": goal,
        "product_type": "PROMOTED_TWEETS",
        "placements": ["ALL_ON_TWITTER"],
        "pay_by": pay_by,
        "bid_strategy": strategy,
        "bid_amount_local_micro": None if strategy == "AUTO" else group.bid_micros,
        "target_cpa_local_micro": None,
        "daily_budget_amount_local_micro": max(20, campaign.volume * campaign.price_micros // 10**13) * 10**6,
        "total_budget_amount_local_micro": None,
        "start_time": _instant(campaign.days.first_day, of.timezone),
        "end_time": _instant(flight.last_day + timedelta(days=1), of.timezone) if flight else None,
        "entity_status": STATES[campaign.status],
        "created_at": CREATED,
        "updated_at": CREATED,
        "deleted": campaign.status == "removed",
    }


def _instant(day: date, timezone: str) -> str:
    """The account's midnight as the clock in Greenwich shows it."""
    return day_start(day, timezone).strftime("%Y-%m-%dT%H:%M:%SZ")
