"""Reddit Ads: what is asked of its API, and the records that come of it.

Source: Reddit Ads API v3 (types of clients made from its OpenAPI file of 2026-07, live notes of clients of
2026), read 2026-11. docs/platforms/reddit_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Literal, Self, TypeVar

from pydantic import PositiveFloat, SecretStr, model_validator

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
    Interaction,
    Order,
    Terms,
    Unit,
    Window,
    __version__,
    batches,
    oauth2_refresh,
    pulls,
)

from . import charging, counts, queries, wire
from .billing import to_balances, to_order
from .entities import to_account, to_ad, to_ad_group, to_campaign
from .inventory import Inventory
from .limits import seconds_to_wait
from .refusals import to_error
from .search import FINAL_DAYS, by_day, listed, searched

Dated = TypeVar("Dated", bound=wire.DatedIds)
log = logging.getLogger(__name__)

TOKEN_URL = "https://www.reddit.com/api/v1/access_token"
USER_AGENT = re.compile(r"[^:\s]+:[^:\s]+:v\S+ \(by /u/[\w-]+\)")
DAYS_KEPT = 728
"""24 months, at their shortest, but for the days more that zones of half hours are asked for."""


# Conversions are counted within a month at most.
daily = partial(
    pulls,
    restated_days=30,
    final_after={"cost": FINAL_DAYS, "clicks": FINAL_DAYS, "conversions": 30},
    retention_days=DAYS_KEPT,
)


class RedditAds(Connector):
    """One Reddit user and every ad account of the user's businesses."""

    name = "reddit_ads"
    own_hosts = ("ads-api.reddit.com", "www.reddit.com")

    base_url: str = "https://ads-api.reddit.com"
    api_version: str = "v3"
    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr
    reddit_user: str = ""
    user_agent: str = ""
    business_id: str = ""
    requests_per_second: PositiveFloat | None = 0.8
    """Below the 60 reports a minute that Reddit allows a user."""
    compare_totals: bool = True

    @model_validator(mode="after")
    def _names_itself(self) -> Self:
        if not self.user_agent and not self.reddit_user:
            raise ValueError("set reddit_user, the name of your Reddit user, or a whole user_agent")
        if not USER_AGENT.fullmatch(self._user_agent):
            raise ValueError("user_agent: Reddit wants platform:app:v1.0 (by /u/name)")
        return self

    def auth(self) -> Auth:
        return oauth2_refresh(
            self.http,
            TOKEN_URL,
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
            basic=True,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        error = to_error(answer)
        if error is None and (wait := seconds_to_wait(answer.headers)):
            self.http.slow_down(wait)
        return error

    def headers(self) -> Mapping[str, str]:
        return {"User-Agent": self._user_agent}

    def accounts(self) -> Iterator[Account]:
        """Every ad account that the user's businesses own or are shared, each once, whatever its state.

        One that a list tells only in part is asked for; where Reddit refuses that, it is logged.
        """
        listed_by = map(self._accounts, self._businesses())
        for row in {row.id: row for row in chain.from_iterable(listed_by)}.values():
            try:
                yield to_account(row if row.currency else self._account(row.id))
            except DeniedError as error:
                log.warning("reddit_ads: account %s is passed over: %s", row.id, error)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        """Yield all campaigns, and those that spent and that Reddit no longer lists."""
        return (to_campaign(row, unit.account.timezone) for row in self._inventory(unit).campaigns())

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        """Yield all ad groups, and those that spent and that Reddit no longer lists."""
        return (to_ad_group(row, unit.account.timezone) for row in self._inventory(unit).ad_groups())

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield all ads, and those that spent and that Reddit no longer lists."""
        return map(to_ad, self._inventory(unit).ads())

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the funding instruments, ended ones too: Reddit's only word on who pays."""
        return (to_order(row, unit.account) for row in self._instruments(unit))

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is owed on each funding instrument, and in all."""
        return to_balances(self._instruments(unit), unit.account, unit.today)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad group pays for, also by what its campaign sets for it."""
        return (charging.to_terms(row, unit.account.timezone) for row in self._inventory(unit).ad_groups())

    @daily(Delivery, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN)

    @daily(Delivery, grain="account")
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield the account's own total of each day, to check the campaigns by."""
        shape = wire.Page[wire.Metrics[wire.DeliveryRow]]
        return counts.to_totals(self._report(unit, queries.ACCOUNT, queries.DELIVERY, shape))

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group and day."""
        return self._daily(unit, queries.AD_GROUP)

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day."""
        return self._daily(unit, queries.AD)

    @daily(Interaction, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by action and the account's attribution windows."""
        windows = counts.to_windows(self._account(unit.account.id))
        shape = wire.Page[wire.Metrics[wire.ActionRow]]
        yield from counts.to_interactions(
            self._report(unit, queries.CAMPAIGN, queries.ACTIONS, shape), windows
        )

    @property
    def _user_agent(self) -> str:
        user = self.reddit_user.removeprefix("/").removeprefix("u/")
        return self.user_agent or f"python:adtally:v{__version__} (by /u/{user})"

    def _businesses(self) -> Iterator[str]:
        if self.business_id:
            yield self.business_id
            return
        shape, size = wire.Page[list[wire.Business]], queries.BUSINESSES_SIZE
        for page in listed(self.http, self._path("me/businesses"), shape, size=size):
            yield from (business.id for business in page)

    def _accounts(self, business_id: str) -> list[wire.Account]:
        """The accounts that a business may read; where Reddit refuses to tell, those that it owns."""
        path, shape = self._path(f"businesses/{business_id}/ad_accounts"), wire.Page[list[wire.Account]]
        size = queries.ACCOUNTS_SIZE
        try:
            return list(chain.from_iterable(searched(self.http, f"{path}/query", shape, size=size)))
        except (DeniedError, ContractError) as error:
            if error.status is None or error.status < 400:
                raise
            log.info("reddit_ads: accounts shared with business %s are not told: %s", business_id, error)
            return list(chain.from_iterable(listed(self.http, path, shape, size=size)))

    def _account(self, account_id: str) -> wire.Account:
        return self.http.get(self._path(f"ad_accounts/{account_id}"), decode=wire.One[wire.Account]).data

    def _daily(self, unit: Unit, level: queries.Level) -> Iterator[Delivery]:
        by: Literal["id", "campaign_id"] = "campaign_id" if level is queries.CAMPAIGN else "id"
        groups = list(Inventory(self.http, self._path(""), unit.account, unit.window).ad_groups())
        parents = {group.id: group.campaign_id for group in groups}
        shape = wire.Page[wire.Metrics[wire.DeliveryRow]]
        rows = self._report(unit, level, queries.DELIVERY, shape)
        yield from counts.to_delivery(rows, charging.charges(groups, by), parents)

    def _report(
        self,
        unit: Unit,
        level: queries.Level,
        fields: tuple[str, ...],
        shape: type[wire.Page[wire.Metrics[Dated]]],
    ) -> Iterator[list[Dated]]:
        path = self._path(f"ad_accounts/{unit.account.id}/reports")
        for ids in batches(unit.campaigns, queries.CAMPAIGNS_AT_ONCE) if unit.campaigns else [()]:
            query = queries.Report(level, fields, unit.window, unit.account.timezone, ids)
            compares = self.compare_totals and level is not queries.ACCOUNT
            yield from by_day(self.http, path, query, shape, unit, compares=compares)

    def _instruments(self, unit: Unit) -> Collection[wire.FundingInstrument]:
        path = self._path(f"ad_accounts/{unit.account.id}/funding_instruments")
        shape = wire.Page[list[wire.FundingInstrument]]
        found = chain.from_iterable(listed(self.http, path, shape, mode="ALL"))
        return {row.id: row for row in found}.values()

    def _inventory(self, unit: Unit) -> Inventory:
        """All that there is, with what spent on any day that Reddit still tells of."""
        kept = Window(unit.today - DAYS_KEPT * queries.DAY, unit.today - queries.DAY)
        return Inventory(self.http, self._path(""), unit.account, kept)

    def _path(self, name: str) -> str:
        return f"/api/{self.api_version}/{name}".rstrip("/")
