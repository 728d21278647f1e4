"""The report on placements, which CM360 prepares: saved, run, looked at, read and deleted again.

Source: dfareporting v5, revision 20261107, guide "Get Report Files" (read 2026-11). A run takes the saved
report as it stands, so each window saves one of its own; it is deleted when its file is read or lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

from adtally import AdtallyError, ContractError, Http, Lost, NotOffered, Unit, Window, prepared

from . import queries, wire
from .sheet import Incomplete, Row, table

log = logging.getLogger(__name__)

FILE = "file_id"
READY = "REPORT_AVAILABLE"
FAILED = {"FAILED", "CANCELLED"}
"""Any other state than these and READY is one of work."""


def placement_rows(http: Http, profile: str, unit: Unit, *, poll_seconds: float) -> Iterator[Row]:
    """The rows of the report; ``profile`` is the path below which everything lies.

    A file that cannot be used is forgotten: the next sync orders another one.
    """
    saved = f"{profile}/reports"
    jobs = {FILE: partial(_order, http, saved, unit)}
    look = partial(_look, http, saved, unit.window)
    for _, job in prepared(http, unit, jobs, look, poll_seconds=poll_seconds):
        report_id, file_id = job.split("/")
        lines = http.csv_rows(f"{saved}/{report_id}/files/{file_id}?alt=media", signed=True)
        try:
            yield from table(lines, unit.account, unit.window)
        except (ContractError, Incomplete):
            unit.forget(FILE)
            _delete(http, saved, report_id)
            raise
        _delete(http, saved, report_id)


def _order(http: Http, saved: str, unit: Unit) -> str:
    """Save the report and run it; the ids of both."""
    asked = queries.placement_report(unit.account, unit.window, unit.campaigns)
    report_id = http.post(saved, json=asked, decode=wire.SavedReport).id
    try:
        file = http.post(f"{saved}/{report_id}/run", params={"synchronous": False}, decode=wire.File)
    except AdtallyError:
        _delete(http, saved, report_id)
        raise
    return f"{report_id}/{file.id}"


def _look(http: Http, saved: str, window: Window, job: str) -> str | None:
    """The job once its file is ready, None before. Raises Lost if it never will be."""
    report_id, file_id = job.split("/")
    try:
        file = http.get(f"{saved}/{report_id}/files/{file_id}", decode=wire.File)
    except NotOffered as error:
        raise Lost("the report file is no longer known", code=error.code) from error
    days = (file.date_range.start_date, file.date_range.end_date)
    if file.status in FAILED:
        _delete(http, saved, report_id)
        raise Lost(f"the report file ended as {file.status}")
    if file.status == READY and days not in ((None, None), (window.first_day, window.last_day)):
        _delete(http, saved, report_id)
        raise Lost(f"the report file is about {days[0]}..{days[1]}")
    return job if file.status == READY else None


def _delete(http: Http, saved: str, report_id: str) -> None:
    """Delete the saved report with its files; one that stays is no reason to lose what was read."""
    try:
        http.ask("DELETE", f"{saved}/{report_id}")
    except NotOffered:
        log.debug("cm360: the saved report %s was gone already", report_id)
    except AdtallyError as error:
        log.warning("cm360: the saved report %s stays in the account: %s", report_id, error)
