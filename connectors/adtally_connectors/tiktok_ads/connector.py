"""TikTok Ads: what is asked of its API, and the records that come of it.

Source: TikTok API for Business v1.3 (SDK of 2026-02-27, reference pages as of 2026-07), read 2026-11.
docs/platforms/tiktok_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Literal, TypeVar

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
    Delivery,
    DeniedError,
    HourlyCost,
    Interaction,
    Invoice,
    NotOffered,
    Report,
    Terms,
    Unit,
    Window,
    header_auth,
    once,
    pulls,
)

from . import charging, counts, queries, wire, wire_billing
from .billing import to_balances, to_invoice, to_payment
from .entities import to_account, to_ad, to_ad_group, to_campaign
from .hours import to_hours
from .refusals import APP_LIMITS, to_error
from .search import pages, report

Row = TypeVar("Row", bound=wire.Keyed)
log = logging.getLogger(__name__)


# The longest attribution window is 32 days after a click.
daily = partial(
    pulls,
    restated_days=35,
    final_after={"cost": 3, "clicks": 3, "conversions": 35},
    traits=("prepared",),
)

NEED_BUSINESS_CENTER = {"invoices", "charges"}


class TikTokAds(Connector):
    """One TikTok user and every ad account that it authorised the app for."""

    name = "tiktok_ads"

    base_url: str = "https://business-api.tiktok.com"
    api_version: str = "v1.3"
    access_token: SecretStr
    app_id: str
    app_secret: SecretStr
    bc_id: str = ""
    poll_seconds: NonNegativeFloat = 15
    requests_per_second: PositiveFloat | None = 8
    """Below the 10 that TikTok allows an app of the lowest tier; the other tiers have 20 and 30."""

    def auth(self) -> Auth:
        return header_auth("Access-Token", self.access_token)

    def error(self, answer: Answer) -> AdtallyError | None:
        error = to_error(answer)
        if error is not None and error.code in APP_LIMITS:
            self.http.slow_down(1)
        return error

    def reports(self) -> list[Report]:
        """All reports; invoices and charges only with the Business Center that knows them."""
        return [one for one in self.declared() if self.bc_id or one.name not in NEED_BUSINESS_CENTER]

    def accounts(self) -> Iterator[Account]:
        """Every ad account that the app is authorised for, each once; one that is not told is logged."""
        params = {"app_id": self.app_id, "secret": self.app_secret.get_secret_value()}
        path = self._path("oauth2/advertiser/get")
        listed = self.http.get(path, params=params, decode=wire.Page[wire.Authorised])
        ids = list(dict.fromkeys(one.advertiser_id for one in listed.data.rows))
        for start in range(0, len(ids), queries.ACCOUNTS_AT_ONCE):
            asked = ids[start : start + queries.ACCOUNTS_AT_ONCE]
            told = self._advertisers(asked)
            for advertiser in told:
                yield to_account(advertiser)
            for account_id in sorted(set(asked) - {advertiser.advertiser_id for advertiser in told}):
                log.warning("tiktok_ads: account %s is passed over: TikTok does not tell it", account_id)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        fields = queries.CAMPAIGN_FIELDS
        return map(to_campaign, self._listed(unit, "campaign/get", fields, wire.Page[wire.Campaign]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return (to_ad_group(row, unit.account.timezone) for row in self._groups(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        return map(to_ad, self._listed(unit, "ad/get", queries.AD_FIELDS, wire.Page[wire.Ad]))

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is left in the account: by kind where the Business Center tells it, else in one sum."""
        account = unit.account
        if self.bc_id:
            asked = {"bc_id": self.bc_id, "filtering": queries.as_json({"keyword": account.id})}
            shape = wire.Page[wire_billing.Balances]
            for told in self._rows("advertiser/balance/get", asked, shape, size=queries.BILLING_SIZE):
                if told.advertiser_id == account.id:
                    yield from to_balances(told, account, unit.today)
                    return
        for advertiser in self._advertisers([account.id]):
            told = wire_billing.Balances(account.id, valid_account_balance=advertiser.balance)
            yield from to_balances(told, account, unit.today)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad group pays for; campaigns keep no terms of their own."""
        return (charging.to_terms(row, unit.account.timezone) for row in self._groups(unit))

    @daily(Delivery, max_days=30, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN)

    @daily(Delivery, grain="account", max_days=30)
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by.

        Raises NotOffered for accounts with TopView ad groups.
        """
        if any(self._top_view_groups(unit)):
            raise NotOffered("whether totals of the account hold TopView campaigns is not said by TikTok")
        shape = wire.Page[wire.ReportRow[wire.DeliveryMetrics]]
        yield from counts.to_totals(
            self._report(unit, queries.ACCOUNT, queries.DELIVERY, shape, top_view=False)
        )

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group and day."""
        return self._daily(unit, queries.AD_GROUP)

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day; of a Smart+ ad group of the new kind, per creative and day."""
        return self._daily(unit, queries.AD)

    @daily(Interaction, max_days=30, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by action and attribution."""
        shape = wire.Page[wire.ReportRow[dict[str, str | None]]]
        has_top_view = any(self._top_view_groups(unit))
        rows = self._report(unit, queries.CAMPAIGN, counts.METRICS, shape, top_view=has_top_view)
        return counts.to_interactions(rows)

    @pulls(HourlyCost, restated_days=3, traits=("prepared",))
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour, asked for day by day."""
        shape = wire.Page[wire.HourRow]
        has_top_view = any(self._top_view_groups(unit))
        for day in unit.window:
            part = unit.within(Window(day, day))
            rows = self._report(
                part, queries.CAMPAIGN, queries.HOURS, shape, top_view=has_top_view, by="stat_time_hour"
            )
            yield from to_hours(rows, unit.account.timezone)

    @pulls(Invoice, traits=("lines", "credits"))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the invoices and credit notes that the Business Center got in one month.

        It lists those of all its accounts; where the billing group's accounts are told, those that do not
        bill this account are left to the others.
        """
        asked = {"bc_id": self.bc_id, "invoice_types": queries.as_json(["RECON", "CREDIT"]), **_month(unit)}
        members = self._billing_groups()
        shape = wire.Page[wire_billing.Invoice]
        for bill in self._rows("bc/invoice/get", asked, shape, size=queries.BILLING_SIZE):
            billed = members.get(bill.billing_group_id or "") or (unit.account.id,)
            if unit.account.id in billed:
                yield to_invoice(bill, self.bc_id, members)

    @pulls(Invoice)
    def charges(self, unit: Unit) -> Iterator[Invoice]:
        """Yield what was paid for the account or given back in one month, by TikTok's transactions."""
        filtering = {"account_ids": [unit.account.id], **_month(unit)}
        asked = {
            "bc_id": self.bc_id,
            "transaction_level": "ADVERTISER",
            "filtering": queries.as_json(filtering),
        }
        shape = wire.Page[wire_billing.Transaction]
        for paid in self._rows("bc/account/transaction/get", asked, shape, size=queries.BILLING_SIZE):
            payment = to_payment(paid, unit.account)
            if payment is not None:
                yield payment

    def _daily(self, unit: Unit, level: queries.Level) -> Iterator[Delivery]:
        top_view = list(self._top_view_groups(unit))
        groups = chain(self._plain_groups(unit), top_view, self._smart_plus_groups(unit))
        by: Literal["adgroup_id", "campaign_id"] = "adgroup_id" if level.parents else "campaign_id"
        charges = charging.charges(groups, by)
        shape = wire.Page[wire.ReportRow[wire.DeliveryMetrics]]
        rows = self._report(unit, level, queries.DELIVERY, shape, top_view=bool(top_view))
        yield from counts.to_delivery(rows, level, charges)

    def _report(
        self,
        unit: Unit,
        level: queries.Level,
        metrics: tuple[str, ...],
        shape: type[wire.Page[Row]],
        *,
        top_view: bool,
        by: Literal["stat_time_day", "stat_time_hour"] = "stat_time_day",
    ) -> Iterator[list[Row]]:
        root, poll, ids = self._path("report"), self.poll_seconds, unit.campaigns
        for start in range(0, len(ids) or 1, queries.CAMPAIGNS_AT_ONCE):
            part = unit.within(unit.window, ids[start : start + queries.CAMPAIGNS_AT_ONCE])
            query = queries.Report(unit.account.id, level, metrics, part.window, part.campaigns, by)
            yield from report(self.http, root, query, shape, unit=part, top_view=top_view, poll_seconds=poll)

    def _groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        """Every ad group once, whichever of TikTok's lists it is in."""
        lists = (self._plain_groups(unit), self._top_view_groups(unit), self._smart_plus_groups(unit))
        return once(chain.from_iterable(lists), lambda row: row.adgroup_id)

    def _plain_groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        asked = queries.listing(unit.account.id, queries.AD_GROUP_FIELDS)
        return self._rows("adgroup/get", asked, wire.Page[wire.AdGroup], size=queries.LIST_SIZE)

    def _top_view_groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        asked = queries.listing(unit.account.id, queries.AD_GROUP_FIELDS, top_view=True)
        return self._rows("adgroup/get", asked, wire.Page[wire.AdGroup], size=queries.TOP_VIEW_SIZE)

    def _smart_plus_groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        """Ad groups of the new Smart+; none, where the app may not read them."""
        asked, shape = queries.listing(unit.account.id), wire.Page[wire.AdGroup]
        try:
            yield from self._rows("smart_plus/adgroup/get", asked, shape, size=queries.LIST_SIZE)
        except (DeniedError, NotOffered) as error:
            log.warning("tiktok_ads: %s: Smart+ ad groups are not read: %s", unit.account.id, error)

    def _listed(
        self, unit: Unit, name: str, fields: tuple[str, ...], shape: type[wire.Page[Row]]
    ) -> Iterator[Row]:
        plain, top_view = (
            queries.listing(unit.account.id, fields, top_view=alone) for alone in (False, True)
        )
        yield from self._rows(name, plain, shape, size=queries.LIST_SIZE)
        yield from self._rows(name, top_view, shape, size=queries.TOP_VIEW_SIZE)

    def _rows(
        self, name: str, asked: Mapping[str, object], shape: type[wire.Page[Row]], *, size: int
    ) -> Iterator[Row]:
        return chain.from_iterable(pages(self.http, self._path(name), asked, shape, size=size))

    def _advertisers(self, ids: list[str]) -> list[wire.Advertiser]:
        asked = {"advertiser_ids": queries.as_json(ids), "fields": queries.as_json(queries.ACCOUNT_FIELDS)}
        path = self._path("advertiser/info")
        return self.http.get(path, params=asked, decode=wire.Page[wire.Advertiser]).data.rows

    def _billing_groups(self) -> dict[str, tuple[str, ...]]:
        """The accounts that are billed together, by billing group."""
        asked, shape = {"bc_id": self.bc_id}, wire.Page[wire_billing.BillingGroup]
        return {
            group.billing_group_id: tuple(sorted(member.advertiser_id for member in group.advertisers or ()))
            for group in self._rows("bc/billing_group/get", asked, shape, size=queries.BILLING_SIZE)
        }

    def _path(self, name: str) -> str:
        return f"/open_api/{self.api_version}/{name}/"


def _month(unit: Unit) -> dict[str, str]:
    """The unit's days as billing asks for them; TikTok reads them by the account's or the Center's clock."""
    window = unit.window
    return {"start_time": f"{window.first_day} 00:00:00", "end_time": f"{window.last_day} 23:59:59"}
