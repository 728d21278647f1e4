"""Lists page by page, and reports that Amazon makes ready.

Source: Reporting version 3 and the lists of each product (as of 2026-10, read 2026-11). Reports tell no
number of rows; lists of newer services do.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

import msgspec

from adtally import (
    AuthError,
    ContractError,
    DeniedError,
    Http,
    Lost,
    NotOffered,
    TransientError,
    Unit,
    check_count,
    cursor_pages,
    once,
    prepared,
)

from . import wire
from .queries import LIST_SIZE, STATES, Listing, scope
from .refusals import REPORTS


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Row = TypeVar("Row", bound=Keyed)
log = logging.getLogger(__name__)

ORDER = "application/vnd.createasyncreportrequest.v3+json"
DUPLICATE = re.compile(r"duplicate of\s*:\s*([0-9A-Za-z-]+)")


def listed(
    http: Http,
    root: str,
    listing: Listing,
    decode: type[wire.Page[Row]],
    headers: Mapping[str, str],
) -> Iterator[Row]:
    """Every row of a list that is paged by tokens, each once.

    Raises TransientError when fewer rows came than Amazon counts.
    """
    told: int | None = None

    def ask(token: str) -> tuple[list[Row], str]:
        nonlocal told
        body = {**listing.body, "nextToken": token} if token else listing.body
        page = http.post(root + listing.path, json=body, headers=headers, decode=decode)
        told = page.total
        return page.rows, page.next_token or ""

    came = 0
    for row in once(chain.from_iterable(cursor_pages(ask)), lambda row: row.key):
        came += 1
        yield row
    if told is not None:
        check_count(came, told)


def numbered(
    http: Http, root: str, listing: Listing, decode: type[list[Row]], headers: Mapping[str, str]
) -> Iterator[Row]:
    """Every row of a list that is paged by numbers, each once; the end is a page without rows.

    Raises ContractError for a page that has nothing new.
    """
    known, start = set[str](), 0
    while True:
        asked = {"startIndex": start, "count": LIST_SIZE, "stateFilter": ",".join(STATES).lower()}
        rows = http.get(root + listing.path, params=asked, headers=headers, decode=decode)
        fresh = [row for row in rows if row.key not in known]
        if rows and not fresh:
            raise ContractError(f"the pages of {listing.path} never end: one has nothing new")
        yield from fresh
        if not rows:
            return
        known.update(row.key for row in rows)
        start += len(rows)


def advertisers(http: Http, root: str, agency_id: str) -> Iterator[wire.Advertiser]:
    """Every DSP advertiser of an agency; the end is a page without any."""
    head = {"Amazon-Advertising-API-Scope": agency_id}
    came = 0
    while True:
        asked = {"startIndex": came, "count": LIST_SIZE}
        page = http.get(f"{root}/dsp/advertisers", params=asked, headers=head, decode=wire.Advertisers)
        yield from page.response
        came += len(page.response)
        told = page.total_results
        if not page.response or (told is not None and came >= told):
            break
    if told is not None:
        check_count(came, told)


def reports(
    http: Http,
    root: str,
    unit: Unit,
    asked: Mapping[str, Mapping[str, object]],
    *,
    first: Collection[str] = (),
    poll_seconds: float,
) -> Iterator[tuple[str, Iterator[wire.ReportRow]]]:
    """The key and the rows of each report, as they become ready; ``asked`` is what to order, by key.

    All are ordered at once; those of the keys in ``first`` come before the others, which are told by them. A
    report that Amazon does not offer for the account is left out and logged; raises NotOffered if none of the
    others is.
    """
    url, head = root + REPORTS, scope(unit.account)
    jobs = {key: partial(_order, http, url, head, body) for key, body in asked.items()}
    refusal: NotOffered | None = None
    for key, order in list(jobs.items()):
        try:
            unit.remember(key, order)
        except NotOffered as error:
            log.warning("amazon_ads: %s: %s is left out: %s", unit.account.id, key, error)
            refusal = error
            del jobs[key]
    later = {key: order for key, order in jobs.items() if key not in first}
    if refusal and not later:
        raise refusal
    look = partial(_look, http, url, head)
    for some in ({key: order for key, order in jobs.items() if key in first}, later):
        for key, link in prepared(http, unit, some, look, poll_seconds=poll_seconds) if some else ():
            yield key, http.json_items(link, decode=wire.ReportRow)


def _order(http: Http, url: str, head: Mapping[str, str], body: Mapping[str, object]) -> str:
    """The id of the report: of the new one, or of the same one that is already in the making."""
    made = http.post(url, json=body, headers={**head, "Content-Type": ORDER}, decode=wire.Report)
    if made.report_id:
        return made.report_id
    found = DUPLICATE.search(made.detail)
    if found is None:
        raise ContractError(f"a report was ordered and has no reportId: {made.detail[:100]!r}")
    running = http.get(f"{url}/{found[1]}", headers=head, decode=wire.Report)
    if _question(running) != _question(msgspec.convert(body, wire.Report)):
        raise TransientError(
            f"Amazon takes the order for report {found[1]}, which is another one: sync again"
        )
    return found[1]


def _question(report: wire.Report) -> tuple[object, ...]:
    """What a report was ordered with, in whichever order its parts are told."""
    asked = report.configuration
    return (
        *(report.start_date, report.end_date, asked.ad_product, asked.report_type_id, asked.time_unit),
        frozenset(asked.group_by),
        frozenset(asked.columns),
        frozenset((one.field, *one.values) for one in asked.filters or ()),
    )


def _look(http: Http, url: str, head: Mapping[str, str], report_id: str) -> str | None:
    """The link to the file of a finished report, which lives for an hour; None before.

    Looks are refused at random: a 401 although the token is new tells nothing. Raises Lost.
    """
    try:
        report = http.get(f"{url}/{report_id}", headers=head, decode=wire.Report)
    except AuthError as error:
        if isinstance(error, DeniedError) or error.status is None:  # None: the sign-in itself is refused
            raise
        return None
    if report.status in ("PENDING", "PROCESSING"):
        return None
    if report.status != "COMPLETED":
        raise Lost(f"the report ended as {report.status[:40]}: {report.failure_reason or 'no reason told'}")
    if not report.url:
        raise ContractError(f"report {report_id} is done and has no url")
    return report.url
