"""Amazon Ads: what is asked of its API, and the records that come of it.

Source: OpenAPI documents of the Amazon Ads API (as of 2026-10) and guides of Reporting version 3 (as of
2026-07), read 2026-11. docs/platforms/amazon_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal, TypeVar

from pydantic import NonNegativeFloat, PositiveFloat, SecretStr

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    Campaign,
    Connector,
    Delivery,
    DeniedError,
    Interaction,
    Invoice,
    NotOffered,
    Terms,
    Unit,
    oauth2_refresh,
    once,
    pulls,
)

from . import billing, charging, counts, documents, queries, wire
from .billing import to_invoice
from .entities import to_account, to_ad, to_ad_group, to_advertiser, to_campaign, to_day, to_shown
from .queries import Grain, Product
from .refusals import to_error
from .search import Keyed, advertisers, listed, numbered, reports

Row = TypeVar("Row", bound=Keyed)
log = logging.getLogger(__name__)

INVALID = " invalid clicks"
"""Behind the name of a product: the report that tells them."""
API = {
    "na": "https://advertising-api.amazon.com",
    "eu": "https://advertising-api-eu.amazon.com",
    "fe": "https://advertising-api-fe.amazon.com",
}
TOKENS = {
    "na": "https://api.amazon.com",
    "eu": "https://api.amazon.co.uk",
    "fe": "https://api.amazon.co.jp",
}

# Invalid clicks are taken out for 72 hours; the longest window of purchases is 30 days after a click, and
# what is cancelled within 72 hours more is taken out, too. Sponsored Brands keep 60 days, of which the first
# may be over where Amazon's clock is ahead.
daily = partial(
    pulls,
    restated_days=33,
    final_after={"cost": 3, "clicks": 3, "conversions": 33},
    retention_days=59,
    traits=("prepared",),
)


class AmazonAds(Connector):
    """One Amazon user, and every profile and DSP advertiser of one region that the user may read."""

    name = "amazon_ads"
    own_hosts = tuple(url.removeprefix("https://") for url in (*API.values(), *TOKENS.values()))

    base_url: str = API["na"]
    """Also for other regions, whose hosts are own ones; a proxy or a sandbox stands for all of them."""
    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr
    region: Literal["na", "eu", "fe"] = "na"
    invalid_clicks: bool = True
    """Ask for the clicks that were found invalid, too: one more report of each sponsored product."""
    poll_seconds: NonNegativeFloat = 30
    requests_per_second: PositiveFloat | None = 2

    def auth(self) -> Auth:
        return oauth2_refresh(
            self.http,
            f"{TOKENS[self.region]}/auth/o2/token",
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
        )

    def headers(self) -> Mapping[str, str]:
        """The client under its old name and under that of Ads API v1."""
        return {"Amazon-Advertising-API-ClientId": self.client_id, "Amazon-Ads-ClientId": self.client_id}

    def credentials(self) -> tuple[object, ...]:
        """Amazon counts requests by region."""
        return (*super().credentials(), self.region)

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every profile of the region, and every advertiser below its agency profiles, each once.

        An agency whose advertisers may not be read is logged and passed over; only if nothing else is found
        is its refusal the answer.
        """
        return once(self._accounts(), lambda account: account.id)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        for product, row in self._campaigns(unit):
            yield to_campaign(row, product.name, unit.account.timezone)

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return (to_ad_group(row, unit.account.timezone) for row in self._ad_groups(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield the ads; of the DSP each creative in each line item that shows it."""
        return self._creatives(unit) if unit.account.manager_id else map(to_ad, self._ads(unit))

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each campaign pays for; bids of ad groups and keywords are no prices."""
        for product, row in self._campaigns(unit):
            first_day = to_day(row.start_date or row.start_date_time, unit.account.timezone)
            yield charging.to_terms(row, product.name, first_day)

    @daily(Delivery)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, "campaign")

    @daily(Delivery, grain="ad_group")
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group, or line item, and day."""
        return self._daily(unit, "ad_group")

    @daily(Delivery, grain="ad")
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day; Sponsored TV has no report of ads."""
        return self._daily(unit, "ad")

    @daily(Interaction)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by action and attribution."""
        asked = {product.name: product.conversions for product in queries.products(unit.account)}
        for _, rows in self._reports(unit, asked):
            yield from counts.to_interactions(rows, unit.account)

    @pulls(Invoice, traits=("lines", "credits"))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents whose last service day is in one month.

        Whether Amazon finds them by service days or by the day of issue is not said: later days are asked
        for, too. Those of a DSP advertiser are among those of its agency.
        """
        dsp = bool(unit.account.manager_id)
        own = {row.key for _, row in self._campaigns(unit)} if dsp else set[str]()
        for summary in documents.summaries(self.http, self._root, unit):
            if billing.billed_day(summary) in unit.window:
                bill = documents.document(self.http, self._root, unit, summary.id)
                if not dsp or billing.is_about(bill, unit.account.id, own):
                    yield to_invoice(bill, unit.account)

    def _accounts(self) -> Iterator[Account]:
        profiles = self.http.get(self._root + "/v2/profiles", decode=list[wire.Profile])
        refusal: AdtallyError | None = None
        is_empty = True
        for profile in profiles:
            if profile.account_info.type != "agency":
                is_empty = False
                yield to_account(profile)
                continue
            agency_id = wire.text(profile.profile_id)
            try:
                for row in advertisers(self.http, self._root, agency_id):
                    is_empty = False
                    yield to_advertiser(row, agency_id)
            except (DeniedError, NotOffered) as error:
                log.warning("amazon_ads: agency %s is passed over: %s", agency_id, error)
                refusal = error
        if refusal and is_empty:
            raise refusal

    def _daily(self, unit: Unit, grain: Grain) -> Iterator[Delivery]:
        asked = {
            product.name: product.reports[grain]
            for product in queries.products(unit.account)
            if grain in product.reports
        }
        cost_types = self._cost_types(unit) if grain != "campaign" else {}
        invalid = self._invalid(unit) if grain == "campaign" else {}
        found: dict[str, dict[counts.Named, counts.Invalid]] = {}
        for name, rows in self._reports(unit, asked, invalid):
            if name in invalid:
                found[name.removesuffix(INVALID)] = counts.to_invalid(rows)
                continue
            yield from counts.to_delivery(rows, name, grain, unit.account, cost_types, found.get(name, {}))

    def _invalid(self, unit: Unit) -> dict[str, queries.Report]:
        """The reports of invalid clicks of each product that has one, if they are wanted."""
        if not self.invalid_clicks:
            return {}
        return {
            product.name + INVALID: product.invalid
            for product in queries.products(unit.account)
            if product.invalid
        }

    def _reports(
        self,
        unit: Unit,
        asked: Mapping[str, queries.Report],
        first: Mapping[str, queries.Report] | None = None,
    ) -> Iterator[tuple[str, Iterator[wire.ReportRow]]]:
        """The rows of each report that is asked for, after those of the ``first`` ones."""
        orders = {
            name: queries.order(name.removesuffix(INVALID), one, unit.account, unit.window)
            for name, one in {**(first or {}), **asked}.items()
        }
        return reports(self.http, self._root, unit, orders, first=first or (), poll_seconds=self.poll_seconds)

    def _cost_types(self, unit: Unit) -> dict[str, str]:
        """The cost type of each campaign of Sponsored Display, whose reports of lower grains lack it."""
        if unit.account.manager_id:
            return {}
        page, plain = wire.Page[wire.Campaign], list[wire.Campaign]
        rows = self._listed(unit, queries.SPONSORED_DISPLAY, "campaign", page, plain)
        return {row.key: row.cost_type for row in rows if row.cost_type}

    def _campaigns(self, unit: Unit) -> Iterator[tuple[Product, wire.Campaign]]:
        page, plain = wire.Page[wire.Campaign], list[wire.Campaign]
        for product in queries.products(unit.account):
            for row in self._listed(unit, product, "campaign", page, plain):
                yield product, row

    def _ad_groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        page, plain = wire.Page[wire.AdGroup], list[wire.AdGroup]
        for product in queries.products(unit.account):
            yield from self._listed(unit, product, "ad_group", page, plain)

    def _ads(self, unit: Unit) -> Iterator[wire.Ad]:
        page, plain = wire.Page[wire.Ad], list[wire.Ad]
        for product in queries.products(unit.account):
            yield from self._listed(unit, product, "ad", page, plain)

    def _creatives(self, unit: Unit) -> Iterator[Ad]:
        places = {row.key: wire.text(row.campaign_id) for row in self._ad_groups(unit)}
        creatives = {row.key: row for row in self._ads(unit)}
        head = queries.of_list(unit.account, queries.ASSOCIATIONS)
        shape = wire.Page[wire.Association]
        shown = listed(self.http, self._root, queries.ASSOCIATIONS, shape, head)
        for row in once(shown, lambda row: (row.ad_group_id, row.ad_id)):
            yield to_shown(row, creatives.get(wire.text(row.ad_id)), places)

    def _listed(
        self, unit: Unit, product: Product, grain: Grain, page: type[wire.Page[Row]], plain: type[list[Row]]
    ) -> Iterator[Row]:
        """A list of one product; nothing where the account may not use it."""
        listing = product.lists[grain]
        head = queries.of_list(unit.account, listing)
        try:
            if listing.media_type:
                yield from listed(self.http, self._root, listing, page, head)
            else:
                yield from numbered(self.http, self._root, listing, plain, head)
        except NotOffered as error:
            log.warning("amazon_ads: %s: %s is left out: %s", unit.account.id, product.name, error)

    @property
    def _root(self) -> str:
        return API[self.region]
