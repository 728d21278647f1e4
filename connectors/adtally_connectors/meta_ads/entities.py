"""Accounts, campaigns, ad sets and ads as records.

Source: the nodes of facebook-business 26.0.3; "Ad Account" for the numbers of its status. With a campaign
budget the ad sets have none, and the other way round; a budget of the other kind is told as 0.
"""

from __future__ import annotations

from typing import Literal

from adtally import Account, Ad, AdGroup, Campaign, canonical_account

from . import wire
from .offsets import from_units

CARD = 1
STATUSES = {
    1: "ACTIVE",
    2: "DISABLED",
    3: "UNSETTLED",
    7: "PENDING_RISK_REVIEW",
    8: "PENDING_SETTLEMENT",
    9: "IN_GRACE_PERIOD",
    100: "PENDING_CLOSURE",
    101: "CLOSED",
}
GONE = "DELETED"


def to_account(row: wire.Account) -> Account:
    status = row.account_status
    return Account(
        id=canonical_account(row.account_id),
        name=row.name,
        currency=row.currency,
        timezone=row.timezone_name,
        status="" if status is None else STATUSES.get(status, str(status)),
        manager_id=row.business.id,
        payment=_payment(row),
    )


def to_campaign(row: wire.Campaign, account: Account) -> Campaign:
    budget, period = _budget(row, account.currency)
    return Campaign(
        campaign_id=row.id,
        name=row.name,
        status=row.effective_status,
        objective=row.objective,
        first_day=wire.first_day(row.start_time, account.timezone),
        last_day=wire.last_day(row.stop_time, account.timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad_group(row: wire.AdSet, account: Account) -> AdGroup:
    budget, period = _budget(row, account.currency)
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=row.campaign_id,
        name=row.name,
        status=row.effective_status,
        first_day=wire.first_day(row.start_time, account.timezone),
        last_day=wire.last_day(row.end_time, account.timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad(row: wire.Ad) -> Ad:
    return Ad(
        ad_id=row.id,
        ad_group_id=row.adset_id,
        campaign_id=row.campaign_id,
        name=row.name,
        status=row.effective_status,
    )


def _payment(row: wire.Account) -> Literal["invoice", "threshold", "prepaid", "unknown"]:
    if row.extended_credit_invoice_group is not None:
        return "invoice"
    if row.is_prepay_account:
        return "prepaid"
    return "threshold" if row.funding_source_details.type == CARD else "unknown"


def _budget(row: wire.Campaign | wire.AdSet, currency: str) -> tuple[int | None, str]:
    """The budget in micros and its period; none where the other level keeps it."""
    if row.daily_budget:
        return from_units(row.daily_budget, currency), "daily"
    if row.lifetime_budget:
        return from_units(row.lifetime_budget, currency), "total"
    return None, ""
