"""Advertisers, campaigns and placements as records.

Source: dfareporting v5, revision 20261107, schemas Account, Advertiser, Campaign, Placement (read 2026-11).
The currency is the CM360 account's; of its number codes those are listed whose currency still exists.
"""

from __future__ import annotations

from adtally import Account, AdGroup, Campaign, ContractError

from . import wire

CURRENCIES = {
    "1": "USD", "2": "GBP", "4": "SEK", "5": "CAD", "6": "JPY", "8": "AUD", "11": "DKK", "12": "NOK",
    "14": "ZAR", "17": "EUR", "18": "KRW", "19": "TWD", "20": "SGD", "21": "CNY", "22": "HKD", "23": "NZD",
    "24": "MYR", "25": "BRL", "28": "CLP", "29": "TRY", "30": "ARS", "31": "PEN", "32": "ILS", "33": "CHF",
    "35": "COP", "36": "GTQ", "37": "PLN", "39": "INR", "40": "THB", "41": "IDR", "42": "CZK", "43": "RON",
    "44": "HUF", "45": "RUB", "46": "AED", "49": "MXN", "50": "NGN", "51": "EGP",
}  # fmt: skip


def to_currency(owner: wire.Account) -> str:
    """The ISO 4217 code. Raises ContractError for a number whose currency is not known."""
    try:
        return CURRENCIES[owner.currency_id]
    except KeyError:
        told = owner.currency_id[:40]
        raise ContractError(f"CM360 account {owner.id}: currencyId {told!r} is no known currency") from None


def to_account(row: wire.Advertiser, owner: wire.Account, timezone: str) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        currency=to_currency(owner),
        timezone=timezone,
        status="SUSPENDED" if row.suspended else row.status,
        manager_id=owner.id,
    )


def to_campaign(row: wire.Campaign) -> Campaign:
    return Campaign(
        campaign_id=row.id,
        name=row.name,
        status="archived" if row.archived else "",
        first_day=row.start_date,
        last_day=row.end_date,
    )


def to_ad_group(row: wire.Placement) -> AdGroup:
    return AdGroup(
        ad_group_id=row.id,
        campaign_id=row.campaign_id,
        name=row.name,
        status=row.active_status,
        first_day=row.pricing_schedule.start_date,
        last_day=row.pricing_schedule.end_date,
    )
