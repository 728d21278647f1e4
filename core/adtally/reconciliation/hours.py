"""Bills that name another time zone than their accounts: the hours that change sides at the edges of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ..calendar import DAY, Window, day_start, from_ordinal, local_day, to_ordinal
from ..errors import ContractError
from . import sql_hours
from .coverage import Days
from .coverage_facts import Coverage
from .facts import BillGroup, Delivered
from .hours_facts import EdgeHours, EdgeShift
from .owners import Owner
from .reading import Reading
from .tolerance import allowance

INSTANT = timedelta(microseconds=1)


class Named(NamedTuple):
    """A zone, and the bill that names it."""

    zone: str
    bill: str
    assumed: bool


class Hour(NamedTuple):
    """All rows of one hour of an account's day, in one currency."""

    first: datetime
    until: datetime
    rows: int
    micros: int | None


class Edge(NamedTuple):
    """The time between the two clocks' beginnings, or ends, of the same days."""

    key: int
    account_id: str
    timezone: str
    first: datetime
    until: datetime
    enters: bool

    @property
    def days(self) -> Window:
        """The account's own days that hold it."""
        last = self.until - INSTANT
        return Window(local_day(self.first, self.timezone), local_day(last, self.timezone))


def with_hours(reading: Reading, groups: Sequence[BillGroup]) -> Iterator[BillGroup]:
    """The groups, with what the clock moves where a bill names another zone than its accounts have."""
    named = _zones(reading, groups)
    edges = {n: _edges(reading, groups[n], zones) for n, zones in named.items()}
    moving = [edge for found in edges.values() for edge in found or ()]
    book = _read(reading, moving) if moving else None
    for n, group in enumerate(groups):
        found = edges.get(n)
        if found == []:
            yield group
            continue
        zones = named.get(n, [])
        yield replace(
            group,
            delivered=tuple(
                replace(one, shift=_shift(reading, group, one, zones, found or [], book)) if zones else one
                for one in group.delivered
            ),
        )


def _zones(reading: Reading, groups: Sequence[BillGroup]) -> dict[int, list[Named]]:
    """By the group's number the zones that its own bills name, else the last one that another bill names."""
    own: dict[tuple[str, str], Named] = {}
    usual: dict[tuple[str, str], Named] = {}
    for connector, platform, invoice_id, number, account_id, zone in reading.conn.execute(
        sql_hours.ZONES, {"known_on": reading.known.on.isoformat()}
    ):
        subject = f"{connector}/{invoice_id}"
        own[connector, invoice_id] = Named(zone, subject, assumed=False)
        usual[platform, account_id] = Named(zone, number or invoice_id, assumed=True)
    found: dict[int, list[Named]] = {}
    for n, group in enumerate(groups):
        here = {
            named.zone: named
            for document in group.documents
            if (named := own.get((document.connector, document.invoice_id)))
        } or {
            named.zone: named
            for document in group.documents
            for account_id in document.accounts
            if (named := usual.get((document.platform, account_id)))
        }
        if here and group.delivered:
            found[n] = [here[zone] for zone in sorted(here)]
    return found


def _edges(reading: Reading, group: BillGroup, zones: Sequence[Named]) -> list[Edge] | None:
    """Where the clocks differ: [] nowhere, None where nobody knows, because no one clock is named."""
    window, platform = group.delivered[0].window, group.documents[0].platform
    found = list[Edge]()
    try:
        for named in zones:
            for account_id in group.delivered[0].accounts:
                if (platform, account_id) in reading.owners.by_account:
                    owner = reading.owners.main((platform, account_id))
                    found += _apart(owner, window, named.zone)
    except ContractError:
        return None
    return None if found and len(zones) > 1 else found  # []: the clocks agree


def _apart(owner: Owner, window: Window, zone: str) -> Iterator[Edge]:
    for day, begins in ((window.first_day, True), (window.last_day + DAY, False)):
        here, there = day_start(day, owner.timezone), day_start(day, zone)
        if here != there:
            first, until = min(here, there), max(here, there)
            enters = (there < here) is begins
            yield Edge(owner.key, owner.account_id, owner.timezone, first, until, enters)


def _days(edges: Iterable[Edge]) -> set[tuple[int, date]]:
    """The account keys and days that hold the edges."""
    return {(edge.key, day) for edge in edges for day in edge.days}


class Book(NamedTuple):
    """The hours and days around the edges, by account key and currency; and how far the hours are known."""

    hours: Mapping[tuple[int, date, str], Sequence[Hour]]
    costs: Mapping[tuple[int, date, str], int | None]
    days: Days


def _read(reading: Reading, edges: Iterable[Edge]) -> Book:
    conn = reading.conn
    days = _days(edges)
    conn.execute(sql_hours.EDGE_DAYS)
    conn.execute(sql_hours.FORGET_EDGE_DAYS)
    conn.executemany(
        "INSERT INTO temp.edge_days VALUES (?, ?)", sorted((key, to_ordinal(day)) for key, day in days)
    )
    for statement in (sql_hours.EDGE_HOURS, sql_hours.FORGET_EDGE_HOURS, sql_hours.FILL_EDGE_HOURS):
        conn.execute(statement)
    hours: defaultdict[tuple[int, date, str], list[Hour]] = defaultdict(list)
    for key, day, hour, span, currency, rows, known, cost in conn.execute(sql_hours.HOURS):
        first = datetime.fromtimestamp(hour, UTC)
        one = Hour(first, first + timedelta(hours=span), rows, cost if known == rows else None)
        hours[key, from_ordinal(day), currency].append(one)
    costs = {
        (key, from_ordinal(day), currency): cost if known == rows else None
        for key, day, currency, rows, known, cost in conn.execute(sql_hours.DAY_COSTS)
    }
    span = Window(min(day for _, day in days), max(day for _, day in days))
    return Book(hours, costs, Days(conn, sql_hours.CELLS, span, reading.known))


def _shift(
    reading: Reading,
    group: BillGroup,
    delivered: Delivered,
    zones: Sequence[Named],
    edges: Sequence[Edge],
    book: Book | None,
) -> EdgeShift:
    owners = [
        reading.owners.main(account)
        for account_id in delivered.accounts
        if (account := (group.documents[0].platform, account_id)) in reading.owners.by_account
    ]
    shift = EdgeShift(
        zones=tuple(named.zone for named in zones),
        own_zones=tuple(sorted({owner.timezone for owner in owners})),
        named_by=zones[0].bill,
        assumed=zones[0].assumed,
    )
    if book is None or not edges:
        return shift
    currency = delivered.currency
    return replace(
        shift,
        edges=tuple(_counted(edge, currency, book) for edge in edges),
        unequal_days=sum(_unequal(book, key, day, currency) for key, day in _days(edges)),
        coverage=_coverage(book, edges),
    )


def _counted(edge: Edge, currency: str, book: Book) -> EdgeHours:
    """The rows of the edge; what a row costs that the edge cuts in two stays apart."""
    hours = [hour for day in edge.days for hour in book.hours.get((edge.key, day, currency), ())]
    whole = [hour for hour in hours if edge.first <= hour.first and hour.until <= edge.until]
    cut = [
        hour for hour in hours if hour.first < edge.until and edge.first < hour.until and hour not in whole
    ]
    days = [book.costs.get((edge.key, day, currency), 0) for day in edge.days]
    told = None not in [hour.micros for hour in (*whole, *cut)]
    return EdgeHours(
        account_id=edge.account_id,
        first=edge.first,
        until=edge.until,
        enters=edge.enters,
        hours=len(whole),
        micros=sum(hour.micros or 0 for hour in whole) if told else None,
        cut_micros=sum(hour.micros or 0 for hour in cut),
        day_micros=None if None in days else sum(day or 0 for day in days),
    )


def _unequal(book: Book, key: int, day: date, currency: str) -> bool:
    """Whether the day's hours make another cost than the day; each row of an hour may be rounded."""
    hours, cost = book.hours.get((key, day, currency), ()), book.costs.get((key, day, currency), 0)
    total = sum(hour.micros or 0 for hour in hours)
    rounding = allowance(sum(hour.rows for hour in hours) + 1, currency)
    return cost is not None and abs(total - cost) > rounding


def _coverage(book: Book, edges: Sequence[Edge]) -> Coverage:
    """Of the hours of all these days: one that lacks an account's day lacks it for the sum."""
    found = [book.days.coverage([edge.key], edge.days) for edge in edges]
    pending = [until for coverage in found if (until := coverage.pending_until.get("cost"))]
    return Coverage(
        missing_days=sum(coverage.missing_days for coverage in found),
        pending_until={"cost": max(pending)} if pending else {},
        as_of=max((coverage.as_of for coverage in found if coverage.as_of), default=None),
    )
