"""Questions to the Admin API, and one list of it, page by page.

Source: Shopify GraphQL Admin API 2026-10, guides "Pagination", "API limits" and "API search syntax" (read
2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from adtally import ContractError, Http, check_count, cursor_pages, once

from . import wire
from .refusals import TooCostly, wait

Data = TypeVar("Data")
Row = TypeVar("Row", bound=wire.Keyed)


def ask(
    http: Http, path: str, document: str, variables: Mapping[str, object], decode: type[wire.Reply[Data]]
) -> Data:
    """The data of one answer.

    Raises ContractError where Shopify left a part of the filter out, which it says in a warning alone.
    """
    reply = http.post(path, json={"query": document, "variables": variables}, decode=decode)
    for understood in reply.extensions.search if reply.extensions else ():
        for warned in understood.warnings:
            raise ContractError(f"Shopify does not understand the filter: {warned.message[:200]}")
    if seconds := wait(reply.extensions):
        http.slow_down(seconds)
    return reply.data


def listed(
    http: Http,
    path: str,
    document: str,
    query: str,
    decode: type[wire.Reply[wire.Orders[Row]]],
    *,
    size: int,
    told: int,
) -> Iterator[Row]:
    """Every order that the filter fits, each once. Raises TransientError for fewer than ``told``.

    There may be more: orders come in while the pages are read.
    """

    def page(cursor: str) -> tuple[list[Row], str]:
        nonlocal size
        while True:
            variables = {"query": query, "first": size, "after": cursor or None}
            try:
                found = ask(http, path, document, variables, decode).orders
            except TooCostly:
                if size == 1:
                    raise
                size = max(1, size // 2)
                continue
            return found.nodes, following(found.page_info)

    came = 0
    for row in once(chain.from_iterable(cursor_pages(page)), lambda row: row.id):
        came += 1
        yield row
    check_count(min(came, told), told, "orders")


def following(info: wire.PageInfo) -> str:
    """The cursor of the next page, "" after the last one."""
    if not info.has_next_page:
        return ""
    if not info.end_cursor:
        raise ContractError("a page has a next one and no endCursor")
    return info.end_cursor
