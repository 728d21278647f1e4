"""One query of Google Ads, page by page, to its last row.

Source: ``GoogleAdsService.Search`` and ``SearchSettings`` of Google Ads API v26: pages of a fixed 10,000
rows; a token lives for a limited time; the total number of rows comes if asked for, and heeds no LIMIT. Pages
keep memory flat, and a cut one is simply asked for again; a cut stream is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from adtally import ContractError, Http, TransientError, check_count

from . import wire

Row = TypeVar("Row")

COMPACT = {"prettyPrint": "false"}
"""Without spaces a page takes a third of the time to inflate; any Google API heeds it."""
DEAD_TOKENS = {"requestError.EXPIRED_PAGE_TOKEN", "requestError.INVALID_PAGE_TOKEN"}
EMPTY_PAGES = 10
"""More of them in a row, each with a token for the next one, never end."""


def pages(
    http: Http, path: str, query: str, decode: type[wire.Page[Row]], *, headers: Mapping[str, str]
) -> Iterator[list[Row]]:
    """The rows of each page, as many in all as Google counts.

    Raises TransientError when rows are missing at the end, and when a page token has died: asking for that
    page again is no use, asking for the unit again is. Raises ContractError for pages that never end and for
    more rows than Google counts.
    """
    text = " ".join(query.split())
    body: dict[str, object] = {"query": text}
    if " LIMIT " not in text:
        body["searchSettings"] = {"returnTotalResultsCount": True}
    tokens, came, empty = set[str](), 0, 0
    while True:
        page = _page(http, path, body, decode, headers)
        token, total = page.next_page_token, page.total_results_count
        came += len(page.results)
        empty = 0 if page.results else empty + 1
        if token in tokens:
            raise ContractError(f"Google's pages never end: the page token {token[:40]} came twice")
        if token and empty > EMPTY_PAGES:
            raise ContractError(f"Google's pages never end: {empty} empty ones in a row")
        yield page.results
        if not token:
            break
        tokens.add(token)
        body["pageToken"] = token
    if total is not None:
        check_count(came, total)


def _page(
    http: Http,
    path: str,
    body: Mapping[str, object],
    decode: type[wire.Page[Row]],
    headers: Mapping[str, str],
) -> wire.Page[Row]:
    try:
        return http.post(path, json=body, params=COMPACT, headers=headers, decode=decode)
    except ContractError as error:
        if error.code not in DEAD_TOKENS:
            raise
        raise TransientError(
            "the page token expired before all pages were read: sync again",
            status=error.status,
            code=error.code,
            request_id=error.request_id,
        ) from error
