"""Accounts, campaigns, ad squads and ads as records.

Source: developers.snap.com, Ads API v1, "Ad Accounts", "Campaigns", "Ad Squads", "Ads" (read 2026-11).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from adtally import Account, Ad, AdGroup, Campaign, local_day

from . import wire

Payment: TypeAlias = Literal["invoice", "unknown"]
PAYMENTS: dict[str, Payment] = {"IO": "invoice"}
"""By ``billing_type``; how REVOLVING accounts pay depends on their funding source."""


def to_account(row: wire.AdAccount) -> Account:
    return Account(
        id=row.id,
        name=row.name or "",
        currency=row.currency,
        timezone=row.timezone,
        status=to_status(row),
        manager_id=row.organization_id or "",
        payment=PAYMENTS.get(row.billing_type or "", "unknown"),
    )


def to_campaign(row: wire.Campaign, timezone: str) -> Campaign:
    objective = row.objective_v2_properties
    budget, period = to_budget(row.daily_budget_micro, row.lifetime_spend_cap_micro)
    return Campaign(
        campaign_id=row.id,
        name=row.name or "",
        status=to_status(row),
        objective=(objective and objective.objective_v2_type) or row.objective or "",
        first_day=first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad_group(row: wire.AdSquad, timezone: str) -> AdGroup:
    budget, period = to_budget(row.daily_budget_micro, row.lifetime_budget_micro)
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=row.campaign_id,
        name=row.name or "",
        status=to_status(row),
        first_day=first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad(row: wire.Ad, campaign_id: str) -> Ad:
    return Ad(
        ad_id=row.id,
        ad_group_id=row.ad_squad_id,
        campaign_id=campaign_id,
        name=row.name or "",
        status=to_status(row),
    )


def to_status(row: wire.Entity) -> str:
    """Snapchat's own word; a deleted thing may still be called ACTIVE."""
    return "DELETED" if row.deleted else row.status or ""


def to_budget(daily_micros: int | None, total_micros: int | None) -> tuple[int | None, str]:
    """The budget and how long it is for; an amount of 0 is none."""
    if daily_micros:
        return daily_micros, "daily"
    return (total_micros, "total") if total_micros else (None, "")


def first_day(start: datetime | None, timezone: str) -> date | None:
    """The day of the start by the account's clock."""
    return local_day(start, timezone) if start else None


def last_day(end: datetime | None, timezone: str) -> date | None:
    """The last day before the end; an end at midnight closes the day."""
    return local_day(end - timedelta(seconds=1), timezone) if end else None
