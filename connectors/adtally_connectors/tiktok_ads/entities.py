"""Accounts, campaigns, ad groups and ads as records.

Source: API v1.3, "Get ad account details", "Get campaigns", "Get ad groups", "Get ads" (read 2026-11).
"""

from __future__ import annotations

from adtally import Account, Ad, AdGroup, Campaign, to_micros

from . import charging, wire

PERIODS = {"BUDGET_MODE_DAY": "daily", "BUDGET_MODE_TOTAL": "total"}


def to_account(row: wire.Advertiser) -> Account:
    return Account(
        id=row.advertiser_id,
        name=row.name,
        currency=row.currency,
        timezone=row.display_timezone or row.timezone,
        status=row.status,
        manager_id=row.owner_bc_id or "",
    )


def to_campaign(row: wire.Campaign) -> Campaign:
    return Campaign(
        campaign_id=row.campaign_id,
        name=row.campaign_name or "",
        status=row.secondary_status or row.operation_status or "",
        objective=row.objective_type or "",
        channel=row.rf_campaign_type or "",
        budget_micros=to_micros(row.budget) if row.budget else None,
        budget_period=to_period(row.budget_mode),
    )


def to_ad_group(row: wire.AdGroup, timezone: str) -> AdGroup:
    return AdGroup(
        ad_group_id=row.adgroup_id,
        campaign_id=row.campaign_id,
        name=row.adgroup_name or "",
        status=row.secondary_status or row.operation_status or "",
        first_day=charging.first_day(row, timezone),
        last_day=charging.last_day(row, timezone),
        budget_micros=to_micros(row.budget) if row.budget else None,
        budget_period=to_period(row.budget_mode),
    )


def to_ad(row: wire.Ad) -> Ad:
    return Ad(
        ad_id=row.ad_id,
        ad_group_id=row.adgroup_id,
        campaign_id=row.campaign_id,
        name=row.ad_name or "",
        status=row.secondary_status or row.operation_status or "",
    )


def to_period(mode: str | None) -> str:
    """How long a budget is for; "" where there is none."""
    if mode in (None, "BUDGET_MODE_INFINITE"):
        return ""
    return PERIODS.get(mode or "", (mode or "").removeprefix("BUDGET_MODE_").lower())
