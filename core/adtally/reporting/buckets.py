"""The three buckets that billed money goes to: backed per action, not backed, and paid per view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from ..money import amount_text, rounded
from ..reconciliation.result import Month, Support
from ..reconciliation.verdicts import EvidenceClass
from .wording import CLASS_WORDS, count_text, unit_price

Segment: TypeAlias = Literal["own", "word", "unbacked", "view", "unknown"]

OWN = ("E3", "E2")
"""Classes that the advertiser counted; E1 is the platform's count, seen elsewhere."""

SEGMENT_WORDS: dict[Segment, str] = {
    "own": "backed by your own data",
    "word": "platform’s count only",
    "unbacked": "not backed",
    "view": "paid per view",
    "unknown": "pricing model not known",
}
NO_EVIDENCE = "Connect GA4, an install tracker, a shop or a file of your own counts."


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


class Line(Struct, frozen=True, kw_only=True):
    """One line of the table of buckets, with a text for each currency."""

    label: str
    is_detail: bool = False
    """Part of the line above it, or a fact about it."""
    currencies: list[str]
    texts: list[str]


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


def segments(cell: Buckets) -> list[tuple[Segment, int]]:
    """The parts of the bar of ``cell``, from its left; parts without money are left out."""
    parts: list[tuple[Segment, int]] = [
        ("own", cell.own),
        ("word", cell.their_count),
        ("unbacked", cell.unbacked),
        ("view", cell.per_view),
        ("unknown", cell.unknown),
    ]
    return [(segment, micros) for segment, micros in parts if micros > 0]


def lines(sums: Sequence[Buckets], *, known: bool) -> Iterator[Line]:
    """Yield the table of buckets of these currencies; details that are zero everywhere are left out.

    Without evidence (not ``known``) nothing is called backed or not backed.
    """
    codes = [one.currency for one in sums]

    def line(label: str, micros: list[int], *, is_detail: bool = False) -> Line:
        texts = [amount_text(one, code) for one, code in zip(micros, codes, strict=True)]
        return Line(label=label, is_detail=is_detail, currencies=codes, texts=texts)

    def facts(label: str, texts: list[str]) -> Line:
        return Line(label=label, is_detail=True, currencies=codes, texts=texts)

    backed = line("Per action, backed by evidence", [sum(one.by_class.values()) for one in sums])
    yield backed if known else Line(label=backed.label, currencies=codes, texts=["not known"] * len(codes))
    classes: tuple[EvidenceClass, ...] = ("E3", "E2", "E1")
    for name in classes:
        micros = [one.by_class.get(name, 0) for one in sums]
        if any(micros):
            yield line(CLASS_WORDS[name], micros, is_detail=True)
    if known:
        yield line("Per action, not backed", [one.unbacked for one in sums])
    if any(one.word for one in sums):
        yield line("Per action, platform's own count alone", [one.word for one in sums])
    yield line("Per view (cpm, vcpm, flat)", [one.per_view for one in sums])
    if any(one.per_view for one in sums):
        yield facts("interactions that came with it", [count_text(one.per_view_interactions) for one in sums])
        prices = [(one.per_view_counted, one.per_view_interactions or 0, one.currency) for one in sums]
        yield facts("cost of each", [unit_price(*price) for price in prices])
    if any(one.unknown for one in sums):
        yield line("Pricing model not known, not judged", [one.unknown for one in sums])
