"""Every campaign, ad group and ad of an account: what Reddit lists, and what spent and is listed no more.

Source: Reddit Ads API v3, lists and single objects (notes of clients of 2026; read 2026-11). Whether lists
leave out what was deleted is not documented. Lists stand below the account, single objects do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple, TypeVar

from adtally import Account, ContractError, Http, TimedOut, TooLarge, Window

from . import charging, queries, wire
from .search import listed, report

Row = TypeVar("Row", wire.Campaign, wire.AdGroup, wire.Ad)


class Inventory(NamedTuple):
    """Where to ask; ``root`` is the path of the API, ``window`` the days of the spending to look at."""

    http: Http
    root: str
    account: Account
    window: Window

    def campaigns(self) -> Iterator[wire.Campaign]:
        known: set[str] = set()
        for row in self._listed("campaigns", wire.Page[list[wire.Campaign]]):
            known.add(row.id)
            yield row
        for ids in self._spent(queries.CAMPAIGN, self.window):
            if ids.campaign_id not in known:
                known.add(ids.campaign_id)
                yield self._campaign(ids.campaign_id)

    def ad_groups(self) -> Iterator[wire.AdGroup]:
        """The ad groups, each with what its campaign sets for it."""
        campaigns = {row.id: row for row in self._listed("campaigns", wire.Page[list[wire.Campaign]])}
        known: set[str] = set()
        for group in chain(self._listed("ad_groups", wire.Page[list[wire.AdGroup]]), self._unlisted(known)):
            known.add(group.id)
            if group.campaign_id not in campaigns:
                campaigns[group.campaign_id] = self._campaign(group.campaign_id)
            yield charging.effective(group, campaigns[group.campaign_id])

    def ads(self) -> Iterator[wire.Ad]:
        known: set[str] = set()
        for row in self._listed("ads", wire.Page[list[wire.Ad]]):
            known.add(row.id)
            yield row
        for ids in self._spent(queries.AD_IN_CAMPAIGN, self.window):
            if ids.ad_id not in known:
                known.add(ids.ad_id)
                found = self._single(f"ads/{ids.ad_id}", wire.One[wire.Ad])
                yield found or wire.Ad(ids.ad_id, ids.ad_group_id, ids.campaign_id)

    def _unlisted(self, known: set[str]) -> Iterator[wire.AdGroup]:
        """The ad groups that spent and are not among the known ones, which grow meanwhile."""
        for ids in self._spent(queries.AD_GROUP, self.window):
            if ids.ad_group_id not in known:
                found = self._single(f"ad_groups/{ids.ad_group_id}", wire.One[wire.AdGroup])
                yield found or wire.AdGroup(id=ids.ad_group_id, campaign_id=ids.campaign_id)

    def _campaign(self, campaign_id: str) -> wire.Campaign:
        found = self._single(f"campaigns/{campaign_id}", wire.One[wire.Campaign])
        return found or wire.Campaign(id=campaign_id)

    def _listed(self, kind: str, decode: type[wire.Page[list[Row]]]) -> Iterator[Row]:
        """What the list has, each once: a row that moves to the next page meanwhile is passed over there."""
        path = f"{self.root}/ad_accounts/{self.account.id}/{kind}"
        known: set[str] = set()
        for row in chain.from_iterable(listed(self.http, path, decode)):
            if row.id not in known:
                known.add(row.id)
                yield row

    def _single(self, name: str, decode: type[wire.One[Row]]) -> Row | None:
        """The object by its id; None where Reddit does not know it any more."""
        try:
            return self.http.get(f"{self.root}/{name}", decode=decode).data
        except ContractError as error:
            if error.status != 404:
                raise
            return None

    def _spent(self, level: queries.Level, window: Window) -> Iterator[wire.Ids]:
        """What spent in these days, in all; in halves where that is too much for Reddit."""
        path = f"{self.root}/ad_accounts/{self.account.id}/reports"
        query = queries.Report(level, queries.SPENT, window, self.account.timezone, by_day=False)
        try:
            found = list(
                chain.from_iterable(report(self.http, path, query, wire.Page[wire.Metrics[wire.Ids]]))
            )
        except (TimedOut, TooLarge):
            if window.days == 1:
                raise
            for half in window.halves():
                yield from self._spent(level, half)
        else:
            yield from found
