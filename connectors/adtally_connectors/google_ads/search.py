"""One query of Google Ads, page by page.

Source: ``GoogleAdsService.Search`` of Google Ads API v26: pages of a fixed 10,000 rows; a token lives for a
limited time. Pages keep memory flat, and a cut one is simply asked for again; a cut stream is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from adtally import ContractError, Http, TooLarge, TransientError

from . import wire

Row = TypeVar("Row")

SLOW = "internalError.DEADLINE_EXCEEDED"
DEAD_TOKENS = {"requestError.EXPIRED_PAGE_TOKEN", "requestError.INVALID_PAGE_TOKEN"}


def pages(
    http: Http,
    path: str,
    query: str,
    decode: type[wire.Page[Row]],
    *,
    headers: Mapping[str, str],
    days: int = 1,
) -> Iterator[list[Row]]:
    """The rows of each page.

    Raises TransientError when a page token has died: asking for that page again is no use, asking for the
    unit again is. Raises TooLarge when Google stays too slow for ``days`` that can be split.
    """
    body = {"query": " ".join(query.split())}
    while True:
        try:
            page = http.post(path, json=body, headers=headers, decode=decode)
        except ContractError as error:
            if error.code not in DEAD_TOKENS:
                raise
            raise TransientError(
                "the page token expired before all pages were read: sync again",
                status=error.status,
                code=error.code,
                request_id=error.request_id,
            ) from error
        except TransientError as error:
            if days > 1 and (error.code == SLOW or error.status == 504):
                raise TooLarge("Google takes too long for so many days", code=error.code) from error
            raise
        yield page.results
        if not page.next_page_token:
            return
        body["pageToken"] = page.next_page_token
