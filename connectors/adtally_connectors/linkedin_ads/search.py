"""One question to LinkedIn: a list page by page, or a report, which comes at once.

Source: LinkedIn Marketing API 202607, "Cursor-based pagination", "Reporting" (read 2026-11). A page that is
shorter than asked for is not the last one: an element that LinkedIn cannot show is left out of it. A row of a
report whose metrics are all zero may be left out, so that not every part of the metrics has each row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from adtally import ContractError, Http, TooLarge, batches, cursor_pages, once

from . import queries, wire


class Named(Protocol):
    """Something with an id, by which one that comes on two pages is known again."""

    @property
    def id(self) -> object: ...


Entity = TypeVar("Entity", bound=Named)
Row = TypeVar("Row", bound=wire.ReportRow)


def searched(
    http: Http,
    path: Callable[[str], str],
    decode: type[wire.Page[Entity]],
    *,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Entity]:
    """Every element of a list once; ``path`` makes the question from the token of a page."""

    def ask(token: str) -> tuple[list[Entity], str]:
        page = http.get(path(token), decode=decode, headers=headers)
        return page.elements, page.metadata.next_page_token or ""

    return _once(ask)


def numbered(http: Http, path: Callable[[str], str], decode: type[wire.Page[Entity]]) -> Iterator[Entity]:
    """The same for a list whose pages are known by the number of their first element."""

    def ask(start: str) -> tuple[list[Entity], str]:
        page = http.get(path(start), decode=decode)
        following = next((link.href for link in page.paging.links if link.rel == "next"), "")
        return page.elements, _start(following) if following else ""

    return _once(ask)


def report(http: Http, asked: queries.Report, decode: type[wire.Page[Row]]) -> list[Row]:
    """The rows of a report, merged from as many answers as its metrics need.

    Raises TooLarge where LinkedIn may have left rows out, ContractError for rows that were not asked for and
    for one that comes twice.
    """
    found: dict[object, Row] = {}
    for metrics in batches(asked.metrics, queries.METRICS_AT_ONCE):
        rows = http.get(queries.report(asked, metrics), decode=decode).elements
        if len(rows) >= queries.MOST_ELEMENTS:
            raise TooLarge(f"LinkedIn cuts reports at {queries.MOST_ELEMENTS} elements: ask for less")
        came = set[object]()
        for row in rows:
            _check(row, asked)
            if row.key in came:
                raise ContractError(f"report: two rows for {' '.join(map(str, row.key))}")
            came.add(row.key)
            _merge(found.setdefault(row.key, row), row, metrics)
    return list(found.values())


def _check(row: wire.ReportRow, asked: queries.Report) -> None:
    """Raise ContractError for a row of other days, other pivots or somebody else."""
    kinds = {queries.KINDS[pivot] for pivot in asked.pivots}
    ids = row.ids
    if row.date_range.start != row.date_range.end or row.day not in asked.window:
        raise ContractError(f"report: a row of {row.day} came where {asked.window} was asked for by day")
    if ids.keys() != kinds or not all(ids.values()):
        raise ContractError(f"report: a row by {' '.join(asked.pivots)} is about {row.pivot_values}")
    for kind, own in (("ACCOUNT", (asked.account_id,)), ("CAMPAIGN_GROUP", asked.groups)):
        _check_owner(ids.get(queries.KINDS[kind], ""), own)


def _check_owner(number: str, own: Collection[str]) -> None:
    if number and own and number not in own:
        raise ContractError(f"report: a row of {number} came, which was not asked for")


def _merge(row: wire.ReportRow, part: wire.ReportRow, metrics: tuple[str, ...]) -> None:
    if row is not part:
        for field, name in zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True):
            if name in metrics:
                setattr(row, field, getattr(part, field))


def _once(ask: Callable[[str], tuple[list[Entity], str]]) -> Iterator[Entity]:
    return once(chain.from_iterable(cursor_pages(ask)), lambda row: row.id)


def _start(href: str) -> str:
    found = parse_qs(urlsplit(href).query).get("start")
    if not found:
        raise ContractError("the link to the next page does not say where it starts")
    return found[0]
