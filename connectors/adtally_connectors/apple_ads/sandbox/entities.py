"""The world's accounts in Apple's words: ad accounts, campaigns, ad groups, ads, keywords, budget orders.

Source: "AdAccount", "Campaign", "AdGroup", "Ad", "Keyword", "SharedBudget" of Apple Ads Platform API 1.0;
read 2026-11. Times are told in UTC, whatever the clock of the account; a bid may lack its currency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from msgspec import field

from adtally import day_start, world

from .envelope import CountedPagination, Filter, Sorting, Strict, cut_out, in_order, invalid, money, placed

Node: TypeAlias = dict[str, object]

ID_FIELDS = {
    "campaigns": {"id"},
    "adgroups": {"id", "campaignId"},
    "ads": {"id", "campaignId", "adGroupId"},
    "keywords": {"id", "campaignId", "adGroupId"},
    "shared-budgets": {"id"},
}
STATES = {"enabled": ("ENABLED", "RUNNING"), "paused": ("PAUSED", "PAUSED"), "removed": ("PAUSED", "DELETED")}
MOST_IDS = 100
CREATED = "2026-08-20T09:30:00.000"
ORDERED = date(2026, 1, 1)
TARGET_TAPS = 20
"""A target per install is worth so many taps."""


class Query(Strict, frozen=True):
    """The body of a list."""

    filters: list[Filter] = field(default_factory=list[Filter])
    sorting: list[Sorting] = field(default_factory=list[Sorting])
    pagination: CountedPagination = CountedPagination()


def ad_account(of: world.Account) -> Node:
    return {
        "id": int(of.account_id),
        "name": of.name,
        "orgId": int(of.manager_id or 0),
        "timezone": of.timezone,
        "currency": of.currency,
        "paymentModel": "LOC" if of.payment == "invoice" else "PAYG",
        "systemStatus": "ACTIVE",
        "systemStatusReasons": [],
        "delegations": [],
        "productFeatures": ["APPSTORE_APP_MANUAL"],
        "creationTime": CREATED,
        "modificationTime": CREATED,
    }


def listing(account: world.Account, kind: str, asked: Query) -> Node:
    """A page of things; deleted ones only if both states are asked for."""
    ids, states = _filters(kind, asked.filters)
    rows = [
        node
        for node in KINDS[kind](account)
        if node["deleted"] in states and all(node[name] in wanted for name, wanted in ids.items())
    ]
    rows.sort(key=lambda node: int(str(node["id"])))
    found = in_order(rows, asked.sorting)
    total = len(rows) if asked.pagination.fetch_total_count else None
    return {
        "result": cut_out(found, asked.pagination),
        "pagination": placed(asked.pagination, total),
        "error": None,
    }


def _filters(kind: str, filters: list[Filter]) -> tuple[Mapping[str, set[int]], set[bool]]:
    """The ids that are wanted, and whether deleted things are."""
    ids, states = dict[str, set[int]](), {False}
    for each in filters:
        values = each.values
        if each.operator not in ("IN", "EQUALS") or (each.operator == "EQUALS" and len(values) != 1):
            raise invalid(f"filters: the sandbox has IN and EQUALS, not {each.operator}.")
        if each.field == "deleted" and all(isinstance(value, bool) for value in values):
            states = {value is True for value in values}
        elif each.field in ID_FIELDS[kind] and all(type(value) is int for value in values):
            if len(values) > MOST_IDS:
                raise invalid(f"filters: {each.field} takes at most {MOST_IDS} values.")
            ids[each.field] = {int(value) for value in values}
        else:
            raise invalid(f"filters: {each.field} cannot be filtered by {each.value!r}.")
    return ids, states


def bid_strategy(campaign: world.Campaign, group: world.AdGroup, currency: str) -> Node:
    """A ceiling for a tap, or a target per install; its money without a currency."""
    target = campaign.goal == "conversions"
    bid = money(group.bid_micros * TARGET_TAPS if target else group.bid_micros, currency)
    return {
        "bidStrategyType": "MAX_CONVERSIONS" if target else "MANUAL_CPT",
        "bidStrategyGoal": "INSTALL" if target else "TAP",
        "bid": {"amount": bid["amount"]},
    }


def campaigns(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        budget = max(20, campaign.volume * campaign.price_micros // 10_000_000 // 1_000_000)
        yield _node(of, campaign, campaign.campaign_id, campaign.name) | {
            "billingEvent": "TAPS",
            "paymentModel": ad_account(of)["paymentModel"],
            "startTime": _utc(campaign.days.first_day, of.timezone),
            "endTime": _end(campaign, of.timezone),
            "promotedObjectType": "APPSTORE_APP",
            "promotedObjectId": "1500000001",
            "dailyBudget": {"value": money(budget * 1_000_000, of.currency)},
            "sharedBudgets": [{"budgetId": order["id"]} for order in shared_budgets(of)],
            "targeting": {"countryOrRegion": {"include": ["US"]}},
        }


def ad_groups(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            yield _node(of, campaign, group.ad_group_id, group.name) | {
                "campaignId": int(campaign.campaign_id),
                "pricingModel": "CPT",
                "automatedKeywordsOptIn": False,
                "bidStrategy": bid_strategy(campaign, group, of.currency),
                "startTime": _utc(campaign.days.first_day, of.timezone),
                "endTime": _end(campaign, of.timezone),
            }


def ads(of: world.Account) -> Iterator[Node]:
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield _node(of, campaign, ad, ad_name(group, ad)) | {
                    "campaignId": int(campaign.campaign_id),
                    "adGroupId": int(group.ad_group_id),
                    "creativeId": int(ad) + 500,
                }


def keywords(of: world.Account) -> Iterator[Node]:
    """One keyword without a bid of its own and one with half of its ad group's; none where a target rules."""
    for campaign in of.campaigns:
        for group in campaign.ad_groups if campaign.goal != "conversions" else ():
            for number, text in enumerate(("tea", "tea timer"), 1):
                keyword = _node(of, campaign, str(int(group.ad_group_id) + 700 + number), text) | {
                    "campaignId": int(campaign.campaign_id),
                    "adGroupId": int(group.ad_group_id),
                    "text": text,
                    "matchType": "EXACT",
                    "bid": money(group.bid_micros // 2, of.currency) if number == 2 else None,
                }
                yield keyword


def shared_budgets(of: world.Account) -> Iterator[Node]:
    """The budget order of an account with a line of credit."""
    if of.payment == "invoice" and of.campaigns:
        yield {
            "id": int(of.account_id) * 10 + 1,
            "name": f"{of.name} 2026",
            "startTime": _utc(ORDERED, of.timezone),
            "endTime": _utc(date(ORDERED.year + 1, 1, 1), of.timezone),
            "value": money(100_000_000 * 1_000_000, of.currency),
            "orgId": int(of.manager_id or 0),
            "adAccountIds": [int(of.account_id)],
            "systemStatus": "ACTIVE",
            "systemStatusReasons": [],
            "invoiceDetail": {"orderNumber": f"PO-{of.account_id}", "clientName": of.name},
            "creationTime": CREATED,
            "modificationTime": CREATED,
            "deleted": False,
        }


def ad_name(group: world.AdGroup, ad: str) -> str:
    return f"{group.name} ad {ad[-1]}"


def _node(of: world.Account, campaign: world.Campaign, number: str, name: str) -> Node:
    """What all things below an account have; they share the state of their campaign."""
    status, shown = STATES[campaign.status]
    return {
        "id": int(number),
        "adAccountId": int(of.account_id),
        "name": name,
        "status": status,
        "displayStatus": shown,
        "creationTime": CREATED,
        "modificationTime": CREATED,
        "deleted": campaign.status == "removed",
    }


def _end(campaign: world.Campaign, timezone: str) -> str | None:
    agreed = campaign.agreement
    return _utc(agreed.flight.last_day + timedelta(days=1), timezone) if agreed and agreed.flight else None


def _utc(day: date, timezone: str) -> str:
    """The account's midnight as the clock in Greenwich shows it."""
    return f"{day_start(day, timezone):%Y-%m-%dT%H:%M:%S}.000"


KINDS: dict[str, Callable[[world.Account], Iterator[Node]]] = {
    "campaigns": campaigns,
    "adgroups": ad_groups,
    "ads": ads,
    "keywords": keywords,
    "shared-budgets": shared_budgets,
}
