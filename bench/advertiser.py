"""The same year as Northwind's, told by the ad: a few campaigns with many ads each, for what reads sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec.structs import replace

from adtally import Account, Campaign, Connector, Delivery, Terms, Unit, pulls

from .northwind import ACCOUNTS, account, told

CAMPAIGN_ADS = 8


@cache
def ads(day: date) -> list[Delivery]:
    """What every account says of a day, by ad."""
    return [
        replace(
            row,
            campaign_id=f"7{n // CAMPAIGN_ADS:03}",
            ad_group_id=f"8{n // 4:03}",
            ad_id=f"9{n:03}",
            interactions=row.clicks,
        )
        for n, row in enumerate(told(day))
    ]


class Advertiser(Connector):
    """All accounts, each with seven campaigns that are paid per click."""

    name = "advertiser"
    base_url: str = "http://127.0.0.1"

    def accounts(self) -> Iterator[Account]:
        return map(account, range(ACCOUNTS))

    @pulls(Campaign, Terms)
    def campaigns(self, unit: Unit) -> Iterator[Campaign | Terms]:
        for number in range(7):
            yield Campaign(campaign_id=f"7{number:03}", name=f"Campaign {number}", channel="search")
            yield Terms(
                level="campaign",
                entity_id=f"7{number:03}",
                first_day=date(2020, 1, 1),
                model="cpc",
                rate_micros=3_000_000,
                kind="cap",
            )

    @pulls(Delivery, grain="ad", restated_days=30)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        for day in unit.window:
            yield from ads(day)
