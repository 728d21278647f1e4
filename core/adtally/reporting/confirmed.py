"""What an interaction cost that the advertiser counted, beside what the platform's count makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ..reconciliation.evidence_facts import EvidenceSum
from ..reconciliation.facts import CampaignMonth, Counts
from ..reconciliation.result import Month
from .buckets import OWN

KINDS = {
    "session": "visit",
    "sessions": "visit",
    "visits": "visit",
    "click": "click",
    "clicks": "click",
    "view": "view",
    "completion": "completed view",
    "engagement": "engagement",
    "lead": "lead",
    "leads": "lead",
    "install": "install",
    "installs": "install",
    "conversion": "conversion",
    "order": "purchase",
    "orders": "purchase",
    "payment": "purchase",
    "purchase": "purchase",
    "purchases": "purchase",
}
"""One word for each kind of interaction, whatever its source calls it.

Kinds that are not here are no interactions: impressions, refunds, disputes, what a verifier found invalid.
"""
THEIRS = {
    "visit": "clicks",
    "click": "clicks",
    "view": "video_views",
    "completed view": "video_completions",
    "engagement": "engagements",
    "lead": "leads",
    "install": "installs",
    "purchase": "purchases",
}
"""The platform's count of each, as a field of Counts."""


class Confirmed(Struct, frozen=True, kw_only=True):
    """Interactions that the advertiser counted, beside the platform's count in the same campaigns."""

    currency: str
    platform: str
    """"" = all platforms."""
    kind: str
    billed_micros: int
    own_units: int
    platform_units: int | None


def confirmed(month: Month) -> list[Confirmed]:
    """What the advertiser counted, by currency, kind and platform, then each kind over all platforms.

    Only campaigns with an own count enter, with all of their bill and all of the platform's count, so that
    both prices are of the same rows. Where several sources count a kind, the strongest class is taken: counts
    of several sources are never added.
    """
    units: Counter[tuple[str, str, str]] = Counter()
    money: Counter[tuple[str, str, str]] = Counter()
    theirs: Counter[tuple[str, str, str]] = Counter()
    silent: set[tuple[str, str, str]] = set()
    for campaign in month.facts.campaigns:
        for kind, evidence in own_counts(campaign).items():
            claimed = platform_count(campaign.counts, kind)
            for platform in (campaign.platform, ""):
                key = (campaign.currency, kind, platform)
                units[key] += evidence.acted
                money[key] += campaign.billed_micros or 0
                theirs[key] += claimed or 0
                if claimed is None:
                    silent.add(key)
    return [
        Confirmed(
            currency=currency,
            platform=platform,
            kind=kind,
            billed_micros=money[currency, kind, platform],
            own_units=units[currency, kind, platform],
            platform_units=None if (currency, kind, platform) in silent else theirs[currency, kind, platform],
        )
        for currency, kind, platform in sorted(units, key=lambda key: (key[0], key[1], not key[2], key[2]))
    ]


def headline(month: Month) -> dict[str, Confirmed]:
    """By currency, over all platforms: clicks that arrived as visits, else clicks counted elsewhere."""
    rows = [row for row in confirmed(month) if not row.platform]
    clicks = {row.currency: row for row in rows if row.kind == "click"}
    visits = {row.currency: row for row in rows if row.kind == "visit"}
    return dict(sorted({**clicks, **visits}.items()))


def kind_of(rows: Iterable[Confirmed]) -> str:
    """The one word for what these rows confirm: a visit is a click that arrived."""
    return "visit" if all(row.kind == "visit" for row in rows) else "click"


def without_single_sums(rows: Sequence[Confirmed]) -> list[Confirmed]:
    """The rows, without the sums over platforms that one platform alone makes up."""
    platforms = Counter((row.currency, row.kind) for row in rows if row.platform)
    return [row for row in rows if row.platform or platforms[row.currency, row.kind] > 1]


def platform_prices(month: Month) -> dict[str, tuple[int, int]]:
    """Billed micros and the platforms' count of interactions, by currency, of campaigns that have both."""
    prices: dict[str, tuple[int, int]] = {}
    for campaign in month.facts.campaigns:
        micros, units = campaign.billed_micros, interactions(campaign.counts)
        if micros is not None and units is not None:
            billed, counted = prices.get(campaign.currency, (0, 0))
            prices[campaign.currency] = (billed + micros, counted + units)
    return {currency: price for currency, price in sorted(prices.items()) if price[1]}


def interactions(counts: Counts) -> int | None:
    """What people did by the platform's count: its own word for it, else clicks."""
    return counts.interactions if counts.interactions is not None else counts.clicks


def own_counts(campaign: CampaignMonth) -> dict[str, EvidenceSum]:
    """The advertiser's own count of each kind of interaction: of the strongest class, then the larger one.

    What only followed a view, and of that nothing else, is no interaction.
    """
    found: dict[str, EvidenceSum] = {}
    for evidence in campaign.evidence:
        kind = KINDS.get(evidence.kind, "")
        if not kind or evidence.evidence_class not in OWN or (evidence.view_through and not evidence.acted):
            continue
        best = found.get(kind)
        if best is None or _strength(evidence) > _strength(best):
            found[kind] = evidence
    return found


def platform_count(counts: Counts, kind: str) -> int | None:
    """What the platform counts under that kind; None if it says nothing of the sort."""
    count: int | None = getattr(counts, THEIRS[kind]) if kind in THEIRS else None
    return count


def _strength(evidence: EvidenceSum) -> tuple[str, int]:
    return evidence.evidence_class, evidence.acted
