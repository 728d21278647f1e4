"""Accounts, campaigns, ad groups and ads as records.

Source: API v13, "AdvertiserAccount", "Campaign", "AdGroup", "Ad" and the columns of reports (2024-11-06, SDK
13.0.30.1); read 2026-11. Lists do not have what was deleted; reports have its name and state.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from adtally import Account, Ad, AdGroup, Campaign, to_micros

from . import wire, zones
from .sheet import Row

Payment: TypeAlias = Literal["invoice", "threshold", "prepaid", "unknown"]

PAYMENTS: dict[str, Payment] = {
    "Invoice": "invoice",
    "CreditCard": "threshold",
    "PayPal": "threshold",
    "ElectronicFundsTransfer": "threshold",
    "ELV": "threshold",
}
"""Mostly null: reserved for Microsoft's own use. Whether the others are paid before or after is not said."""
TYPES_IN_REPORTS = {"Search & content": "Search", "Dynamic search": "DynamicSearchAds"}
"""Campaign types in the words of reports, where they differ."""
PERIODS = {"LifetimeBudgetStandard": "total"}


def to_account(row: wire.Account) -> Account:
    """The account; a time zone that is not known stays as it is told, for core to refuse."""
    return Account(
        id=row.id,
        name=row.name or "",
        currency=row.currency_code,
        timezone=zones.to_iana(row.time_zone),
        status=row.account_life_cycle_status or "",
        manager_id=row.parent_customer_id or "",
        payment=PAYMENTS.get(row.payment_method_type or "", "unknown"),
    )


def to_campaign(row: wire.Campaign) -> Campaign:
    shared = row.budget_id not in (None, "", "0")
    return Campaign(
        campaign_id=row.id,
        name=row.name or "",
        status=row.status or "",
        objective=row.marketing_objective or "",
        channel=row.campaign_type or "",
        first_day=row.start_date.date if row.start_date else None,
        last_day=row.end_date.date if row.end_date else None,
        budget_id=(row.budget_id or "") if shared else "",
        budget_micros=to_micros(row.daily_budget) if row.daily_budget is not None else None,
        budget_period="" if row.daily_budget is None else PERIODS.get(row.budget_type or "", "daily"),
    )


def to_ad_group(row: wire.AdGroup, campaign_id: str) -> AdGroup:
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=campaign_id,
        name=row.name or "",
        status=row.status or "",
        first_day=row.start_date.date if row.start_date else None,
        last_day=row.end_date.date if row.end_date else None,
    )


def to_ad(row: wire.Ad, ad_group_id: str, campaign_id: str) -> Ad:
    return Ad(
        ad_id=row.id,
        ad_group_id=ad_group_id,
        campaign_id=campaign_id,
        name=row.title or row.title_part1 or row.business_name or "",
        status=row.status or "",
    )


def shown_campaign(row: Row) -> Campaign:
    """A campaign as a report names it."""
    kind = row.told["CampaignType"] or ""
    return Campaign(
        campaign_id=row.ids["CampaignId"],
        name=row.told["CampaignName"] or "",
        status=row.told["CampaignStatus"] or "",
        channel=TYPES_IN_REPORTS.get(kind, kind),
    )


def shown_ad_group(row: Row) -> AdGroup:
    return AdGroup(
        ad_group_id=row.ids["AdGroupId"],
        campaign_id=row.ids["CampaignId"],
        name=row.told["AdGroupName"] or "",
        status=row.told["Status"] or "",
    )


def shown_ad(row: Row) -> Ad:
    return Ad(
        ad_id=row.ids["AdId"],
        ad_group_id=row.ids["AdGroupId"],
        campaign_id=row.ids["CampaignId"],
        name=row.told["AdTitle"] or "",
        status=row.told["AdStatus"] or "",
    )
