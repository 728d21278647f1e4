"""Which ad an order came from, by the visits before it: text that strangers typed, and that is not trusted.

Source: Shopify GraphQL Admin API 2026-10, objects CustomerJourneySummary and CustomerVisit (read 2026-11).
``utmParameters`` has neither utm_id nor click ids: they are read from the landing page's address.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from adtally import hashed

from . import wire

WINDOW = timedelta(days=30)
"""Shopify attributes an order to visits of so many days; older ones are none."""
LONGEST_URL, LONGEST_TEXT, MOST_PARAMETERS = 8192, 200, 200
CLICK_IDS = (
    *("gclid", "gbraid", "wbraid", "dclid", "fbclid", "ttclid", "msclkid", "twclid", "sccid"),
    *("li_fat_id", "epik", "rdt_cid", "yclid", "irclickid"),
)
"""In this order, where an address has several; in small letters, as Snapchat's ScCid is compared."""
NOTHING = frozenset({"(not set)", "(other)", "(none)", "none", "null", "undefined", "n/a", "nan"})
MACROS = ("{", "[", "__", "$", "%7b")
"""What a parameter begins with that the ad platform should have filled in, and did not."""


class Key(NamedTuple):
    kind: Literal["utm_id", "click_id", "name"] = "name"
    value: str = ""
    back: int = 0
    """How many visits before the last one."""


def to_key(visits: Sequence[wire.Visit]) -> Key:
    """The key of the last visit that an ad's link tells of, else of the last one with a campaign's name.

    A later visit without any key is a direct one, and takes nothing away. ``visits`` begin with the last.
    """
    for back, visit in enumerate(visits):
        given = _parameters(visit.landing_page or "")
        if utm_id := _filled(given.get("utm_id", "")):
            return Key("utm_id", utm_id, back)
        for name in CLICK_IDS:
            if click_id := _filled(given.get(name, "")):
                return Key("click_id", hashed(click_id), back)
    for back, visit in enumerate(visits):
        told = visit.utm_parameters.campaign if visit.utm_parameters else None
        name = _filled(told or "") or _filled(_parameters(visit.landing_page or "").get("utm_campaign", ""))
        if name:
            return Key("name", name, back)
    return Key()


def last_visits(journey: wire.Journey | None, ordered: datetime) -> list[wire.Visit]:
    """The visits of the window before the order, the last one first."""
    if journey is None:
        return []
    moments = list(journey.moments.nodes) if journey.moments else []
    last = [journey.last_visit] if journey.last_visit else []
    known = {visit.occurred_at: visit for visit in (*moments, *last) if visit.occurred_at}
    return [known[at] for at in sorted(known, reverse=True) if ordered - WINDOW <= at <= ordered]


def cleaned(text: str) -> str:
    """The text in one line, without control characters, cut; "" for what stands for nothing."""
    shown = "".join(c for c in text[: 8 * LONGEST_TEXT] if not unicodedata.category(c).startswith("C"))
    short = " ".join(shown.split())[:LONGEST_TEXT]
    return "" if short.casefold() in NOTHING else short


def _filled(text: str) -> str:
    found = cleaned(text)
    return "" if found.casefold().startswith(MACROS) else found


def _parameters(url: str) -> dict[str, str]:
    """The first value of each parameter, by its name in small letters; {} for what is no address."""
    try:
        pairs = parse_qsl(urlsplit(url[:LONGEST_URL]).query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return {}
    return {name.lower(): value for name, value in reversed(pairs)}
