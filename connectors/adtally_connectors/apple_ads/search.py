"""One question to Apple, page by page.

Source: Apple Ads Platform API 1.0, "RequestPagination", "ResponsePagination" (read 2026-11). Pages are told
by their offset, rows are sorted by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from adtally import ContractError, Http, TransientError, check_count

from . import wire
from .totals import Tally

LIST_SIZE, REPORT_SIZE = 1000, 200
"""Rows a page; a row of a report holds all its days."""


class Keyed(Protocol):
    """Something that a page holds once."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row")
Entity = TypeVar("Entity", bound=Keyed)


def pages(
    ask: Callable[[int], tuple[list[Row], wire.Pagination]], key: Callable[[Row], int], size: int
) -> Iterator[list[Row]]:
    """The rows of each page, each once. ``ask`` gets an offset; ``size`` is how many rows it asks for.

    Without a total the first page that is not full is the last. Raises TransientError when the list became
    shorter or rows are missing; ContractError for more rows than Apple counts, for another page than was
    asked for, and for pages that never end.
    """
    known, offset = set[int](), 0
    total: int | None = None
    while True:
        rows, told = ask(offset)
        if told.offset not in (None, offset):
            raise ContractError(f"the page at {told.offset} came where the one at {offset} was asked for")
        if told.total_count is not None:
            if told.total_count < (total or 0):
                raise TransientError("the list became shorter while it was read: sync again")
            total = told.total_count
        new = {key(row): row for row in rows if key(row) not in known}
        known.update(new)
        offset += len(rows)
        if total is None and rows and not new:
            raise ContractError(f"the pages never end: the one before {offset} has nothing new")
        yield list(new.values())
        is_short = len(rows) < (told.page_size or size)
        if not rows or (is_short if total is None else offset >= total):
            break
    if total is not None:
        check_count(len(known), total)


def listed(
    http: Http,
    path: str,
    body: Mapping[str, object],
    shape: type[wire.Listed[Entity]],
    *,
    head: Mapping[str, str],
) -> Iterator[list[Entity]]:
    """The entities of a query."""

    def ask(offset: int) -> tuple[list[Entity], wire.Pagination]:
        which = {"offset": offset, "pageSize": LIST_SIZE, "fetchTotalCount": True}
        page = http.post(path, json={**body, "pagination": which}, headers=head, decode=shape)
        return page.result, page.pagination

    return pages(ask, lambda row: row.id, LIST_SIZE)


def report(
    http: Http,
    path: str,
    body: Mapping[str, object],
    *,
    head: Mapping[str, str],
    currency: str,
) -> Iterator[list[wire.ReportRow]]:
    """The rows of a report. Raises TransientError at the end if they do not add up to its grand total."""
    grand, tally = wire.Summary(), Tally(currency)

    def ask(offset: int) -> tuple[list[wire.ReportRow], wire.Pagination]:
        nonlocal grand
        which = {"offset": offset, "pageSize": REPORT_SIZE}
        page = http.post(path, json={**body, "pagination": which}, headers=head, decode=wire.Report)
        grand = page.result.summary or grand
        return page.result.rows or [], page.pagination

    for rows in pages(ask, lambda row: row.metadata.id, REPORT_SIZE):
        for row in rows:
            tally.add(row.total_metrics)
        yield rows
    tally.compare(grand.grand_total, "the rows of the report")
