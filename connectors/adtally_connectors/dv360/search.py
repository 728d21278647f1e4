"""One list of Google, page by page, with what is archived.

Source: Display & Video 360 API v4, ``pageToken`` and ``filter`` of its lists (contract of 2026-10-21; read
2026-11). Filters must be the same on every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from adtally import Http, cursor_pages, once

from . import queries, wire

Row = TypeVar("Row", bound=wire.Keyed)


def everything(
    http: Http, path: str, decode: type[wire.Page[Row]], params: Mapping[str, object] | None = None
) -> Iterator[Row]:
    """Every row of a list in every state, each once: those that come by themselves, then the archived."""
    asked = {"pageSize": queries.LIST_SIZE, **(params or {})}
    plain = listed(http, path, decode, asked)
    archived = listed(http, path, decode, {**asked, "filter": queries.ARCHIVED})
    return once(chain(plain, archived), lambda row: row.key)


def listed(
    http: Http, path: str, decode: type[wire.Page[Row]], params: Mapping[str, object]
) -> Iterator[Row]:
    """Every row of a list; one that moves to the next page meanwhile comes twice."""

    def ask(cursor: str) -> tuple[list[Row], str]:
        page = http.get(path, params={**params, "pageToken": cursor or None}, decode=decode)
        return page.rows, page.next_page_token

    return chain.from_iterable(cursor_pages(ask))
