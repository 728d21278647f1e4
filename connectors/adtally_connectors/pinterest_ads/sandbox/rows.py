"""Reports by day of UTC: at once for an account, or made ready for any level.

Source: Pinterest API v5, OpenAPI document 5.23.0, "analytics", "reports"; the shape of files from public
clients; read 2026-11. JSON leaves out what is zero and CSV does not; both leave out rows of nothing else.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TypeAlias, cast

import msgspec

from adtally import Window, world

from . import columns
from .envelope import check_names, days, invalid

Row: TypeAlias = dict[str, str | int]

LEVELS = {"ADVERTISER": 0, "CAMPAIGN": 1, "AD_GROUP": 2, "PIN_PROMOTION": 3}
"""How many ids name a row, from the campaign down."""
PLACES = ("CAMPAIGN_ID", "AD_GROUP_ID", "AD_ID")
OWNERS = ("AD_ACCOUNT_ID", "ADVERTISER_ID")
NUMBERS = {"CAMPAIGN_ID"}
"""Ids that JSON writes as numbers."""
OPTIONAL = (*columns.WINDOWS, "conversion_report_time", "reporting_timezone")
NEEDED = ("start_date", "end_date", "granularity", "columns")
RECENT, PREPARED_BACK = (90, 90), (914, 186)
"""Days back, and days at most."""
MOST_CAMPAIGNS = 500


@dataclass(frozen=True, slots=True)
class Query:
    """A checked question."""

    level: str
    columns: tuple[str, ...]
    window: Window
    percent: int
    campaigns: frozenset[str] = frozenset()
    report_format: str = "JSON"
    primary_sort: str = "BY_ID"


def at_once(given: Mapping[str, str], today: date) -> Query:
    """The question for an account's own days, or a Refusal."""
    check_names(given, OPTIONAL, NEEDED)
    numbers = {name: int(given[name]) for name in columns.WINDOWS if given.get(name, "").isdigit()}
    if len(numbers) != len([name for name in columns.WINDOWS if name in given]):
        raise invalid("window_days: not a number.")
    asked = tuple(given["columns"].split(","))
    window = days(given, today, back=RECENT[0], most=RECENT[1])
    _check(given, asked, "ADVERTISER", columns.AT_ONCE)
    return Query("ADVERTISER", asked, window, _percent(numbers))


def prepared(body: Mapping[str, object], today: date) -> Query:
    """The question for a report that is made ready, or a Refusal."""
    check_names(body, (*OPTIONAL, "campaign_ids", "report_format", "primary_sort"), (*NEEDED, "level"))
    level = str(body["level"])
    if level not in LEVELS:
        raise invalid(f"level: {level!r} is not a valid choice.")
    asked = tuple(_texts(body, "columns"))
    campaigns = frozenset(_texts(body, "campaign_ids"))
    if len(campaigns) > MOST_CAMPAIGNS or ("campaign_ids" in body and not campaigns):
        raise invalid(f"campaign_ids: 1 to {MOST_CAMPAIGNS} are possible.")
    window = days(body, today, back=PREPARED_BACK[0], most=PREPARED_BACK[1])
    _check(body, asked, level, columns.PREPARED)
    report_format, primary_sort = body.get("report_format", "JSON"), body.get("primary_sort", "BY_ID")
    if report_format not in ("JSON", "CSV") or primary_sort not in ("BY_ID", "BY_DATE"):
        raise invalid("report_format, primary_sort: not a valid choice.")
    numbers = {name: body[name] for name in columns.WINDOWS if name in body}
    return Query(level, asked, window, _percent(numbers), campaigns, str(report_format), str(primary_sort))


def found(asked: Query, of: world.Account, played: world.World) -> list[Row]:
    """Every row with all columns, also those that are zero; who was not shown has none."""
    sums: defaultdict[tuple[str, ...], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    depth = LEVELS[asked.level]
    metrics = [name for name in asked.columns if name not in columns.IDS]
    for campaign in of.campaigns:
        if asked.campaigns and campaign.campaign_id not in asked.campaigns:
            continue
        for row in played.days[campaign.campaign_id]:
            if row.day in asked.window:
                known = sums[str(row.day), *(campaign.campaign_id, row.ad_group_id, row.ad_id)[:depth]]
                for name in metrics:
                    known[name] += columns.PREPARED[name](row)
    rows: list[Row] = []
    for (day, *ids), counts in sorted(sums.items()):
        told = dict.fromkeys(OWNERS, of.account_id) | dict(zip(PLACES, ids, strict=False))
        shown = {
            name: counts[name] * (100 if name in columns.DELIVERED else asked.percent) // 100
            for name in metrics
        }
        if any(shown.values()):
            rows.append(
                {"DATE": day, **{name: told[name] for name in asked.columns if name in told}, **shown}
            )
    return rows


def as_json(row: Row) -> Row:
    """The row without zeros, some of its ids as numbers."""
    return {name: int(value) if name in NUMBERS else value for name, value in row.items() if value != 0}


def file(asked: Query, rows: list[Row]) -> bytes:
    """The file of a report: an object by date or by id with a list of rows each, or a table."""
    if asked.report_format == "CSV":
        text = StringIO()
        writer = csv.DictWriter(text, ["DATE", *asked.columns])
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()
    depth = LEVELS[asked.level]
    by_id = PLACES[depth - 1] if depth else OWNERS[0]
    parts: defaultdict[str, list[object]] = defaultdict(list)
    for row in rows:
        parts[str(row["DATE" if asked.primary_sort == "BY_DATE" else by_id])].append(as_json(row))
    return msgspec.json.encode(parts)


def _check(given: Mapping[str, object], asked: Collection[str], level: str, known: Collection[str]) -> None:
    if given["granularity"] != "DAY":
        raise invalid("granularity: the sandbox has DAY alone.")
    if given.get("reporting_timezone", "PINTEREST_TIME_ZONE") != "PINTEREST_TIME_ZONE":
        raise invalid("reporting_timezone: this account is not in the beta.")
    if given.get("conversion_report_time", "TIME_OF_AD_ACTION") not in columns.REPORT_TIMES:
        raise invalid("conversion_report_time: not a valid choice.")
    places = {*OWNERS, *PLACES[: LEVELS[level]]}
    for name in asked:
        if name not in known and name not in places:
            raise invalid(f"columns: {name!r} is not a valid choice at {level}.")
    if len(set(asked)) != len(asked):
        raise invalid("columns: one came twice.")


def _percent(numbers: Mapping[str, object]) -> int:
    """How many of all conversions the window after a click lets count."""
    for name, value in numbers.items():
        if type(value) is not int or value not in columns.CLICK_WINDOWS:
            raise invalid(f"{name}: must be one of {list(columns.CLICK_WINDOWS)}.")
    window = numbers.get("click_window_days", columns.DEFAULTS["click_window_days"])
    return columns.CLICK_WINDOWS[cast("int", window)]


def _texts(body: Mapping[str, object], name: str) -> Iterator[str]:
    """A list of texts, or nothing where it is not given."""
    values = body.get(name, [])
    if not isinstance(values, list):
        raise invalid(f"{name}: must be a list.")
    for value in cast("list[object]", values):
        if not isinstance(value, str):
            raise invalid(f"{name}: {value!r} is no text.")
        yield value
