"""Accounts, campaign groups, campaigns and creatives as records.

Source: LinkedIn Marketing API 202607, "Ad Accounts", "Campaign Groups", "Campaigns", "Creatives" (views of
2026, read 2026-11). LinkedIn's campaign group is our campaign, its campaign our ad group, its creative our
ad. All days are UTC's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from adtally import Account, Ad, AdGroup, Campaign, Order, to_micros

from . import charging, wire
from .restli import parted

TIMEZONE = "UTC"
RUNNABLE = "RUNNABLE"


class Budget(TypedDict):
    budget_micros: int | None
    budget_period: str


def to_account(row: wire.Account) -> Account:
    """The account; what keeps it from being served follows its own status."""
    holds = [hold for hold in row.serving_statuses if hold != RUNNABLE]
    return Account(
        id=str(row.id),
        name=row.name,
        currency=row.currency,
        timezone=TIMEZONE,
        status=" ".join([row.status, *holds]).strip(),
    )


def to_order(row: wire.Account) -> Order | None:
    """The budget of the whole account, or None where it has none."""
    if row.total_budget is None:
        return None
    return Order(
        order_id=str(row.id),
        last_day=charging.last_day(wire.Schedule(end=row.total_budget_ends_at)),
        cap_micros=to_micros(row.total_budget.amount),
        currency=row.total_budget.currency_code,
    )


def to_campaign(row: wire.CampaignGroup) -> Campaign:
    return Campaign(
        campaign_id=str(row.id),
        name=row.name,
        status=row.status,
        objective=row.objective_type or "",
        first_day=charging.first_day(row.run_schedule),
        last_day=charging.last_day(row.run_schedule),
        **_budget(row),
    )


def to_ad_group(row: wire.Campaign) -> AdGroup:
    return AdGroup(
        ad_group_id=str(row.id),
        campaign_id=row.group_id,
        name=row.name,
        status=row.status,
        first_day=charging.first_day(row.run_schedule),
        last_day=charging.last_day(row.run_schedule),
        **_budget(row),
    )


def to_ad(row: wire.Creative, groups: Mapping[str, str]) -> Ad:
    """The ad; ``groups`` names the campaign group of each campaign, which a creative does not tell."""
    campaign = parted(row.campaign)[1]
    return Ad(
        ad_id=parted(row.id)[1],
        ad_group_id=campaign,
        campaign_id=groups.get(campaign, ""),
        name=row.name or "",
        status=row.intended_status,
    )


def _budget(row: wire.CampaignGroup | wire.Campaign) -> Budget:
    """The budget of a day where there is one, else the total."""
    for budget, period in ((row.daily_budget, "daily"), (row.total_budget, "total")):
        if budget and budget.amount:
            return Budget(budget_micros=to_micros(budget.amount), budget_period=period)
    return Budget(budget_micros=None, budget_period="")
