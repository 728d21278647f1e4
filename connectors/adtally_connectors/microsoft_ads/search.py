"""Lists by pages, and reports that Microsoft makes ready: ordered, looked at, read.

Source: API v13 as REST (SDK 13.0.30.1), "Request and Download a Report" (2024-11-06); read 2026-11. A page
that is not full is the last one. A report keeps its id for two days, and its link works for five minutes; who
asks again gets a new link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Protocol, TypeVar

from adtally import ContractError, Http, Lost, TransientError, Unit, prepared

from . import sheet, wire
from .queries import Report

NO_ROWS = "no rows"
"""In place of a link, where a report succeeded and has nothing to tell."""


class Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=Identified)


def everything(ask: Callable[[Mapping[str, int]], Sequence[Row]], size: int) -> Iterator[Row]:
    """Every item of a list, each once; ``ask`` gets which page.

    Raises ContractError for pages that never end.
    """
    seen = set[str]()
    for number in count():
        rows = ask({"Index": number, "Size": size})
        fresh = {row.id: row for row in rows if row.id not in seen}
        if rows and not fresh:
            raise ContractError(f"the pages never end: page {number} has nothing new")
        seen |= fresh.keys()
        yield from fresh.values()
        if len(rows) < size:
            return


def rows(
    http: Http,
    root: str,
    reports: Sequence[Report],
    *,
    unit: Unit,
    headers: Mapping[str, str],
    poll_seconds: float,
) -> Iterator[sheet.Row]:
    """The rows of the reports, in the order in which they are ready; ``root`` is the path of reports."""
    by_key = {f"report_{number}": report for number, report in enumerate(reports, start=1)}
    jobs = {key: partial(_ordered, http, root, report, headers) for key, report in by_key.items()}
    look = partial(_looked_at, http, root, headers)
    for key, link in prepared(http, unit, jobs, look, poll_seconds=poll_seconds):
        if link == NO_ROWS:
            continue
        cells = http.csv_rows(link)
        try:
            yield from sheet.checked(cells, by_key[key], unit.account.timezone, unit.today)
        except (sheet.Unfit, ContractError) as error:
            unit.forget(key)
            if isinstance(error, ContractError):
                raise
            raise TransientError(f"{error.message}: sync again for a new report") from error


def _ordered(http: Http, root: str, report: Report, headers: Mapping[str, str]) -> str:
    body = report.body
    return http.post(f"{root}/Submit", json=body, headers=headers, decode=wire.Ordered).report_request_id


def _looked_at(http: Http, root: str, headers: Mapping[str, str], number: str) -> str | None:
    """The link of the file or NO_ROWS, None while Microsoft works on it. Raises Lost for one that failed."""
    asked = {"ReportRequestId": number}
    told = http.post(f"{root}/Poll", json=asked, headers=headers, decode=wire.Polled).report_request_status
    if told.status == "Success":
        return told.report_download_url or NO_ROWS
    if told.status == "Error":
        raise Lost("Microsoft failed to make the report")
    if told.status != "Pending":
        raise ContractError(f"report {number} has the unknown state {told.status[:40]}")
    return None
