"""Display & Video 360: what is asked of its API and of the Bid Manager's, and the records that come of it.

Source: Display & Video 360 API v4 (contract of 2026-10-21), Bid Manager API v2 (contract of 2025-11-26); read
2026-11. docs/platforms/dv360.md tells the mapping and the oddities.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Literal

from pydantic import NonNegativeFloat, PositiveFloat, field_validator

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Campaign,
    Delivery,
    GoogleSignIn,
    Interaction,
    Invoice,
    Order,
    Terms,
    Unit,
    once,
    pulls,
)

from . import billing, charging, counts, jobs, queries, wire, wire_billing
from .entities import to_account, to_ad_group, to_ads, to_campaign, to_order
from .refusals import to_error
from .search import everything, listed
from .sheets import Row

# Conversions come for 30 days after the click; the month's numbers are settled at the start of the next one.
daily = partial(
    pulls,
    restated_days=35,
    final_after={"cost": 7, "clicks": 7, "conversions": 35},
    traits=("prepared",),
)
CORRECTED_DAYS = 60
LOI_SAPIN = ("LOI_SAPIN_INVOICE_TYPE_MEDIA", "LOI_SAPIN_INVOICE_TYPE_PLATFORM")


class Dv360(GoogleSignIn):
    """One Google user (or service account) and every advertiser of one partner."""

    name = "dv360"
    own_hosts = (jobs.HOST, *GoogleSignIn.own_hosts)
    scopes = (
        "https://www.googleapis.com/auth/display-video https://www.googleapis.com/auth/doubleclickbidmanager"
    )

    base_url: str = "https://displayvideo.googleapis.com"
    api_version: str = "v4"
    bid_manager_version: str = "v2"
    partner_id: str
    loi_sapin: bool = False
    """Whether media and platform are billed apart, as in France."""
    skip_metrics: frozenset[str] = frozenset()
    """Metrics of reports that are not even asked for."""
    poll_seconds: NonNegativeFloat = 5
    requests_per_second: PositiveFloat | None = 4
    """What the Bid Manager allows a user; the other API allows more."""

    @field_validator("skip_metrics")
    @classmethod
    def _are_not_needed(cls, names: frozenset[str]) -> frozenset[str]:
        optional = {*queries.DELIVERY.optional, *queries.RESULTS.optional}
        if unknown := sorted(names - optional):
            raise ValueError(f"{unknown[0]} is none of {', '.join(sorted(optional))}")
        return names

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer, datetime.now(UTC))

    def accounts(self) -> Iterator[Account]:
        """Every advertiser of the partner in every state, each once: archived ones are billed, too."""
        path, asked = f"/{self.api_version}/advertisers", {"partnerId": self.partner_id}
        return map(to_account, everything(self.http, path, wire.Page[wire.Advertiser], asked))

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        path = self._path(unit, "campaigns")
        return map(to_campaign, everything(self.http, path, wire.Page[wire.Campaign]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return map(to_ad_group, self._items(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield the creatives of each line item."""
        listed_ones = everything(self.http, self._path(unit, "creatives"), wire.Page[wire.Creative])
        creatives = {row.creative_id: row for row in listed_ones}
        return chain.from_iterable(to_ads(row, creatives) for row in self._items(unit))

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the insertion orders."""
        path, asked = self._path(unit, "insertionOrders"), {"pageSize": queries.ORDERS_SIZE}
        rows = everything(self.http, path, wire.Page[wire.InsertionOrder], asked)
        return (to_order(row, unit.account.currency) for row in rows)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each line item pays for; campaigns keep no terms of their own."""
        return map(charging.to_terms, self._items(unit))

    @daily(Delivery, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's billable cost."""
        charges = charging.charges(self._items(unit), "campaign_id")
        yield from self._daily(unit, queries.CAMPAIGN, charges, "campaign_id")

    @daily(Delivery, grain="account")
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, by a report of its own, to check the campaigns by."""
        return counts.to_totals(self._rows(unit, queries.ACCOUNT, queries.DELIVERY))

    @daily(Delivery, grain="ad_group", by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per line item and day."""
        charges = charging.charges(self._items(unit), "line_item_id")
        yield from self._daily(unit, queries.AD_GROUP, charges, "ad_group_id")

    @daily(Delivery, grain="ad", max_days=15, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per line item, creative and day; what Google names no creative for has none."""
        charges = charging.charges(self._items(unit), "line_item_id")
        yield from self._daily(unit, queries.AD, charges, "ad_group_id")

    @daily(Interaction, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield conversions by campaign and day, after a click and after a view."""
        return counts.to_interactions(self._rows(unit, queries.CAMPAIGN, queries.RESULTS))

    @pulls(Invoice, restated_days=CORRECTED_DAYS, traits=("credits",))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents of one service month, corrections of the next two months among them.

        Google lists documents by month of issue. Where the partner is billed as a whole, it lists none.
        """
        until = min(unit.today, unit.window.last_day + timedelta(days=CORRECTED_DAYS))
        return map(billing.to_invoice, once(self._bills(unit, until), lambda bill: bill.key))

    def _bills(self, unit: Unit, until: date) -> Iterator[wire_billing.Invoice]:
        path, shape = self._path(unit, "invoices"), wire.Page[wire_billing.Invoice]
        for issued_in in billing.issued(unit.window, until):
            for kind in LOI_SAPIN if self.loi_sapin else (None,):
                asked = {
                    "pageSize": queries.LIST_SIZE,
                    "issueMonth": f"{issued_in:%Y%m}",
                    "loiSapinInvoiceType": kind,
                }
                for bill in listed(self.http, path, shape, asked):
                    if billing.is_of_month(bill, unit.window, issued_in):
                        yield bill

    def _daily(
        self,
        unit: Unit,
        groups: tuple[str, ...],
        charges: dict[str, charging.Charge],
        by: Literal["ad_group_id", "campaign_id"],
    ) -> Iterator[Delivery]:
        return counts.to_delivery(self._rows(unit, groups, queries.DELIVERY), charges, by)

    def _rows(self, unit: Unit, groups: tuple[str, ...], metrics: queries.Metrics) -> Iterator[Row]:
        report = queries.Report(
            self.partner_id, unit.account.id, groups, metrics, unit.window, unit.campaigns
        )
        version, skipped = self.bid_manager_version, self.skip_metrics
        return jobs.rows(self.http, version, report, skipped, unit=unit, poll_seconds=self.poll_seconds)

    def _items(self, unit: Unit) -> Iterator[wire.LineItem]:
        return everything(self.http, self._path(unit, "lineItems"), wire.Page[wire.LineItem])

    def _path(self, unit: Unit, what: str) -> str:
        return f"/{self.api_version}/advertisers/{unit.account.id}/{what}"
