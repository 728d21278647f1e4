"""What is asked of Reddit: the bodies of reports, and their days as instants.

Source: Reddit Ads API v3, "Get a report" (types of clients made from its OpenAPI file; live notes of a client
of 2026-09-11; read 2026-11). Bounds are whole hours of UTC; the days of the breakdown by date follow
``time_zone_id``. A report may reach 24 hours further than its end bound says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from adtally import Window, day_start

from . import wire

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REPORT_SIZE = ACCOUNTS_SIZE = 1000
BUSINESSES_SIZE = 700
LIST_SIZE = 100
"""Rows a page, as many as are known to be allowed."""
CAMPAIGNS_AT_ONCE = 100
BEYOND_DAYS = 3
"""So many days after those that are wanted a report may bring: one that is asked for beside them, one that
its end bound adds, and a part of one by the hour. Before them it brings fewer."""

IDS = wire.Ids.__struct_fields__


@dataclass(frozen=True, slots=True)
class Level:
    """One grain in Reddit's words: the id that a row must have ("" = none), and what it is broken down by."""

    key: str
    breakdowns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of a level by day; or, not ``by_day``, what there is at all in these days."""

    level: Level
    fields: tuple[str, ...]
    window: Window
    timezone: str
    campaigns: tuple[str, ...] = ()
    """Only these; () = all."""
    by_day: bool = True


# Three breakdowns at most: the day and two ids. Which campaign an ad is in follows from its ad group.
ACCOUNT = Level("", ("AD_ACCOUNT_ID",))
CAMPAIGN = Level("campaign_id", ("CAMPAIGN_ID",))
AD_GROUP = Level("ad_group_id", ("AD_GROUP_ID", "CAMPAIGN_ID"))
AD = Level("ad_id", ("AD_ID", "AD_GROUP_ID"))
AD_IN_CAMPAIGN = Level("ad_id", (*AD.breakdowns, "CAMPAIGN_ID"))


def _names(row: type[wire.Ids]) -> tuple[str, ...]:
    """The fields to ask for: those of the row, but for its breakdowns."""
    return tuple(name.upper() for name in row.__struct_fields__ if name not in (*IDS, "date"))


DELIVERY, ACTIONS = _names(wire.DeliveryRow), _names(wire.ActionRow)
TOTAL, SPENT = _names(wire.DatedIds), ("SPEND",)


def body(report: Report) -> dict[str, object]:
    """The JSON body, the same for each page."""
    starts_at, ends_at = bounds(report.window, report.timezone)
    data: dict[str, object] = {
        "starts_at": _hour(starts_at),
        "ends_at": _hour(ends_at),
        "breakdowns": list(report.level.breakdowns),
        "fields": list(report.fields),
    }
    if report.by_day:
        data["breakdowns"] = [*report.level.breakdowns, "DATE"]
        data["time_zone_id"] = report.timezone
    if report.campaigns:
        data["filter"] = ",".join(f"campaign:id=={campaign}" for campaign in report.campaigns)
    return {"data": data}


def bounds(window: Window, timezone: str) -> tuple[datetime, datetime]:
    """The local midnights before the first and after the last day, in UTC.

    Where one is no whole hour of UTC, a day more on both sides and the hours around: no day is cut.
    """
    first, after = window.first_day, window.last_day + DAY
    starts_at, ends_at = day_start(first, timezone), day_start(after, timezone)
    if starts_at.minute or ends_at.minute:
        starts_at, ends_at = day_start(first - DAY, timezone), day_start(after + DAY, timezone)
    ceiled = ends_at + HOUR if ends_at.minute else ends_at
    return starts_at.replace(minute=0), ceiled.replace(minute=0)


def total(report: Report) -> Report:
    """What all rows of the report add up to, by day."""
    return replace(report, level=ACCOUNT, fields=TOTAL)


def is_near(day: date, window: Window) -> bool:
    """Whether a report of the window may bring this day, though it may lie outside."""
    return window.first_day - BEYOND_DAYS * DAY <= day <= window.last_day + BEYOND_DAYS * DAY


def _hour(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H}:00:00Z"
