"""One question to TikTok, page by page; or as a task, where there is too much for pages.

Source: API v1.3, "Run a synchronous report", "Run an asynchronous report" (read 2026-11). Pages of a report
stop at 20,000 ids and say so in the header ``X-Tt-Ads-Throttle``. A task does not stop; it is kept for 30
days and needs TikTok's permission for the app.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Mapping
from functools import partial
from io import StringIO
from itertools import islice
from typing import TypeVar

import msgspec

from adtally import ContractError, Http, Lost, NotOffered, TransientError, Unit, check_count, prepared

from . import queries, wire

Row = TypeVar("Row", bound=wire.Keyed)
log = logging.getLogger(__name__)

CUT = "X-Tt-Ads-Throttle"
STALE_PAGES = 10
"""More pages in a row without a new row, each with a following one, never end."""
CHUNK = 1000


class Cut(ContractError):
    """The account has more ids than the pages of a report hold."""


def pages(
    http: Http, path: str, params: Mapping[str, object], decode: type[wire.Page[Row]], *, size: int
) -> Iterator[list[Row]]:
    """The rows of each page, each once: a row that moves to the next page meanwhile is passed over there.

    Raises Cut before the first row if TikTok leaves rows out; TransientError when the list became shorter, so
    that a row may have been missed, and when at the end fewer rows came than TikTok counts; ContractError for
    more rows than it counts, and for pages that are others than asked for or never end.
    """
    before: set[object] = set()
    came, total, number, last, stale = 0, 0, 0, 1, 0
    counted = False
    while number < last:
        number += 1
        asked = {**params, "page": number, "page_size": size}
        answer = http.ask("GET", path, params=asked, as_json=True)
        if number == 1 and CUT in answer.headers:
            raise Cut("TikTok leaves out rows beyond its 20,000 ids")
        page = answer.decode(decode).data
        told = page.page_info
        if told.page not in (None, number):
            raise ContractError(f"page {told.page} came where page {number} was asked for")
        if told.total_number is not None and told.total_number < total:
            raise TransientError("the list became shorter while it was read: sync again")
        rows = [row for row in page.rows if row.key not in before]
        before = {row.key for row in page.rows}
        came, total, last = came + len(rows), told.total_number or 0, told.total_page
        counted = told.total_number is not None
        stale = 0 if rows else stale + 1
        if number < last and stale > STALE_PAGES:
            raise ContractError(f"TikTok's pages never end: {stale} in a row have nothing new")
        yield rows
    if counted:
        check_count(came, total)


def report(
    http: Http,
    root: str,
    query: queries.Report,
    decode: type[wire.Page[Row]],
    *,
    unit: Unit,
    top_view: bool,
    poll_seconds: float,
) -> Iterator[list[Row]]:
    """The rows of a report: TopView ones, which come only if asked for alone, then all others.

    ``root`` is the path of reports. Where pages leave rows out, a task is asked for instead.
    """
    path, size = f"{root}integrated/get/", queries.LIST_SIZE
    known: set[object] = set()
    if top_view:
        for rows in pages(http, path, queries.by_pages(query, top_view=True), decode, size=size):
            known.update(row.key for row in rows)
            yield rows
    try:
        for rows in pages(http, path, queries.by_pages(query), decode, size=size):
            yield [row for row in rows if row.key not in known]
    except Cut as cut:
        log.warning("tiktok_ads: %s: %s; the report is asked for as a task", unit.account.id, cut)
        body = queries.by_task(query)
        for rows in task_rows(http, f"{root}task", body, decode, unit=unit, poll_seconds=poll_seconds):
            yield [row for row in rows if row.key not in known]


def task_rows(
    http: Http,
    root: str,
    body: Mapping[str, object],
    decode: type[wire.Page[Row]],
    *,
    unit: Unit,
    poll_seconds: float,
) -> Iterator[list[Row]]:
    """The rows of a report that TikTok prepares, in chunks; ``root`` is the path of tasks."""
    jobs = {
        "report_id": lambda: http.post(f"{root}/create/", json=body, decode=wire.CreatedTask).data.task_id
    }
    look = partial(_look, http, root, unit.account.id)
    for _, (task_id, rows) in prepared(http, unit, jobs, look, poll_seconds=poll_seconds):
        names = next(rows, list[str]())
        while chunk := [dict(zip(names, row, strict=False)) for row in islice(rows, CHUNK)]:
            lines = [{"dimensions": line, "metrics": line} for line in chunk]
            try:
                page = msgspec.convert({"data": {"list": lines}}, type=decode)
            except msgspec.ValidationError as error:
                raise ContractError(f"report task {task_id}: {error}") from error
            yield page.data.rows


def _look(http: Http, root: str, account_id: str, task_id: str) -> tuple[str, Iterator[list[str]]] | None:
    """The task with the cells of its rows once it is done, None before. Raises Lost if it never will be."""
    which = {"advertiser_id": account_id, "task_id": task_id}
    try:
        state = http.get(f"{root}/check/", params=which, decode=wire.CheckedTask).data
        if state.status == "SUCCESS":
            return task_id, _rows(http, root, which)
    except (ContractError, NotOffered) as error:
        raise Lost(error.message, code=error.code, request_id=error.request_id) from error
    if state.status in ("QUEUING", "PROCESSING"):
        return None
    raise Lost(f"report task {state.status.lower()}: {state.message or 'no reason told'}")


def _rows(http: Http, root: str, which: Mapping[str, object]) -> Iterator[list[str]]:
    """The cells of each row: of a file behind a URL that takes no credentials, or of the answer itself."""
    answer = http.ask("GET", f"{root}/download/", params=which)
    if answer.body.lstrip().startswith(b"{"):
        return http.csv_rows(answer.decode(wire.DownloadedTask).data.download_url)
    return csv.reader(StringIO(answer.body.decode("utf-8-sig")))
