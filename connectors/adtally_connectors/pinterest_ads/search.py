"""One question to Pinterest: a list page by page, the account's own days, or a report that is made ready.

Source: API v5, OpenAPI document 5.23.0, "reports", "analytics"; the shape of files from public clients (read
2026-11). A report is known by a token for an hour, its link works for five minutes; who asks again gets a new
link. Neither says how many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import TypeVar

import msgspec

from adtally import (
    AdtallyError,
    ContractError,
    DeniedError,
    Http,
    Lost,
    TransientError,
    Unit,
    batches,
    cursor_pages,
    once,
    prepared,
)

from . import queries, wire
from .entities import to_id

Listed = TypeVar("Listed", bound=wire.Item)
Row = TypeVar("Row", bound=wire.Row)

NEVER = {"FAILED", "CANCELLED", "EXPIRED", "DOES_NOT_EXIST"}
"""States in which a report will not come; in any other than these and FINISHED it is still worked on."""
UNKNOWN = (400, 404)
"""Statuses with which a token that Pinterest no longer knows may be refused."""
LAPSED = (400, 401, 403, 404, 410)
"""Statuses with which a link that lapsed may be refused."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a finished report lies; "" = it is empty, and lies nowhere."""

    token: str
    url: str


def listed(
    http: Http, path: str, decode: type[wire.Page[Listed]], params: Mapping[str, object] | None = None
) -> Iterator[Listed]:
    """Every item of a list, each once: one that moves to the next page meanwhile is passed over there."""

    def ask(cursor: str) -> tuple[list[Listed], str]:
        asked = {**(params or {}), "page_size": queries.LIST_SIZE, "bookmark": cursor or None}
        page = http.get(path, params=asked, decode=decode)
        return page.items, page.bookmark or ""

    return once(chain.from_iterable(cursor_pages(ask)), lambda item: item.id)


def at_once(
    http: Http, path: str, unit: Unit, attribution: queries.Attribution, shape: type[Row]
) -> list[Row]:
    """The account's own days, which Pinterest tells without a wait while they are recent."""
    asked = queries.at_once(unit.window, attribution, shape)
    found = http.get(path, params=asked, decode=_many(shape))
    return list(checked(found, queries.ACCOUNT, unit))


def report(
    http: Http,
    path: str,
    query: Callable[[Unit], Mapping[str, object]],
    level: queries.Level,
    shape: type[Row],
    *,
    unit: Unit,
    poll_seconds: float,
) -> Iterator[Row]:
    """The rows of reports that Pinterest makes ready: one, or one for each 500 campaigns of the unit.

    ``query`` makes the body of one. ``path`` is that of the account's reports.
    """
    campaigns = [*batches(unit.campaigns, queries.CAMPAIGNS_AT_ONCE)] or [()]
    parts = [unit.within(unit.window, part) for part in campaigns]
    bodies = {_key(body): body for body in map(query, parts)}

    def order(body: Mapping[str, object]) -> str:
        return http.post(path, json=body, decode=wire.Ordered).token

    jobs = {key: lambda body=body: order(body) for key, body in bodies.items()}
    files = (
        _file(http, path, link, bodies[key], shape)
        for key, link in prepared(
            http, unit, jobs, lambda token: _look(http, path, token), poll_seconds=poll_seconds
        )
    )
    return checked(chain.from_iterable(files), level, unit)


def checked(rows: Iterable[Row], level: queries.Level, unit: Unit) -> Iterator[Row]:
    """The rows, of which each is about another thing or day, and about what was asked for.

    Raises ContractError for any other.
    """
    seen = set[tuple[date, str]]()
    for row in rows:
        if (owner := to_id(row.ad_account_id)) not in ("", unit.account.id):
            raise ContractError(f"report: a row of account {owner} came, which was not asked for")
        if row.date not in unit.window:
            raise ContractError(f"report: a row of {row.date} came, which was not asked for")
        ids = [to_id(getattr(row, name)) for name in level.ids]
        for name, one in zip(level.ids, ids, strict=True):
            if not one:
                raise ContractError(f"report: a row of {level.name} has no {name.upper()}")
        if unit.campaigns and ids and ids[0] not in unit.campaigns:
            raise ContractError(f"report: campaign {ids[0]} came, which was not asked for")
        key = row.date, ids[-1] if ids else ""
        if key in seen:
            raise ContractError(f"report: {' '.join(map(str, key))} came twice")
        seen.add(key)
        yield row


def _many(shape: type[Row]) -> type[list[Row]]:
    return list[shape]  # type: ignore[valid-type] # made while running


def _key(body: Mapping[str, object]) -> str:
    """By what the token is remembered: a report with other settings is another one."""
    return f"report {sha256(msgspec.json.encode(body, order='sorted')).hexdigest()[:16]}"


def _look(http: Http, path: str, token: str) -> Link | None:
    """The link of a finished report; None while it is worked on. Raises Lost for one that will not come."""
    try:
        job = http.get(path, params={"token": token}, decode=wire.Job)
    except (ContractError, DeniedError) as error:
        if error.status in UNKNOWN:
            raise Lost(f"the report is not known: {error.message}", code=error.code) from error
        raise
    if job.report_status in NEVER:
        raise Lost(f"the report is {job.report_status}")
    if job.report_status != "FINISHED":
        return None
    if not job.url and job.size != 0:
        raise Lost("the report is FINISHED and has no url")
    return Link(token, job.url or "")


def _file(http: Http, path: str, link: Link, body: Mapping[str, object], shape: type[Row]) -> Iterator[Row]:
    """The rows of the file; where its link has lapsed meanwhile, behind a new one."""
    if not link.url:
        return
    read = _csv_rows if body["report_format"] == "CSV" else _json_rows
    lapsed: AdtallyError | None = None
    try:
        yield from read(http, link.url, body, shape)
    except (TransientError, ContractError) as error:
        if error.status not in LAPSED:
            raise
        lapsed = error
    if lapsed:
        yield from read(http, _again(http, path, link.token, lapsed).url, body, shape)


def _again(http: Http, path: str, token: str, refused: AdtallyError) -> Link:
    """A new link. Raises TransientError where there is none: the next sync looks again."""
    try:
        link = _look(http, path, token)
    except Lost as loss:
        raise TransientError(f"{loss.message}: sync again") from loss
    if link is None or not link.url:
        raise TransientError(f"the link to the report has lapsed: {refused.message}")
    return link


def _json_rows(http: Http, url: str, _body: Mapping[str, object], shape: type[Row]) -> Iterator[Row]:
    """The rows of an object that holds a list of them for each day."""
    return chain.from_iterable(http.json_items(url, decode=_many(shape)))


def _csv_rows(http: Http, url: str, body: Mapping[str, object], shape: type[Row]) -> Iterator[Row]:
    """The rows of a table whose head names the columns as they were asked for.

    Raises ContractError for another head, and TransientError for a row that is cut off.
    """
    lines = http.csv_rows(url)
    head = [name.strip().upper().replace(" ", "_") for name in next(lines, list[str]())]
    asked = ["DATE", *msgspec.convert(body["columns"], list[str])]
    if head and (lacking := [name for name in asked if name not in head]):
        raise ContractError(f"report: the table has no column {', '.join(lacking)[:200]}")
    for cells in lines:
        if not cells:
            continue
        if len(cells) != len(head):
            raise TransientError(f"report: a row has {len(cells)} of {len(head)} cells: sync again")
        told = {name: cell for name, cell in zip(head, cells, strict=True) if cell != ""}
        try:
            yield msgspec.convert(told, shape, strict=False)
        except msgspec.ValidationError as error:
            raise ContractError(f"report: {error}") from error
