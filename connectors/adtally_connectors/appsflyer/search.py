"""The questions to AppsFlyer: its list of apps, a report of the Master API, an aggregate pull report.

Source: published OpenAPI documents of the four APIs (as of 2026-08; read 2026-11). Only the list of apps has
pages; a report comes whole, and tells no total.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date

from adtally import Account, ContractError, Http, NotOffered, Window, check_count

from . import columns, queries, wire
from .refusals import FIELDS, UTC_ONLY
from .rows import Row, to_rows

log = logging.getLogger(__name__)


def apps(http: Http) -> Iterator[wire.App]:
    """Every app of the account, each once.

    Raises TransientError when fewer came than AppsFlyer counts, ContractError for more, and for pages that
    bring nothing new.
    """
    known, total = set[str](), None
    while True:
        asked = {"limit": queries.APPS_SIZE, "offset": len(known)}
        page = http.get(queries.APPS, params=asked, decode=wire.Apps)
        new = {one.id: one for one in page.data if one.id not in known}
        if page.data and not new:
            raise ContractError("the pages of the list of apps never end: one has nothing new")
        yield from new.values()
        known.update(new)
        total = page.meta.total_items
        is_last = len(page.data) < queries.APPS_SIZE if total is None else len(known) >= total
        if is_last or not page.data:
            break
    if total is not None:
        check_count(len(known), total, "apps")


def master_rows(http: Http, account: Account, counts: queries.Counts, window: Window) -> Iterator[Row]:
    """A report of the Master API, of the days that it has computed.

    Days from before the app had its time zone are passed over: they come by UTC only, if at all. Raises
    NotOffered for counts that the plan does not have, other than the usual ones.
    """
    last_day = min(window.last_day, _computed(http))
    if last_day < window.first_day:
        return
    asked = Window(window.first_day, last_day)
    path, params = queries.master_path(account), queries.master_params(counts, asked)
    try:
        answer = http.ask("GET", path, params=params, as_json=True)
    except NotOffered as error:
        if error.code != UTC_ONLY:
            raise
        log.warning("appsflyer: %s: %s is passed over: %s", account.id, asked.first_day, error.message)
        return
    except ContractError as error:
        if error.code != FIELDS or counts is queries.USERS:
            raise
        raise NotOffered(f"{', '.join(counts.columns.values())}: not in the plan") from error
    is_object = answer.body.lstrip().startswith(b"{")
    records = answer.decode(wire.Enveloped).data if is_object else answer.decode(list[wire.Record])
    if not records:
        return
    needed = ("day", "source", "campaign_id", "campaign", *counts.columns.values())
    if "attributed_touch_type" in counts.groupings:
        needed += ("touch",)
    titles = columns.found(dict.fromkeys(title for record in records for title in record), needed)
    yield from to_rows(records, titles, counts.columns, asked)


def pull_rows(
    http: Http, account: Account, counts: queries.Counts, window: Window, *, retargeting: bool = False
) -> Iterator[Row]:
    """An aggregate pull report, by name of campaign. Its width varies: each app has events of its own."""
    path = queries.pull_path(account, window, retargeting=retargeting)
    lines = (line for line in http.csv_rows(path, headers={"Accept": "text/csv"}, signed=True) if line)
    header = next(lines, None)
    if header is None:
        raise ContractError("the report has no header")
    needed = ("day", "source", "campaign", *counts.columns.values())
    titles = columns.found(header, (*needed, "conversion_type") if retargeting else needed)
    yield from to_rows(_records(header, lines), titles, counts.columns, window)


def _records(header: list[str], lines: Iterator[list[str]]) -> Iterator[wire.Record]:
    for line in lines:
        if len(line) != len(header):
            raise ContractError(f"a row of the report has {len(line)} cells, its header {len(header)}")
        yield dict(zip(reversed(header), reversed(line), strict=True))  # of equal titles the first one counts


def _computed(http: Http) -> date:
    """The last day that the Master API has computed; it does so once a day."""
    said = http.ask("GET", queries.LAST_UPDATE, as_json=True).body.decode(errors="replace")
    return columns.day("lastupdate", said.strip().strip('"'))
