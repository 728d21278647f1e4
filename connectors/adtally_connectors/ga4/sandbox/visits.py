"""What the tag on the advertiser's site saw: visits of the ads that the world knows of, and all the others.

Source: dimensions of the GA4 Data API v1beta in the scope of a session; read 2026-11. Google's own clicks
bear their ids by auto-tagging, also where the link has a utm_id; others have what somebody wrote into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from adtally import world

NOT_SET = "(not set)"


@dataclass(frozen=True, slots=True)
class Property:
    property_id: str
    currency: str
    timezone: str


PROPERTIES = {
    one.property_id: one
    for one in (
        Property("310000101", "EUR", "Europe/Berlin"),
        Property("310000103", "USD", "America/Los_Angeles"),
    )
}


@dataclass(frozen=True, slots=True)
class Visits:
    """The sessions of one day that came the same way."""

    day: date
    sessions: int
    engaged: int
    purchases: int = 0
    revenue_micros: int = 0
    customer: str = NOT_SET
    campaign: str = NOT_SET
    utm_id: str = NOT_SET
    source_medium: str = "(direct) / (none)"


NOISE = (
    Visits(date.min, 310, 190, 4, 212_350_000, source_medium="google / organic"),
    Visits(date.min, 120, 80, 1, 49_900_000),
    Visits(date.min, 9, 2, source_medium=NOT_SET),
    # Auto-tagging was lost on a redirect, or the accounts are not linked.
    Visits(date.min, 6, 3, source_medium="google / cpc"),
    Visits(date.min, 14, 11, 1, 25_000_000, utm_id="newsletter-autumn", source_medium="newsletter / email"),
    Visits(date.min, 3, 1, utm_id="{{campaign.id}}", source_medium="facebook / paid_social"),
    # Of an agency's account that nobody has connected.
    Visits(date.min, 8, 4, customer="9990001112", campaign="990011", source_medium="google / cpc"),
)
"""What comes on every day, by and large; no key is one of a campaign of the world."""


def visits(played: world.World, property_id: str) -> list[Visits]:
    """All visits of a property, on every day that has begun."""
    return [*_of_ads(played, property_id), *_others(played, property_id)]


def _of_ads(played: world.World, property_id: str) -> Iterator[Visits]:
    proofs = [
        proof
        for proof in played.evidence
        if proof.connector == "ga4" and proof.source_id == property_id and proof.key_kind != "name"
    ]

    def way(proof: world.Proof) -> tuple[date, str, str, str]:
        return proof.day, proof.key_kind, proof.campaign_id, proof.account_id

    for (day, key_kind, campaign_id, account_id), same in groupby(sorted(proofs, key=way), key=way):
        kinds = {proof.kind: proof for proof in same}
        counts = {kind: proof.quantity for kind, proof in kinds.items()}
        sold = kinds.get("purchase")
        is_google = key_kind == "campaign_id"
        yield Visits(
            day,
            counts.get("session", 0),
            counts.get("engaged_session", 0),
            counts.get("purchase", 0),
            (sold.value_micros if sold else None) or 0,
            customer=account_id if is_google else NOT_SET,
            campaign=campaign_id if is_google else NOT_SET,
            utm_id=campaign_id,
            source_medium="google / cpc" if is_google else "social / paid",
        )


def _others(played: world.World, property_id: str) -> Iterator[Visits]:
    for number in range((played.today - played.first_day).days + 1):
        day = played.first_day + timedelta(days=number)
        for place, usual in enumerate(NOISE):
            more = _chance(f"{played.seed}/ga4/{property_id}/{day}/{place}") % (usual.sessions // 3 + 1)
            yield Visits(
                day,
                usual.sessions + more,
                usual.engaged,
                usual.purchases,
                usual.revenue_micros,
                usual.customer,
                usual.campaign,
                usual.utm_id,
                usual.source_medium,
            )


def _chance(of: str) -> int:
    return int.from_bytes(hashlib.blake2b(of.encode(), digest_size=4).digest())
