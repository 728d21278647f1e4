"""Somebody else's count beside a campaign: which one it is, whether it may accuse, and its proof.

Counts of several sources, kinds or classes are never added: the strongest class counts, and of it the largest
count. What is only the biller's count, seen elsewhere (E1), says nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ...connector import MetricGroup
from ..evidence_facts import LOWER_BOUNDS, EvidenceSource, EvidenceSum
from ..facts import CampaignMonth, Clauses, Facts, Period
from ..pricing import basis_of
from ..verdicts import EvidenceClass, Outcome, Proof
from .outcomes import not_checkable, of_campaign
from .sentences import plural, share_text

INDEPENDENT: dict[str, EvidenceClass] = {"E2": "E2", "E3": "E3"}
TAGGED_PPM = 900_000
"""How much of the billed money must have verified keys before a single campaign is judged."""
EDGE = timedelta(days=3)
"""How far from the edges of a campaign's days a file's first and last row may lie."""


class Count(NamedTuple):
    """What others counted of a campaign in a month that is fetched completely."""

    row: EvidenceSum
    source: EvidenceSource
    most: int
    """All sources of its kind and class together: no more people than that were counted."""
    tagged_ppm: int
    final_from: dict[MetricGroup, date]

    @property
    def figures(self) -> dict[str, int | str]:
        """Coverage first; then what is known of units that no campaign's key was found for."""
        figures: dict[str, int | str] = {"coverage_ppm": self.tagged_ppm}
        unmapped = self.source.unmapped.get(self.row.kind)
        return figures if unmapped is None else {**figures, "unmapped_units": unmapped}


class Counters:
    """Everybody who counted something in the month, and how much of each account they can speak about."""

    def __init__(self, facts: Facts) -> None:
        self._sources = {(source.connector, source.account_id): source for source in facts.sources}
        self._tagged = {
            (row.connector, row.account_id, row.currency, row.kind): row.ppm for row in facts.tagged
        }

    def tagged_ppm(self, campaign: CampaignMonth, kind: str) -> int:
        """The part of the account's billed money that this kind of evidence has verified keys for."""
        return self._tagged.get((campaign.connector, campaign.account_id, campaign.currency, kind), 0)

    def count(
        self, campaign: CampaignMonth, kinds: Collection[str], tagged_ppm: int, *, evidence: str = ""
    ) -> Count | Outcome:
        """The count of one of these kinds, or why there is none that could be judged by.

        ``evidence`` is the only connector that may count; "" = any.
        """
        blank = replace(of_campaign(campaign), figures={"coverage_ppm": tagged_ppm})
        noun = min(kinds).replace("_", " ") if len(kinds) == 1 else "count"
        rows = [row for row in campaign.evidence if row.kind in kinds and evidence in ("", row.connector)]
        independent = [row for row in rows if row.evidence_class in INDEPENDENT]
        if rows and not independent:
            return not_checkable(
                blank,
                "Not checked: what is seen elsewhere is only the platform's own count (class E1).",
                "Connect a count by your own tag, SDK or server.",
            )
        if tagged_ppm < TAGGED_PPM:
            return not_checkable(
                blank,
                f"Not checked: only {share_text(tagged_ppm)} of the billed money has known {noun} keys.",
                "Tag the other campaigns with their ids (utm_id), or name their keys in the mapping file.",
            )
        if not independent:
            return not_checkable(
                blank,
                f"Not checked: no {noun} of {evidence or 'any source'} bears this campaign's key.",
                "Tag the campaign with its id (utm_id), or name its key in the mapping file.",
            )
        row = max(independent, key=lambda one: (one.evidence_class, one.quantity, one.source_id, one.kind))
        same = [
            one for one in independent if (one.kind, one.evidence_class) == (row.kind, row.evidence_class)
        ]
        pending: dict[MetricGroup, date] = {}
        for one in same:
            source = self._sources.get((one.connector, one.account_id))
            if source is None or not source.coverage.complete:
                return _not_fetched(blank, one, source)
            for group, day in source.coverage.pending_until.items():
                pending[group] = max(day, pending.get(group, day))
        return Count(
            row=row,
            source=self._sources[row.connector, row.account_id],
            most=sum(one.quantity for one in same),
            tagged_ppm=tagged_ppm,
            final_from=pending,
        )


def judged(campaign: CampaignMonth, count: Count, judgement: Callable[[int], Outcome]) -> Outcome:
    """The judgement of the count; a finding only where nothing could make the count too low.

    Two sources may have counted the same people or others: what all of them together would clear is no
    finding.
    """
    outcome = judgement(count.row.quantity)
    if outcome.verdict != "finding":
        return outcome
    blank, name = replace(of_campaign(campaign), figures=count.figures), source_name(count.row)
    if count.row.is_lower_bound:
        flags = ", ".join(sorted(LOWER_BOUNDS.intersection(count.row.flags)))
        return not_checkable(
            blank,
            f"Not checked: the count of {name} is a lower bound ({flags}).",
            "Get the unsampled, complete report of the source.",
        )
    days = count.source.file_days
    needed = campaign.flight.window.overlap(campaign.month) if campaign.flight else campaign.month
    if (
        days
        and needed
        and (days.first_day > needed.first_day + EDGE or days.last_day < needed.last_day - EDGE)
    ):
        return not_checkable(
            blank,
            f"Not checked: the file of {name} has rows of {days} only.",
            "Add the file of the other days.",
        )
    if count.most > count.row.quantity:
        together = judgement(count.most)
        if (together.verdict, together.direction) != (outcome.verdict, outcome.direction):
            return not_checkable(
                blank,
                "Not checked: several sources count this campaign, and together they may have all of it.",
                "Keep one source for each campaign, or agree whose count decides.",
            )
    return outcome


def last_of(*days: date | None) -> date | None:
    """The latest of the days from which numbers are final; None if all are final now."""
    return max((day for day in days if day is not None), default=None)


def counted_elsewhere(periods: Iterable[Period]) -> bool:
    """Whether an agreement says for some days that somebody else's count is billed, not the platform's."""
    return any(clauses.counted_by != "platform" for clauses in clauses_of(periods))


def clauses_of(periods: Iterable[Period]) -> set[Clauses]:
    """The clauses about counts of prices that a count decides; those without an agreement say nothing."""
    return {period.rate.clauses or Clauses() for period in periods if period.rate and basis_of(period.rate)}


def source_name(row: EvidenceSum) -> str:
    return row.connector or row.source_id


def count_proof(campaign: CampaignMonth, count: Count) -> Proof:
    row, source = count.row, count.source
    zones = source.timezone
    if source.timezone != campaign.timezone:
        zones = f"{source.timezone}, of the ad account {campaign.timezone}"
    flags = f"; {' '.join(row.flags)}" if row.flags else ""
    return Proof(
        says=f"{row.kind} by {source_name(row)}, {plural(row.records, 'record')}; zone {zones}{flags}",
        table="evidence",
        key=f"{row.source_id} {campaign.subject} {campaign.month}",
        value=f"{row.quantity:,}",
        evidence_class=INDEPENDENT[row.evidence_class],
        as_of=source.coverage.as_of,
    )


def _not_fetched(blank: Outcome, row: EvidenceSum, source: EvidenceSource | None) -> Outcome:
    missing = "its days" if source is None else plural(source.coverage.missing_days, "day")
    return not_checkable(
        blank,
        f"Not checked: of {source_name(row)}, {missing} of the month were not fetched.",
        f"Run `adtally sync {row.connector} --first-day {blank.window.first_day}`.",
    )


def asking(outcome: Outcome) -> Outcome:
    """A finding by a count that no agreement names: grounds for a question, not for a deduction."""
    return replace(outcome, asks="ask") if outcome.asks == "claim" else outcome
