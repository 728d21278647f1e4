"""The world's accounts in Meta's words: ad accounts, campaigns, ad sets and ads.

Source: ``AdAccount``, ``Campaign``, ``AdSet`` and ``Ad`` of facebook-business 26.0.3 (API v26.0),
read 2026-11. Budgets, bids and balances are counted in 1/offset of the currency, which is
not always its ISO exponent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from adtally import world

WHOLE = {"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"}
"""Currencies that Meta counts in whole units."""
STATUS = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "DELETED"}
OBJECTIVES = {
    "cpm": "OUTCOME_AWARENESS",
    "cpc": "OUTCOME_TRAFFIC",
    "cpv": "OUTCOME_ENGAGEMENT",
    "cpi": "OUTCOME_APP_PROMOTION",
}
CHARGED = {
    "cpm": ("IMPRESSIONS", "REACH", "LOWEST_COST_WITHOUT_CAP"),
    "cpc": ("LINK_CLICKS", "LINK_CLICKS", "LOWEST_COST_WITH_BID_CAP"),
    "cpv": ("THRUPLAY", "THRUPLAY", "LOWEST_COST_WITH_BID_CAP"),
    "cpi": ("APP_INSTALLS", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "LOWEST_COST_WITHOUT_CAP"),
}
"""What is paid for, what is aimed at, and how it bids."""
FOR_RESULTS = ("IMPRESSIONS", "OFFSITE_CONVERSIONS", "COST_CAP")
CREATED = "2026-08-20T09:30:00+0000"


@dataclass(frozen=True, slots=True)
class Entity:
    """A campaign, ad set or ad: what can be asked of it, and what the rows below it name."""

    node: Mapping[str, object]
    state: str
    is_kept: bool = True
    """False: deleted for good, so that only insights still know it."""


def offset_units(micros: int, currency: str) -> str:
    """An amount as the account's node counts it."""
    return str(micros // (1_000_000 if currency in WHOLE else 10_000))


def account(of: world.Account, played: world.World) -> dict[str, object]:
    """The node of an ad account, with what is open and what was ever spent."""
    found: dict[str, object] = {
        "id": f"act_{of.account_id}",
        "account_id": of.account_id,
        "name": of.name,
        "currency": of.currency,
        "timezone_name": of.timezone,
        "timezone_id": 1,
        "timezone_offset_hours_utc": _offset_hours(of.timezone, played.today),
        "account_status": 1,
        "disable_reason": 0,
        "created_time": CREATED,
        "is_prepay_account": of.payment == "prepaid",
    }
    if of.access == "denied":
        return found
    spent = sum(row.cost_micros for row in _rows(of, played))
    paid = sum(charge.amount_micros - charge.extra_micros for charge in _charges(of, played))
    billed = sum(
        line.amount_micros
        for bill in played.bills
        for line in bill.lines
        if bill.connector == of.connector and line.account_id == of.account_id and line.kind == "media"
    )
    found |= {
        "amount_spent": offset_units(spent, of.currency),
        "balance": offset_units(
            spent - paid if of.payment == "card" else max(0, spent - billed), of.currency
        ),
        "spend_cap": "0",
    }
    if of.manager_id:
        found["business"] = {"id": of.manager_id, "name": "Lindenhof Holding"}
        found["owner_business"] = found["business"]
        found["extended_credit_invoice_group"] = {"id": f"77{of.account_id}"}
    else:
        found["funding_source"] = f"66{of.account_id}"
        found["funding_source_details"] = {
            "id": f"66{of.account_id}",
            "display_string": "Visa *1234",
            "type": 1,
        }
    return found


def _rows(of: world.Account, played: world.World) -> Iterator[world.Row]:
    return (row for campaign in of.campaigns for row in played.days[campaign.campaign_id])


def _charges(of: world.Account, played: world.World) -> Iterator[world.Charge]:
    return (charge for charge in played.charges if charge.account_id == of.account_id)


def campaigns(of: world.Account) -> list[Entity]:
    return [Entity(_campaign(of, campaign), STATUS[campaign.status]) for campaign in of.campaigns]


def ad_sets(of: world.Account) -> list[Entity]:
    return [
        Entity(_ad_set(of, campaign, group), _below(campaign, "CAMPAIGN_PAUSED"), _is_kept(campaign))
        for campaign in of.campaigns
        for group in campaign.ad_groups
    ]


def ads(of: world.Account) -> list[Entity]:
    return [
        Entity(_ad(of, campaign, group, ad), _below(campaign, "CAMPAIGN_PAUSED"), _is_kept(campaign))
        for campaign in of.campaigns
        for group in campaign.ad_groups
        for ad in group.ads
    ]


def state(campaign: world.Campaign, level: str) -> str:
    """The effective status of what a row of insights is about."""
    return STATUS[campaign.status] if level == "campaign" else _below(campaign, "CAMPAIGN_PAUSED")


def objective(campaign: world.Campaign) -> str:
    return "OUTCOME_SALES" if campaign.goal else OBJECTIVES[campaign.model]


def charged(campaign: world.Campaign) -> tuple[str, str, str]:
    return FOR_RESULTS if campaign.goal else CHARGED[campaign.model]


def ad_name(group: world.AdGroup, ad: str) -> str:
    return f"{group.name} ad {ad[-1]}"


def _is_kept(campaign: world.Campaign) -> bool:
    return campaign.status != "removed"


def _below(campaign: world.Campaign, when_paused: str) -> str:
    return when_paused if campaign.status == "paused" else STATUS[campaign.status]


def _campaign(of: world.Account, campaign: world.Campaign) -> dict[str, object]:
    found: dict[str, object] = {
        "id": campaign.campaign_id,
        "account_id": of.account_id,
        "name": campaign.name,
        "status": STATUS[campaign.status],
        "configured_status": STATUS[campaign.status],
        "effective_status": STATUS[campaign.status],
        "objective": objective(campaign),
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "start_time": _local(campaign.days.first_day, of.timezone),
        "created_time": CREATED,
        "updated_time": CREATED,
    }
    if campaign.agreement and campaign.agreement.flight:
        found["stop_time"] = _local(campaign.agreement.flight.last_day, of.timezone, time(23, 59, 59))
    if len(campaign.ad_groups) > 1:  # a budget of the campaign takes the strategy with it
        found |= {"daily_budget": _budget(of, campaign), "bid_strategy": charged(campaign)[2]}
    return found


def _ad_set(of: world.Account, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    event, goal, strategy = charged(campaign)
    found: dict[str, object] = {
        "id": group.ad_group_id,
        "account_id": of.account_id,
        "campaign_id": campaign.campaign_id,
        "campaign": {"id": campaign.campaign_id, "name": campaign.name},
        "name": group.name,
        "status": "ACTIVE",
        "configured_status": "ACTIVE",
        "effective_status": _below(campaign, "CAMPAIGN_PAUSED"),
        "billing_event": event,
        "optimization_goal": goal,
        "destination_type": "WEBSITE",
        "attribution_spec": [
            {"event_type": "CLICK_THROUGH", "window_days": 7},
            {"event_type": "VIEW_THROUGH", "window_days": 1},
        ],
        "start_time": _local(campaign.days.first_day, of.timezone),
        "created_time": CREATED,
        "updated_time": CREATED,
    }
    if len(campaign.ad_groups) == 1:
        found |= {"daily_budget": _budget(of, campaign), "bid_strategy": strategy}
    if strategy != "LOWEST_COST_WITHOUT_CAP":
        found["bid_amount"] = int(offset_units(group.bid_micros, of.currency))
    return found


def _ad(of: world.Account, campaign: world.Campaign, group: world.AdGroup, ad: str) -> dict[str, object]:
    return {
        "id": ad,
        "account_id": of.account_id,
        "campaign_id": campaign.campaign_id,
        "campaign": {"id": campaign.campaign_id, "name": campaign.name},
        "adset_id": group.ad_group_id,
        "adset": {"id": group.ad_group_id, "name": group.name},
        "name": ad_name(group, ad),
        "status": "ACTIVE",
        "configured_status": "ACTIVE",
        "effective_status": _below(campaign, "CAMPAIGN_PAUSED"),
        "created_time": CREATED,
        "updated_time": CREATED,
    }


def _budget(of: world.Account, campaign: world.Campaign) -> str:
    return offset_units(campaign.volume * campaign.price_micros // 10 // 1_000_000 * 1_000_000, of.currency)


def _local(day: date, timezone: str, at: time = time.min) -> str:
    return datetime.combine(day, at, ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M:%S%z")


def _offset_hours(timezone: str, day: date) -> float:
    offset = datetime.combine(day, time(12), ZoneInfo(timezone)).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0
