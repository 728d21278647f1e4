"""Stats by day or hour, page by page, once they are what was asked for.

Source: developers.snap.com, Ads API v1, "Measurement" (read 2026-11). Delivery is final up to
``finalized_data_end_time``; what comes after it may still change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from adtally import ContractError, Http, TransientError, Unit, cursor_pages, day_start, local_day

from . import queries, wire
from .search import at, failure, next_cursor

Metrics = TypeVar("Metrics")

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FINAL_AFTER = 7
"""Days after which cost and clicks are taken as final, if Snapchat says so, too; it names no number."""


def stats(
    http: Http, path: str, query: queries.Stats, decode: type[wire.Stats[Metrics]], *, unit: Unit
) -> Iterator[list[wire.Series[Metrics]]]:
    """The days of each thing, page by page; a thing comes once.

    Raises TransientError for a part that failed, for a thing that comes twice, and while Snapchat has not
    finalized a day that counts as final by its age. Raises ContractError for an answer about something else:
    another thing, level or attribution window, or days that are not the account's.
    """
    params, known = queries.by_time(query), set[str]()

    def ask(cursor: str) -> tuple[list[wire.Series[Metrics]], str]:
        page = http.get(path, params=at(params, cursor), decode=decode)
        found = list(chain.from_iterable(_checked(item, query, unit) for item in page.timeseries_stats))
        for series in found:
            if series.id in known:
                raise TransientError(f"stats: {series.id} came twice: sync again")
            known.add(series.id)
        return found, next_cursor(page.paging)

    return cursor_pages(ask)


def _checked(item: wire.StatItem[Metrics], query: queries.Stats, unit: Unit) -> list[wire.Series[Metrics]]:
    if reason := failure(item):
        raise TransientError(f"Snapchat answered only a part of the stats: {reason}; sync again")
    stat = item.timeseries_stat
    if stat is None:
        raise ContractError("stats: an item has no timeseries_stat")
    if stat.id != query.owner_id:
        raise ContractError(f"stats of {stat.id} came where those of {query.owner_id} were asked for")
    if query.attribution:
        _check_attribution(stat.swipe_up_attribution_window, query.attribution.swipe)
        _check_attribution(stat.view_attribution_window, query.attribution.view)
    # Totals tell days without cost, too, and whether these are final says nothing.
    finalized = stat.finalized_data_end_time if query.fields != queries.TOTALS else None
    found = _parts(stat, query.breakdown)
    for bucket in chain.from_iterable(series.timeseries for series in found):
        _check_time(bucket.start_time, bucket.end_time, query, unit, finalized)
    return found


def _parts(
    stat: wire.TimeseriesStat[Metrics], breakdown: queries.Breakdown | None
) -> list[wire.Series[Metrics]]:
    """What the stat is broken down to, or the thing itself."""
    if breakdown is None:
        if stat.timeseries is None:
            raise ContractError("stats: a timeseries_stat has no timeseries")
        return [wire.Series(stat.id, stat.timeseries)]
    parts = stat.breakdown_stats
    if parts is None or parts.keys() - {breakdown}:
        told = ", ".join(parts or ()) or "nothing"
        raise ContractError(f"stats: breakdown_stats has {told} where {breakdown} was asked for")
    return parts.get(breakdown, [])


def _check_attribution(told: str | None, asked: str) -> None:
    if told is not None and told.casefold() != asked.casefold():
        raise ContractError(f"stats: the attribution window is {told} where {asked} was asked for")


def _check_time(
    start: datetime, end: datetime, query: queries.Stats, unit: Unit, finalized: datetime | None
) -> None:
    """An hour of the account, or a whole day, of 23 or 25 hours where the clock changes.

    What is taken as final because of its age must be so for Snapchat, too.
    """
    timezone = unit.account.timezone
    day = local_day(start, timezone)
    midnights = day_start(day, timezone), day_start(day + DAY, timezone)
    if query.granularity == "HOUR":
        if (start - midnights[0]) % HOUR or end - start != HOUR:
            raise ContractError(f"stats: {start} to {end} is no hour of an account in {timezone}")
    elif (start, end) != midnights:
        raise ContractError(f"stats: {start} to {end} is no day of an account in {timezone}")
    if finalized is not None and finalized < end and (unit.today - day).days > FINAL_AFTER:
        raise TransientError(f"Snapchat has not finalized {day} yet: sync again later")
