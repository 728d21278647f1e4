"""Who advertises on the networks besides Google, Meta and TikTok: a few accounts each, and what was agreed.

Their bills come by API or from what their web pages export; only Amazon's tell more than their total.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..calendar import DAY, Window
from ..platforms import platform_name
from .cast import UNTIL_REMOVED
from .casting import ALWAYS, Cast, Part
from .model import COMPLETE, SEPTEMBER, Account

AHEAD = Window(ALWAYS.first_day, ALWAYS.last_day + DAY)
"""On a clock that is already a day further when the sandbox is asked at noon UTC."""
CENT = 10_000

BRAND = Cast("Brand reach", "social", "cpm", 420, 9_000, 1, "cap")
VISITS = Cast("Site visits", "social", "cpc", 60, 8_000, 2, "cap")
RESULTS = Cast("Sign-ups", "social", "cpm", 800, 6_000, 1, goal="conversions")
LAST_YEAR = Cast("Last year's range", "social", "cpc", 50, 4_000, 1, status="removed", days=UNTIL_REMOVED)
FADED = LAST_YEAR._replace(name="Faded lens", model="cpm", price=380)
LENS = BRAND._replace(name="Lens reach", price=300)
STORY = RESULTS._replace(name="Story ads", goal="")
TEASER = Cast("Teaser", "reel", "cpv", 6, 5_000, 1, "cap")
INTERVIEW = Cast("Interview", "reel", "cpv", 7, 4_000, 1)
APP_NAME = Cast("App by name", "search", "cpc", 70, 900, 1, "cap")
APP_DISCOVERY = Cast("App discovery", "search", "cpc", 90, 1_200, 2, goal="conversions")
BRAND_SEARCH = Cast("Brand search", "search", "cpc", 60, 1_100, 2, "cap")
GENERIC_SEARCH = Cast("Generic search", "search", "cpc", 45, 1_800, 1)
RESULTS_SEARCH = Cast("Search for conversions", "search", "cpc", 70, 900, 1, goal="conversions")
AUDIENCE = Cast("Audience reach", "social", "cpm", 380, 6_000, 1)
OLD_SHOP = Cast("Old shop", "search", "cpc", 35, 600, 1, status="removed", days=UNTIL_REMOVED)
SPONSORED = (
    Cast("Sponsored Products Tea", "search", "cpc", 55, 1_500, 2, "cap"),
    Cast("Sponsored Products Pots", "search", "cpc", 70, 1_100, 1),
    Cast("Sponsored Products Samples", "search", "cpc", 20, 120, 1),
    OLD_SHOP._replace(name="Sponsored Products Last year"),
    Cast("Sponsored Brands Tea house", "social", "vcpm", 420, 7_000, 1, "cap"),
    Cast("Sponsored Display Visitors", "social", "vcpm", 300, 5_000, 1),
    Cast("Sponsored TV Ritual", "social", "cpm", 900, 4_000),
)
PROGRAMMATIC = (
    Cast("DSP Prospects", "social", "cpm", 350, 8_000, 1, "cap"),
    Cast("DSP Visitors", "social", "cpm", 450, 4_000, 1),
)
OLD_APP = Cast("Old app", "search", "cpc", 55, 700, 1, status="removed", days=UNTIL_REMOVED)


class Network(NamedTuple):
    """A platform with two accounts that may be read and one that may not."""

    connector: str
    accounts: tuple[str, str, str]
    places: tuple[tuple[str, str], tuple[str, str]]
    """Currency and clock of the first two."""
    casts: tuple[tuple[Cast, ...], tuple[Cast, ...]]
    row_micros: int = 1
    manager_id: str = ""
    settled: tuple[Window, ...] = COMPLETE
    tax_ppm: int = 0
    closed_at: str = "UTC"
    """The clock of the account that may not be read."""


NETWORKS = (
    Network("linkedin", ("512345601", "512345602", "512345603"), (("EUR", "UTC"), ("USD", "UTC")),
            ((BRAND, VISITS, RESULTS, LAST_YEAR), (TEASER, INTERVIEW)), row_micros=CENT),
    Network("snapchat",
            ("1c0ffee0-0000-4000-8000-000000000001", "1c0ffee0-0000-4000-8000-000000000002",
             "1c0ffee0-0000-4000-8000-000000000003"),
            (("EUR", "Europe/Berlin"), ("USD", "America/Los_Angeles")),
            ((LENS, STORY, FADED), (LENS, STORY)), manager_id="0f000000-0000-4000-8000-000000000001"),
    Network("reddit", ("a2_lindenhof1", "a2_lindenhof2", "t2_sister1"),
            (("USD", "America/New_York"), ("EUR", "Asia/Kolkata")),
            ((BRAND, VISITS, RESULTS, LAST_YEAR), (TEASER, INTERVIEW)), manager_id="b2-lindenhof"),
    Network("x", ("18ce54d4xa1", "18ce54d4xa2", "18ce54d4xa3"),
            (("USD", "America/Los_Angeles"), ("JPY", "Asia/Tokyo")),
            ((BRAND, VISITS, RESULTS, LAST_YEAR), (TEASER, INTERVIEW)), settled=(SEPTEMBER,)),
    Network("apple", ("610000101", "610000102", "610000103"),
            (("USD", "America/New_York"), ("JPY", "Asia/Tokyo")),
            ((APP_NAME, APP_DISCOVERY, OLD_APP), (APP_NAME, APP_DISCOVERY)), row_micros=CENT,
            manager_id="987"),
    Network("microsoft", ("180000101", "180000102", "180000103"),
            (("USD", "America/New_York"), ("EUR", "Europe/Berlin")),
            ((BRAND_SEARCH, GENERIC_SEARCH, AUDIENCE, OLD_SHOP), (BRAND_SEARCH, RESULTS_SEARCH)),
            row_micros=CENT, manager_id="5000001", closed_at="Europe/London"),
    Network("amazon", ("30123456789011", "5830000000012", "30123456789013"),
            (("USD", "America/Los_Angeles"), ("EUR", "Europe/Berlin")), (SPONSORED, PROGRAMMATIC),
            row_micros=CENT, tax_ppm=80_000),
    Network("pinterest", ("549700000101", "549700000102", "549700000103"), (("USD", "UTC"), ("EUR", "UTC")),
            ((BRAND, VISITS, RESULTS, LAST_YEAR), (TEASER, INTERVIEW))),
    Network("dv360", ("4560101", "4560102", "4560103"),
            (("EUR", "Europe/Berlin"), ("USD", "America/New_York")),
            ((LENS, STORY, FADED), (TEASER, INTERVIEW)), manager_id="1230", tax_ppm=190_000),
)  # fmt: skip
AD_SERVER: tuple[Part, ...] = (
    (
        Account("cm360", "cm360", "5510101", "Trailhead at its ad server", "USD", "America/New_York",
                manager_id="77001"),
        (),
    ),
    (
        Account("cm360", "cm360", "5510103", "Sister Company at its ad server", "USD", "America/New_York",
                manager_id="77001", access="denied"),
        (),
    ),
)  # fmt: skip
"""Counts what others deliver, and delivers nothing itself."""
MANAGED_BY = {"5830000000012": "30123456789010"}
"""Amazon's DSP advertiser lies below the profile of its agency."""
TITLES = ("Lindenhof", "Pacific Outfitters", "Sister Company")


def parts() -> Iterator[Part]:
    """The accounts of every network; days end later where the clock is ahead of UTC."""
    yield from AD_SERVER
    for network in NETWORKS:
        for account_id, title, place, casts in zip(
            network.accounts,
            TITLES,
            (*network.places, ("EUR", network.closed_at)),
            (*network.casts, ()),
            strict=True,
        ):
            currency, timezone = place
            platform = network.connector if network.connector == "dv360" else f"{network.connector}_ads"
            shown = "DV360" if platform == "dv360" else platform_name(platform).removesuffix(" Ads")
            account = Account(
                network.connector,
                platform,
                account_id,
                f"{title} on {shown}",
                currency,
                timezone,
                manager_id=MANAGED_BY.get(account_id, network.manager_id),
                tax_ppm=network.tax_ppm,
                settled=network.settled,
                among=network.connector,
                billed_to=account_id if casts else "",
                access="open" if casts else "denied",
                row_micros=1_000_000 if currency == "JPY" else network.row_micros,
            )
            yield account, tuple(_ahead(cast) if timezone == "Asia/Tokyo" else cast for cast in casts)


def _ahead(cast: Cast) -> Cast:
    return cast._replace(days=AHEAD) if cast.days == ALWAYS else cast
