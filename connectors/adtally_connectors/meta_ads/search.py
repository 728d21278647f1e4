"""One question to the Marketing API, page by page: an edge, or insights, at once or as a report made ready.

Source: "Insights API best practices" (2026-05-05), "Enhanced error messaging for async" (v25.0). A page that
is too big is asked for again with half the rows; a report is done when it is both "Job Completed" and at 100
percent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from adtally import DeniedError, Http, TooLarge, TransientError, Unit

from . import wire
from .refusals import NO_OBJECT, SLOW, UNKNOWN

T = TypeVar("T")
Row = TypeVar("Row")
log = logging.getLogger(__name__)

LIMIT = 500
"""Rows a page. Meta's own default is 25."""
SMALLEST = 25
LONGEST_WAIT = 300.0
POLLS = 10
"""With ten seconds at first, doubled up to five minutes, half an hour."""
POLLS_AT_ZERO = 5
"""Five minutes by the same waits: a report that has not begun by then never does."""
RUNS = 2
REMEMBERED = "report_run_id"
OURS = re.compile(r"(?<=[?&])(access_token|appsecret_proof|limit)=[^&]*&?")


class Graph(NamedTuple):
    """The way to ask: signed by ``http``, proved by ``proof``, below one version of the API."""

    http: Http
    version: str
    proof: Mapping[str, str]
    poll_seconds: float

    def get(self, path: str, params: Mapping[str, object], decode: type[T]) -> T:
        url = path if path.startswith("http") else f"/{self.version}/{path}"
        return self.http.get(url, params={**params, **self.proof}, decode=decode)

    def post(self, path: str, form: Mapping[str, str], decode: type[T]) -> T:
        return self.http.post(f"/{self.version}/{path}", data={**form, **self.proof}, decode=decode)


def pages(
    graph: Graph, path: str, params: Mapping[str, object], decode: type[wire.Page[Row]]
) -> Iterator[list[Row]]:
    """The rows of each page; ``next`` is followed until it is absent, also from an empty page."""
    return _from(graph, _page(graph, path, params, decode), decode)


def insights(
    graph: Graph,
    unit: Unit,
    query: Mapping[str, str],
    decode: type[wire.Page[Row]],
    *,
    at_once: bool = False,
) -> Iterator[list[Row]]:
    """The rows of each page of an insights query for the unit's account.

    ``at_once`` asks for the rows in one go, and for a report only where Meta finds that too much. A report
    that fails is asked for once more; then TooLarge is raised, or TransientError for a single day.
    """
    edge = f"act_{unit.account.id}/insights"
    if at_once:
        try:
            page = graph.get(edge, {**query, "limit": LIMIT}, decode)
        except (TooLarge, TransientError) as error:
            # No status: no answer came in time.
            if not isinstance(error, TooLarge) and error.code != SLOW and error.status not in (None, 504):
                raise
            log.info("meta_ads: account %s is asked for a report: %s", unit.account.id, error)
        else:
            yield from _from(graph, page, decode)
            return
    run = _report(graph, unit, edge, query)
    try:
        yield from pages(graph, f"{run}/insights", {}, decode)
    except DeniedError as error:
        if error.code != NO_OBJECT:
            raise
        unit.forget(REMEMBERED)
        raise TransientError("Meta no longer has the report: sync again", code=error.code) from error


def _from(graph: Graph, page: wire.Page[Row], decode: type[wire.Page[Row]]) -> Iterator[list[Row]]:
    while True:
        yield page.data
        if not page.paging.next:
            return
        # The link repeats what we send anyway: no token stands in a URL, and a page has its full size again.
        page = _page(graph, OURS.sub("", page.paging.next).rstrip("?&"), {}, decode)


def _page(
    graph: Graph, path: str, params: Mapping[str, object], decode: type[wire.Page[Row]]
) -> wire.Page[Row]:
    """One page, with half as many rows as long as Meta finds it too big."""
    limit = LIMIT
    while True:
        try:
            return graph.get(path, {**params, "limit": limit}, decode)
        except (TooLarge, TransientError) as error:
            too_big = isinstance(error, TooLarge) or error.code.partition("/")[0] == UNKNOWN
            if not too_big or limit // 2 < SMALLEST:
                raise
            limit //= 2
            log.info("meta_ads: a page of %s rows is asked for: %s", limit, error)


def _report(graph: Graph, unit: Unit, edge: str, query: Mapping[str, str]) -> str:
    """The id of a report that is ready."""
    failure = ""
    for _ in range(RUNS):
        run = unit.remember(REMEMBERED, lambda: graph.post(edge, query, wire.Asked).report_run_id)
        failure = _failure(graph, run)
        if not failure:
            return run
        log.warning("meta_ads: report %s of account %s: %s", run, unit.account.id, failure)
        unit.forget(REMEMBERED)
    if unit.window.days > 1:
        raise TooLarge(f"Meta does not make the report of so many days ready: {failure}")
    raise TransientError(f"Meta does not make the report ready: {failure}; sync again later")


def _failure(graph: Graph, run: str) -> str:
    """Why a report will not come, in words, or nothing once it is ready."""
    wait = graph.poll_seconds
    for poll in range(POLLS):
        state = _state(graph, run)
        if state.async_status == "Job Completed" and state.async_percent_completion >= 100:
            return ""
        if state.async_status in ("Job Failed", "Job Skipped"):
            code = f"{state.error_code}/{state.error_subcode}" if state.error_code else ""
            return " ".join(filter(None, (state.async_status, code, state.error_message)))
        if poll >= POLLS_AT_ZERO and not state.async_percent_completion:
            return "it did not begin"
        graph.http.pause(wait)
        wait = min(2 * wait, LONGEST_WAIT)
    return "it did not end"


def _state(graph: Graph, run: str) -> wire.Run:
    """How far the report is; Meta may not know it right after it was asked for."""
    try:
        return graph.get(run, {}, wire.Run)
    except DeniedError as error:
        if error.code != NO_OBJECT:
            raise
        return wire.Run()
