"""A platform of the sandbox over loopback HTTP: its connector, asked for reports, and the truth beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

import adtally
from adtally import Account, Connector, Delivery, Record, Unit, Window, world
from adtally.calendar import month
from adtally.world.messages import Reachable

from .trials import played

R = TypeVar("R", bound=Record)
Counts: TypeAlias = dict[tuple[object, ...], tuple[int, ...]]
"""By account, day, campaign, ad group and ad; "" below the grain."""

SEPTEMBER, OCTOBER = month("2026-09"), month("2026-10")
GRAINS = ("account", "campaign", "ad_group", "ad")


@dataclass(frozen=True)
class Served:
    """A connector that reaches a running sandbox and never waits, and the accounts that it listed."""

    connector: Connector
    accounts: Mapping[str, Account]

    def fetch(
        self, report: str, account_id: str, window: Window, campaigns: tuple[str, ...] = ()
    ) -> list[Record]:
        declared = {one.name: one for one in self.connector.declared()}
        unit = Unit(self.accounts[account_id], window, played().today, campaigns=campaigns)
        return list(self.connector.fetch(declared[report], unit))

    def told(self, kind: type[R], report: str, account_id: str, window: Window) -> list[R]:
        """The records of a report that tells nothing but these."""
        records = self.fetch(report, account_id, window)
        found: list[R] = [one for one in records if isinstance(one, kind)]
        assert len(found) == len(records)
        return found

    def deliveries(self, report: str, account_id: str, window: Window) -> list[Delivery]:
        return self.told(Delivery, report, account_id, window)


def connector_at(sandbox: world.Sandbox, platform: str, **fields: object) -> Connector:
    """The platform's connector, set up as the fake's own table says, but for ``fields``."""
    fake = sandbox.fakes[platform]
    assert isinstance(fake, Reachable)
    usual = {**fake.table(), "base_url": f"{sandbox.url}/{platform}", "requests_per_second": None}
    connector = adtally.connectors()[platform].model_validate({**usual, **fields})
    connector.http.sleep = lambda _seconds: None
    return connector


@contextmanager
def served(platform: str) -> Iterator[Served]:
    """The platform alone, for as long as the block runs."""
    with world.serve(played(), fakes={platform: world.installed()[platform]}) as sandbox:
        yield served_by(sandbox, platform)


def served_by(sandbox: world.Sandbox, platform: str) -> Served:
    connector = connector_at(sandbox, platform)
    return Served(connector, {account.id: account for account in connector.accounts()})


def owned(account_id: str) -> world.Account:
    """The account as it is in the world."""
    [account] = [one for one in played().accounts if one.account_id == account_id]
    return account


def owned_groups(account_id: str) -> Iterator[tuple[world.Campaign, world.AdGroup]]:
    for campaign in owned(account_id).campaigns:
        for group in campaign.ad_groups:
            yield campaign, group


def happened(account_id: str, window: Window) -> Iterator[tuple[world.Campaign, world.Row]]:
    for campaign in owned(account_id).campaigns:
        for row in played().days[campaign.campaign_id]:
            if row.day in window:
                yield campaign, row


def summed(account_id: str, window: Window, grain: str, names: tuple[str, ...]) -> Counts:
    """What the world counts of these names; a campaign without ads has nothing below itself."""
    sums: dict[tuple[object, ...], list[int]] = {}
    depth = GRAINS.index(grain)
    for campaign, row in happened(account_id, window):
        ids = (campaign.campaign_id, row.ad_group_id, row.ad_id)[:depth]
        if all(ids):
            known = sums.setdefault(key(account_id, row.day, *ids), [0 for _ in names])
            for place, name in enumerate(names):
                known[place] += used(campaign, row) if name == "interactions" else getattr(row, name)
    return {of: tuple(counts) for of, counts in sums.items()}


def used(campaign: world.Campaign, row: world.Row) -> int:
    """What most platforms count as interactions: views of what is paid by view, else clicks."""
    return row.video_views if campaign.model == "cpv" else row.clicks


def counted(account_id: str, records: Iterable[Delivery], names: tuple[str, ...]) -> Counts:
    """What the connector told of these names, each key once; a row of nothing but zeros is none."""
    counts: Counts = {}
    for one in records:
        of = key(account_id, one.day, one.campaign_id, one.ad_group_id, one.ad_id)
        assert of not in counts
        counts[of] = tuple(getattr(one, name) for name in names)
    return {of: told for of, told in counts.items() if any(told)}


def key(account_id: str, day: date, *ids: str) -> tuple[object, ...]:
    return account_id, day, *ids, *[""] * (3 - len(ids))
