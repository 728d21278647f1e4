"""Campaigns, ad groups, ads and account budgets as records.

Source: resource messages of Google Ads API v26 (google-ads 34.0.0, read 2026-11).
"""

from __future__ import annotations

from adtally import Ad, AdGroup, Campaign, Order

from . import wire
from .billing import tail

PERIODS = {"DAILY": "daily", "CUSTOM_PERIOD": "total"}


def to_campaign(row: wire.CampaignRow) -> Campaign:
    campaign, budget = row.campaign, row.campaign_budget
    whole = budget.period == "CUSTOM_PERIOD"
    return Campaign(
        campaign_id=campaign.id,
        name=campaign.name,
        status=campaign.status,
        channel=campaign.advertising_channel_type,
        first_day=wire.first_day(campaign.start_date_time),
        last_day=wire.last_day(campaign.end_date_time),
        budget_id=tail(campaign.campaign_budget),
        budget_micros=budget.total_amount_micros if whole else budget.amount_micros,
        budget_period=PERIODS.get(budget.period, budget.period.lower()),
    )


def to_ad_group(row: wire.AdGroupRow) -> AdGroup:
    return AdGroup(
        ad_group_id=row.ad_group.id,
        campaign_id=row.campaign.id,
        name=row.ad_group.name,
        status=row.ad_group.status,
    )


def to_ad(row: wire.AdRow) -> Ad:
    return Ad(
        ad_id=row.ad_group_ad.ad.id,
        ad_group_id=row.ad_group.id,
        campaign_id=row.campaign.id,
        name=row.ad_group_ad.ad.name,
        status=row.ad_group_ad.status,
    )


def to_order(budget: wire.AccountBudget, currency: str) -> Order:
    """The account budget; its limit is the adjusted one where that differs from what was approved."""
    adjusted, approved = budget.adjusted_spending_limit_micros, budget.approved_spending_limit_micros
    return Order(
        order_id=budget.id,
        purchase_order=budget.purchase_order_number,
        first_day=wire.first_day(budget.approved_start_date_time),
        last_day=wire.last_day(budget.approved_end_date_time),
        cap_micros=approved if adjusted is None else adjusted,
        currency=currency,
    )
