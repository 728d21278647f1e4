"""A platform without a network: many accounts that tell the same year, for syncs that measure the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random

from adtally import Account, Connector, Delivery, Unit, pulls

from .deliveries import delivery
from .google import campaign_id

ACCOUNTS, ADS = 507, 55
"""In all 27,885 ads, each kept by the id of its campaign."""


def account(number: int) -> Account:
    return Account(id=str(10_000 + number), currency="EUR", timezone="Europe/Berlin")


@cache
def told(day: date) -> list[Delivery]:
    """What every account says of a day."""
    return [delivery(campaign_id(ad), day, Random(f"{ad} {day}")) for ad in range(ADS)]


class Northwind(Connector):
    """All accounts, and one report that is asked again as long as Google's."""

    name = "northwind"
    base_url: str = "http://127.0.0.1"

    def accounts(self) -> Iterator[Account]:
        return map(account, range(ACCOUNTS))

    @pulls(Delivery, restated_days=30)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        for day in unit.window:
            yield from told(day)


REPORT = Northwind.declared()[0]
