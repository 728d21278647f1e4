"""Leads and sales of one month by campaign: what billers list, and what became of it by the records.

A biller's own list (class E0) is answered id by id; without one the records are counted by their campaign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from ..calendar import Window, from_ordinal, to_ordinal
from ..money import MICROS
from . import sql_sales
from .mapping import CampaignKeys, CampaignRef
from .reading import Reading, bounds
from .sales_facts import NOT_REFUSED, Action, Kept, Listed
from .sql_sales import NOT_FOUND, ORDER, TWICE, UNDECIDED

EARLY = timedelta(days=31)
"""How long before a biller lists a lead or sale the advertiser may have written it down."""
IDS_SHOWN = 4


class RecordKey(NamedTuple):
    """One source's records of one kind and class of evidence."""

    account_key: int
    source_id: str
    kind: str
    evidence_class: str


class ListRow(NamedTuple):
    """What a biller lists of one campaign and class."""

    place: int | None
    """Of the class in ``ORDER``; None: no record knows these ids."""
    ids: int
    claims: int
    day: int
    """The newest one's."""
    value_micros: int | None
    """Of each id once, and ``all_micros`` of all claims; None where some row does not say."""
    all_micros: int | None


@dataclass(slots=True)
class Records:
    """What they say of one campaign, or of all together."""

    micros: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Millionths of records by class."""
    values: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """What was sold for, by currency, of records that were not refused."""
    unvalued: set[str] = field(default_factory=set[str])
    """Currencies in which some record says no value."""
    last_open: date | None = None
    is_lower_bound: bool = False

    def add(
        self, name: str, micros: int, currency: str, value: int | None, *, day: date, lower: bool
    ) -> None:
        self.micros[name] += micros
        self.is_lower_bound |= lower
        if name in NOT_REFUSED:
            self.values[currency] += value or 0
            self.unvalued |= {currency} if value is None else set()
        if name == UNDECIDED:
            self.last_open = max(self.last_open or day, day)

    def value(self, currency: str) -> int | None:
        return None if currency in self.unvalued or currency not in self.values else self.values[currency]

    def counts(self) -> dict[str, int]:
        return {name: micros // MICROS for name, micros in sorted(self.micros.items()) if micros >= MICROS}


@dataclass(slots=True)
class Recorded:
    """The records of one window."""

    by_campaign: dict[CampaignRef, dict[RecordKey, Records]]
    by_source: dict[RecordKey, Records]
    """All of them, also those whose campaign is not known."""


def read_recorded(reading: Reading, keys: CampaignKeys, window: Window) -> Recorded:
    """Every lead and sale of these days; needs ``temp.listed``."""
    by_campaign: defaultdict[CampaignRef, defaultdict[RecordKey, Records]] = defaultdict(
        lambda: defaultdict(Records)
    )
    by_source: defaultdict[RecordKey, Records] = defaultdict(Records)
    for key, source, kind, of_class, place, key_kind, value, hint, *rest in reading.conn.execute(
        sql_sales.RECORDS, bounds(window)
    ):
        platform, account_id, campaign_id, currency, lower, day, micros, worth = rest
        group = RecordKey(key, source, kind, of_class)
        campaign = (
            ((platform, account_id), campaign_id)
            if campaign_id
            else keys.find(reading.owners.by_key[key].connector, key_kind, value, account_hint=hint)
        )
        name = class_at(place)
        targets = [by_source[group], *([by_campaign[campaign][group]] if campaign else [])]
        for records in targets:
            records.add(name, micros, currency, worth, day=from_ordinal(day), lower=bool(lower))
    return Recorded({ref: dict(groups) for ref, groups in by_campaign.items()}, dict(by_source))


def kept_by(
    reading: Reading,
    groups: Mapping[RecordKey, Records],
    currency: str,
    dated: Mapping[tuple[int, str], int],
) -> Iterator[Kept]:
    """The records of one campaign, which bills in ``currency``.

    ``dated`` is, by account key and kind, how many of those that were sent back say when.
    """
    for group, records in groups.items():
        owner, counts = reading.owners.by_key[group.account_key], records.counts()
        known = dated.get((group.account_key, group.kind), 0)
        yield Kept(
            connector=owner.connector,
            account_id=owner.account_id,
            source_id=group.source_id,
            kind=group.kind,
            evidence_class=group.evidence_class,
            by_class=counts,
            value_micros=records.value(currency),
            last_open=records.last_open,
            is_lower_bound=records.is_lower_bound,
            undated=max(0, counts.get("refunded", 0) - known),
        )


def read_listed(reading: Reading) -> dict[CampaignRef, list[Listed]]:
    """The billers' lists of the month by campaign, each id with what the records say of it."""
    conn = reading.conn
    for table in (sql_sales.CLAIMED, sql_sales.FORGET_CLAIMED, sql_sales.ANSWERED, sql_sales.FORGET_ANSWERED):
        conn.execute(table)
    conn.execute(sql_sales.FILL_CLAIMED, reading.bounds)
    if not conn.execute("SELECT EXISTS (SELECT 1 FROM temp.claimed)").fetchone()[0]:
        return {}
    conn.execute(sql_sales.FILL_ANSWERED, {"since": to_ordinal(reading.month.first_day - EARLY)})
    lists: defaultdict[tuple[Action, CampaignRef], list[ListRow]] = defaultdict(list)
    answered = set[tuple[Action, str, str]]()
    for kind, platform, account_id, campaign_id, *row in conn.execute(sql_sales.LISTED):
        lists[kind, ((platform, account_id), campaign_id)].append(ListRow(*row))
        if row[0] is not None:
            answered.add((kind, platform, account_id))
    ids: defaultdict[tuple[Action, CampaignRef], defaultdict[str, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for kind, platform, account_id, campaign_id, place, one in conn.execute(
        sql_sales.LISTED_IDS, {"shown": IDS_SHOWN}
    ):
        ids[kind, ((platform, account_id), campaign_id)][class_at(place)].append(one)
    found: defaultdict[CampaignRef, list[Listed]] = defaultdict(list)
    for (kind, campaign), rows in lists.items():
        shown = {name: tuple(some) for name, some in ids[kind, campaign].items()}
        found[campaign].append(_listed(kind, rows, shown, is_answered=(kind, *campaign[0]) in answered))
    return dict(found)


def _listed(
    action: Action, rows: list[ListRow], ids: dict[str, tuple[str, ...]], *, is_answered: bool
) -> Listed:
    counts: defaultdict[str, int] = defaultdict(int)
    values: defaultdict[str, int] = defaultdict(int)
    is_valued, last_open = True, None
    for place, distinct, claims, day, worth, all_worth in rows:
        name = class_at(place)
        counts[name] += distinct
        counts[TWICE] += claims - distinct
        if worth is not None and all_worth is not None:
            values[name] += worth
            values[TWICE] += all_worth - worth
        else:
            is_valued = False
        if name in (UNDECIDED, NOT_FOUND):
            open_day = from_ordinal(day)
            last_open = max(last_open or open_day, open_day)
    by_class = {name: count for name, count in sorted(counts.items()) if count}
    return Listed(
        action=action,
        claims=sum(by_class.values()),
        by_class=by_class,
        values={name: values[name] for name in by_class} if is_valued else {},
        last_open=last_open,
        ids=ids,
        is_answered=is_answered,
    )


def class_at(place: int | None) -> str:
    """The class at this place in ``ORDER``; None: no record knows the id."""
    return NOT_FOUND if place is None else ORDER[place]
