"""One list of Snapchat's, page by page to its last row.

Source: developers.snap.com, Ads API v1, "Pagination" (read 2026-11). An answer with status 200 may hold items
that failed. The next page is named by a whole URL, of which only the cursor is used: which host stands in it
is not for an answer to say.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from adtally import ContractError, Http, TransientError, cursor_pages, once

from . import wire

Row = TypeVar("Row", bound=wire.Keyed)
Shape = TypeVar("Shape")
log = logging.getLogger(__name__)

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def listed(
    http: Http, path: str, params: Mapping[str, object], decode: type[Row], *, whole: bool = False
) -> Iterator[Row]:
    """The rows of a list, each once; what Snapchat fails to tell is logged and left out.

    With ``whole`` a failed item fails the list: TransientError. The list has the name at the end of the path.
    """
    name = path.rpartition("/")[2]

    def ask(cursor: str) -> tuple[list[Row], str]:
        document = http.get(path, params=at(params, cursor), decode=dict[str, object])
        if name not in document:
            raise ContractError(f"the answer to {path} has no {name}")
        items = _shaped(document[name], list[dict[str, object]], name)
        paging = _shaped(document.get("paging") or {}, wire.Paging, "paging")
        return list(_rows(items, name, decode, whole=whole)), next_cursor(paging)

    return once(chain.from_iterable(cursor_pages(ask)), lambda row: row.key)


def at(params: Mapping[str, object], cursor: str) -> Mapping[str, object]:
    """The same question for the page at the cursor; "" = the first one."""
    return {**params, "cursor": cursor} if cursor else params


def next_cursor(paging: wire.Paging | None) -> str:
    """The cursor of the next page, or "" after the last one."""
    link = paging.next_link if paging else None
    if not link:
        return ""
    cursor = parse_qs(urlsplit(link).query).get("cursor", [""])[0]
    if not cursor:
        raise ContractError("the link to the next page has no cursor")
    return cursor


def failure(item: wire.Item) -> str:
    """Why this part of an answer did not come; "" if it did. Snapchat writes ``success`` in either case."""
    if item.sub_request_status.casefold() in ("", "success"):
        return ""
    return " ".join((item.sub_request_error_reason or item.sub_request_status).split())[:300]


def _rows(items: list[dict[str, object]], name: str, decode: type[Row], *, whole: bool) -> Iterator[Row]:
    """What each item tells, under the singular of the list's name."""
    for item in items:
        reason = failure(_shaped(item, wire.Item, name))
        if reason and whole:
            raise TransientError(f"Snapchat answered only a part of {name}: {reason}; sync again")
        if reason:
            log.warning("snapchat_ads: one of the %s is passed over: %s", name, reason)
            continue
        yield _shaped(_snake_case(item.get(name.removesuffix("s"))), decode, name)


def _shaped(value: object, shape: type[Shape], name: str) -> Shape:
    try:
        return msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as error:
        raise ContractError(f"{name}: {error}") from error


def _snake_case(value: object) -> object:
    """The same with keys like ``campaign_id``: in some objects Snapchat writes ``campaignId``."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {HUMP.sub("_", name).lower(): _snake_case(inner) for name, inner in fields.items()}
    if isinstance(value, list):
        return [_snake_case(inner) for inner in cast("list[object]", value)]
    return value
