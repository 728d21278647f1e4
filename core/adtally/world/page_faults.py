"""Pages that lie: what a faulty sandbox does to the rows of an answer, whichever platform it fakes.

Rows are the longest list of objects in a JSON document, lists inside a row aside; a file of JSON may be
gzip. Answers without rows, refusals and tables are left alone.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ..body import GZIP_MAGIC
from .messages import Reply, Request

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

PAGE_NAMES = {
    "after", "bookmark", "continuationtoken", "cursor", "nextcursor", "nextpagetoken", "nexttoken", "offset",
    "page", "pagecursor", "pageindex", "pagenumber", "pagetoken", "skip", "start", "startindex",
    "startingafter",
}  # fmt: skip
"""Parameters that ask for a later page, in lower case and without punctuation."""
FIRST_PAGES = {"", "0", "1", "none", "null"}
"""What such a parameter says on the first page."""
ROWS_NAMES = {"data", "results", "rows"}
NOT_NAMES = ("resourcename", "timezonename")
"""How keys end that hold no name that a person chose."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
ODD_NAME = '="{name}"\n\0\u202e\U0001f600\U00020bb7'


def first_page(request: Request) -> Request:
    """The same request for the first page."""
    query = {name: value for name, value in request.query.items() if not _is_later(name, value)}
    body = request.body
    if body.lstrip().startswith(b"{"):
        document = _decoded(body)
        if isinstance(document, dict) and any(_is_later(*pair) for pair in document.items()):
            body = _encoded({name: value for name, value in document.items() if not _is_later(name, value)})
    return replace(request, query=query, body=body)


def twice(rows: list[Json]) -> list[Json]:
    return rows * 2


def first_half(rows: list[Json]) -> list[Json]:
    return rows[: len(rows) // 2]


def with_null(rows: list[Json]) -> list[Json]:
    middle = len(rows) // 2
    return [*rows[:middle], None, *rows[middle:]]


def wrong_types(rows: list[Json]) -> list[Json]:
    return _last_changed(rows, lambda key, value: {"value": value} if _is_metric(key, value) else value)


def huge_numbers(rows: list[Json]) -> list[Json]:
    return _last_changed(rows, lambda key, value: _huge(value) if _is_metric(key, value) else value)


def out_of_window(rows: list[Json]) -> list[Json]:
    def moved(_key: str, value: Json) -> Json:
        return ISO_DAY.sub("1999-01-01", value) if isinstance(value, str) and ISO_DAY.match(value) else value

    return _last_changed(rows, moved)


def unknown_currency(rows: list[Json]) -> list[Json]:
    def renamed(key: str, value: Json) -> Json:
        is_currency = isinstance(value, str) and _plain(key).endswith(("currency", "currencycode"))
        return "ZZZ" if is_currency else value

    return [_changed(row, renamed) for row in rows]


def odd_names(rows: list[Json]) -> list[Json]:
    def renamed(key: str, value: Json) -> Json:
        is_name = _plain(key).endswith("name") and not _plain(key).endswith(NOT_NAMES)
        return ODD_NAME.format(name=value) if is_name and isinstance(value, str) else value

    return [_changed(row, renamed) for row in rows]


def on_rows(change: Callable[[list[Json]], list[Json]]) -> Callable[[Request, Reply], Reply]:
    """What changes the rows of a reply and nothing else in it."""

    def changed(_request: Request, reply: Reply) -> Reply:
        is_packed = reply.body.startswith(GZIP_MAGIC)
        body = gzip.decompress(reply.body) if is_packed else reply.body
        document = _decoded(body) if reply.status == 200 else None
        rows = _rows(document)
        if not rows:
            return reply
        rows[:] = change(rows)
        body = _encoded(document)
        return replace(reply, body=gzip.compress(body, mtime=0) if is_packed else body)

    return changed


def _rows(document: Json) -> list[Json]:
    """The rows within the document, which may be a list of pages; [] if it has none."""
    if isinstance(document, dict):
        return max(map(_rows, document.values()), key=len, default=list[Json]())
    if isinstance(document, list) and document and all(isinstance(item, dict) for item in document):
        pages = [_rows(item) for item in document if _is_page(item)]
        return max(pages, key=len) if pages else document
    return []


def _is_page(item: Json) -> bool:
    """Whether an object of a list is a page of rows, as a stream sends them, and no row."""
    return isinstance(item, dict) and not ROWS_NAMES.isdisjoint(map(_plain, item))


def _last_changed(rows: list[Json], change: Callable[[str, Json], Json]) -> list[Json]:
    """The last row changed: by then a reader has taken in all the others."""
    return [*rows[:-1], _changed(rows[-1], change)]


def _changed(value: Json, change: Callable[[str, Json], Json], key: str = "") -> Json:
    """The value with every leaf in it changed; a leaf in a list stands under the list's key."""
    match value:
        case dict():
            return {name: _changed(inner, change, name) for name, inner in value.items()}
        case list():
            return [_changed(inner, change, key) for inner in value]
        case _:
            return change(key, value)


def _is_metric(key: str, value: Json) -> bool:
    """A number, or text of one, that is nobody's id."""
    if isinstance(value, bool) or _plain(key).endswith(("id", "ids")):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value) is not None)


def _huge(value: Json) -> Json:
    huge = 10**30
    return str(huge) if isinstance(value, str) else float(huge) if isinstance(value, float) else huge


def _is_later(name: str, value: Json) -> bool:
    if _plain(name) not in PAGE_NAMES or isinstance(value, dict | list):
        return False
    return str(value).lower() not in FIRST_PAGES and ISO_DAY.match(str(value)) is None


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _decoded(body: bytes) -> Json:
    """The JSON document, or None if it is none."""
    try:
        document: Json = json.loads(body)
    except ValueError:
        return None
    return document


def _encoded(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
