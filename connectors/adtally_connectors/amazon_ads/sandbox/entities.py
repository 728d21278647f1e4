"""The world's accounts in Amazon's words: profiles, advertisers of the DSP, and the lists of each product.

Source: OpenAPI documents of each list (as of 2026-10; read 2026-11). Without a filter on states, what was
archived is left out. Sponsored Display has ids as numbers, the others as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from adtally import world

Json: TypeAlias = dict[str, object]


BY_NAME = {
    "Sponsored Products": "sp",
    "Sponsored Brands": "sb",
    "Sponsored Display": "sd",
    "Sponsored TV": "st",
}
STATES = {"enabled": "ENABLED", "paused": "PAUSED", "removed": "ARCHIVED"}
COUNTRIES = {"USD": "US", "EUR": "DE"}
V1 = {"SPONSORED_TELEVISION": "st", "AMAZON_DSP": "dsp"}


def product_of(campaign: world.Campaign) -> str:
    """By the first words of its name."""
    return next((one for name, one in BY_NAME.items() if campaign.name.startswith(name)), "dsp")


def profile(account: world.Account) -> Json:
    return _profile(account.account_id, account.name, account.currency, account.timezone, "seller")


def agency(account: world.Account) -> Json:
    """The profile above an advertiser of the DSP."""
    return _profile(account.manager_id, "Agency", account.currency, account.timezone, "agency")


def advertiser(account: world.Account) -> Json:
    return {
        "advertiserId": account.account_id,
        "name": account.name,
        "currency": account.currency,
        "country": COUNTRIES[account.currency],
        "timezone": account.timezone,
        "url": "",
    }


def campaigns(account: world.Account, product: str) -> Iterator[Json]:
    for campaign in _of(account, product):
        state = STATES[campaign.status]
        first = campaign.days.first_day
        common: Json = {"campaignId": campaign.campaign_id, "name": campaign.name, "state": state}
        match product:
            case "sp":
                yield common | {
                    "startDate": first.isoformat(),
                    "targetingType": "MANUAL",
                    "budget": {"budget": 50.0, "budgetType": "DAILY"},
                    "dynamicBidding": {"strategy": "LEGACY_FOR_SALES", "placementBidding": []},
                }
            case "sb":
                yield common | {
                    "startDate": first.isoformat(),
                    "budget": 80.0,
                    "budgetType": "DAILY",
                    "costType": campaign.model.upper(),
                    "goal": "BRAND_IMPRESSION_SHARE" if campaign.model == "vcpm" else "PAGE_VISIT",
                }
            case "sd":
                yield common | {
                    "campaignId": int(campaign.campaign_id),
                    "state": state.lower(),
                    "startDate": f"{first:%Y%m%d}",
                    "budget": 60.0,
                    "budgetType": "daily",
                    "costType": campaign.model,
                    "tactic": "T00030",
                }
            case _:
                amount = {"currencyCode": account.currency, "value": 900.0}
                yield common | {
                    "adProduct": _v1_name(product),
                    "startDateTime": f"{first}T12:00:00Z",
                    "budgets": [
                        {
                            "budgetType": "MONETARY",
                            "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": amount}},
                            "recurrenceTimePeriod": "DAILY" if product == "st" else "LIFETIME",
                        }
                    ],
                }


def ad_groups(account: world.Account, product: str) -> Iterator[Json]:
    for campaign in _of(account, product):
        for group in campaign.ad_groups:
            row: Json = {
                "adGroupId": group.ad_group_id,
                "campaignId": campaign.campaign_id,
                "name": group.name,
                "state": STATES[campaign.status],
            }
            if product in ("sp", "sd"):
                row["defaultBid"] = group.bid_micros / 1_000_000
            yield _with_numbers(row) if product == "sd" else row


def ads(account: world.Account, product: str) -> Iterator[Json]:
    """The ads; of the DSP creatives, which say nothing about where they are shown."""
    for campaign in _of(account, product):
        for group in campaign.ad_groups:
            for number, ad in enumerate(group.ads, 1):
                row: Json = {
                    "adId": ad,
                    "adGroupId": group.ad_group_id,
                    "campaignId": campaign.campaign_id,
                    "state": STATES[campaign.status],
                }
                if product in ("sp", "sd"):
                    row |= {"asin": f"B0{ad[-8:]}", "sku": f"SKU-{ad[-5:]}"}
                else:
                    row["name"] = f"{group.name} ad {number}"
                if product == "dsp":
                    del row["adGroupId"], row["campaignId"]
                yield _with_numbers(row) if product == "sd" else row


def associations(account: world.Account) -> Iterator[Json]:
    """Which creative is in which line item."""
    for campaign in _of(account, "dsp"):
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield {
                    "adAssociationId": f"9{ad}",
                    "adGroupId": group.ad_group_id,
                    "adId": ad,
                    "state": STATES[campaign.status],
                }


LISTS = {"campaigns": campaigns, "adGroups": ad_groups, "productAds": ads, "ads": ads}


def _profile(number: str, name: str, currency: str, timezone: str, kind: str) -> Json:
    return {
        "profileId": int(number),
        "countryCode": COUNTRIES[currency],
        "currencyCode": currency,
        "timezone": timezone,
        "dailyBudget": 999999999.0,
        "accountInfo": {
            "marketplaceStringId": "ATVPDKIKX0DER",
            "id": f"ENTITY{number[-6:]}",
            "type": kind,
            "name": name,
            "validPaymentMethod": True,
        },
    }


def _of(account: world.Account, product: str) -> Iterator[world.Campaign]:
    return (campaign for campaign in account.campaigns if product_of(campaign) == product)


def _v1_name(product: str) -> str:
    return next(name for name, known in V1.items() if known == product)


def _with_numbers(row: Mapping[str, object]) -> Json:
    """The row as Sponsored Display tells it: ids are numbers, states in lower case."""
    return {
        name: int(str(value)) if name.endswith("Id") else str(value).lower() if name == "state" else value
        for name, value in row.items()
    }
