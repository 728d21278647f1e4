"""Microsoft Advertising: what is asked of its API, and the records that come of it.

Source: Bing Ads API v13 as REST (SDK 13.0.30.1, October 2026; documentation of 2024-11-06), read 2026-11.
docs/platforms/microsoft_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from pydantic import NonNegativeFloat, PositiveFloat, SecretStr

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
    HourlyCost,
    Interaction,
    Invoice,
    Order,
    Terms,
    Unit,
    batches,
    oauth2_refresh,
    once,
    pulls,
)

from . import billing, charging, counts, entities, queries, search, sheet, wire, wire_billing
from .hours import to_hours
from .refusals import to_error
from .zones import to_report_zone

Decoded = TypeVar("Decoded")
Row = TypeVar("Row")
Billed = TypeVar("Billed", wire_billing.Document, wire_billing.InsertionOrder)

LOGIN = "login.microsoftonline.com"
CAMPAIGNS, CUSTOMERS = "campaign.api.bingads.microsoft.com", "clientcenter.api.bingads.microsoft.com"
HOSTS = {"CampaignManagement": CAMPAIGNS, "CustomerManagement": CUSTOMERS, "CustomerBilling": CUSTOMERS}
"""By service; that of reports is ``base_url``."""
SCOPE = "https://ads.microsoft.com/msads.manage offline_access"


# The longest conversion window is 90 days after a click.
daily = partial(
    pulls,
    restated_days=92,
    final_after={"cost": 7, "clicks": 7, "conversions": 92},
    retention_days=queries.REMEMBERED_DAYS,
    traits=("prepared",),
)


class MicrosoftAds(Connector):
    """One Microsoft Advertising user and every account that it reaches."""

    name = "microsoft_ads"
    own_hosts = (LOGIN, CAMPAIGNS, CUSTOMERS)

    base_url: str = "https://reporting.api.bingads.microsoft.com"
    api_version: str = "v13"
    client_id: str
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr
    developer_token: SecretStr
    customer_id: str = ""
    tenant: str = "common"
    poll_seconds: NonNegativeFloat = 5
    requests_per_second: PositiveFloat | None = 5
    """Microsoft's own limits are not published."""

    def auth(self) -> Auth:
        return oauth2_refresh(
            self.http,
            f"https://{LOGIN}/{self.tenant}/oauth2/v2.0/token",
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
            scope=SCOPE,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every account that the user reaches, in every state, each once; or those of customer_id alone."""
        field, value = ("CustomerId", self.customer_id) if self.customer_id else ("UserId", self._user_id())
        asked = queries.accounts(field, value)

        def ask(page: Mapping[str, int]) -> list[wire.Account]:
            body = {**asked, "PageInfo": page}
            return self._ask("CustomerManagement", "Accounts/Search", body, wire.Accounts).rows

        return map(entities.to_account, search.everything(ask, queries.PAGE_SIZE))

    @pulls(Campaign, traits=("prepared",))
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        """Yield what is listed, then what only reports still name: deleted ones."""
        listed = {row.id: entities.to_campaign(row) for row in self._campaigns(unit)}
        yield from listed.values()
        for row in self._ever(unit, queries.EVER_CAMPAIGNS):
            if row.ids["CampaignId"] not in listed:
                yield entities.shown_campaign(row)

    @pulls(AdGroup, grain="ad_group", traits=("prepared",))
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        """Yield what is listed, then what only reports still name: deleted ones."""
        listed = {
            row.id: entities.to_ad_group(row, parent.id)
            for parent, row in self._ad_groups(unit, self._campaigns(unit))
        }
        yield from listed.values()
        for row in self._ever(unit, queries.EVER_AD_GROUPS):
            if row.ids["AdGroupId"] not in listed:
                yield entities.shown_ad_group(row)

    @pulls(Ad, grain="ad", traits=("prepared",))
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield what is listed, then what only reports still name: deleted ones."""
        listed = {
            (group.id, row.id): entities.to_ad(row, group.id, parent.id)
            for parent, group in self._ad_groups(unit, self._campaigns(unit))
            for row in self._ads(unit, group)
        }
        yield from listed.values()
        for row in self._ever(unit, queries.EVER_ADS):
            if (row.ids["AdGroupId"], row.ids["AdId"]) not in listed:
                yield entities.shown_ad(row)

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the insertion orders that are agreed on; only accounts that pay by invoice have any."""
        return (billing.to_order(row, unit.account) for row in self._orders(unit))

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is left of each insertion order."""
        for row in self._orders(unit):
            yield from billing.to_balances(row, unit.account, unit.today)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each campaign pays for, and the bids that its ad groups keep."""
        campaigns = list(self._campaigns(unit))
        yield from map(charging.campaign_terms, campaigns)
        for campaign, group in self._ad_groups(unit, campaigns):
            terms = charging.ad_group_terms(group, campaign)
            if terms is not None:
                yield terms

    @daily(Delivery, max_days=30, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN)

    @daily(Delivery, grain="account", max_days=30)
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by."""
        return counts.to_totals(self._report(unit, queries.ACCOUNT))

    @daily(Delivery, grain="ad_group", max_days=30, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group and day."""
        return self._daily(unit, queries.AD_GROUP)

    @daily(Delivery, grain="ad", max_days=15, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day."""
        return self._daily(unit, queries.AD)

    @daily(Interaction, max_days=30, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by goal and attribution."""
        found = self._managed(unit, "ConversionGoals/QueryByIds", queries.GOALS, wire.Goals)
        goals = {goal.id: goal for goal in _told(found.conversion_goals)}
        return counts.to_interactions(self._report(unit, queries.RESULTS), goals)

    @pulls(HourlyCost, restated_days=7, retention_days=queries.HOURS_KEPT, traits=("prepared",))
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour."""
        account = unit.account
        window = queries.in_pacific(unit.window, account.timezone)
        report = queries.Report(account.id, queries.HOURS, window, queries.PACIFIC)
        return to_hours(self._rows(unit, [report]), unit)

    @pulls(Invoice, traits=("credits",))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents that are dated in one month, whatever month they bill."""
        account, asked = unit.account, queries.documents(unit.account.id, unit.window, unit.today)
        found = self._billed(unit, "BillingDocumentsInfo/Query", asked, wire_billing.Documents)
        documents = list(
            once(_own(account, _told(found.billing_documents_info)), lambda one: one.document_id)
        )
        dated = [one for one in documents if one.day in unit.window]
        is_monthly = any(map(billing.service_month, dated)) and self._pays_monthly(unit)
        return (billing.to_invoice(one, account, is_monthly=is_monthly) for one in dated)

    def _pays_monthly(self, unit: Unit) -> bool:
        """Whether the account pays by invoice; where it does not say so, by its having insertion orders."""
        payment = unit.account.payment
        return payment == "invoice" or (payment == "unknown" and any(self._orders(unit)))

    def _daily(self, unit: Unit, level: queries.Level) -> Iterator[Delivery]:
        charges = charging.charges(self._campaigns(unit))
        yield from counts.to_delivery(self._report(unit, level), charges)

    def _report(self, unit: Unit, level: queries.Level) -> Iterator[sheet.Row]:
        account, zone = unit.account, to_report_zone(unit.account.timezone)
        parts = list(batches(unit.campaigns, queries.CAMPAIGNS_AT_ONCE)) or [()]
        reports = [queries.Report(account.id, level, unit.window, zone, part) for part in parts]
        return self._rows(unit, reports)

    def _ever(self, unit: Unit, level: queries.Level) -> Iterator[sheet.Row]:
        account, zone = unit.account, to_report_zone(unit.account.timezone)
        report = queries.Report(account.id, level, queries.ever(unit.today), zone)
        return once(self._rows(unit, [report]), lambda row: tuple(row.ids.values()))

    def _rows(self, unit: Unit, reports: list[queries.Report]) -> Iterator[sheet.Row]:
        root, head = f"/Reporting/{self.api_version}/GenerateReport", self._head(unit.account)
        return search.rows(self.http, root, reports, unit=unit, headers=head, poll_seconds=self.poll_seconds)

    def _campaigns(self, unit: Unit) -> Iterator[wire.Campaign]:
        asked = queries.campaigns(unit.account.id)
        found = self._managed(unit, "Campaigns/QueryByAccountId", asked, wire.Campaigns)
        return once(_told(found.campaigns), lambda one: one.id)

    def _ad_groups(
        self, unit: Unit, campaigns: Iterable[wire.Campaign]
    ) -> Iterator[tuple[wire.Campaign, wire.AdGroup]]:
        """Each ad group with its campaign; Performance Max campaigns have none."""
        for campaign in campaigns:
            if campaign.campaign_type not in queries.WITHOUT_AD_GROUPS:
                asked = queries.ad_groups(campaign.id)
                found = self._managed(unit, "AdGroups/QueryByCampaignId", asked, wire.AdGroups)
                groups = once(_told(found.ad_groups), lambda one: one.id)
                yield from ((campaign, group) for group in groups)

    def _ads(self, unit: Unit, group: wire.AdGroup) -> Iterator[wire.Ad]:
        asked = queries.ads(group.id)
        return _told(self._managed(unit, "Ads/QueryByAdGroupId", asked, wire.Ads).ads)

    def _orders(self, unit: Unit) -> Iterator[wire_billing.InsertionOrder]:
        asked = queries.insertion_orders(unit.account.id)

        def ask(page: Mapping[str, int]) -> list[wire_billing.InsertionOrder]:
            body = {**asked, "PageInfo": page}
            return self._billed(unit, "InsertionOrders/Search", body, wire_billing.InsertionOrders).rows

        found = _own(unit.account, search.everything(ask, queries.ORDERS_SIZE))
        return (row for row in found if row.status not in billing.UNSIGNED)

    def _user_id(self) -> str:
        return self._ask("CustomerManagement", "User/Query", queries.ME, wire.Me).user.id

    def _managed(self, unit: Unit, path: str, asked: object, decode: type[Decoded]) -> Decoded:
        return self._ask("CampaignManagement", path, asked, decode, unit.account)

    def _billed(self, unit: Unit, path: str, asked: object, decode: type[Decoded]) -> Decoded:
        return self._ask("CustomerBilling", path, asked, decode, unit.account)

    def _ask(
        self, service: str, path: str, asked: object, decode: type[Decoded], account: Account | None = None
    ) -> Decoded:
        url = f"https://{HOSTS[service]}/{service}/{self.api_version}/{path}"
        return self.http.post(url, json=asked, headers=self._head(account), decode=decode)

    def _head(self, account: Account | None) -> dict[str, str]:
        """What goes with a question; not with that for a token, nor with that for a file."""
        head = {"DeveloperToken": self.developer_token.get_secret_value(), "Accept": "application/json"}
        if account:
            head |= {"CustomerId": account.manager_id or self.customer_id, "CustomerAccountId": account.id}
        return head


def _told(rows: Iterable[Row | None] | None) -> Iterator[Row]:
    """The rows of a list that may be null, and hold null for what Microsoft does not find."""
    return (row for row in rows or () if row is not None)


def _own(account: Account, rows: Iterable[Billed]) -> Iterator[Billed]:
    """The rows of a list about one account. Raises ContractError for what is of another."""
    for row in rows:
        if row.account_id != account.id:
            raise ContractError(f"billing of account {row.account_id} came, {account.id} was asked for")
        yield row
