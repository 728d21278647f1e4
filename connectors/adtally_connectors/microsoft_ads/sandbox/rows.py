"""A report: what is asked of it, its rows, and the file that they come in.

Source: API v13, "ReportRequest", column pages, "Reports" (report file schema), 2024-11-06; columns of the SDK
13.0.30.1; read 2026-11. Rows in which nothing was counted do not appear; what was deleted does.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from adtally import Window, world

from . import entities
from .envelope import Refusal, check_names, invalid, read

REMEMBERED_DAYS, MOST_CAMPAIGNS = 1095, 300
Sums: TypeAlias = dict[str, int]

IDS = ("CampaignId", "AdGroupId", "AdId")
COUNTS = {
    "Impressions": "impressions",
    "Clicks": "clicks",
    "VideoViews": "video_views",
    "CompletedVideoViews": "video_completions",
    "LowQualityClicks": "invalid_clicks",
    "Installs": "installs",
}
HUNDREDTHS = {
    "Spend": "cost_micros",
    "ConversionsQualified": "conversions_micros",
    "Revenue": "revenue_micros",
    "AllConversionsQualified": "goal_micros",
    "AllRevenue": "goal_value_micros",
    "ViewThroughConversionsQualified": "view_through_micros",
    "ViewThroughRevenue": "nothing",
}
SEPARATED = {"Revenue", "AllRevenue"}
"""Amounts that FormatVersion 1.0 prints with separators of thousands."""
MEASURES = ("Impressions", "Clicks", "Spend", "VideoViews", "CompletedVideoViews")
RESULTS = ("ConversionsQualified", "Revenue", "AllConversionsQualified", "AllRevenue")
SEEN = ("ViewThroughConversionsQualified", "ViewThroughRevenue")
ALWAYS = ("TimePeriod", "AccountId", "AccountName", "AccountNumber")
COLUMNS = {
    "AccountPerformance": (
        *ALWAYS, "CurrencyCode", *MEASURES, *RESULTS, *SEEN, "LowQualityClicks", "Installs",
    ),
    "CampaignPerformance": (
        *ALWAYS, "CurrencyCode", "CampaignId", "CampaignName", "CampaignStatus", "CampaignType",
        *MEASURES, *RESULTS, *SEEN, "LowQualityClicks", "Installs",
    ),
    "AdGroupPerformance": (
        *ALWAYS, "CurrencyCode", "CampaignId", "CampaignName", "CampaignStatus", "CampaignType",
        "AdGroupId", "AdGroupName", "Status", *MEASURES, *RESULTS, *SEEN, "Installs",
    ),
    "AdPerformance": (
        *ALWAYS, "CurrencyCode", "CampaignId", "CampaignName", "CampaignStatus", "CampaignType",
        "AdGroupId", "AdGroupName", "AdGroupStatus", "AdId", "AdTitle", "AdStatus", "AdType",
        *MEASURES, *RESULTS, *SEEN,
    ),
    "GoalsAndFunnels": (
        *ALWAYS, "CampaignId", "CampaignName", "CampaignStatus", "CampaignType", "AdGroupId",
        "AdGroupName", "Goal", "GoalId", "GoalType", "AllConversionsQualified", "AllRevenue", *SEEN,
    ),
}  # fmt: skip
"""By report; invalid clicks are told of campaigns and accounts alone."""
REQUEST = (
    *("Type", "ReportName", "Format", "FormatVersion", "ReturnOnlyCompleteData", "ExcludeReportHeader"),
    *("ExcludeReportFooter", "ExcludeColumnHeaders", "Aggregation", "Columns", "Scope", "Time"),
)
ZONES_IN_REPORTS = {**dict(entities.ZONES.values()), "PacificTimeUSCanadaTijuana": entities.PACIFIC}
AGGREGATIONS = ("Daily", "Hourly", "Summary")


class Parts(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    year: int
    month: int
    day: int

    @property
    def date(self) -> date:
        return date(self.year, self.month, self.day)


class Time(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    custom_date_range_start: Parts
    custom_date_range_end: Parts
    report_time_zone: str = "PacificTimeUSCanadaTijuana"


class OfCampaign(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    account_id: str
    campaign_id: str


class Scope(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    account_ids: list[str] = []
    campaigns: list[OfCampaign] = []

    @property
    def owners(self) -> set[str]:
        return {*self.account_ids, *(one.account_id for one in self.campaigns)}


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report."""

    account: world.Account
    report: str
    columns: tuple[str, ...]
    window: Window
    zone: str
    campaigns: frozenset[str]
    """Only these; empty = all."""
    aggregation: str
    separated: bool
    head: bool
    foot: bool


def query(given: Mapping[str, object], account: world.Account, today: date) -> Query:
    """What is asked, or a Refusal. Without the column TimePeriod any aggregation becomes a summary."""
    check_names(given, ("Type", "Columns", "Scope", "Time"), (*REQUEST, "Filter"))
    report = read(given, "Type", str).removesuffix("ReportRequest")
    if report not in COLUMNS:
        raise invalid("Type: not a report of the sandbox.")
    if given.get("Format", "Csv") != "Csv" or given.get("Aggregation", "Daily") not in AGGREGATIONS:
        raise invalid("Format, Aggregation: the sandbox has Csv, Daily, Hourly and Summary.")
    if given.get("Filter") or given.get("ExcludeColumnHeaders"):
        raise invalid("Filter, ExcludeColumnHeaders: not in the sandbox.")
    columns = tuple(read(given, "Columns", list[str]))
    _check_columns(columns, report, str(given.get("Aggregation", "Daily")))
    scope = read(given, "Scope", Scope)
    if scope.owners != {account.account_id} or (report == "AccountPerformance" and scope.campaigns):
        raise Refusal(2018, "The scope has another account than CustomerAccountId.")
    if len(scope.campaigns) > MOST_CAMPAIGNS:
        raise Refusal(2030, f"At most {MOST_CAMPAIGNS} campaigns are possible.")
    time = read(given, "Time", Time)
    if time.report_time_zone not in ZONES_IN_REPORTS:
        raise invalid("ReportTimeZone: not a value of the sandbox.")
    first, last = time.custom_date_range_start.date, time.custom_date_range_end.date
    if last > today or last < first:
        raise Refusal(2010, "The end of the range is in the future or before its start.")
    if (today - first).days > REMEMBERED_DAYS:
        raise Refusal(2009, "The start of the range is too long ago.")
    return Query(
        account,
        report,
        columns,
        Window(first, last),
        time.report_time_zone,
        frozenset(one.campaign_id for one in scope.campaigns),
        aggregation=str(given.get("Aggregation", "Daily")),
        separated=given.get("FormatVersion", "1.0") != "2.0",
        head=not given.get("ExcludeReportHeader"),
        foot=not given.get("ExcludeReportFooter"),
    )


def _check_columns(columns: tuple[str, ...], report: str, aggregation: str) -> None:
    if not columns:
        raise Refusal(2014, "Columns are missing.")
    if len({*columns}) < len(columns):
        raise Refusal(2016, "A column is there twice.")
    for name in columns:
        if name not in COLUMNS[report]:
            raise invalid(f"Columns: {name} is not a column of the report.")
    if not {*columns} & {*COUNTS, *HUNDREDTHS}:
        raise Refusal(2017, "At least one measure is needed.")
    is_summary = aggregation == "Summary"
    if is_summary == ("TimePeriod" in columns) or (report == "GoalsAndFunnels" and "Goal" not in columns):
        raise Refusal(2015, "A required column is missing, or one is there that must not be.")


def found(asked: Query, played: world.World) -> list[list[str]]:
    """The cells of each row, days in order."""
    sums: defaultdict[tuple[str, ...], Sums] = defaultdict(lambda: defaultdict(int))
    attributes = [name for name in asked.columns if name not in COUNTS and name not in HUNDREDTHS]
    for texts, row in _told(asked, played):
        into = sums[tuple(texts[name] for name in attributes)]
        for name, counted in row.items():
            into[name] += counted
    lines: list[list[str]] = []
    for key, total in sorted(sums.items()):
        told = dict(zip(attributes, key, strict=True))
        shown = [told.get(name) or _number(name, total, asked) for name in asked.columns]
        if any(total[COUNTS.get(name) or HUNDREDTHS.get(name, "nothing")] for name in asked.columns):
            lines.append(shown)
    return lines


def file(asked: Query, lines: list[list[str]], today: date) -> bytes:
    """A ZIP with one CSV file: UTF-8 with a byte order mark, every value in quotes."""
    window = asked.window
    days = ",".join(f"{day:%-m/%-d/%Y}" for day in (window.first_day, window.last_day))
    shown = entities.PACIFIC if asked.aggregation == "Hourly" else ZONES_IN_REPORTS[asked.zone]
    head = (
        "Report Name: adtally",
        f"Report Time: {days}",
        f"Time Zone: {shown}",
        f"Last Completed Available Day: {today:%-m/%-d/%Y} 5:05:00 AM (GMT)",
        f"Last Completed Available Hour: {today:%-m/%-d/%Y} 5:05:00 AM (GMT)",
        f"Report Aggregation: {asked.aggregation}",
        "Report Filter: ",
        f"Potential Incomplete Data: {str(window.last_day >= today).lower()}",
        f"Rows: {len(lines)}",
    )
    foot = f"@{today:%Y} Microsoft Corporation. All rights reserved. "
    parts = [
        *([*([line] for line in head), []] if asked.head else []),
        [*asked.columns],
        *lines,
        *([[], [foot]] if asked.foot else []),
    ]
    text = "".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) + "\r\n" for line in parts
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("adtally.csv"), text.encode("utf-8-sig"))
    return packed.getvalue()


def _told(asked: Query, played: world.World) -> Iterator[tuple[dict[str, str], Sums]]:
    """What is counted of each day of each ad, or of each goal there, with every attribute."""
    for campaign in asked.account.campaigns:
        if asked.campaigns and campaign.campaign_id not in asked.campaigns:
            continue
        groups = {group.ad_group_id: group for group in campaign.ad_groups}
        for row, time in _rows(asked, played.days[campaign.campaign_id]):
            texts = _attributes(asked.account, campaign, groups[row.ad_group_id], row, time)
            counted = {
                name: int(getattr(row, name)) for name in world.Row.__slots__ if name.endswith("_micros")
            }
            counted |= {name: getattr(row, name) for name in COUNTS.values()} | {"nothing": 0}
            if asked.report != "GoalsAndFunnels":
                yield texts, counted
                continue
            for (goal_id, name, kind), quantity, value, seen in (
                (entities.ORDERS, row.conversions_micros, row.revenue_micros, row.view_through),
                (entities.SIGN_UPS, row.sign_ups * 1_000_000, 0, 0),
            ):
                results = {"goal_micros": quantity, "goal_value_micros": value}
                own = {"Goal": name, "GoalId": goal_id, "GoalType": kind}
                yield texts | own, results | {"view_through_micros": seen * 1_000_000, "nothing": 0}


def _rows(asked: Query, rows: Iterable[world.Row]) -> Iterator[tuple[world.Row, str]]:
    """The rows of the window, each with its time in Microsoft's words; hours are always Pacific."""
    for row in rows:
        if asked.aggregation != "Hourly":
            if row.day in asked.window:
                yield row, row.day.isoformat()
        elif any(row.day + timedelta(days=off) in asked.window for off in (-1, 0, 1)):
            for hour, part in world.by_hour(row, asked.account.timezone, asked.account.row_micros):
                there = hour.astimezone(ZoneInfo("America/Los_Angeles"))
                if there.date() in asked.window:
                    yield part, f"{there:%Y-%m-%d}|{there.hour}"


def _attributes(
    account: world.Account, campaign: world.Campaign, group: world.AdGroup, row: world.Row, time: str
) -> dict[str, str]:
    """Names as they are now; a deleted campaign's ad groups and ads went with it."""
    state = entities.STATES[campaign.status]
    below = "Deleted" if state == "Deleted" else "Active"
    kind = entities.TYPES[campaign.channel]
    return {
        "TimePeriod": time,
        "AccountId": account.account_id,
        "AccountName": account.name,
        "AccountNumber": f"F{account.account_id[-7:]}",
        "CurrencyCode": account.currency,
        "CampaignId": campaign.campaign_id,
        "CampaignName": campaign.name,
        "CampaignStatus": state,
        "CampaignType": "Search & content" if kind == "Search" else kind,
        "AdGroupId": group.ad_group_id,
        "AdGroupName": group.name,
        "Status": below,
        "AdGroupStatus": below,
        "AdId": row.ad_id,
        "AdTitle": entities.ad_title(campaign, row.ad_id),
        "AdStatus": below,
        "AdType": entities.ad_type(campaign),
    }


def _number(name: str, counted: Mapping[str, int], asked: Query) -> str:
    if name in COUNTS:
        return str(counted[COUNTS[name]])
    if name not in HUNDREDTHS:
        return ""
    form: Callable[[Decimal], str] = (
        "{:,.2f}".format if asked.separated and name in SEPARATED else "{:.2f}".format
    )
    return form(Decimal(counted[HUNDREDTHS[name]]).scaleb(-6))
