"""One question to the Marketing API, page by page: an edge, or insights, at once or as a report made ready.

Source: "Insights API best practices" (2026-05-05), "Enhanced error messaging for async" (v25.0). A page that
is too big is asked for again with half the rows; a report is done when it is both "Job Completed" and at 100
percent.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from adtally import (
    AdtallyError,
    ContractError,
    DeniedError,
    Http,
    Lost,
    TimedOut,
    TooLarge,
    TransientError,
    Unit,
    check_count,
    prepared,
)

from . import wire
from .refusals import NO_OBJECT, UNKNOWN

T = TypeVar("T")
Row = TypeVar("Row")
log = logging.getLogger(__name__)

LIMIT = 500
"""Rows a page. Meta's own default is 25."""
SMALLEST = 25
EMPTY_PAGES = 50
"""More of them in a row, each with a link to the next one, never end; filters leave some pages empty."""
CAMPAIGNS_AT_ONCE = 100
"""As many ids as a URL can surely hold; of more, a report is asked for."""
POLLS_AT_ZERO = 7
"""Five minutes, if the first wait is ten seconds: a report that has not begun by then never does."""
MOVING_DAYS = 3
"""So long after a day its impressions may change between two questions."""
COUNT = {"summary": "true"}
"""An edge then tells how many rows all pages have."""
TOTAL = {"default_summary": "true"}
"""Insights then tell what all rows add up to, on whichever page. A filter may keep Meta from it."""
REMEMBERED = "report_run_id"
OURS = re.compile(r"(?<=[?&])(access_token|appsecret_proof|limit)=[^&]*&?")
CURSOR = re.compile(r"(?<=[?&])after=[^&]*")


class Graph(NamedTuple):
    """The way to ask: signed by ``http``, proved by ``proof``, below one version of the API."""

    http: Http
    version: str
    proof: Mapping[str, str]
    poll_seconds: float
    compare_totals: bool

    def get(self, path: str, params: Mapping[str, object], decode: type[T]) -> T:
        url = path if path.startswith("http") else f"/{self.version}/{path}"
        return self.http.get(url, params={**params, **self.proof}, decode=decode)

    def post(self, path: str, form: Mapping[str, str], decode: type[T]) -> T:
        return self.http.post(f"/{self.version}/{path}", data={**form, **self.proof}, decode=decode)


def pages(
    graph: Graph,
    path: str,
    params: Mapping[str, object],
    decode: type[wire.Page[Row]],
    *,
    counted: bool = False,
) -> Iterator[list[Row]]:
    """The rows of each page; ``next`` is followed until it is absent, also from an empty page.

    Raises ContractError for pages that never end. Those that are ``counted`` are compared with Meta's own
    number of rows: raises TransientError for fewer, ContractError for more.
    """
    counts = counted and graph.compare_totals
    first = _page(graph, path, {**params, **(COUNT if counts else {})}, decode)
    came, told = 0, first.summary.total_count
    for page in _from(graph, first, decode):
        came += len(page)
        yield page
    if counts and told is not None:
        check_count(came, told)


def insights(
    graph: Graph,
    unit: Unit,
    query: Mapping[str, str],
    decode: type[wire.Page[Row]],
    *,
    at_once: bool = False,
) -> Iterator[list[Row]]:
    """The rows of each page of an insights query for the unit's account.

    ``at_once`` asks for the rows in one go, and for a report only where Meta finds that too much, or where
    many campaigns are named. A report that fails is asked for once more; then TooLarge is raised. Raises
    TransientError where the rows have fewer impressions than Meta's own total, ContractError for more.
    """
    edge = f"act_{unit.account.id}/insights"
    compares = graph.compare_totals and "impressions" in query["fields"].split(",")
    if at_once and _fits(unit):
        try:
            page = graph.get(edge, {**query, "limit": LIMIT, **(TOTAL if compares else {})}, decode)
        except (TooLarge, TimedOut) as error:
            log.info("meta_ads: account %s is asked for a report: %s", unit.account.id, error)
        else:
            known = compares and (_rests(unit) or not page.paging.next)
            yield from _whole(unit, _from(graph, page, decode), page.summary.impressions if known else None)
            return
    run = _report(graph, unit, edge, query)
    total = _total(graph, edge, query) if compares and _fits(unit) and _rests(unit) else None
    try:
        yield from _whole(unit, pages(graph, f"{run}/insights", {}, decode), total)
    except DeniedError as error:
        if error.code != NO_OBJECT:
            raise
        unit.forget(REMEMBERED)
        raise TransientError("Meta no longer has the report: sync again", code=error.code) from error


def _whole(unit: Unit, found: Iterable[list[Row]], total: int | None) -> Iterator[list[Row]]:
    """The pages, whose impressions must add up to the total where there is one and every row has some."""
    came: int | None = 0
    for page in found:
        for row in page:
            impressions: int | None = getattr(row, "impressions", None)
            came = None if came is None or impressions is None else came + impressions
        yield page
    if total is not None and came is not None and came != total:
        unit.forget(REMEMBERED)  # the same report would say the same again
        check_count(came, total, "impressions")


def _total(graph: Graph, edge: str, query: Mapping[str, str]) -> int | None:
    """The impressions of all rows of the query, asked for beside a report; None where Meta cannot say."""
    try:
        return graph.get(edge, {**query, "limit": 1, **TOTAL}, wire.Page[wire.Id]).summary.impressions
    except (TooLarge, TransientError) as error:
        if not _is_too_big(error):
            raise
        log.info("meta_ads: %s has no total to compare with: %s", edge, error)
        return None


def _fits(unit: Unit) -> bool:
    """Whether a URL can name the unit's campaigns."""
    return len(unit.campaigns) <= CAMPAIGNS_AT_ONCE


def _rests(unit: Unit) -> bool:
    """Whether impressions no longer change between two questions."""
    return (unit.today - unit.window.last_day).days > MOVING_DAYS


def _from(graph: Graph, page: wire.Page[Row], decode: type[wire.Page[Row]]) -> Iterator[list[Row]]:
    links, empty = set[str](), 0
    while True:
        # The link repeats what we send anyway: no token stands in a URL, and a page has its full size again.
        link = OURS.sub("", page.paging.next).rstrip("?&")
        empty = 0 if page.data else empty + 1
        if link in links:
            cursor = CURSOR.search(link)
            raise ContractError(
                f"Meta's pages never end: {cursor[0][:40] if cursor else 'a link'} came twice"
            )
        if link and empty > EMPTY_PAGES:
            raise ContractError(f"Meta's pages never end: {empty} empty ones in a row")
        yield page.data
        if not link:
            return
        links.add(link)
        page = _page(graph, link, {}, decode)


def _page(
    graph: Graph, path: str, params: Mapping[str, object], decode: type[wire.Page[Row]]
) -> wire.Page[Row]:
    """One page, with half as many rows as long as Meta finds it too big."""
    limit = LIMIT
    while True:
        try:
            return graph.get(path, {**params, "limit": limit}, decode)
        except (TooLarge, TransientError) as error:
            if not _is_too_big(error) or limit // 2 < SMALLEST:
                raise
            limit //= 2
            log.info("meta_ads: a page of %s rows is asked for: %s", limit, error)


def _is_too_big(error: AdtallyError) -> bool:
    """Whether less data may help; an unknown failure of Meta's often is one of size."""
    return isinstance(error, TooLarge | TimedOut) or error.code.partition("/")[0] == UNKNOWN


def _report(graph: Graph, unit: Unit, edge: str, query: Mapping[str, str]) -> str:
    """The id of a report that is ready."""
    jobs = {REMEMBERED: lambda: graph.post(edge, query, wire.Asked).report_run_id}
    idle = Counter[str]()

    def look(run: str) -> str | None:
        state = _state(graph, run)
        if state.async_status == "Job Completed" and state.async_percent_completion >= 100:
            return run
        if state.async_status in ("Job Failed", "Job Skipped"):
            code = f"{state.error_code}/{state.error_subcode}" if state.error_code else ""
            raise Lost(" ".join(filter(None, (state.async_status, code, state.error_message))))
        idle[run] = 0 if state.async_percent_completion else idle[run] + 1
        if idle[run] > POLLS_AT_ZERO:
            raise Lost("the report did not begin")
        return None

    [(_, run)] = prepared(graph.http, unit, jobs, look, poll_seconds=graph.poll_seconds)
    return run


def _state(graph: Graph, run: str) -> wire.Run:
    """How far the report is; Meta may not know it right after it was asked for."""
    try:
        return graph.get(run, {}, wire.Run)
    except DeniedError as error:
        if error.code != NO_OBJECT:
            raise
        return wire.Run()
