"""Campaign-months: what each campaign counted and cost, at which rate, by which bill, with which evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from ..calendar import Window, to_ordinal
from ..ledger import Connection
from ..settings import Agreement
from . import sql
from .bills import campaign_lines, normalised
from .coverage import Days
from .coverage_facts import Coverage
from .facts import (
    BilledLine,
    CampaignMonth,
    Counts,
    Document,
    EvidenceSum,
    Period,
    Rate,
)
from .terms import Observed, RateBook, segments


@dataclass(frozen=True, slots=True)
class Owner:
    """An account as the facts name it."""

    key: int
    connector: str
    platform: str
    account_id: str
    name: str
    currency: str
    timezone: str


def _names(conn: Connection) -> dict[tuple[str, str, str], str]:
    rows = conn.execute(sql.CAMPAIGN_NAMES)
    return {(platform, account, campaign): name for platform, account, campaign, name in rows}


def read_campaigns(
    conn: Connection,
    owners: Mapping[int, Owner],
    agreements: Sequence[Agreement],
    days: Days,
    documents: Sequence[Document],
    month: Window,
) -> list[CampaignMonth]:
    observed = _observed(conn, month)
    pieces = segments(month, agreements, (row for _, row in observed))
    book = RateBook(agreements, observed)
    names = _names(conn)
    sums = _segment_sums(conn, pieces, month)
    evidence = _evidence(conn, month)
    ambiguous = _ambiguous(owners, sums)
    by_name: defaultdict[tuple[str, str], defaultdict[str, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for (platform, account_id, campaign_id), name in names.items():
        by_name[platform, account_id][normalised(name)].append(campaign_id)
    lines = campaign_lines(documents, month, by_name)
    coverages = {key: days.coverage([key], month) for key in owners}
    for (key, campaign_id, currency), zeros in _billed_without_rows(
        owners, sums, lines, coverages, documents
    ).items():
        sums[key, campaign_id, currency] = {0: zeros}

    found = []
    for (key, campaign_id, currency), by_piece in sums.items():
        owner = owners[key]
        name = names.get((owner.platform, owner.account_id, campaign_id), "")
        periods = _periods(
            pieces,
            by_piece,
            partial(book.rate, owner.connector, owner.account_id, campaign_id, name),
        )
        found.append(
            CampaignMonth(
                connector=owner.connector,
                platform=owner.platform,
                account_id=owner.account_id,
                campaign_id=campaign_id,
                name=name,
                currency=currency,
                timezone=owner.timezone,
                month=month,
                periods=tuple(periods),
                counts=_total(by_piece.values()),
                coverage=coverages[key],
                lines=lines.get((owner.platform, owner.account_id, campaign_id), ()),
                evidence=() if campaign_id in ambiguous else tuple(evidence.get(campaign_id, ())),
            )
        )
    return found


def _segment_sums(
    conn: Connection, pieces: Sequence[Window], month: Window
) -> dict[tuple[int, str, str], dict[int, Counts]]:
    conn.execute(
        "CREATE TEMP TABLE IF NOT EXISTS segments (segment INTEGER, first_day INTEGER, last_day INTEGER)"
    )
    conn.execute("DELETE FROM temp.segments")
    rows = [(n, to_ordinal(piece.first_day), to_ordinal(piece.last_day)) for n, piece in enumerate(pieces)]
    conn.executemany("INSERT INTO temp.segments VALUES (?, ?, ?)", rows)
    bounds = {"first": to_ordinal(month.first_day), "last": to_ordinal(month.last_day)}
    found: defaultdict[tuple[int, str, str], dict[int, Counts]] = defaultdict(dict)
    for key, campaign_id, currency, segment, count, view, other_view, _, *values in conn.execute(
        sql.CAMPAIGN_SEGMENTS, bounds
    ):
        pairs = zip(sql.METRICS, values[::2], values[1::2], strict=True)
        counts = {name: total if known == count else None for name, total, known in pairs}
        if view != other_view:  # views by different definitions are never added
            counts["video_views"] = None
        found[key, campaign_id, currency][segment] = Counts(**counts)
    return dict(found)


def _billed_without_rows(
    owners: Mapping[int, Owner],
    sums: Mapping[tuple[int, str, str], Mapping[int, Counts]],
    lines: Mapping[tuple[str, str, str], tuple[BilledLine, ...]],
    coverages: Mapping[int, Coverage],
    documents: Iterable[Document],
) -> dict[tuple[int, str, str], Counts]:
    """Campaigns that a bill names and a completely fetched month does not: their counts are zero.

    Zero for the metrics that the account's other campaigns have; the platform does not offer the others.
    """
    currencies = {document.subject: document.currency for document in documents}
    offered: defaultdict[int, set[str]] = defaultdict(set)
    seen = set[tuple[str, str, str]]()
    for (key, campaign_id, _), pieces in sums.items():
        seen.add((owners[key].platform, owners[key].account_id, campaign_id))
        for counts in pieces.values():
            offered[key] |= {name for name in sql.METRICS if getattr(counts, name) is not None}
    found = {}
    for (platform, account_id, campaign_id), billed in lines.items():
        for key, names in offered.items():
            same = (owners[key].platform, owners[key].account_id) == (platform, account_id)
            if same and coverages[key].complete and (platform, account_id, campaign_id) not in seen:
                found[key, campaign_id, currencies[billed[0].invoice]] = Counts(**dict.fromkeys(names, 0))
    return found


def _periods(
    pieces: Sequence[Window], by_piece: Mapping[int, Counts], rate_on: Callable[[date], Rate | None]
) -> list[Period]:
    """The month's pieces, neighbours of one rate joined; a piece without rows counts zero.

    Pieces without rows matter only to a flat price, which runs on; elsewhere they are left out at the ends.
    """
    offered = {
        name for counts in by_piece.values() for name in sql.METRICS if getattr(counts, name) is not None
    }
    nothing = Counts(**dict.fromkeys(offered, 0))
    periods: list[Period] = []
    for number, window in enumerate(pieces):
        rate, counts = rate_on(window.first_day), by_piece.get(number)
        if counts is None and not (rate and rate.model == "flat"):
            continue
        last = periods[-1] if periods else None
        if last and last.rate == rate:
            joined = _total([last.counts, counts or nothing])
            periods[-1] = Period(window=last.window.span(window), counts=joined, rate=rate)
        else:
            periods.append(Period(window=window, counts=counts or nothing, rate=rate))
    return periods


def _total(parts: Iterable[Counts]) -> Counts:
    """The sums over all parts; unknown where it is unknown in one of them."""
    parts = list(parts)
    totals: dict[str, int | None] = {}
    for name in Counts.__struct_fields__:
        values = [getattr(part, name) for part in parts]
        totals[name] = None if None in values else sum(values)
    return Counts(**totals)


def _observed(conn: Connection, month: Window) -> list[tuple[tuple[str, str, str], Observed]]:
    bounds = {"first_text": month.first_day.isoformat(), "last_text": month.last_day.isoformat()}
    found = []
    for connector, account, level, entity, campaign, since, until, assumed, model, rate, kind in conn.execute(
        sql.TERMS, bounds
    ):
        valid = Window(date.fromisoformat(since), date.fromisoformat(until) if until else date.max)
        row = Observed(level, entity, valid, bool(assumed), model, rate, kind)
        found.append(((connector, account, campaign or entity), row))
    return found


def _evidence(conn: Connection, month: Window) -> dict[str, list[EvidenceSum]]:
    bounds = {"first": to_ordinal(month.first_day), "last": to_ordinal(month.last_day)}
    found: defaultdict[str, list[EvidenceSum]] = defaultdict(list)
    for campaign_id, source, kind, evidence_class, micros, records in conn.execute(sql.EVIDENCE, bounds):
        quantity = micros // 1_000_000
        found[campaign_id].append(
            EvidenceSum(
                source_id=source, kind=kind, evidence_class=evidence_class, quantity=quantity, records=records
            )
        )
    return dict(found)


def _ambiguous(owners: Mapping[int, Owner], campaigns: Iterable[tuple[int, str, str]]) -> set[str]:
    """Campaign ids that more than one account bears: evidence that names only the id proves nothing."""
    bearers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, campaign_id, _ in campaigns:
        bearers[campaign_id].add((owners[key].platform, owners[key].account_id))
    return {campaign_id for campaign_id, accounts in bearers.items() if len(accounts) > 1}
