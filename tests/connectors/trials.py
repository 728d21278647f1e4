"""What a connector's trial by the laws is made of: the sandbox's platform, an account, a few days."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import TypeAlias

from adtally import Connector, Window, world
from adtally.testing import Platform, Reply, Request, Trial

MakesFake: TypeAlias = Callable[[world.World], Platform]

OCTOBER = Window(date(2026, 10, 18), date(2026, 10, 20))
"""The last days of a paused campaign; Google still knows what was changed on them."""
SEPTEMBER = Window(date(2026, 9, 24), date(2026, 9, 25))
"""The last days of the campaigns that were removed."""
ROWS_A_PAGE = "10"
GZIP = b"\x1f\x8b"


@cache
def played() -> world.World:
    return world.World.build(seed=7)


@dataclass(frozen=True)
class SmallPages:
    """A platform whose pages have few rows, however many this parameter asks for."""

    platform: Platform
    parameter: str

    def answer(self, request: Request) -> Reply:
        small = {self.parameter: ROWS_A_PAGE} if self.parameter in request.query else {}
        return self.platform.answer(replace(request, query={**request.query, **small}))


@dataclass(frozen=True)
class Plain:
    """The platform with its files as plain JSON, so that a law can read and change them."""

    platform: Platform

    def answer(self, request: Request) -> Reply:
        reply = self.platform.answer(request)
        return replace(reply, body=gzip.decompress(reply.body)) if reply.body[:2] == GZIP else reply


def fake(make: MakesFake, page_size: str = "") -> Platform:
    platform = make(played())
    return SmallPages(platform, page_size) if page_size else platform


def trial(
    connector: type[Connector], make: MakesFake, accounts: tuple[str, ...], fields: Mapping[str, object]
) -> Trial:
    return Trial(
        connector=connector,
        platform=partial(fake, make),
        accounts=accounts,
        fields=fields,
        first_day=OCTOBER.first_day,
        last_day=OCTOBER.last_day,
        today=played().today,
    )


def of_every_state(one: Trial, accounts: tuple[str, ...], window: Window) -> Trial:
    """The same trial of these accounts and days, with every campaign that spent money."""
    spenders = {
        campaign.campaign_id: campaign.status
        for account in played().accounts
        if account.account_id in accounts
        for campaign in account.campaigns
        if any(row.day in window and row.cost_micros for row in played().days[campaign.campaign_id])
    }
    assert {"enabled", "removed"} <= set(spenders.values())
    return replace(
        one, accounts=accounts, spenders=spenders, first_day=window.first_day, last_day=window.last_day
    )
