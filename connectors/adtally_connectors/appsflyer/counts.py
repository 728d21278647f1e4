"""What AppsFlyer counted as evidence: one record for each day, media source, campaign and kind.

Source: Master API groupings; support pages on data freshness and Meta discrepancies (read 2026-11). A
self-reporting network claims its installs and AppsFlyer decides by the last touch; its clicks and impressions
AppsFlyer fetches from the network itself: they are the biller's own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from adtally import Account, Evidence

from .rows import Row

SELF_REPORTING = frozenset(
    {
        *("facebook", "facebook ads", "googleadwords_int", "bytedanceglobal_int", "tiktokglobal_int"),
        *("twitter", "snapchat_int", "apple search ads", "restricted"),
    }
)
"""In lower case. ``restricted`` hides, for privacy, which of them it is."""
THEIR_OWN = {"click", "impression"}


class Key(NamedTuple):
    """What one record is about."""

    day: date
    source: str
    key_kind: Literal["campaign_id", "name"]
    key_value: str
    touch: str


def to_evidence(
    rows: Iterable[Row], account: Account, self_reporting: Collection[str], *, reattribution: bool = False
) -> Iterator[Evidence]:
    """The counts of each key, added up: a campaign that was renamed or has several agencies is one key.

    A zero is told where AppsFlyer tells it. ``self_reporting`` are further media sources of that sort.
    """
    claiming = SELF_REPORTING | {name.strip().lower() for name in self_reporting}
    for key, sums in _added(rows).items():
        claims = key.source.lower() in claiming
        for kind, quantity in sums.items():
            its_own = claims and kind in THEIR_OWN
            flags = {
                key.touch: True,
                "reattribution": reattribution,
                "self_reported": claims and (its_own or kind == "install"),
            }
            parts = (str(key.day), key.source, f"{key.key_kind}:{key.key_value}", key.touch)
            again = ("reattribution",) if reattribution else ()
            yield Evidence(
                source_id=account.id,
                record_id=" ".join(filter(None, (*parts, *again))),
                kind=kind,
                day=key.day,
                key_kind=key.key_kind,
                key_value=key.key_value,
                refers_to=key.source,
                quantity_micros=quantity,
                timezone=account.timezone,
                evidence_class="E1" if its_own else "E2",
                flags=" ".join(word for word, holds in flags.items() if word and holds),
            )


def _added(rows: Iterable[Row]) -> dict[Key, dict[str, int]]:
    """What is told of each key, by kind."""
    sums: dict[Key, dict[str, int]] = {}
    for row in rows:
        key = Key(row.day, row.source, *_campaign(row), _touch(row.touch))
        known = sums.setdefault(key, {})
        for kind, quantity in row.counts.items():
            if quantity is not None:
                known[kind] = known.get(kind, 0) + quantity
    return sums


def _campaign(row: Row) -> tuple[Literal["campaign_id", "name"], str]:
    return ("campaign_id", row.campaign_id) if row.campaign_id else ("name", row.campaign)


def _touch(said: str) -> str:
    """How the user came, as a word for flags: "" for a click, and where it is not told."""
    if said.lower() in ("", "click"):
        return ""
    if said.lower() == "impression":
        return "view_through"
    return "touch_" + re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")[:40]
