"""What the money did: the three buckets, and what an interaction cost that the advertiser counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from ..money import rounded
from ..reconciliation.facts import CampaignMonth, Counts, EvidenceSum
from ..reconciliation.result import Month, Support

OWN = ("E3", "E2")
"""Classes that the advertiser counted; E1 is the platform's count, seen elsewhere."""

KINDS = {
    "session": "visit",
    "sessions": "visit",
    "visits": "visit",
    "clicks": "click",
    "leads": "lead",
    "installs": "install",
    "order": "purchase",
    "orders": "purchase",
    "purchases": "purchase",
}
"""One word for each kind of interaction, whatever its source calls it."""


class Buckets(Struct, frozen=True, kw_only=True):
    """Where the billed money of one currency went; the parts are micros and sum to ``billed``."""

    currency: str
    by_class: dict[str, int]
    """Paid per action and backed, by evidence class, the strongest first."""
    unbacked: int
    word: int
    per_view: int
    per_view_counted: int
    """The part of ``per_view`` whose platforms count interactions."""
    per_view_interactions: int | None
    unknown: int

    @property
    def own(self) -> int:
        """Paid per action and backed by what the advertiser counted."""
        return sum(self.by_class.get(name, 0) for name in OWN)

    @property
    def their_count(self) -> int:
        """Paid per action on the platform's count alone, seen at the platform or elsewhere (E0, E1)."""
        return self.word + sum(self.by_class.values()) - self.own

    @property
    def billed(self) -> int:
        return self.own + self.their_count + self.unbacked + self.per_view + self.unknown


class PlatformBuckets(Struct, frozen=True, kw_only=True):
    platform: str
    cells: tuple[Buckets, ...]
    """One for each currency of the table, in its order."""


class Confirmed(Struct, frozen=True, kw_only=True):
    """Interactions that the advertiser counted, beside the platform's count in the same campaigns."""

    currency: str
    platform: str
    """"" = all platforms."""
    kind: str
    billed_micros: int
    own_units: int
    platform_units: int | None


def buckets(rows: Iterable[Support], currency: str) -> Buckets:
    """The rows of that currency as one; interactions are None when no platform counts them."""
    chosen = [row for row in rows if row.currency == currency]
    by_class: Counter[str] = Counter()
    for row in chosen:
        by_class.update(row.backed_micros)
    counted = [row for row in chosen if row.per_view_micros and row.per_view_interactions is not None]
    return Buckets(
        currency=currency,
        by_class={name: by_class[name] for name in sorted(by_class, reverse=True) if by_class[name]},
        unbacked=sum(row.unbacked_micros for row in chosen),
        word=sum(row.platform_word_micros for row in chosen),
        per_view=sum(row.per_view_micros for row in chosen),
        per_view_counted=sum(row.per_view_micros for row in counted),
        per_view_interactions=sum(row.per_view_interactions or 0 for row in counted) if counted else None,
        unknown=sum(row.unknown_micros for row in chosen),
    )


def by_platform(month: Month) -> list[PlatformBuckets]:
    """One row a platform, the least backed first."""
    columns = sorted({row.currency for row in month.support})
    table: list[PlatformBuckets] = []
    for platform in {row.platform for row in month.support}:
        rows = [row for row in month.support if row.platform == platform]
        cells = tuple(buckets(rows, currency) for currency in columns)
        table.append(PlatformBuckets(platform=platform, cells=cells))

    def backed_ppm(row: PlatformBuckets) -> int:
        shares = [rounded(cell.own * 1_000_000, cell.billed) for cell in row.cells if cell.billed > 0]
        return rounded(sum(shares), len(shares)) if shares else 0

    return sorted(table, key=lambda row: (backed_ppm(row), row.platform))


def has_evidence(month: Month) -> bool:
    """Whether anybody but the platform counted anything: without it, backing is not known."""
    return any(row.backed_micros or row.unbacked_micros for row in month.support) or any(
        campaign.evidence for campaign in month.facts.campaigns
    )


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
                units[key] += evidence.quantity
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


def visits(month: Month) -> dict[str, Confirmed]:
    """The headline by currency: clicks that arrived as visits, over all platforms."""
    return {row.currency: row for row in confirmed(month) if row.kind == "visit" and not row.platform}


def own_counts(campaign: CampaignMonth) -> dict[str, EvidenceSum]:
    """The advertiser's own count of each kind: of the strongest class, then the larger one."""
    found: dict[str, EvidenceSum] = {}
    for evidence in campaign.evidence:
        kind = KINDS.get(evidence.kind, evidence.kind)
        best = found.get(kind)
        if evidence.evidence_class in OWN and (best is None or _strength(evidence) > _strength(best)):
            found[kind] = evidence
    return found


def platform_count(counts: Counts, kind: str) -> int | None:
    """What the platform counts under that kind; None if it says nothing of the sort."""
    match kind:
        case "visit" | "click":
            return counts.clicks
        case "lead":
            return counts.leads
        case "install":
            return counts.installs
        case "purchase":
            return counts.purchases
        case _:
            return None


def _strength(evidence: EvidenceSum) -> tuple[str, int]:
    return evidence.evidence_class, evidence.quantity
