"""LinkedIn Ads: what is asked of its API, and the records that come of it.

Source: LinkedIn Marketing API 202607 (reference pages of the views li-lms-2026-03 to -07), read 2026-11.
docs/platforms/linkedin_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Self, TypeVar

from pydantic import PositiveFloat, PrivateAttr, SecretStr, model_validator

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    AuthError,
    Campaign,
    Connector,
    ContractError,
    Delivery,
    Interaction,
    Order,
    Terms,
    Unit,
    batches,
    check_count,
    header_auth,
    oauth2_refresh,
    pulls,
)

from . import charging, counts, queries, wire
from .entities import to_account, to_ad, to_ad_group, to_campaign, to_order
from .refusals import not_yet, to_error
from .search import numbered, report, searched

Row = TypeVar("Row", bound=wire.ReportRow)
Shown = TypeVar("Shown", wire.DeliveryRow, wire.ActionRow)
log = logging.getLogger(__name__)

TOKEN_URL = "https://www.linkedin.com/oauth/v2/accessToken"
MOVING_DAYS = 3
"""Days that may change between two questions."""


daily = partial(
    pulls,
    restated_days=35,
    final_after={"cost": 7, "clicks": 7, "conversions": 35},
    retention_days=3650,
)


class LinkedInAds(Connector):
    """One LinkedIn member and every ad account that it has a role on."""

    name = "linkedin_ads"
    own_hosts = ("www.linkedin.com",)

    base_url: str = "https://api.linkedin.com"
    api_version: str = "202607"
    access_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    requests_per_second: PositiveFloat | None = 0.6
    """LinkedIn publishes no number; a connector with many users settled on 6 requests in 10 seconds."""

    compare_totals: bool = True
    """Whether impressions of days that rest must add up to those of the account."""

    _refused: bool = PrivateAttr(default=False)
    """Whether the last answer was a refusal of the access token."""

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
            TOKEN_URL,
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        """Our error; a token that was refreshed gets a second chance before it is given up."""
        error = to_error(answer, datetime.now(UTC))
        was_refused, self._refused = self._refused, type(error) is AuthError
        if error and self._refused and not was_refused and self.refresh_token:
            return not_yet(error)
        return error

    def headers(self) -> Mapping[str, str]:
        return {"LinkedIn-Version": self.api_version, "X-Restli-Protocol-Version": "2.0.0"}

    def accounts(self) -> Iterator[Account]:
        """Every account that the member sees, each once; test accounts, which never spend, are left out."""
        for row in searched(self.http, queries.accounts, wire.Page[wire.Account]):
            if row.test:
                log.info("linkedin_ads: account %s is passed over: it is for tests", row.id)
            else:
                yield to_account(row)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        """Yield the campaign groups: our campaigns."""
        path = partial(queries.searched, unit.account.id, "adCampaignGroups", queries.GROUP_STATES)
        return map(to_campaign, searched(self.http, path, wire.Page[wire.CampaignGroup]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        """Yield what LinkedIn calls campaigns: our ad groups."""
        return map(to_ad_group, self._campaigns(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield the creatives: our ads."""
        groups = {str(campaign.id): campaign.group_id for campaign in self._campaigns(unit)}
        path, shape = partial(queries.creatives, unit.account.id), wire.Page[wire.Creative]
        for row in searched(self.http, path, shape, headers=queries.FINDER):
            yield to_ad(row, groups)

    @pulls(Order)
    def account_budgets(self, unit: Unit) -> Iterator[Order]:
        """Yield the budget of the whole account; only some accounts of enterprises have one."""
        order = to_order(self._account(unit))
        if order is not None:
            yield order

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each LinkedIn campaign pays for; campaign groups keep no terms of their own."""
        return (charging.to_terms(row, unit.account.currency) for row in self._campaigns(unit))

    @daily(Delivery, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign group and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN, lambda campaign: campaign.group_id)

    @daily(Delivery, grain="account")
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by."""
        shape = wire.Page[wire.DeliveryRow]
        rows = self._report(unit, queries.ACCOUNT, queries.DELIVERY, shape)
        yield from counts.to_delivery(rows, None)

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per LinkedIn campaign and day."""
        return self._daily(unit, queries.AD_GROUP, lambda campaign: str(campaign.id))

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per creative and day."""
        return self._daily(unit, queries.AD, lambda campaign: str(campaign.id))

    @daily(Interaction, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign group and day, by action; conversions also by their rule."""
        converted = False
        shape = wire.Page[wire.ActionRow]
        for row in self._whole(unit, self._report(unit, queries.CAMPAIGN, queries.ACTIONS, shape)):
            converted = converted or bool(row.external_website_conversions)
            yield from counts.to_interactions([row])
        if converted:
            path = partial(queries.rules, unit.account.id)
            rules = {str(rule.id): rule for rule in numbered(self.http, path, wire.Page[wire.Rule])}
            told = self._report(unit, queries.RULE, queries.CONVERSIONS, wire.Page[wire.RuleRow])
            yield from counts.to_conversions(told, rules)

    def _daily(
        self, unit: Unit, pivots: tuple[str, ...], by: Callable[[wire.Campaign], str]
    ) -> Iterator[Delivery]:
        charges = charging.charges(self._campaigns(unit), by)
        rows = self._report(unit, pivots, queries.DELIVERY, wire.Page[wire.DeliveryRow])
        yield from counts.to_delivery(self._whole(unit, rows), charges)

    def _whole(self, unit: Unit, rows: Iterable[Shown]) -> Iterator[Shown]:
        """The rows, which have as many impressions as the account.

        Days that still move are not compared, nor is what is not told.
        """
        came: list[int | None] = []
        for row in rows:
            came.append(row.impressions)
            yield row
        if not self.compare_totals or (unit.today - unit.window.last_day).days <= MOVING_DAYS:
            return
        totals = self._report(unit, queries.ACCOUNT, queries.TOTAL, wire.Page[wire.DeliveryRow])
        told: list[int | None] = [row.impressions for row in totals]
        if None not in (*came, *told):
            check_count(sum(filter(None, came)), sum(filter(None, told)), "impressions")

    def _report(
        self, unit: Unit, pivots: tuple[str, ...], metrics: tuple[str, ...], shape: type[wire.Page[Row]]
    ) -> Iterator[Row]:
        """The rows of a report. An answer without any may come of a missing role, so that is looked up."""
        account_id, came = unit.account.id, False
        for groups in tuple(batches(unit.campaigns, queries.GROUPS_AT_ONCE)) or ((),):
            asked = queries.Report(account_id, pivots, unit.window, metrics, groups)
            for row in report(self.http, asked, shape):
                came = True
                yield row
        if not came:
            self._account(unit)

    def _campaigns(self, unit: Unit) -> Iterator[wire.Campaign]:
        path = partial(queries.searched, unit.account.id, "adCampaigns", queries.CAMPAIGN_STATES)
        return searched(self.http, path, wire.Page[wire.Campaign])

    def _account(self, unit: Unit) -> wire.Account:
        """The account as it is now. Raises DeniedError if the member may not see it."""
        account = self.http.get(queries.account(unit.account.id), decode=wire.Account)
        if str(account.id) != unit.account.id:
            raise ContractError(f"account {account.id} came where {unit.account.id} was asked for")
        return account
