"""X Ads: what is asked of its API, and the records that come of it.

Source: X Ads API v12 (github.com/xdevplatform/docs, ``x-ads-api``, snapshot of 2026-08-22), read 2026-11.
docs/platforms/x_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Literal

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
    Interaction,
    NotOffered,
    Order,
    Terms,
    Unit,
    batches,
    oauth1,
    pulls,
)

from . import billing, charging, counts, places, queries, wire
from .entities import to_account, to_ad, to_ad_group, to_campaign
from .places import Place
from .refusals import to_error
from .search import active, listed, prepared
from .stats import Counted, added_up

log = logging.getLogger(__name__)


# X locks counts after 24 hours and processes charges for 14 days; attribution windows reach 30.
daily = partial(
    pulls,
    restated_days=30,
    final_after={"cost": 14, "clicks": 2, "conversions": 30},
    traits=("prepared",),
)


class XAds(Connector):
    """One X user and every ads account on which that user has a role."""

    name = "x_ads"

    base_url: str = "https://ads-api.x.com"
    api_version: str = "12"
    consumer_key: str
    consumer_secret: SecretStr
    access_token: SecretStr
    access_token_secret: SecretStr
    poll_seconds: NonNegativeFloat = 5
    requests_per_second: PositiveFloat | None = 2
    """Below the 2,000 in 15 minutes that X allows for an account."""

    def auth(self) -> Auth:
        return oauth1(
            consumer_key=self.consumer_key,
            consumer_secret=self.consumer_secret,
            access_token=self.access_token,
            token_secret=self.access_token_secret,
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every account with a funding instrument, deleted ones too, each once; others are logged.

        X allows 5 questions for the list in a quarter of an hour: it is asked once. Only if no account can
        be read is the refusal of one the answer.
        """
        refusal: DeniedError | None = None
        is_empty = True
        for row in list(listed(self.http, self._path("accounts"), wire.Page[wire.Account])):
            try:
                instruments = list(self._instruments(row.id))
            except DeniedError as error:
                log.warning("x_ads: account %s is passed over: %s", row.id, error)
                refusal = refusal or error
                continue
            if not instruments:
                log.warning("x_ads: account %s is passed over: no funding instrument, no currency", row.id)
                continue
            is_empty = False
            yield to_account(row, instruments)
        if refusal and is_empty:
            raise refusal

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        objectives = {item.campaign_id: item.objective or "" for item in self._items(unit)}
        return (to_campaign(row, objectives.get(row.id, "")) for row in self._campaigns(unit))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        return (to_ad_group(row, unit.account.timezone) for row in self._items(unit))

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        """Yield promoted posts and promoted accounts."""
        groups = places.of_ad_groups(self._items(unit), unit.account)
        promoted = chain(self._promoted(unit, "promoted_tweets"), self._promoted(unit, "promoted_accounts"))
        return (to_ad(row, places.place_of(row.line_item_id, groups).campaign_id) for row in promoted)

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the funding instruments: what pays for campaigns."""
        numbers = billing.purchase_orders(self._campaigns(unit))
        return (billing.to_order(row, unit.account, numbers) for row in self._instruments(unit.account.id))

    @pulls(Balance)
    def balances(self, unit: Unit) -> Iterator[Balance]:
        """Yield what is left of each credit line."""
        return billing.to_balances(self._instruments(unit.account.id), unit.account, unit.today)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each line item pays for; campaigns keep no terms of their own."""
        return (charging.to_terms(row, unit.account.timezone) for row in self._items(unit))

    @daily(Delivery, max_days=30, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        known = places.of_campaigns(self._items(unit), unit.account)
        told = self._stats(unit, "CAMPAIGN", queries.EVERYTHING)
        return counts.to_delivery(told, lambda one: known.get(one, Place(one)))

    @daily(Delivery, grain="account", max_days=30)
    def account_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield what the funding instruments were charged each day, to check the campaigns by.

        Raises NotOffered for accounts with several currencies.
        """
        currencies = {row.currency for row in self._instruments(unit.account.id)}
        if len(currencies) > 1:
            raise NotOffered(f"one total of a day in {' and '.join(sorted(currencies))} does not exist")
        return counts.to_totals(self._stats(unit, "FUNDING_INSTRUMENT", (queries.BILLING,)))

    @daily(Delivery, grain="ad_group", max_days=30, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per line item and day."""
        known = places.of_ad_groups(self._items(unit), unit.account)
        return self._placed(unit, "LINE_ITEM", known)

    @daily(Delivery, grain="ad", max_days=15, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per promoted post, or promoted account, and day."""
        groups = places.of_ad_groups(self._items(unit), unit.account)
        posts = places.of_ads(self._promoted(unit, "promoted_tweets"), groups)
        yield from self._placed(unit, "PROMOTED_TWEET", posts)
        if accounts := places.of_ads(self._promoted(unit, "promoted_accounts"), groups):
            yield from self._placed(unit, "PROMOTED_ACCOUNT", accounts)

    @daily(Interaction, max_days=30, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield what people did by campaign and day, by action and attribution."""
        return counts.to_interactions(self._stats(unit, "CAMPAIGN", queries.EVERYTHING))

    def _placed(self, unit: Unit, entity: queries.Entity, known: Mapping[str, Place]) -> Iterator[Delivery]:
        place_of = partial(places.place_of, places=known, campaigns=unit.campaigns)
        return counts.to_delivery(self._stats(unit, entity, queries.EVERYTHING), place_of)

    def _stats(
        self, unit: Unit, entity: queries.Entity, groups: Sequence[queries.Groups]
    ) -> Iterator[Counted]:
        """The numbers of everything that was active on the unit's days, some things at a time."""
        root, zone = self._path("stats"), unit.account.timezone
        placed = active(self.http, f"{root}/accounts/{unit.account.id}/active_entities", entity, unit)
        path = f"{root}/jobs/accounts/{unit.account.id}"
        for ids in batches([*placed], queries.IDS_AT_ONCE):
            jobs = list(queries.jobs(entity, ids, placed, groups, unit))
            files = prepared(self.http, path, jobs, unit=unit, poll_seconds=self.poll_seconds)
            yield from added_up(files, zone)

    def _instruments(self, account_id: str) -> Iterator[wire.FundingInstrument]:
        return listed(
            self.http,
            self._path("accounts", account_id, "funding_instruments"),
            wire.Page[wire.FundingInstrument],
        )

    def _campaigns(self, unit: Unit) -> Iterator[wire.Campaign]:
        return listed(
            self.http, self._path("accounts", unit.account.id, "campaigns"), wire.Page[wire.Campaign]
        )

    def _items(self, unit: Unit) -> Iterator[wire.LineItem]:
        return listed(
            self.http, self._path("accounts", unit.account.id, "line_items"), wire.Page[wire.LineItem]
        )

    def _promoted(
        self, unit: Unit, what: Literal["promoted_tweets", "promoted_accounts"]
    ) -> Iterator[wire.Promoted]:
        return listed(self.http, self._path("accounts", unit.account.id, what), wire.Page[wire.Promoted])

    def _path(self, *parts: str) -> str:
        return "/".join(("", self.api_version, *parts))
