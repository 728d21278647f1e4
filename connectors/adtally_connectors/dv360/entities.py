"""Accounts, campaigns, ad groups, ads and orders as records.

Source: Display & Video 360 API v4: ``Advertiser``, ``Campaign``, ``InsertionOrder``, ``LineItem`` and
``Creative`` (contract of 2026-10-21; read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adtally import Account, Ad, AdGroup, Campaign, Order

from . import wire

IN_CURRENCY = "BUDGET_UNIT_CURRENCY"
"""Other budgets count impressions, and Google does not say in what unit."""


def to_account(row: wire.Advertiser) -> Account:
    return Account(
        id=row.advertiser_id,
        name=row.display_name,
        currency=row.general_config.currency_code,
        timezone=row.general_config.time_zone,
        status=row.entity_status,
        manager_id=row.partner_id,
    )


def to_campaign(row: wire.Campaign) -> Campaign:
    """The campaign; one with several budgets has none of its own."""
    days, budgets = row.campaign_flight.planned_dates, row.campaign_budgets
    budget = budgets[0] if len(budgets) == 1 else wire.CampaignBudget()
    amount = budget.budget_amount_micros if budget.budget_unit == IN_CURRENCY else None
    return Campaign(
        campaign_id=row.campaign_id,
        name=row.display_name,
        status=row.entity_status,
        objective=row.campaign_goal.campaign_goal_type,
        first_day=days.first_day,
        last_day=days.last_day,
        budget_id=budget.budget_id,
        budget_micros=amount,
        budget_period="" if amount is None else "total",
    )


def to_ad_group(row: wire.LineItem) -> AdGroup:
    days, amount, period = row.flight.date_range, None, ""
    if row.budget.max_amount and row.budget.budget_unit == IN_CURRENCY:
        amount, period = row.budget.max_amount, "total"
    elif row.pacing.daily_max_micros and row.pacing.pacing_period == "PACING_PERIOD_DAILY":
        amount, period = row.pacing.daily_max_micros, "daily"
    return AdGroup(
        ad_group_id=row.line_item_id,
        campaign_id=row.campaign_id,
        name=row.display_name,
        status=row.entity_status,
        first_day=days.first_day,
        last_day=days.last_day,
        budget_micros=amount,
        budget_period=period,
    )


def to_ads(row: wire.LineItem, creatives: Mapping[str, wire.Creative]) -> Iterator[Ad]:
    """The creatives of one line item: the same creative may run in several."""
    for creative_id in dict.fromkeys(row.creative_ids):
        creative = creatives.get(creative_id)
        yield Ad(
            ad_id=creative_id,
            ad_group_id=row.line_item_id,
            campaign_id=row.campaign_id,
            name=creative.display_name if creative else "",
            status=creative.entity_status if creative else "",
        )


def to_order(row: wire.InsertionOrder, currency: str) -> Order:
    """The insertion order over all of its budget segments, whose texts Google prints on its invoices."""
    segments = row.budget.budget_segments
    ranges = [segment.date_range for segment in segments]
    first_days = [days.first_day for days in ranges]
    last_days = [days.last_day for days in ranges]
    amounts = [segment.budget_amount_micros for segment in segments]
    known = row.budget.budget_unit == IN_CURRENCY and amounts and None not in amounts
    return Order(
        order_id=row.insertion_order_id,
        purchase_order=", ".join(dict.fromkeys(one.description for one in segments if one.description)),
        paid_type=row.insertion_order_type,
        first_day=min((day for day in first_days if day), default=None),
        last_day=None if None in last_days else max((day for day in last_days if day), default=None),
        cap_micros=sum(amount or 0 for amount in amounts) if known else None,
        currency=currency,
    )
