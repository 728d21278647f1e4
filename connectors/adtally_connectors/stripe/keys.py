"""What the advertiser wrote beside a payment, as the key of a campaign.

Source: docs.stripe.com/metadata (read 2026-11). Stripe knows no campaigns. Metadata are text of the
merchant's code, partly out of URLs that anybody can write: it is cut, and what cannot be printed is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol, TypeAlias

from adtally import hashed

LONGEST = 200
NOTHING = frozenset(("", "(not set)", "(other)", "(none)", "none", "n/a", "null", "undefined"))
"""What code writes that had nothing to write, in lower case."""
CLICK_IDS = (
    *("gclid", "gbraid", "wbraid", "dclid", "fbclid", "ttclid", "msclkid", "li_fat_id", "twclid"),
    *("rdt_cid", "epik", "sccid", "irclickid", "click_id"),
)
"""Names of click ids in lower case, the first one wins."""

KeyKind: TypeAlias = Literal["utm_id", "click_id", "order_id", "name"]


class Place(Protocol):
    """What has metadata."""

    @property
    def metadata(self) -> Mapping[str, str] | None: ...


class Key(NamedTuple):
    kind: KeyKind
    value: str


def written(*places: Place | None) -> dict[str, str]:
    """The metadata of all places by name in lower case; the first place that says something wins."""
    found: dict[str, str] = {}
    for place in places:
        told = place.metadata if place is not None else None
        for name, text in (told or {}).items():
            value = printable(text)
            if value.lower() not in NOTHING:
                found.setdefault(name.strip().lower(), value)
    return found


def printable(text: str) -> str:
    """The text without what cannot be printed: line ends, control characters, changes of direction."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def order_of(metadata: Mapping[str, str]) -> str:
    """The shop's order, "" where it is not written."""
    return metadata.get("order_id", "")[:LONGEST]


def key_of(metadata: Mapping[str, str]) -> Key:
    """The best key that was written; a click id is hashed, because it leads to a person."""
    if campaign := metadata.get("utm_id"):
        return Key("utm_id", campaign[:LONGEST])
    for name in CLICK_IDS:
        if click := metadata.get(name):
            return Key("click_id", hashed(click))
    if order := order_of(metadata):
        return Key("order_id", order)
    return Key("name", "")
