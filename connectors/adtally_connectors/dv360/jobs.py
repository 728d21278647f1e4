"""Reports that the Bid Manager makes: a query is saved, run, looked at, and deleted when its file is read.

Source: Bid Manager API v2, "Create queries", "Run queries", "Check report status" (contract of 2025-11-26;
read 2026-11). Google keeps saved queries, so none is left behind. An id of ours names the query, the report
and the metrics that were left out: by these the columns of the file are known, also after a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

from adtally import AdtallyError, ContractError, Http, Lost, TransientError, Unit, prepared

from . import sheets, wire
from .queries import Report
from .refusals import Unfit

log = logging.getLogger(__name__)

HOST = "doubleclickbidmanager.googleapis.com"
GONE = (400, 401, 403, 404, 410)
"""What storage says of a fresh link to a file that it no longer has."""


def rows(
    http: Http, version: str, report: Report, skipped: frozenset[str], *, unit: Unit, poll_seconds: float
) -> Iterator[sheets.Row]:
    """The rows of a report, checked against its total; ``skipped`` metrics are not even asked for."""
    root = f"https://{HOST}/{version}/queries"
    order, look = partial(_ordered, http, root, report, skipped), partial(_looked_at, http, root, report)
    for key, (number, url) in prepared(http, unit, {report.key: order}, look, poll_seconds=poll_seconds):
        query_id, _, *left_out = number.split("/")
        try:
            yield from sheets.checked(http.csv_rows(url), report, frozenset(left_out))
        except (ContractError, TransientError) as error:
            is_gone = error.status in GONE
            if isinstance(error, TransientError) and not (is_gone or isinstance(error, sheets.Cut)):
                raise  # the way was at fault: the file is as good as before
            unit.forget(key)
            _delete(http, root, query_id)
            if isinstance(error, ContractError) and not is_gone:
                raise
            raise TransientError(f"report {number}: {error.message}: sync again for a new one") from error
        _delete(http, root, query_id)


def _ordered(http: Http, root: str, report: Report, skipped: frozenset[str]) -> str:
    """The id of a new report; without the metrics that Google does not take for it."""
    left_out = skipped & {*report.metrics.optional}
    while True:
        try:
            return "/".join((*_run(http, root, report, left_out), *sorted(left_out)))
        except Unfit as refusal:
            further = report.metrics.next_out(refusal.metrics, left_out)
            if not further:
                raise
            log.warning("dv360: %s: without %s: %s", report.account_id, ", ".join(sorted(further)), refusal)
            left_out |= further


def _run(http: Http, root: str, report: Report, left_out: frozenset[str]) -> tuple[str, str]:
    query_id = http.post(root, json=report.query(left_out), decode=wire.Query).query_id
    try:
        key = http.post(f"{root}/{query_id}:run", json={}, decode=wire.Report).key
    except AdtallyError:
        _delete(http, root, query_id)
        raise
    return query_id, key.report_id


def _looked_at(http: Http, root: str, report: Report, number: str) -> tuple[str, str] | None:
    """The id with the URL of the file, or None while Google works on it. Raises Lost for one that failed."""
    query_id, report_id, *_ = number.split("/")
    told = http.get(f"{root}/{query_id}/reports/{report_id}", decode=wire.Report).metadata
    if told.status.state == "FAILED":
        _delete(http, root, query_id)
        raise Lost("Google failed to make the report")
    if told.status.state != "DONE":
        return None
    if trouble := _trouble(told, report):
        _delete(http, root, query_id)
        raise ContractError(f"report {query_id}/{report_id} {trouble}")
    return number, told.google_cloud_storage_path


def _trouble(told: wire.ReportMetadata, report: Report) -> str:
    """Why a finished report is of no use; "" = it is."""
    for asked, came in (
        (report.window.first_day, told.report_data_start_date),
        (report.window.last_day, told.report_data_end_date),
    ):
        if came and came.date != asked:
            return f"is about {came.date}, not {asked}"
    return "" if told.google_cloud_storage_path else "is done and has no googleCloudStoragePath"


def _delete(http: Http, root: str, query_id: str) -> None:
    """Delete the query, whose reports go with it; that it stays is no reason to fail."""
    try:
        http.ask("DELETE", f"{root}/{query_id}")
    except AdtallyError as error:
        log.warning("dv360: query %s is not deleted: %s", query_id, error)
