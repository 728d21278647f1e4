"""Which units to fetch: what was never fetched, what failed, and what the platform may still have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..calendar import DAY, EPOCH, Window, cells, month_edges, months, to_ordinal
from ..connector import Report
from ..ledger.units import Cell
from ..records import CountryCost

INVOICE_DAYS = 60
"""Documents of a month are asked for again until so many days after it: rebills and credits come late."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One unit to fetch. ``cell`` names its place on the grid."""

    report: Report
    cell: int
    window: Window
    """The days to ask for."""
    covers: Window
    """The days that the ledger then knows: also stored ones that the platform no longer answers for."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days that the user wants, in the account's time zone. ``full`` asks for final ones again, too."""

    first_day: date
    last_day: date | None
    today: date
    full: bool = False


def plan(report: Report, known: Mapping[int, Cell], horizon: Horizon) -> Iterator[Planned]:
    """The units of one report of one account, oldest first."""
    match report.cadence:
        case "daily":
            yield from _by_days(report, known, horizon, lambda wanted: cells(wanted, report.max_days))
        case "edges":
            yield from _by_days(report, known, horizon, lambda _: _edges(horizon))
        case "monthly":
            yield from _monthly(report, known, horizon)
        case "snapshot":
            cell = to_ordinal(horizon.today)
            if horizon.full or cell not in known or known[cell].status != "done":
                yield _whole(report, cell, Window(horizon.today, horizon.today))
        case "file":
            yield _whole(report, 0, Window(date.fromordinal(EPOCH), horizon.today))


def _whole(report: Report, cell: int, window: Window) -> Planned:
    return Planned(report, cell, window, window)


def _by_days(
    report: Report,
    known: Mapping[int, Cell],
    horizon: Horizon,
    grid: Callable[[Window], Iterator[Window]],
) -> Iterator[Planned]:
    last = min(horizon.last_day or date.max, horizon.today - DAY)
    first = max(horizon.first_day, _oldest(report, horizon))
    if first > last:
        return
    wanted = Window(first, last)
    for cell in grid(wanted):
        key, want = to_ordinal(cell.first_day), cell.overlap(wanted)
        state = known.get(key)
        if want is None:
            continue
        stored = _stored(state, horizon.today)
        covers = want.span(stored) if stored else want
        window = Window(max(covers.first_day, _oldest(report, horizon)), covers.last_day)
        if stored and window.first_day > stored.last_day + DAY:
            covers = window
        if horizon.full or not _is_final(state, covers, report.restated_days, horizon.today):
            yield Planned(report, key, window, covers)


def _edges(horizon: Horizon) -> Iterator[Window]:
    """The month edges of which the user wants both sides; the later one need not have come yet."""
    last = min(horizon.last_day or date.max, horizon.today + 2 * DAY)
    return month_edges(Window(horizon.first_day, last)) if horizon.first_day <= last else iter(())


def _monthly(report: Report, known: Mapping[int, Cell], horizon: Horizon) -> Iterator[Planned]:
    first = max(horizon.first_day, _oldest(report, horizon))
    last = min(horizon.last_day or date.max, horizon.today)
    if first > last:
        return
    of_countries = CountryCost in report.records
    settled = report.restated_days if of_countries else max(report.restated_days, INVOICE_DAYS)
    for month in months(Window(first, last)):
        key = to_ordinal(month.first_day)
        if of_countries and not _is_over(month, _oldest(report, horizon), horizon.today):
            continue
        if horizon.full or not _is_final(known.get(key), month, settled, horizon.today):
            yield _whole(report, key, month)


def _is_over(month: Window, oldest: date, today: date) -> bool:
    """Whether the platform can tell the sum of the whole month."""
    return oldest <= month.first_day and month.last_day < today


def _oldest(report: Report, horizon: Horizon) -> date:
    """The first day that the platform still answers for."""
    if report.retention_days is None:
        return date.min
    return horizon.today - timedelta(days=report.retention_days)


def _stored(state: Cell | None, today: date) -> Window | None:
    """The days before today that are in the ledger; a clock that was ahead may have noted later ones."""
    return state.covered.overlap(Window(date.min, today - DAY)) if state and state.covered else None


def _is_final(state: Cell | None, want: Window, restated_days: int, today: date) -> bool:
    """Whether all these days are stored as the platform will leave them; nothing told later than today is."""
    if state is None or state.status != "done" or state.covered is None or state.done_on is None:
        return False
    if state.done_on > today:
        return False
    covered = state.covered.first_day <= want.first_day and want.last_day <= state.covered.last_day
    return covered and (state.done_on - want.last_day).days > restated_days
