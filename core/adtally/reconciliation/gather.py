"""From the ledger to the facts of one month: a few queries, then dictionaries of thousands, not millions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..calendar import Window, from_ordinal, months, to_ordinal
from ..connector import MetricGroup
from ..ledger import Connection, Ledger
from ..settings import Agreement
from . import sql
from .bills import campaign_lines, group_bills, normalised, read_documents
from .facts import BilledLine, CampaignMonth, Counts, Coverage, Document, EvidenceSum, Facts, Period, Rate
from .terms import Observed, RateBook, segments

GROUPS: tuple[MetricGroup, ...] = ("cost", "clicks", "conversions")


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


@dataclass(frozen=True, slots=True)
class Fetched:
    """Days of an account that are in the ledger, and the day on which they were last asked for."""

    window: Window
    asked_on: date
    final_after: Mapping[MetricGroup, int]
    at: datetime


class Days:
    """What is known of which days, by account; read once, asked often."""

    def __init__(self, conn: Connection, span: Window) -> None:
        self._fetched: defaultdict[int, list[Fetched]] = defaultdict(list)
        bounds = {"first": to_ordinal(span.first_day), "last": to_ordinal(span.last_day)}
        for key, cost, clicks, conversions, first, last, on, at in conn.execute(sql.CELLS, bounds):
            final: dict[MetricGroup, int] = {"cost": cost, "clicks": clicks, "conversions": conversions}
            window = Window(from_ordinal(first), from_ordinal(last))
            self._fetched[key].append(
                Fetched(window, from_ordinal(on), final, datetime.fromtimestamp(at, UTC))
            )

    def coverage(self, keys: Iterable[int], window: Window) -> Coverage:
        """How much of the window is fetched for these accounts, and from when its numbers are final.

        A day counts as fetched once it was over when it was asked for.
        """
        known = set[date]()
        pending: dict[MetricGroup, date] = {}
        as_of: datetime | None = None
        for key in keys:
            for fetched in self._fetched[key]:
                days = fetched.window.overlap(window)
                if days is None:
                    continue
                known.update(day for day in days if day < fetched.asked_on)
                as_of = max(as_of or fetched.at, fetched.at)
                for group, after in fetched.final_after.items():
                    if (fetched.asked_on - days.last_day).days <= after:
                        final_on = days.last_day + timedelta(days=after + 1)
                        pending[group] = max(final_on, pending.get(group, final_on))
        missing = window.days - len(known)
        return Coverage(missing_days=missing, pending_until=pending, as_of=as_of)


def gather(ledger: Ledger, agreements: Sequence[Agreement], month: Window, today: date) -> Facts:
    """The facts of one calendar month, as the ledger knows them now."""
    conn = ledger.conn
    owners = {row[0]: Owner(*row) for row in conn.execute(sql.ACCOUNTS)}
    documents = read_documents(ledger, month)
    span = month
    for document in documents:
        span = span.span(document.window) if document.window else span
    days = Days(conn, span)
    names = _names(conn)
    campaigns = _campaigns(conn, owners, agreements, names, days, documents, month)

    by_account: defaultdict[tuple[str, str], list[Owner]] = defaultdict(list)
    for owner in owners.values():
        by_account[owner.platform, owner.account_id].append(owner)

    def sums(platform: str, account_id: str, window: Window) -> tuple[dict[str, int | None], Coverage]:
        here = by_account[platform, account_id]
        coverage = days.coverage((owner.key for owner in here), window)
        parameters = {
            "platform": platform,
            "account_id": account_id,
            "first": to_ordinal(window.first_day),
            "last": to_ordinal(window.last_day),
        }
        costs: dict[str, int | None] = {
            currency: cost if known == rows else None
            for currency, rows, known, cost in conn.execute(sql.ACCOUNT_COST, parameters)
        }
        if not costs and here and coverage.complete:
            costs = {here[0].currency: 0}
        return costs, coverage

    return Facts(
        month=month,
        today=today,
        campaigns=tuple(campaigns),
        documents=tuple(documents),
        groups=tuple(group_bills(documents, sums)),
    )


def known_months(ledger: Ledger) -> list[Window]:
    """The calendar months that delivery or documents reach, oldest first; [] for an empty ledger."""
    first, last = ledger.conn.execute(sql.DELIVERY_DAYS).fetchone()
    days = [] if first is None else [from_ordinal(first), from_ordinal(last)]
    days += [date.fromisoformat(day) for day in ledger.conn.execute(sql.DOCUMENT_DAYS).fetchone() if day]
    return list(months(Window(min(days), max(days)))) if days else []


def _names(conn: Connection) -> dict[tuple[str, str, str], str]:
    rows = conn.execute(sql.CAMPAIGN_NAMES)
    return {(platform, account, campaign): name for platform, account, campaign, name in rows}


def _campaigns(
    conn: Connection,
    owners: Mapping[int, Owner],
    agreements: Sequence[Agreement],
    names: Mapping[tuple[str, str, str], str],
    days: Days,
    documents: Sequence[Document],
    month: Window,
) -> list[CampaignMonth]:
    observed = _observed(conn, month)
    pieces = segments(month, agreements, (row for _, row in observed))
    book = RateBook(agreements, observed)
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
            lambda day, owner=owner, campaign_id=campaign_id, name=name: book.rate(
                owner.connector, owner.account_id, campaign_id, name, day
            ),
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
    """The month's pieces, neighbours of one rate joined; a piece without rows counts zero of what others count.

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
    """Campaign ids that more than one account bears: evidence that names only the id proves nothing for them."""
    bearers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, campaign_id, _ in campaigns:
        bearers[campaign_id].add((owners[key].platform, owners[key].account_id))
    return {campaign_id for campaign_id, accounts in bearers.items() if len(accounts) > 1}
