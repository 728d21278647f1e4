"""Accounts, campaigns, ad groups and ads as records.

Source: Reddit Ads API v3, ad accounts, campaigns, ad groups and ads (types of clients made from its OpenAPI
file; read 2026-11).
"""

from __future__ import annotations

from decimal import Decimal

from adtally import Account, Ad, AdGroup, Campaign, to_micros

from . import charging, wire

PERIODS = {"DAILY_SPEND": "daily", "LIFETIME_SPEND": "lifetime"}


def to_account(row: wire.Account) -> Account:
    """The account; without a time zone of its own its days are those of UTC."""
    return Account(
        id=row.id,
        name=row.name or "",
        currency=row.currency or "",
        timezone=row.time_zone_id or "UTC",
        status=": ".join(filter(None, (row.admin_approval, row.suspension_reason))),
        manager_id=row.business_id or "",
    )


def to_campaign(row: wire.Campaign, timezone: str) -> Campaign:
    """The campaign; its budget, else the most that it may ever spend."""
    budget, period = to_budget(row.goal_value, row.goal_type)
    if budget is None and row.spend_cap:
        budget, period = to_micros(row.spend_cap, scale=1), "lifetime"
    return Campaign(
        campaign_id=row.id,
        name=row.name or "",
        status=row.effective_status or row.configured_status or "",
        objective=row.objective or "",
        first_day=charging.first_day(row, timezone),
        last_day=charging.last_day(row, timezone),
        budget_id=row.funding_instrument_id or "",
        budget_micros=budget,
        budget_period=period,
    )


def to_ad_group(row: wire.AdGroup, timezone: str) -> AdGroup:
    """The ad group; a budget that its campaign holds is the campaign's."""
    budget, period = to_budget(row.goal_value, row.goal_type)
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=row.campaign_id,
        name=row.name or "",
        status=row.effective_status or row.configured_status or "",
        first_day=charging.first_day(row, timezone),
        last_day=charging.last_day(row, timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad(row: wire.Ad) -> Ad:
    return Ad(
        ad_id=row.id,
        ad_group_id=row.ad_group_id,
        campaign_id=row.campaign_id,
        name=row.name or "",
        status=row.effective_status or row.configured_status or "",
    )


def to_budget(value: Decimal | None, goal: str | None) -> tuple[int | None, str]:
    """Micros of the account's currency, and how long they are for; nothing where there is no budget."""
    if not value:
        return None, ""
    return to_micros(value, scale=1), PERIODS.get(goal or "", (goal or "").lower())
