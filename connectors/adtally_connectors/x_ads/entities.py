"""Accounts, campaigns, ad groups and ads as records.

Source: X Ads API v12, "Accounts", "Campaigns", "Line Items", "Promoted Tweets", "Promoted Accounts" (snapshot
of 2026-08-22; read 2026-11). Line items are our ad groups; promoted posts are our ads and have no names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from adtally import Account, Ad, AdGroup, Campaign, local_day

from . import wire

FIRST = datetime.min.replace(tzinfo=UTC)


def to_account(row: wire.Account, instruments: Sequence[wire.FundingInstrument]) -> Account:
    """The account, with the currency of its oldest funding instrument: X tells none of the account itself."""
    oldest = min(instruments, key=lambda one: (one.created_at or FIRST, one.id))
    status = "DELETED" if row.deleted else row.approval_status or ""
    if all(one.able_to_fund is False for one in instruments):
        status = f"{status}, UNABLE_TO_FUND".strip(", ")
    return Account(
        id=row.id,
        name=row.name or "",
        currency=oldest.currency,
        timezone=row.timezone,
        status=status,
        manager_id=row.business_id or "",
    )


def to_campaign(row: wire.Campaign, objective: str) -> Campaign:
    budget, period = _budget(row)
    return Campaign(
        campaign_id=row.id,
        name=row.name or "",
        status=_status(row),
        objective=objective,
        budget_id=row.funding_instrument_id or "",
        budget_micros=budget,
        budget_period=period,
    )


def to_ad_group(row: wire.LineItem, timezone: str) -> AdGroup:
    budget, period = _budget(row)
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=row.campaign_id,
        name=row.name or "",
        status=_status(row),
        first_day=first_day(row.start_time, timezone),
        last_day=last_day(row.end_time, timezone),
        budget_micros=budget,
        budget_period=period,
    )


def to_ad(row: wire.Promoted, campaign_id: str) -> Ad:
    return Ad(ad_id=row.id, ad_group_id=row.line_item_id, campaign_id=campaign_id, status=_status(row))


def first_day(instant: datetime | None, timezone: str) -> date | None:
    """The day on which something starts, by the account's clock."""
    return None if instant is None else local_day(instant, timezone)


def last_day(instant: datetime | None, timezone: str) -> date | None:
    """The last day before the end, which at midnight closes the day before."""
    return None if instant is None else local_day(instant - timedelta(seconds=1), timezone)


def _budget(row: wire.Campaign | wire.LineItem) -> tuple[int | None, str]:
    """The budget of a day, else of all days; X tells it in micros."""
    if row.daily_budget_amount_local_micro:
        return row.daily_budget_amount_local_micro, "daily"
    if row.total_budget_amount_local_micro:
        return row.total_budget_amount_local_micro, "total"
    return None, ""


def _status(row: wire.Campaign | wire.LineItem | wire.Promoted) -> str:
    return "DELETED" if row.deleted else row.effective_status or row.entity_status or ""
