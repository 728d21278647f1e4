"""One list of the Campaign Manager 360 API, page by page.

Source: dfareporting v5, revision 20261107, parameters maxResults and pageToken (read 2026-11). A list ends
with a page without a token, with an empty one, or without rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from adtally import Http, cursor_pages, once

from . import wire

Row = TypeVar("Row", bound=wire.Keyed)


def listed(
    http: Http, path: str, decode: type[wire.Page[Row]], params: Mapping[str, object], *, size: int
) -> Iterator[Row]:
    """Every row of a list, each once: one that moves to the next page meanwhile is passed over there."""

    def ask(token: str) -> tuple[list[Row], str]:
        asked = {**params, "maxResults": size, "pageToken": token or None}
        page = http.get(path, params=asked, decode=decode)
        return page.rows, (page.next_page_token or "") if page.rows else ""

    return once(chain.from_iterable(cursor_pages(ask)), lambda row: row.id)
