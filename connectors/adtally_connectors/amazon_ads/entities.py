"""Accounts, campaigns, ad groups and ads as records.

Source: profiles, DSP advertisers, and the lists of each product (as of 2026-10; read 2026-11). In the DSP an
order is a campaign, a line item an ad group, a creative an ad.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from adtally import Account, Ad, AdGroup, Campaign, ContractError, local_day, to_micros

from . import wire

CHANNELS = {"SPONSORED_PRODUCTS": "products", "DEMAND_SIDE_PLATFORM": "dsp"}
"""Among which people's habits compare; the brands', display and TV ads are one channel."""


def to_account(row: wire.Profile) -> Account:
    return Account(
        id=wire.text(row.profile_id),
        name=row.account_info.name,
        currency=row.currency_code,
        timezone=row.timezone,
    )


def to_advertiser(row: wire.Advertiser, agency_id: str) -> Account:
    """An account of the DSP: below the profile of its agency, through which it is read."""
    return Account(
        id=wire.text(row.advertiser_id),
        name=row.name,
        currency=row.currency,
        timezone=row.timezone,
        manager_id=agency_id,
    )


def to_campaign(row: wire.Campaign, ad_product: str, timezone: str) -> Campaign:
    budget, period = _budget(row)
    return Campaign(
        campaign_id=row.key,
        name=row.name or "",
        status=row.state or "",
        objective=ad_product,
        channel=CHANNELS.get(ad_product, "brand"),
        first_day=to_day(row.start_date or row.start_date_time, timezone),
        last_day=to_day(row.end_date or row.end_date_time, timezone),
        budget_micros=budget,
        budget_period=period.lower(),
    )


def to_ad_group(row: wire.AdGroup, timezone: str) -> AdGroup:
    return AdGroup(
        ad_group_id=row.key,
        campaign_id=wire.text(row.campaign_id),
        name=row.name or "",
        status=row.state or "",
        first_day=to_day(row.start_date_time, timezone),
        last_day=to_day(row.end_date_time, timezone),
    )


def to_ad(row: wire.Ad) -> Ad:
    """An ad of sponsored ads; most have no name but the product that they show."""
    return Ad(
        ad_id=row.key,
        ad_group_id=wire.text(row.ad_group_id),
        campaign_id=wire.text(row.campaign_id),
        name=row.name or row.ad_name or row.asin or row.sku or "",
        status=row.state or "",
    )


def to_shown(row: wire.Association, creative: wire.Ad | None, places: Mapping[str, str]) -> Ad:
    """A creative of the DSP in one line item; ``places`` are the campaigns of the line items."""
    ad_group_id = wire.text(row.ad_group_id)
    return Ad(
        ad_id=wire.text(row.ad_id),
        ad_group_id=ad_group_id,
        campaign_id=places.get(ad_group_id, ""),
        name=(creative.name or "") if creative else "",
        status=row.state or "",
    )


def to_day(told: str | None, timezone: str) -> date | None:
    """The day of a date with or without dashes, or of an instant by the account's clock."""
    if not told:
        return None
    try:
        if "T" not in told:
            return date.fromisoformat(told)
        instant = datetime.fromisoformat(told)
    except ValueError:
        raise ContractError(f"not a day: {told[:40]!r}") from None
    return local_day(instant, timezone) if instant.tzinfo else instant.date()


def _budget(row: wire.Campaign) -> tuple[int | None, str]:
    """The amount and its period, however the product tells them."""
    if isinstance(row.budget, wire.ProductsBudget):
        amount, period = row.budget.budget, row.budget.budget_type
    elif row.budgets:
        first = row.budgets[0]
        amount = first.budget_value.monetary_budget_value.monetary_budget.value
        period = first.recurrence_time_period
    else:
        amount, period = row.budget, row.budget_type
    return (None, "") if amount is None else (to_micros(amount), period or "")
