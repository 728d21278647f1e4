"""Accounts, campaigns, ad groups, ads and budget orders as records.

Source: Apple Ads Platform API 1.0, "AdAccount", "Campaign", "AdGroup", "Ad", "SharedBudget" (read 2026-11).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias

from adtally import Account, Ad, AdGroup, Campaign, Order, local_day, to_micros

from . import wire

Payment: TypeAlias = Literal["invoice", "threshold", "unknown"]

PAYMENTS: dict[str, Payment] = {"LOC": "invoice", "PAYG": "threshold"}
"""A line of credit is billed by month, a card when enough is open."""


def to_account(row: wire.AdAccount) -> Account:
    return Account(
        id=str(row.id),
        name=row.name or "",
        currency=wire.CURRENCIES.get(row.currency, row.currency),
        timezone=row.timezone,
        status=", ".join([row.system_status or "", *sorted(row.system_status_reasons or ())]).strip(", "),
        manager_id=str(row.org_id or ""),
        payment=PAYMENTS.get(row.payment_model or "", "unknown"),
    )


def to_campaign(row: wire.Campaign, timezone: str) -> Campaign:
    budget, orders = row.daily_budget.value, row.shared_budgets or []
    return Campaign(
        campaign_id=str(row.id),
        name=row.name or "",
        status=_status(row),
        channel=row.promoted_object_type or "",
        first_day=wire.first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
        budget_id=str(orders[0].budget_id or "") if orders else "",
        budget_micros=to_micros(budget.amount) if budget else None,
        budget_period="daily" if budget else "",
    )


def to_ad_group(row: wire.AdGroup, timezone: str) -> AdGroup:
    return AdGroup(
        ad_group_id=str(row.id),
        campaign_id=str(row.campaign_id),
        name=row.name or "",
        status=_status(row),
        first_day=wire.first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
    )


def to_ad(row: wire.Ad) -> Ad:
    return Ad(
        ad_id=str(row.id),
        ad_group_id=str(row.ad_group_id),
        campaign_id=str(row.campaign_id),
        name=row.name or "",
        status=_status(row),
    )


def to_order(row: wire.SharedBudget, timezone: str) -> Order:
    """The budget order; what it may cost in all is ``value``."""
    return Order(
        order_id=str(row.id),
        purchase_order=(row.invoice_detail.order_number or "") if row.invoice_detail else "",
        first_day=wire.first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
        cap_micros=to_micros(row.value.amount) if row.value else None,
        currency=row.value.iso if row.value else "",
    )


def last_day(text: str | None, timezone: str) -> date | None:
    """The account's last day before the end; an end at midnight closes the day before."""
    return local_day(wire.instant(text) - timedelta(seconds=1), timezone) if text else None


def _status(row: wire.Campaign | wire.AdGroup | wire.Ad) -> str:
    return row.display_status or ("DELETED" if row.deleted else row.status or "")
