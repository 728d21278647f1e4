"""Snapchat Ads: what is asked of its API, and the records that come of it.

Source: developers.snap.com, Ads API v1 (change log until 2026-07-20), read 2026-11. There is no SDK and no
OpenAPI document of Snap's own. docs/platforms/snapchat_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import TypeVar

from pydantic import PositiveFloat, SecretStr

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    Balance,
    Campaign,
    Connector,
    ContractError,
    Delivery,
    DeniedError,
    HourlyCost,
    Interaction,
    Invoice,
    NotOffered,
    Order,
    Terms,
    Unit,
    check_count,
    oauth2_refresh,
    pulls,
)

from . import charging, counts, queries, wire, wire_billing
from .billing import is_of_month, to_balances, to_invoice, to_order
from .entities import to_account, to_ad, to_ad_group, to_campaign
from .families import families
from .refusals import to_error
from .search import listed
from .stats import FINAL_AFTER, stats

Metrics = TypeVar("Metrics")
log = logging.getLogger(__name__)

MOVING_DAYS = 3
"""Days that may change between two questions."""

TOKEN_URL = "https://accounts.snapchat.com/login/oauth2/access_token"


# The longest attribution window is 28 days after a swipe.
daily = partial(
    pulls,
    restated_days=31,
    final_after={"cost": FINAL_AFTER, "clicks": FINAL_AFTER, "conversions": 31},
)


class SnapchatAds(Connector):
    """One member of Snapchat Business Manager and every ad account that it sees."""

    name = "snapchat_ads"
    own_hosts = ("accounts.snapchat.com",)

    base_url: str = "https://adsapi.snapchat.com"
    api_version: str = "v1"
    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr
    organization_id: str = ""
    swipe_up_attribution_window: queries.SwipeWindow = "28_DAY"
    view_attribution_window: queries.ViewWindow = "1_DAY"
    action_report_time: queries.ReportTime = "conversion"
    compare_totals: bool = True
    """Whether the cost of days that rest must add up to that of the account."""
    requests_per_second: PositiveFloat | None = 5
    """Half of the 10 that Snapchat allows a token; an app has 20."""

    def auth(self) -> Auth:
        return oauth2_refresh(
            self.http,
            TOKEN_URL,
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        if answer.status == 429:
            self.http.slow_down(1)
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every ad account of the member's organizations and of those that share some with them, each once.

        With organization_id those of that organization alone. One that refuses is logged and passed over;
        only if nothing else is found is its refusal the answer.
        """
        refusal: DeniedError | None = None
        known: set[str] = set()
        named = (self.organization_id,) if self.organization_id else ()
        for organization_id in named or dict.fromkeys((*self._organizations(), *self._sharing())):
            try:
                for row in self._ad_accounts(organization_id):
                    if row.id not in known:
                        known.add(row.id)
                        yield to_account(row)
            except DeniedError as error:
                log.warning("snapchat_ads: organization %s is passed over: %s", organization_id, error)
                refusal = refusal or error
        if refusal and not known:
            raise refusal

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        return (to_campaign(row, unit.account.timezone) for row in self._campaigns(unit))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return (to_ad_group(row, unit.account.timezone) for row in self._squads(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        campaign_of = {squad.id: squad.campaign_id for squad in self._squads(unit)}
        return (to_ad(row, campaign_of.get(row.ad_squad_id, "")) for row in self._ads(unit))

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the funding sources that the account draws on."""
        return (to_order(source, unit.account) for source in self._funding_sources(unit))

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is left of each funding source that the account draws on."""
        for source in self._funding_sources(unit):
            yield from to_balances(source, unit.account, unit.today)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad squad pays for; of a shared budget the campaign keeps the bid strategy."""
        campaigns = {row.id: row for row in self._campaigns(unit)}
        for squad in self._squads(unit):
            yield charging.to_terms(squad, campaigns.get(squad.campaign_id), unit.account.timezone)

    @daily(Delivery, max_days=28, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, "campaign")

    @daily(Delivery, grain="account", max_days=28)
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own cost of each day, to check the campaigns by."""
        account, shape = unit.account, wire.Stats[wire.TotalMetrics]
        query = queries.Stats("adaccounts", account.id, queries.TOTALS, unit.window, account.timezone)
        return counts.to_totals(self._stats(unit, query, shape), account.timezone)

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad squad and day."""
        return self._daily(unit, "adsquad")

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day."""
        return self._daily(unit, "ad")

    @daily(Interaction, max_days=28, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by action and attribution."""
        shape = wire.Stats[dict[str, Decimal | None]]
        for query in self._queries(unit, "campaign", (*counts.METRICS, *queries.TOTALS)):
            found = self._stats(unit, query, shape)
            pages = self._whole(unit, query, found, lambda stats: stats.get("spend"))
            yield from counts.to_interactions(pages, unit.account.timezone, self._attribution.name)

    @pulls(HourlyCost, restated_days=FINAL_AFTER)
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour."""
        account, shape = unit.account, wire.Stats[wire.HourMetrics]
        query = queries.Stats(
            *("adaccounts", account.id, queries.HOURS, unit.window, account.timezone, "campaign"),
            granularity="HOUR",
        )
        return counts.to_hours(self._stats(unit, query, shape))

    @pulls(Invoice, traits=("credits",))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents of one service month; Snapchat lists all that the account ever had."""
        path = self._path("adaccounts", unit.account.id, "invoices")
        for bill in listed(self.http, path, {}, wire_billing.Invoice, whole=True):
            if is_of_month(bill, unit.account, unit.window):
                yield to_invoice(bill)

    def _daily(self, unit: Unit, level: queries.Breakdown) -> Iterator[Delivery]:
        squads = list(self._squads(unit))
        charges = charging.charges(squads, by="campaign_id" if level == "campaign" else "id")
        known = families(level, squads, self._ads(unit) if level == "ad" else ())
        for query in self._queries(unit, level, queries.DELIVERY):
            found = self._stats(unit, query, wire.Stats[wire.DeliveryMetrics])
            pages = self._whole(unit, query, found, lambda stats: stats.spend)
            alone = query.owner_id if query.owner == "campaigns" else ""
            yield from counts.to_delivery(pages, level, known, charges, unit.account.timezone, alone)

    def _whole(
        self,
        unit: Unit,
        query: queries.Stats,
        pages: Iterable[list[wire.Series[Metrics]]],
        spend: Callable[[Metrics], Decimal | int | None],
    ) -> Iterator[list[wire.Series[Metrics]]]:
        """The pages, which cost as much as the account; days that still move are not compared.

        The account tells its cost alone, and a micro of each part may be lost to rounding. What is not told
        is not compared.
        """
        came: list[Decimal | int | None] = []
        for page in pages:
            came += [spend(bucket.stats) for series in page for bucket in series.timeseries]
            yield page
        rests = (unit.today - unit.window.last_day).days > MOVING_DAYS
        if not (self.compare_totals and rests and query.owner == "adaccounts"):
            return
        own = queries.Stats(query.owner, query.owner_id, queries.TOTALS, query.window, query.timezone)
        told = [
            bucket.stats.spend
            for page in self._stats(unit, own, wire.Stats[wire.TotalMetrics])
            for series in page
            for bucket in series.timeseries
        ]
        cost, total = (sum(int(micros or 0) for micros in parts) for parts in (came, told))
        if None not in (*came, *told) and abs(cost - total) > len(came):
            check_count(cost, total, "micros of cost")

    def _queries(
        self, unit: Unit, level: queries.Breakdown, fields: tuple[str, ...]
    ) -> Iterator[queries.Stats]:
        """One question for the whole account, or one for each campaign that is asked for alone."""
        window, zone, attribution = unit.window, unit.account.timezone, self._attribution
        if not unit.campaigns:
            yield queries.Stats("adaccounts", unit.account.id, fields, window, zone, level, attribution)
        for campaign_id in unit.campaigns:
            below = None if level == "campaign" else level
            yield queries.Stats("campaigns", campaign_id, fields, window, zone, below, attribution)

    def _stats(
        self, unit: Unit, query: queries.Stats, shape: type[wire.Stats[Metrics]]
    ) -> Iterator[list[wire.Series[Metrics]]]:
        return stats(self.http, self._path(query.owner, query.owner_id, "stats"), query, shape, unit=unit)

    def _organizations(self) -> Iterator[str]:
        return (one.id for one in listed(self.http, self._path("me", "organizations"), {}, wire.Organization))

    def _sharing(self) -> list[str]:
        """Organizations of others that share ad accounts; none where Snapchat does not say so."""
        path, asked = self._path("me", "source_organizations"), {"shared_entity_type": "ad_account"}
        try:
            return [one.id for one in listed(self.http, path, asked, wire.Organization)]
        except (DeniedError, ContractError) as error:
            log.warning("snapchat_ads: accounts that others share are not looked for: %s", error)
            return []

    def _ad_accounts(self, organization_id: str) -> Iterator[wire.AdAccount]:
        path = self._path("organizations", organization_id, "adaccounts")
        return listed(self.http, path, {"limit": queries.LIST_SIZE}, wire.AdAccount)

    def _campaigns(self, unit: Unit) -> Iterator[wire.Campaign]:
        path = self._path("adaccounts", unit.account.id, "campaigns")
        return listed(self.http, path, queries.EVERY_STATE, wire.Campaign)

    def _squads(self, unit: Unit) -> Iterator[wire.AdSquad]:
        path = self._path("adaccounts", unit.account.id, "adsquads")
        return listed(self.http, path, queries.EVERY_STATE, wire.AdSquad)

    def _ads(self, unit: Unit) -> Iterator[wire.Ad]:
        path = self._path("adaccounts", unit.account.id, "ads")
        return listed(self.http, path, queries.EVERY_STATE, wire.Ad)

    def _funding_sources(self, unit: Unit) -> Iterator[wire_billing.FundingSource]:
        """Those of the account, out of all that its organization has."""
        account = unit.account
        found = next((row for row in self._ad_accounts(account.manager_id) if row.id == account.id), None)
        if found is None or found.funding_source_ids is None:
            raise NotOffered("Snapchat does not tell which funding sources the account draws on")
        path = self._path("organizations", account.manager_id, "fundingsources")
        for source in listed(self.http, path, {}, wire_billing.FundingSource, whole=True):
            if source.id in found.funding_source_ids:
                yield source

    @property
    def _attribution(self) -> queries.Attribution:
        return queries.Attribution(
            self.swipe_up_attribution_window, self.view_attribution_window, self.action_report_time
        )

    def _path(self, *parts: str) -> str:
        return "/".join(("", self.api_version, *parts))
