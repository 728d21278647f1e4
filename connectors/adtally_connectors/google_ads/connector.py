"""Google Ads: what is asked of its API, and the records that come of it.

Source: Google Ads API v26 (v26.1 of 2026-10-28), REST interface and the guides "Reporting",
"Change event" and "Billing"; read 2026-11. docs/platforms/google_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import TypeVar

from pydantic import SecretStr, field_validator

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Campaign,
    Change,
    CountryCost,
    Delivery,
    GoogleSignIn,
    HourlyCost,
    Interaction,
    Invoice,
    NotOffered,
    Order,
    Terms,
    Unit,
    pulls,
)

from . import charging, counts, queries, wire, wire_billing
from .billing import MONTHS, customers, tail, to_invoice
from .changes import all_changes
from .clients import advertisers
from .entities import to_ad, to_ad_group, to_campaign, to_order
from .parts import to_countries, to_hours
from .refusals import NO_INVOICES, to_error
from .search import pages

Row = TypeVar("Row")
Measured = TypeVar("Measured", wire.DeliveryRow, wire.TotalRow)


DAYS_KEPT = 1123  # 37 months, at their shortest
daily = partial(
    pulls,
    restated_days=30,
    final_after={"cost": 3, "clicks": 3, "conversions": 30},
    retention_days=DAYS_KEPT,
)
CORRECTED_DAYS = 60


class GoogleAds(GoogleSignIn):
    """One Google user (or service account) and every account that it reaches."""

    name = "google_ads"
    scopes = "https://www.googleapis.com/auth/adwords"

    base_url: str = "https://googleads.googleapis.com"
    api_version: str = "v26"
    login_customer_id: str = ""
    developer_token: SecretStr = SecretStr("")

    @field_validator("login_customer_id")
    @classmethod
    def _without_dashes(cls, text: str) -> str:
        return text.replace("-", "")

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every advertiser below the accessible accounts (or below login_customer_id), each once.

        Hidden and cancelled ones are among them. An accessible account that refuses is logged and passed
        over; only if nothing else is found is its refusal the answer.
        """
        return advertisers(self._roots(), self._clients)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        return map(to_campaign, self._rows(unit, queries.CAMPAIGNS, wire.Page[wire.CampaignRow]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return map(to_ad_group, self._rows(unit, queries.AD_GROUPS, wire.Page[wire.AdGroupRow]))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        return map(to_ad, self._rows(unit, queries.ADS, wire.Page[wire.AdRow]))

    @pulls(Order)
    def account_budgets(self, unit: Unit) -> Iterator[Order]:
        """Yield the approved and ended account budgets; only accounts on monthly invoicing have any."""
        for row in self._rows(unit, queries.ACCOUNT_BUDGETS, wire.Page[wire.AccountBudgetRow]):
            if row.account_budget.status != "PENDING":
                yield to_order(row.account_budget, unit.account.currency)

    # A day at a time: of a longer window the days past Google's memory would be lost when it is asked again.
    @pulls(Change, max_days=1, restated_days=1, retention_days=29)
    def changes(self, unit: Unit) -> Iterator[Change]:
        def ask(start: datetime, end: datetime) -> Iterator[wire.ChangeRow]:
            return self._rows(unit, queries.changes(start, end), wire.Page[wire.ChangeRow])

        start = datetime.combine(unit.window.first_day, time())
        end = datetime.combine(unit.window.last_day, time()) + timedelta(days=1)
        return all_changes(ask, start, end, unit.account.timezone)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each campaign pays for, and the bids and fixed prices that its ad groups keep."""
        prices: dict[str, set[int]] = {}
        for bid in self._rows(unit, queries.AD_GROUP_TERMS, wire.Page[wire.AdGroupRow]):
            first_day = wire.first_day(bid.campaign.start_date_time)
            terms = charging.ad_group_terms(bid.campaign, bid.ad_group, first_day)
            if terms is None:
                continue
            if terms.kind == "fixed" and terms.rate_micros is not None:
                prices.setdefault(bid.campaign.id, set()).add(terms.rate_micros)
            yield terms
        for row in self._rows(unit, queries.CAMPAIGN_TERMS, wire.Page[wire.CampaignRow]):
            first_day = wire.first_day(row.campaign.start_date_time)
            yield charging.campaign_terms(row.campaign, first_day, prices.get(row.campaign.id, set()))

    @daily(Delivery, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, "campaign", wire.Page[wire.DeliveryRow])

    @daily(Delivery, grain="account")
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by."""
        return self._daily(unit, "customer", wire.Page[wire.TotalRow])

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group and day; Performance Max and some Smart campaigns have none."""
        return self._daily(unit, "ad_group", wire.Page[wire.DeliveryRow])

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group, ad and day: an ad may run in several ad groups."""
        return self._daily(unit, "ad_group_ad", wire.Page[wire.DeliveryRow])

    @daily(Interaction, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield conversions by campaign, day of the interaction and action; view-through ones apart."""
        actions = queries.daily(queries.ACTIONS, unit.window, unit.campaigns)
        yield from counts.to_interactions(self._rows(unit, actions, wire.Page[wire.ActionRow]))
        seen = queries.daily(queries.VIEW_THROUGH, unit.window, unit.campaigns)
        yield from counts.to_view_through(self._rows(unit, seen, wire.Page[wire.ViewThroughRow]))

    @pulls(HourlyCost, restated_days=3, retention_days=DAYS_KEPT)
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour."""
        hours = queries.daily(queries.HOURS, unit.window)
        return to_hours(self._rows(unit, hours, wire.Page[wire.HourRow]), unit.account.timezone)

    @pulls(CountryCost, restated_days=3, retention_days=DAYS_KEPT)
    def country_monthly(self, unit: Unit) -> Iterator[CountryCost]:
        """Yield the account's cost by the country in which people were."""

        def places(ids: Sequence[str]) -> Iterator[wire.PlaceRow]:
            return self._rows(unit, queries.places(ids), wire.Page[wire.PlaceRow])

        countries = queries.daily(queries.COUNTRIES, unit.window)
        rows = self._rows(unit, countries, wire.Page[wire.CountryRow])
        return to_countries(rows, unit.window.first_day, places)

    @pulls(Invoice, restated_days=CORRECTED_DAYS, traits=("lines", "credits"))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents of one service month, corrections of the next two months among them.

        Google lists documents by month of issue, and those of every account that shares the billing setup;
        only those that bill this account are kept.
        Raises NotOffered if none of the account's billing setups is on monthly invoicing.
        """
        issued = [unit.window.first_day.replace(day=1)]
        latest = min(unit.today, unit.window.last_day + timedelta(days=CORRECTED_DAYS))
        while (following := (issued[-1] + timedelta(days=31)).replace(day=1)) <= latest:
            issued.append(following)
        setups = self._rows(unit, queries.BILLING_SETUPS, wire.Page[wire_billing.BillingSetupRow])
        approved = [row.billing_setup.id for row in setups if row.billing_setup.status == "APPROVED"]
        refusal, answered, known = NotOffered(NO_INVOICES), False, set[str]()
        for setup_id in approved:
            for day in issued:
                try:
                    listed = self._invoices(unit.account, setup_id, day)
                except NotOffered as error:
                    refusal = error
                    break
                answered = True
                for bill in listed:
                    served = bill.service_date_range.start_date if bill.service_date_range else day
                    of_month = served.replace(day=1) == issued[0]
                    if (
                        of_month
                        and bill.id not in known
                        and unit.account.id in (customers(bill) or {unit.account.id})
                    ):
                        known.add(bill.id)
                        yield to_invoice(bill, unit.account)
        if not answered:
            raise refusal

    def _roots(self) -> list[str]:
        """The accounts to look below: the configured manager, or all that the user is directly on."""
        if self.login_customer_id:
            return [self.login_customer_id]
        path = f"/{self.api_version}/customers:listAccessibleCustomers"
        answer = self.http.get(path, headers=self._headers(""), decode=wire.Accessible)
        return [tail(name) for name in answer.resource_names]

    def _invoices(self, account: Account, setup_id: str, month: date) -> list[wire_billing.Invoice]:
        """What was issued in a month on one billing setup, also for the other accounts that share it."""
        params = {
            "billingSetup": f"customers/{account.id}/billingSetups/{setup_id}",
            "issueYear": month.year,
            "issueMonth": MONTHS[month.month - 1],
            "includeGranularLevelInvoiceDetails": True,
        }
        path = self._path(account.id, "invoices")
        head = self._headers(self._login(account))
        return self.http.get(path, params=params, headers=head, decode=wire_billing.Invoices).invoices

    def _clients(self, root: str) -> Iterator[wire.ClientRow]:
        path, head = self._path(root, "googleAds:search"), self._headers(root)
        listed = pages(self.http, path, queries.CLIENTS, wire.Page[wire.ClientRow], headers=head)
        return chain.from_iterable(listed)

    def _daily(self, unit: Unit, source: str, shape: type[wire.Page[Measured]]) -> Iterator[Delivery]:
        query = queries.daily(queries.delivery(source), unit.window, unit.campaigns)
        found = self._pages(unit, query, shape)
        return counts.to_delivery(found)

    def _rows(self, unit: Unit, query: str, decode: type[wire.Page[Row]]) -> Iterator[Row]:
        return chain.from_iterable(self._pages(unit, query, decode))

    def _pages(self, unit: Unit, query: str, decode: type[wire.Page[Row]]) -> Iterator[list[Row]]:
        head = self._headers(self._login(unit.account))
        path = self._path(unit.account.id, "googleAds:search")
        return pages(self.http, path, query, decode, headers=head)

    def _path(self, account_id: str, what: str) -> str:
        return f"/{self.api_version}/customers/{account_id}/{what}"

    def _login(self, account: Account) -> str:
        """The manager to go through; none where the user is directly on the account."""
        if self.login_customer_id:
            return self.login_customer_id
        return account.reached_by if account.reached_by != account.id else ""

    def _headers(self, login: str) -> dict[str, str]:
        head = {"login-customer-id": login} if login else {}
        if self.developer_token:
            head["developer-token"] = self.developer_token.get_secret_value()
        return head
