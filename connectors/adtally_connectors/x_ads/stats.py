"""Files of reports as numbers by thing and day: checked against what was asked, and added up.

Source: X Ads API v12, "Analytics", "Timezones" (snapshot of 2026-08-22; read 2026-11). A file holds no days:
the numbers stand in the order of the days from the instant on that X read the first day as. That may be off
midnight by an hour: X goes by today's offset, not by that of the day in question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias

from adtally import ContractError, day_start

from . import wire
from .queries import DAY, Groups, Job

Told: TypeAlias = Mapping[str, int]
"""The numbers of one thing and day by metric, parts as ``conversion_purchases.metric``; absent = not told."""

BEFORE_SWITCH = "America/Los_Angeles"
"""The clock of every account before the instant ``timezone_switch_at`` of it."""
SHIFT = timedelta(hours=1)


class Counted(NamedTuple):
    id: str
    day: date
    told: Told
    groups: frozenset[Groups]
    """The metric groups that X offers the account."""


def added_up(files: Iterable[tuple[Job, wire.Stats]], timezone: str) -> Iterator[Counted]:
    """What the files tell by thing and day, the placements together; days of nothing are left out.

    A metric that is not told at each of the placements is not told.
    """
    found: defaultdict[tuple[str, date], dict[Groups, dict[str, int]]] = defaultdict(dict)
    for job, stats in files:
        for one, by_day in _by_thing(job, stats, timezone):
            for day, told in by_day.items():
                before = found[one, day].get(job.groups, dict.fromkeys(told, 0))
                both = before.keys() & told.keys()
                found[one, day][job.groups] = {name: before[name] + told[name] for name in both}
    for (one, day), by_groups in sorted(found.items()):
        merged = {name: number for told in by_groups.values() for name, number in told.items()}
        if any(merged.values()):
            yield Counted(one, day, merged, frozenset(by_groups))


def _by_thing(job: Job, stats: wire.Stats, timezone: str) -> Iterator[tuple[str, dict[date, dict[str, int]]]]:
    """The numbers of each thing that was asked for, each once.

    Raises ContractError for other things, days or parts than those.
    """
    _check(job, stats, timezone)
    left = set(job.ids)
    for row in stats.data:
        if row.id not in left:
            raise ContractError(f"stats: {job.entity} {row.id} came twice, or was not asked for")
        left.remove(row.id)
        if len(row.id_data) != 1 or row.id_data[0].segment is not None:
            raise ContractError(f"stats: {job.entity} {row.id} is told in segments, which were not asked for")
        yield row.id, _by_day(job, row.id_data[0].metrics, stats.time_series_length)


def _check(job: Job, stats: wire.Stats, timezone: str) -> None:
    """Raise ContractError unless the file is about the things and days that were asked for."""
    told, window, length = stats.request.params, job.window, stats.time_series_length
    if told.entity not in ("", job.entity) or told.granularity not in ("", "DAY"):
        raise ContractError(
            f"stats: by {told.entity} and {told.granularity}, where {job.entity} was asked for"
        )
    for name, instant, day in (
        ("start_time", told.start_time, window.first_day),
        ("end_time", told.end_time, window.last_day + DAY),
    ):
        if not _is_midnight(instant, day, timezone):
            raise ContractError(f"stats: {name} {instant} is not where {day} begins in {timezone}")
    if length != window.days and window.days > 1:
        raise ContractError(f"stats: time_series_length is {length} for {window.days} days")


def _is_midnight(instant: datetime, day: date, timezone: str) -> bool:
    return any(abs(instant - day_start(day, zone)) <= SHIFT for zone in (timezone, BEFORE_SWITCH))


def _by_day(
    job: Job, metrics: Mapping[str, wire.Numbers | dict[str, wire.Numbers]], length: int
) -> dict[date, dict[str, int]]:
    """The numbers by day. A day that stands alone may come in two parts: 24 hours and one more."""
    found: dict[date, dict[str, int]] = {day: {} for day in job.window}
    for name, numbers in _flat(metrics):
        if numbers is not None and len(numbers) != length:
            raise ContractError(f"stats: {name} has {len(numbers)} numbers for {length} days")
        by_period = [number or 0 for number in numbers or [0] * length]
        if job.window.days == 1:
            by_period = [sum(by_period)]
        for day, number in zip(job.window, by_period, strict=True):
            found[day][name] = number
    return found


def _flat(
    metrics: Mapping[str, wire.Numbers | dict[str, wire.Numbers]],
) -> Iterator[tuple[str, wire.Numbers]]:
    for name, told in metrics.items():
        if isinstance(told, dict):
            yield from ((f"{name}.{part}", numbers) for part, numbers in told.items())
        else:
            yield name, told
