"""Who advertises on LinkedIn, Snapchat, Reddit, X and Apple Ads: a few accounts each, and what was agreed.

Their bills tell nothing but their total: Snapchat's by its API, the others' by what their web pages export.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..calendar import DAY, Window
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
)  # fmt: skip
TITLES = ("Lindenhof", "Pacific Outfitters", "Sister Company")


def parts() -> Iterator[Part]:
    """The accounts of every network; days end later where the clock is ahead of UTC."""
    for network in NETWORKS:
        for account_id, title, place, casts in zip(
            network.accounts, TITLES, (*network.places, ("EUR", "UTC")), (*network.casts, ()), strict=True
        ):
            currency, timezone = place
            shown = {"linkedin": "LinkedIn", "x": "X"}.get(network.connector, network.connector.title())
            account = Account(
                network.connector,
                f"{network.connector}_ads",
                account_id,
                f"{title} on {shown}",
                currency,
                timezone,
                manager_id=network.manager_id,
                settled=network.settled,
                among=network.connector,
                billed_to=account_id if casts else "",
                access="open" if casts else "denied",
                row_micros=1_000_000 if currency == "JPY" else network.row_micros,
            )
            yield account, tuple(_ahead(cast) if timezone == "Asia/Tokyo" else cast for cast in casts)


def _ahead(cast: Cast) -> Cast:
    return cast._replace(days=AHEAD) if cast.days == ALWAYS else cast
