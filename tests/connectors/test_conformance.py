"""The bundled connectors keep the laws that a stranger's is held to, against the sandbox's platforms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import TypeAlias

import pytest

from adtally import Connector, Window, world
from adtally.testing import LAWS, Platform, Reply, Request, Trial
from adtally_connectors.google_ads import GoogleAds
from adtally_connectors.google_ads.sandbox import GoogleAdsFake
from adtally_connectors.meta_ads import MetaAds
from adtally_connectors.meta_ads.sandbox import MetaAdsFake
from adtally_connectors.tiktok_ads import TikTokAds
from adtally_connectors.tiktok_ads.sandbox import TikTokAdsFake

MakesFake: TypeAlias = Callable[[world.World], Platform]

OCTOBER = Window(date(2026, 10, 18), date(2026, 10, 20))
"""The last days of a paused campaign; Google still knows what was changed on them."""
SEPTEMBER = Window(date(2026, 9, 24), date(2026, 9, 25))
"""The last days of the campaigns that were removed."""
ROWS_A_PAGE = "10"


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


GOOGLE = trial(
    GoogleAds,
    GoogleAdsFake,
    ("2000000101",),
    {
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "refresh_token": "sandbox-refresh-token",
    },
)
META = replace(
    trial(
        MetaAds,
        MetaAdsFake,
        ("3000000201",),
        {
            "access_token": "sandbox-meta-token",
            "app_secret": "sandbox-meta-secret",
            "business_id": "555000111",
            "poll_seconds": 0,
        },
    ),
    # A row without clicks has none, and so has an action without a window (Insights API v26.0, read 2026-11).
    zero_if_absent=frozenset(
        {"clicks", "inline_link_clicks", "1d_click", "7d_click", "28d_click", "1d_view"}
    ),
    adds_up=frozenset({"conversions"}),
)
TIKTOK = trial(
    TikTokAds,
    TikTokAdsFake,
    ("7011111111111111101",),
    {
        "access_token": "sandbox-tiktok-token",
        "app_id": "sandbox-app",
        "app_secret": "sandbox-app-secret",
        "bc_id": "7000000000000000555",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
TRIALS = {"google_ads": GOOGLE, "meta_ads": META, "tiktok_ads": TIKTOK}

STATES, FLAT = "every state is asked for", "memory stays flat"
SPECIAL = {
    ("google_ads", STATES): of_every_state(GOOGLE, ("2000000102",), SEPTEMBER),
    ("meta_ads", STATES): of_every_state(META, ("3000000201",), SEPTEMBER),
    ("tiktok_ads", STATES): of_every_state(TIKTOK, ("7011111111111111101",), SEPTEMBER),
    ("google_ads", FLAT): replace(GOOGLE, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31)),
    ("meta_ads", FLAT): replace(META, platform=partial(fake, MetaAdsFake, "limit")),
    ("tiktok_ads", FLAT): replace(TIKTOK, platform=partial(fake, TikTokAdsFake, "page_size")),
}
"""Days or pages that a law needs to have something to judge."""
NOTES = {("meta_ads", FLAT): "not judged, for they add up their pages: conversions"}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", TRIALS)
def test_bundled_connector_keeps_the_law(name: str, law: str) -> None:
    tried = SPECIAL.get((name, law), TRIALS[name])

    assert LAWS[law](tried) == NOTES.get((name, law), "")
