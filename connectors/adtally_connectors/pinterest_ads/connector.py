"""Pinterest Ads: what is asked of its API, and the records that come of it.

Source: Pinterest API v5, OpenAPI document 5.23.0 and a client of 5.28.0, read 2026-11.
docs/platforms/pinterest_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Self, TypeVar

from pydantic import NonNegativeFloat, PositiveFloat, SecretStr, model_validator

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
    Interaction,
    Invoice,
    Order,
    Report,
    Terms,
    Unit,
    header_auth,
    oauth2_refresh,
    pulls,
)

from . import charging, counts, queries, search, wire, wire_billing
from .billing import is_of_month, to_invoice
from .entities import to_account, to_ad, to_ad_group, to_campaign, to_order
from .refusals import to_error
from .totals import compared

Listed = TypeVar("Listed", bound=wire.Item)
Row = TypeVar("Row", bound=wire.Row)
log = logging.getLogger(__name__)

SETTLING_DAYS = 3
"""Days after which delivery no longer moves, and conversions no longer after their window."""
LONGEST_WINDOW = 30
"""The longest attribution window by default."""

daily = partial(
    pulls,
    restated_days=LONGEST_WINDOW + SETTLING_DAYS,
    final_after={"cost": SETTLING_DAYS, "clicks": SETTLING_DAYS},
    retention_days=913,
    traits=("prepared",),
)


class PinterestAds(Connector):
    """One Pinterest user and every ad account on which that user has a role."""

    name = "pinterest_ads"

    base_url: str = "https://api.pinterest.com"
    api_version: str = "v5"
    access_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    click_window_days: queries.Days = 30
    engagement_window_days: queries.Days = 30
    view_window_days: queries.Days = 1
    conversion_report_time: queries.ReportTime = "TIME_OF_AD_ACTION"
    report_format: queries.Format = "JSON"
    compare_totals: bool = True
    """Whether the cost and impressions of days that rest must add up to those of the account."""
    poll_seconds: NonNegativeFloat = 5
    requests_per_second: PositiveFloat | None = 4
    """Below the 300 a minute that Pinterest allows a user of an app for reports."""

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        app = (self.client_id, self.client_secret, self.refresh_token)
        if any(app) == bool(self.access_token) or (any(app) and not all(app)):
            raise ValueError("set client_id, client_secret and refresh_token, or access_token alone")
        return self

    def auth(self) -> Auth:
        if self.access_token:
            return header_auth("Authorization", self.access_token, prefix="Bearer ")
        return oauth2_refresh(
            self.http,
            self._path("oauth", "token"),
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
            basic=True,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def reports(self) -> list[Report]:
        """All reports; days are read again for as long as the attribution windows let them move."""
        moving = max(self._attribution.longest, LONGEST_WINDOW) + SETTLING_DAYS
        return [
            replace(one, restated_days=moving, final_after={**one.final_after, "conversions": moving})
            if one.cadence == "daily"
            else one
            for one in self.declared()
        ]

    def accounts(self) -> Iterator[Account]:
        """Every ad account that the user owns or shares, each once; one without a currency is logged."""
        path, shape = self._path("ad_accounts"), wire.Page[wire.Account]
        for row in search.listed(self.http, path, shape, {"include_shared_accounts": True}):
            account = to_account(row)
            if account is None:
                log.warning("pinterest_ads: account %s is passed over: it has no currency", row.id)
            else:
                yield account

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        return map(to_campaign, self._in_every_state(unit, "campaigns", wire.Page[wire.Campaign]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return map(to_ad_group, self._groups(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        return map(to_ad, self._in_every_state(unit, "ads", wire.Page[wire.Ad]))

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the order lines, also those that are never billed."""
        path, shape = self._of(unit, "order_lines"), wire.Page[wire.OrderLine]
        for row in search.listed(self.http, path, shape):
            yield to_order(row, unit.account)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad group pays for; campaigns keep no terms of their own."""
        return map(charging.to_terms, self._groups(unit))

    @daily(Delivery, max_days=30, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN)

    @daily(Delivery, grain="account", max_days=30)
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by.

        Older days come by a report that is made ready, with the same columns.
        """
        if self._is_recent(unit):
            return counts.to_totals(self._at_once(unit, wire.TotalRow))
        return counts.to_totals(self._prepared(unit, queries.ACCOUNT, wire.TotalRow))

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
        """Yield what people did by campaign and day, by action and attribution."""
        rows = self._prepared(unit, queries.CAMPAIGN, wire.ActionRow)
        return counts.to_interactions(self._whole(unit, rows), self._attribution)

    @pulls(Invoice, traits=("credits",))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents whose period ends in the month; Pinterest filters by when they are due."""
        path, shape = self._of(unit, "billing_invoices"), wire.Page[wire_billing.Document]
        for document in search.listed(self.http, path, shape, queries.due(unit.window)):
            if is_of_month(document, unit.window):
                yield to_invoice(document, unit.account, unit.today)

    def _daily(self, unit: Unit, level: queries.Level) -> Iterator[Delivery]:
        groups = self._groups(unit)
        charges = charging.charges(groups, "campaign_id" if level is queries.CAMPAIGN else "id")
        rows = self._prepared(unit, level, wire.DeliveryRow)
        yield from counts.to_delivery(self._whole(unit, rows), charges)

    def _whole(self, unit: Unit, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, compared with the account's own days unless these are old or still move."""
        rests = (unit.today - unit.window.last_day).days > SETTLING_DAYS
        if self.compare_totals and rests and self._is_recent(unit) and not unit.campaigns:
            return compared(rows, lambda: self._at_once(unit, wire.Row))
        return rows

    def _is_recent(self, unit: Unit) -> bool:
        return (unit.today - unit.window.first_day).days <= queries.RECENT_DAYS

    def _at_once(self, unit: Unit, shape: type[Row]) -> list[Row]:
        return search.at_once(self.http, self._of(unit, "analytics"), unit, self._attribution, shape)

    def _prepared(self, unit: Unit, level: queries.Level, shape: type[Row]) -> Iterator[Row]:
        def query(part: Unit) -> Mapping[str, object]:
            return queries.report(level, part, shape, self._attribution, self.report_format)

        path = self._of(unit, "reports")
        return search.report(self.http, path, query, level, shape, unit=unit, poll_seconds=self.poll_seconds)

    def _groups(self, unit: Unit) -> Iterator[wire.AdGroup]:
        return self._in_every_state(unit, "ad_groups", wire.Page[wire.AdGroup])

    def _in_every_state(self, unit: Unit, name: str, shape: type[wire.Page[Listed]]) -> Iterator[Listed]:
        return search.listed(self.http, self._of(unit, f"{name}{queries.EVERY_STATE}"), shape)

    @property
    def _attribution(self) -> queries.Attribution:
        return queries.Attribution(
            self.click_window_days,
            self.engagement_window_days,
            self.view_window_days,
            self.conversion_report_time,
        )

    def _of(self, unit: Unit, name: str) -> str:
        return self._path("ad_accounts", unit.account.id, name)

    def _path(self, *parts: str) -> str:
        return "/".join(("", self.api_version, *parts))
