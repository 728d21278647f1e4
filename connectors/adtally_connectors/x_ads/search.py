"""One question to X: a list page by page, or reports that it prepares as jobs.

Source: X Ads API v12, "Pagination", "Active Entities", "Asynchronous Analytics" (snapshot of 2026-08-22; read
2026-11). Jobs are looked at in their collection, many at once. A file lies on another host, needs no
signature, is gzip by its bytes, and is gone after 48 hours. That a job may fail is not documented.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from adtally import (
    AuthError,
    ContractError,
    Http,
    NotOffered,
    NotReady,
    TooLarge,
    TransientError,
    Unit,
    batches,
    cursor_pages,
    day_start,
    once,
)

from . import queries, wire

Row = TypeVar("Row", bound=wire.Keyed)
log = logging.getLogger(__name__)

FAILED = ("FAILED", "CANCELLED")
"""Any other state than these and SUCCESS is one of work."""
LOOKS_UNTIL_LISTED = 3
"""A job that is still not listed then is not coming."""
LATEST_CHANGE = timedelta(days=90)
"""X corrects charges for 14 days and counts conversions for 30: no change is about days so long before it."""


def listed(http: Http, path: str, decode: type[wire.Page[Row]]) -> Iterator[Row]:
    """Every row of a list, each once: one that moves to the next page meanwhile is passed over there."""

    def ask(cursor: str) -> tuple[list[Row], str]:
        page = http.get(path, params={**queries.EVERY_STATE, "cursor": cursor or None}, decode=decode)
        return page.data, page.next_cursor or ""

    return once(chain.from_iterable(cursor_pages(ask)), lambda one: one.id)


def active(http: Http, path: str, entity: queries.Entity, unit: Unit) -> dict[str, set[str]]:
    """The placements at which each entity was shown, of all that something is told about on the unit's days.

    Ids without any delivery would only use up jobs.
    """
    begins = day_start(unit.window.first_day, unit.account.timezone)
    ends = day_start(unit.window.last_day + queries.DAY, unit.account.timezone)
    found: dict[str, set[str]] = {}
    for campaigns in [*batches(unit.campaigns, queries.IDS_OF_FILTER)] or [()]:
        asked = queries.active(entity, unit, campaigns)
        for row in http.get(path, params=asked, decode=wire.ActiveEntities).data:
            if entity == "CAMPAIGN" and unit.campaigns and row.entity_id not in unit.campaigns:
                raise ContractError(f"campaign {row.entity_id[:40]} came, which was not asked for")
            if row.activity_end_time < begins - LATEST_CHANGE:
                told = f"{row.activity_end_time:%Y-%m-%d}"
                raise ContractError(f"active entities: {row.entity_id[:40]} is told for {told}, long before")
            if not _touches(row, begins, ends):
                continue
            for unknown in sorted(set(row.placements) - set(queries.PLACEMENTS)):
                log.warning("x_ads: %s: X has no reports of the placement %s", unit.account.id, unknown)
            found.setdefault(row.entity_id, set()).update(row.placements)
    return dict(sorted(found.items()))


def prepared(
    http: Http, path: str, jobs: Sequence[queries.Job], *, unit: Unit, poll_seconds: float
) -> Iterator[tuple[queries.Job, wire.Stats]]:
    """Each job with its file, in the order in which X makes them ready.

    Conversions that X does not offer to the account are left out and logged. Raises NotReady when files are
    not ready after many looks (the next sync goes on with the same jobs), TooLarge for a job that failed
    twice, as a smaller one may not, and TransientError for one that is twice not known or lacks ids.
    """
    waiting = _started(http, path, jobs, unit)
    renewed = set[queries.Job]()
    for look in http.polls(poll_seconds):
        told = _looked_at(http, path, list(waiting))
        for number, job in list(waiting.items()):
            stats, trouble = _outcome(http, number, job, told.get(number), look)
            if stats is None and not trouble:
                continue
            del waiting[number]
            if stats is not None:
                yield job, stats
                continue
            unit.forget(job.key)
            if job in renewed:
                state = told.get(number)
                if state is not None and state.status in FAILED:
                    raise TooLarge(f"report job {number} {trouble}, twice")
                raise TransientError(f"report job {number} {trouble}: sync again for a new one")
            log.warning("x_ads: %s: report job %s %s: asked for anew", unit.account.id, number, trouble)
            renewed.add(job)
            waiting[_number(http, path, job, unit)] = job
        if not waiting:
            return
    raise NotReady(
        f"{len(waiting)} report jobs are still being prepared: the next sync collects what is ready"
    )


def _touches(row: wire.ActiveEntity, begins: datetime, ends: datetime) -> bool:
    """Whether what changed is about days between these instants; X dates some to the second."""
    return row.activity_start_time < ends and row.activity_end_time >= begins


def _started(http: Http, path: str, jobs: Sequence[queries.Job], unit: Unit) -> dict[str, queries.Job]:
    """The jobs by their numbers, without those of conversions that the account lacks."""
    found: dict[str, queries.Job] = {}
    lacking = set[queries.Groups]()
    for job in jobs:
        if job.groups in lacking:
            continue
        try:
            found[_number(http, path, job, unit)] = job
        except NotOffered as error:
            if job.groups not in queries.OPTIONAL:
                raise
            lacking.add(job.groups)
            log.warning("x_ads: %s: no %s: %s", unit.account.id, ", ".join(job.groups), error)
    return found


def _number(http: Http, path: str, job: queries.Job, unit: Unit) -> str:
    """The number of the job, which is asked for once, also over a restart."""
    return unit.remember(
        job.key, lambda: http.post(path, params=job.params, decode=wire.CreatedJob).data.id_str
    )


def _looked_at(http: Http, path: str, numbers: list[str]) -> dict[str, wire.Job]:
    """The state of each job that X lists. A cursor for more is not followed: all have been named."""
    found: dict[str, wire.Job] = {}
    for some in batches(numbers, queries.IDS_OF_POLL):
        asked = {"job_ids": ",".join(some), "count": queries.IDS_OF_POLL}
        for state in http.get(path, params=asked, decode=wire.Page[wire.Job]).data:
            if state.id_str not in some:
                raise ContractError(f"report job {state.id_str[:40]} came, which was not asked for: id_str")
            found[state.id_str] = state
    return found


def _outcome(
    http: Http, number: str, job: queries.Job, state: wire.Job | None, look: int
) -> tuple[wire.Stats | None, str]:
    """The file of a finished job, or why there will be none; neither while X works on it."""
    if state is None:
        return None, "is not known" if look + 1 >= LOOKS_UNTIL_LISTED else ""
    if state.status in FAILED:
        return None, f"ended as {state.status}"
    if state.status != "SUCCESS":
        return None, ""
    if not state.url:
        raise ContractError(f"report job {number} is done and has no url")
    try:
        answer = http.ask("GET", state.url, signed=False, as_json=True)
    except (ContractError, AuthError) as error:
        return None, f"has no file any more: {error}"
    stats = answer.decode(wire.Stats)
    missing = set(job.ids) - {row.id for row in stats.data}
    return (None, f"leaves out {len(missing)} of {len(job.ids)} ids") if missing else (stats, "")
