"""Northwind Ads: impressions and interactions by campaign and day.

Source: Northwind Reporting API v2, "GET /accounts" and "GET /accounts/{id}/stats", read 2026-01-12.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct
from pydantic import SecretStr

from adtally import Account, Auth, Connector, Delivery, Unit, header_auth, pulls, to_micros


class Advertiser(Struct):
    id: str
    currency: str
    timezone: str


class Row(Struct):
    day: date
    campaign: str
    imps: int
    taps: int
    spend: Decimal


class Page(Struct):
    rows: list[Row]
    next: str | None


class Northwind(Connector):
    name = "northwind"
    base_url: str = "https://api.northwind.example/v2"
    token: SecretStr

    def auth(self) -> Auth:
        return header_auth("Authorization", self.token, prefix="Bearer ")

    def accounts(self) -> Iterator[Account]:
        for found in self.http.get("/accounts", decode=list[Advertiser]):
            yield Account(id=found.id, currency=found.currency, timezone=found.timezone)

    @pulls(Delivery, max_days=31, restated_days=7)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day; days follow the account's time zone."""
        query: dict[str, object] = {"from": unit.window.first_day, "to": unit.window.last_day}
        while True:
            page = self.http.get(f"/accounts/{unit.account.id}/stats", params=query, decode=Page)
            for row in page.rows:
                yield Delivery(
                    day=row.day,
                    campaign_id=row.campaign,
                    impressions=row.imps,
                    clicks=row.taps,
                    cost_micros=to_micros(row.spend),
                )
            if page.next is None:
                return
            query["cursor"] = page.next
