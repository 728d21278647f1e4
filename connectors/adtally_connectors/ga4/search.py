"""One report of the GA4 Data API, page by page, to its last row.

Source: Data API v1beta, ``limit``, ``offset`` and ``rowCount`` of runReport (read in the official Python
client 0.23.3, 2026-11). ``rowCount`` is the number of all rows, whatever the limit. No token holds the pages
together, so each page is checked against the ones before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NamedTuple

from adtally import ContractError, Http, TransientError, Unit

from . import queries, wire
from .quality import flags

log = logging.getLogger(__name__)


class Told(NamedTuple):
    """What all pages of a report say alike."""

    rows: int
    flags: str


def pages(http: Http, path: str, share: queries.Share, unit: Unit) -> Iterator[wire.Report]:
    """Every page of the report, with as many rows in all as GA4 counts.

    Raises TransientError when the data moved between two pages, when rows are missing, and when the
    property's clock is no longer the account's; ContractError for another report and for too many rows.
    """
    body = queries.report(share, unit.window)
    came, before, seen = 0, None, set[tuple[str, ...]]()
    while True:
        page = http.post(path, json=queries.page(body, came), decode=wire.Report)
        told = Told(page.row_count, flags(page.metadata))
        _check_clock(page, unit)
        _check_shape(page, share)
        if before not in (None, told):
            raise TransientError("the report changed while its pages were read: sync again")
        _check_new(page, seen, is_first=before is None)
        before = told
        came += len(page.rows)
        if came > told.rows:
            raise ContractError(f"too many rows: {came:,} came, GA4 counts {told.rows:,}")
        if came < told.rows and not page.rows:
            raise TransientError(f"rows are missing: {came:,} of {told.rows:,} came; sync again")
        if page.metadata.empty_reason:
            log.info("ga4: %s: nothing on %s: %s", unit.account.id, unit.window, page.metadata.empty_reason)
        yield page
        if came == told.rows:
            return


def _check_clock(page: wire.Report, unit: Unit) -> None:
    """The clock is that of the day of asking: a property that changed it counts all its days anew."""
    told, known = page.metadata.time_zone, unit.account.timezone
    if not told:
        raise ContractError("GA4's report does not tell its timeZone")
    if told != known:
        raise TransientError(f"the property's time zone is no longer {known} but {told[:40]}: sync again")


def _check_shape(page: wire.Report, share: queries.Share) -> None:
    dimensions = tuple(header.name for header in page.dimension_headers)
    metrics = tuple(header.name for header in page.metric_headers)
    asked = (share.dimensions, queries.METRICS)
    if (dimensions, metrics) != asked and (page.rows or dimensions or metrics):
        raise ContractError(
            f"GA4's report has other columns than asked for: {', '.join((*dimensions, *metrics))[:300]}"
        )
    for row in page.rows:
        if (len(row.dimension_values), len(row.metric_values)) != tuple(map(len, asked)):
            raise ContractError("a row of GA4's report has another number of values than columns")


def _check_new(page: wire.Report, seen: set[tuple[str, ...]], *, is_first: bool) -> None:
    """Refuse a row that came before: on the same page it is wrong, on a later one rows have moved."""
    for row in page.rows:
        if (key := row.key) in seen:
            told = " ".join(key)[:100]
            if is_first:
                raise ContractError(f"a row of GA4's report comes twice: {told}")
            raise TransientError(f"rows moved while the pages were read, {told} came twice: sync again")
        seen.add(key)
