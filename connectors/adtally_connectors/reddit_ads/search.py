"""One question to Reddit, page by page: a list, or a report.

Source: Reddit Ads API v3, "Pagination" and "Get a report" as quoted by clients of 2026 (read 2026-11). The
address of the next page is followed as it is given, and a question with a body sends it to each. A report
says how old its numbers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from adtally import ContractError, Http, TransientError, Unit, check_count, cursor_pages, day_start

from . import queries, wire

Row = TypeVar("Row")
Body = TypeVar("Body")
Dated = TypeVar("Dated", bound=wire.DatedIds)

CLOSED = timedelta(hours=24)
"""So long after its end the numbers of a day are whole."""
FINAL_DAYS, REST_DAYS = 3, 10
"""After so many days cost and clicks are taken as final; and numbers that are not whole are no longer waited
for: whether an account at rest has newer ones is not documented."""


def listed(
    http: Http,
    path: str,
    decode: type[wire.Page[list[Row]]],
    *,
    size: int = queries.LIST_SIZE,
    **params: str,
) -> Iterator[list[Row]]:
    """The rows of each page of a list."""

    def ask(url: str) -> tuple[list[Row], str]:
        first = None if url else {"page.size": size, **params}
        page = http.get(url or path, params=first, decode=decode)
        return page.data, _next_url(http, page)

    return cursor_pages(ask)


def searched(http: Http, path: str, decode: type[wire.Page[list[Row]]], *, size: int) -> Iterator[list[Row]]:
    """The rows of each page of a search without conditions."""
    return _posted(http, path, {"data": {}}, decode, list, size)


def report(
    http: Http, path: str, query: queries.Report, decode: type[wire.Page[wire.Metrics[Row]]]
) -> Iterator[list[Row]]:
    """The rows of each page of a report, as they are."""
    return _posted(http, path, queries.body(query), decode, lambda data: data.metrics, queries.REPORT_SIZE)


def by_day(
    http: Http,
    path: str,
    query: queries.Report,
    decode: type[wire.Page[wire.Metrics[Dated]]],
    unit: Unit,
    *,
    compares: bool,
) -> Iterator[list[Dated]]:
    """The rows of each page of a report by day, but for days that were not asked for.

    Raises ContractError for a row of another account, of a campaign or of days that the question was not
    about; TransientError while Reddit's numbers are too old for a day that is taken as final. Rows that are
    compared must have, in all, as many impressions as Reddit counts in the account: raises TransientError for
    fewer, ContractError for more.
    """
    came: int | None = 0
    for rows in _by_day(http, path, query, decode, unit):
        came = _impressions(rows, unit, came)
        yield rows
    if not compares or came is None:
        return
    told: int | None = 0
    for totals in _by_day(http, path, queries.total(query), wire.Page[wire.Metrics[wire.DatedIds]], unit):
        told = _impressions(totals, unit, told)
    if told is not None:
        check_count(came, told, "impressions")


def _by_day(
    http: Http,
    path: str,
    query: queries.Report,
    decode: type[wire.Page[wire.Metrics[Dated]]],
    unit: Unit,
) -> Iterator[list[Dated]]:
    def checked(data: wire.Metrics[Dated]) -> list[Dated]:
        rows = [row for row in data.metrics if _is_wanted(row, query, unit.account.id)]
        _check_closed(data, rows, unit)
        return rows

    return _posted(http, path, queries.body(query), decode, checked, queries.REPORT_SIZE)


def _impressions(rows: Sequence[wire.DatedIds], unit: Unit, before: int | None) -> int | None:
    """The impressions before and of these rows, but for days that still move; None once a row has none."""
    for row in rows:
        if before is not None and (unit.today - row.date).days > FINAL_DAYS:
            before = before + row.impressions if isinstance(row.impressions, int) else None
    return before


def _posted(
    http: Http,
    path: str,
    body: object,
    decode: type[wire.Page[Body]],
    rows_of: Callable[[Body], list[Row]],
    size: int,
) -> Iterator[list[Row]]:
    def ask(url: str) -> tuple[list[Row], str]:
        first = None if url else {"page.size": size}
        page = http.post(url or path, params=first, json=body, decode=decode)
        return rows_of(page.data), _next_url(http, page)

    return cursor_pages(ask)


def _next_url(http: Http, page: wire.Page[Body]) -> str:
    """Where the next page is, as it is given, once its host is known to be the API's; "" = there is none."""
    url = (page.pagination and page.pagination.next_url) or ""
    if url and not http.resolve(url)[0].startswith(f"{http.base_url}/"):
        raise ContractError(f"the next page is on another host: {urlsplit(url).hostname}")
    return url


def _is_wanted(row: wire.DatedIds, query: queries.Report, account_id: str) -> bool:
    """Whether the row's day was asked for; Reddit may bring the days around, too."""
    if query.level.key and not getattr(row, query.level.key):
        raise ContractError(f"report: a row by {query.level.breakdowns[0]} has no {query.level.key}")
    if row.ad_account_id not in ("", account_id):
        raise ContractError(f"report: a row is of account {row.ad_account_id}")
    if query.campaigns and row.campaign_id and row.campaign_id not in query.campaigns:
        raise ContractError(f"report: a row is of campaign {row.campaign_id}, which was not asked for")
    if not queries.is_near(row.date, query.window):
        raise ContractError(f"report: a row is of {row.date}, asked for was {query.window}")
    return row.date in query.window


def _check_closed(data: wire.Metrics[Dated], rows: list[Dated], unit: Unit) -> None:
    updated_at = data.metrics_updated_at
    final = [row.date for row in rows if FINAL_DAYS < (unit.today - row.date).days <= REST_DAYS]
    if updated_at is None or not final:
        return
    day = max(final)
    if updated_at < day_start(day + queries.DAY, unit.account.timezone) + CLOSED:
        raise TransientError(
            f"Reddit's numbers are of {updated_at:%Y-%m-%d %H:%M} UTC, too early for {day}: sync again later"
        )
