"""Evidence beside campaigns: counted by other people than the biller, and joined by verified keys."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..calendar import Window, from_ordinal, local_day
from ..money import MICROS
from . import sql_evidence
from .coverage import Days
from .coverage_facts import Coverage
from .evidence_facts import EvidenceSource, EvidenceSum
from .mapping import CampaignKeys, CampaignRef
from .reading import Reading

Group = tuple[int, str, str, str]
"""Account key, source, kind and class."""
VIEW_THROUGH = "view_through"
"""The flag of counts of people who only saw the ad."""


@dataclass(slots=True)
class _Sum:
    micros: int = 0
    seen_micros: int = 0
    records: int = 0
    flags: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class _Source:
    """What one account of a connector brought in the month; days are epoch days."""

    kinds: set[str] = field(default_factory=set[str])
    days: list[int] = field(default_factory=list[int])
    unmapped: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Gathered:
    """The month's evidence by the campaign that it is about, and the sources that it came from."""

    by_campaign: dict[CampaignRef, list[EvidenceSum]]
    sources: tuple[EvidenceSource, ...]


def read_evidence(reading: Reading, keys: CampaignKeys) -> Gathered:
    """What others counted in the month; refuted and undecided records are left out."""
    list_keys(reading)
    sums: defaultdict[tuple[CampaignRef, Group], _Sum] = defaultdict(_Sum)
    brought: defaultdict[int, _Source] = defaultdict(_Source)
    for row in reading.conn.execute(sql_evidence.SUMS, reading.bounds):
        key, source, kind, of_class, said, key_kind, value, hint, platform, account_id, campaign_id, *rest = (
            row
        )
        micros, records, *days = rest
        flags, own = set(said.split()), brought[key]
        own.kinds.add(kind)
        own.days += days
        campaign = (
            ((platform, account_id), campaign_id)
            if campaign_id
            else keys.find(reading.owners.by_key[key].connector, key_kind, value, account_hint=hint)
        )
        if campaign is None:
            own.unmapped[kind] += micros
            continue
        group = sums[campaign, (key, source, kind, of_class)]
        group.micros += micros
        group.seen_micros += micros if VIEW_THROUGH in flags else 0
        group.records += records
        group.flags |= flags
    by_campaign: defaultdict[CampaignRef, list[EvidenceSum]] = defaultdict(list)
    for (campaign, (key, source, kind, of_class)), group in sums.items():
        owner = reading.owners.by_key[key]
        by_campaign[campaign].append(
            EvidenceSum(
                connector=owner.connector,
                account_id=owner.account_id,
                source_id=source,
                kind=kind,
                evidence_class=of_class,
                quantity=group.micros // MICROS,
                records=group.records,
                view_through=group.seen_micros // MICROS,
                flags=tuple(sorted(group.flags)),
            )
        )
    return Gathered(dict(by_campaign), tuple(_sources(reading, brought)))


def list_keys(reading: Reading) -> None:
    """Make the table ``temp.listed``: campaigns of the click, lead and order ids by the billers' lists."""
    reading.conn.execute(sql_evidence.LISTED)
    reading.conn.execute(sql_evidence.FORGET_LISTED)
    reading.conn.execute(sql_evidence.FILL_LISTED)


def read_days(reading: Reading, window: Window) -> Days:
    """Which days of the window are fetched, by account of the connectors that bring evidence."""
    return Days(reading.conn, sql_evidence.CELLS, window, reading.known)


def read_files(reading: Reading) -> set[int]:
    """The accounts whose evidence is a file: it has only the days on which something happened."""
    return {key for (key,) in reading.conn.execute(sql_evidence.FILES)}


def _sources(reading: Reading, brought: dict[int, _Source]) -> Iterator[EvidenceSource]:
    days, files = read_days(reading, reading.month), read_files(reading)
    for key, owner in reading.owners.by_key.items():
        coverage = days.coverage([key], reading.month)
        if coverage.as_of is None and key not in brought:
            continue
        own = brought.get(key, _Source())
        of_file = key in files
        yield EvidenceSource(
            connector=owner.connector,
            account_id=owner.account_id,
            timezone=owner.timezone,
            kinds=tuple(sorted(own.kinds)),
            coverage=_of_file(coverage, owner.timezone, reading.month) if of_file else coverage,
            file_days=Window(from_ordinal(min(own.days)), from_ordinal(max(own.days)))
            if of_file and own.days
            else None,
            unmapped={kind: micros // MICROS for kind, micros in sorted(own.unmapped.items())},
        )


def _of_file(coverage: Coverage, timezone: str, month: Window) -> Coverage:
    """A file is what it is, and final; but it knows nothing of days that were not over when it was read."""
    if coverage.as_of is None:
        return coverage
    unknown = (month.last_day - local_day(coverage.as_of, timezone)).days + 1
    return Coverage(missing_days=max(0, min(unknown, month.days)), as_of=coverage.as_of)
