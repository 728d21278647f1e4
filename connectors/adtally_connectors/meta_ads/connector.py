"""Meta ads: what is asked of the Marketing API, and the records that come of it.

Source: Marketing API v26.0 (2026-07-29) by facebook-business 26.0.3, and the guides "Insights API", "Billing
events" and "Business Invoices"; read 2026-11. docs/platforms/meta_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import NonNegativeFloat, SecretStr, field_validator

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    Balance,
    Campaign,
    Change,
    Connector,
    ContractError,
    CountryCost,
    Delivery,
    DeniedError,
    HourlyCost,
    Interaction,
    Invoice,
    NotOffered,
    Terms,
    Unit,
    Window,
    header_auth,
    pulls,
)

from . import charging, counts, queries, wire, wire_billing
from .activities import DAYS_KEPT as LOG_DAYS_KEPT
from .billing import accounts_of, to_charges, to_invoice
from .changes import to_changes
from .entities import GONE, to_account, to_ad, to_ad_group, to_campaign
from .offsets import from_units
from .parts import to_countries, to_hours
from .refusals import to_error
from .search import Graph, insights, pages
from .usage import seconds_to_wait

Row = TypeVar("Row")
log = logging.getLogger(__name__)

DAY = timedelta(days=1)
DAYS_KEPT = 1123  # 37 months, at their shortest
HOURS_KEPT = 394  # 13 months


# Conversions are counted within 28 days at most.
daily = partial(
    pulls,
    restated_days=28,
    final_after={"cost": 3, "clicks": 3, "conversions": 28},
    retention_days=DAYS_KEPT,
    traits=("prepared",),
)

BALANCES = {"amount_due": "balance", "lifetime_spent": "amount_spent", "spend_cap": "spend_cap"}


class MetaAds(Connector):
    """One access token of Meta's and every ad account that it reaches."""

    name = "meta_ads"
    own_hosts = ("graph.facebook.com",)

    base_url: str = "https://graph.facebook.com"
    api_version: str = "v26.0"
    access_token: SecretStr
    app_secret: SecretStr = SecretStr("")
    business_id: str = ""
    poll_seconds: NonNegativeFloat = 10
    compare_totals: bool = True

    @field_validator("access_token")
    @classmethod
    def _is_set(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value():
            raise ValueError("set access_token, best to one of a system user")
        return token

    def auth(self) -> Auth:
        return header_auth("Authorization", self.access_token, prefix="Bearer ")

    def error(self, answer: Answer) -> AdtallyError | None:
        error = to_error(answer)
        if error is None and (wait := seconds_to_wait(answer.headers)):
            self.http.slow_down(wait)
        return error

    def accounts(self) -> Iterator[Account]:
        """Every ad account that the token's user has a role on, each once.

        How an account pays needs more rights than reading ads; where Meta refuses to tell, it stays unknown.
        """
        try:
            found = self._accounts(f"{queries.ACCOUNTS},{queries.PAYMENT}")
        except (DeniedError, ContractError) as error:
            if error.status is None or error.status < 400:
                raise
            log.info("meta_ads: how accounts pay is not told: %s", error)
            found = self._accounts(queries.ACCOUNTS)
        yield from found.values()

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        """Yield all campaigns, and by name those that spent and that Meta no longer lists."""
        listed: set[str] = set()
        for row in self._listed(unit, "campaign", queries.CAMPAIGNS, wire.Page[wire.Campaign]):
            listed.add(row.id)
            yield to_campaign(row, unit.account)
        for spent in self._spent(unit, "campaign"):
            if spent.campaign_id not in listed:
                yield Campaign(campaign_id=spent.campaign_id, name=spent.campaign_name, status=GONE)

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        """Yield all ad sets, and by name those that spent and that Meta no longer lists."""
        listed: set[str] = set()
        for row in self._listed(unit, "adset", queries.AD_SETS, wire.Page[wire.AdSet]):
            listed.add(row.id)
            yield to_ad_group(row, unit.account)
        for spent in self._spent(unit, "adset"):
            if spent.adset_id not in listed:
                yield AdGroup(
                    ad_group_id=spent.adset_id,
                    campaign_id=spent.campaign_id,
                    name=spent.adset_name,
                    status=GONE,
                )

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield all ads, and by name those that spent and that Meta no longer lists."""
        listed: set[str] = set()
        for row in self._listed(unit, "ad", queries.ADS, wire.Page[wire.Ad]):
            listed.add(row.id)
            yield to_ad(row)
        for spent in self._spent(unit, "ad"):
            if spent.ad_id not in listed:
                yield Ad(
                    ad_id=spent.ad_id,
                    ad_group_id=spent.adset_id,
                    campaign_id=spent.campaign_id,
                    name=spent.ad_name,
                    status=GONE,
                )

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is due, what was spent since the cap was last reset, and the cap, if there is one."""
        node = self._graph.get(f"act_{unit.account.id}", {"fields": queries.BALANCES}, wire.Balances)
        at = datetime.combine(unit.today, time(), ZoneInfo(unit.account.timezone)).astimezone(UTC)
        for kind, name in BALANCES.items():
            amount: Decimal | None = getattr(node, name)
            if amount is not None and (amount or kind != "spend_cap"):
                yield Balance(at=at, kind=kind, amount_micros=from_units(amount, unit.account.currency))

    @pulls(Change, max_days=7, restated_days=1, retention_days=LOG_DAYS_KEPT)
    def changes(self, unit: Unit) -> Iterator[Change]:
        return to_changes(self._activities(unit), unit.window, unit.account)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad set pays for; what it leaves to its campaign is read there."""
        listed = self._listed(unit, "campaign", queries.CAMPAIGN_TERMS, wire.Page[wire.Campaign])
        campaigns = {campaign.id: campaign for campaign in listed}
        for ad_set in self._listed(unit, "adset", queries.AD_SET_TERMS, wire.Page[wire.AdSet]):
            campaign = campaigns.get(ad_set.campaign_id) or wire.Campaign(id=ad_set.campaign_id)
            yield charging.ad_set_terms(ad_set, campaign, unit.account.currency, unit.account.timezone)

    @daily(Delivery, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, "campaign", at_once=True)

    @daily(Delivery, grain="account")
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by."""
        query = queries.delivery("account", unit.window)
        found = insights(self._graph, unit, query, wire.Page[wire.TotalRow], at_once=True)
        yield from counts.to_totals(found, set(self._billing_events(unit).values()))

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad set and day."""
        return self._daily(unit, "adset", at_once=True)

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day, from a report that Meta makes ready."""
        return self._daily(unit, "ad", at_once=False)

    @daily(Interaction, max_days=7, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield actions by campaign, day of the impression, type and attribution, added up from the ads."""
        query = queries.actions(unit.window, unit.campaigns)
        return counts.to_interactions(insights(self._graph, unit, query, wire.Page[wire.ActionRow]))

    @pulls(HourlyCost, restated_days=3, retention_days=HOURS_KEPT, traits=("prepared",))
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour; which clicks are charged for is not told by hour."""
        query = queries.hours(unit.window)
        found = insights(self._graph, unit, query, wire.Page[wire.HourRow], at_once=True)
        return to_hours(found, unit.account.timezone)

    @pulls(CountryCost, restated_days=3, retention_days=DAYS_KEPT, traits=("prepared",))
    def country_monthly(self, unit: Unit) -> Iterator[CountryCost]:
        """Yield the account's cost by the country of the people who were shown its ads."""
        query = queries.countries(unit.window)
        found = insights(self._graph, unit, query, wire.Page[wire.CountryRow], at_once=True)
        return to_countries(found, unit.window.first_day)

    @pulls(Invoice, restated_days=60, traits=("lines", "credits"))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents of one billing period that bill the account.

        Raises NotOffered without business_id, and for accounts that do not pay by invoice.
        """
        if not self.business_id:
            raise NotOffered("set business_id to read the invoices of a business")
        if unit.account.payment in ("threshold", "prepaid"):
            raise NotOffered("the account is not on monthly invoicing: its charges are read instead")
        query = queries.invoices(unit.window, unit.window.last_day + DAY)
        edge = f"{self.business_id}/business_invoices"
        for bill in chain.from_iterable(pages(self._graph, edge, query, wire.Page[wire_billing.Invoice])):
            if bill.ad_account_ids and unit.account.id not in accounts_of(bill):
                continue
            lines = self._campaign_lines(bill)
            if unit.account.id in (accounts_of(bill, lines) or {unit.account.id}):
                yield to_invoice(bill, lines, unit.account, self.business_id)

    @pulls(Invoice, restated_days=1, retention_days=LOG_DAYS_KEPT)
    def charges(self, unit: Unit) -> Iterator[Invoice]:
        """Yield what was charged and refunded within a month, as the activity log tells it.

        Raises NotOffered for accounts on monthly invoicing.
        """
        if unit.account.payment == "invoice":
            raise NotOffered("the account pays by invoice: Meta charges no card for it")
        yield from to_charges(self._activities(unit), unit.window, unit.account)

    @property
    def _graph(self) -> Graph:
        proof: dict[str, str] = {}
        if self.app_secret:
            key, token = self.app_secret.get_secret_value(), self.access_token.get_secret_value()
            proof["appsecret_proof"] = hmac.new(key.encode(), token.encode(), "sha256").hexdigest()
        return Graph(self.http, self.api_version, proof, self.poll_seconds, self.compare_totals)

    def _accounts(self, fields: str) -> dict[str, Account]:
        listed = pages(self._graph, "me/adaccounts", {"fields": fields}, wire.Page[wire.Account])
        found = map(to_account, chain.from_iterable(listed))
        return {account.id: account for account in found}

    def _listed(
        self, unit: Unit, level: queries.Level, fields: str, decode: type[wire.Page[Row]]
    ) -> Iterator[Row]:
        edge = f"act_{unit.account.id}/{level}s"
        query = queries.entities(level, fields)
        return chain.from_iterable(pages(self._graph, edge, query, decode, counted=True))

    def _spent(self, unit: Unit, level: queries.Level) -> Iterator[wire.SpentRow]:
        """What spent money and is archived or deleted: its edge may not list it. Each comes once."""
        kept = Window(unit.today - timedelta(days=DAYS_KEPT), unit.today)
        query = queries.spent(level, kept)
        found = insights(self._graph, unit, query, wire.Page[wire.SpentRow], at_once=True)
        yield from {getattr(row, f"{level}_id"): row for row in chain.from_iterable(found)}.values()

    def _daily(self, unit: Unit, level: queries.Level, *, at_once: bool) -> Iterator[Delivery]:
        query = queries.delivery(level, unit.window, unit.campaigns)
        found = insights(self._graph, unit, query, wire.Page[wire.DeliveryRow], at_once=at_once)
        yield from counts.to_delivery(found, level, self._billing_events(unit))

    def _billing_events(self, unit: Unit) -> dict[str, str]:
        """What is charged for now, by ad set and by campaign; "" where a campaign's ad sets differ."""
        found: dict[str, str] = {}
        for row in self._listed(unit, "adset", queries.BILLING_EVENTS, wire.Page[wire.AdSet]):
            event = found[row.id] = row.billing_event
            if found.setdefault(row.campaign_id, event) != event:
                found[row.campaign_id] = ""
        return found

    def _activities(self, unit: Unit) -> Iterator[wire.Activity]:
        """The log of the window and a day around it: whose midnight bounds it is not documented."""
        query = queries.activities(unit.window.first_day - DAY, unit.window.last_day + 2 * DAY)
        edge = f"act_{unit.account.id}/activities"
        return chain.from_iterable(pages(self._graph, edge, query, wire.Page[wire.Activity]))

    def _campaign_lines(self, bill: wire_billing.Invoice) -> list[wire_billing.CampaignLine]:
        """The campaigns of a document; none where Meta does not break it down."""
        edge = f"{bill.id}/campaigns"
        try:
            return list(
                chain.from_iterable(pages(self._graph, edge, {}, wire.Page[wire_billing.CampaignLine]))
            )
        except DeniedError as error:
            log.warning("meta_ads: invoice %s is not broken down: %s", bill.invoice_id or bill.id, error)
            return []
