"""Reports: what may be asked, and the CSV that comes of it.

Source: Bid Manager API v2 (contract of 2025-11-26), "Filters & metrics", and public programs that read its
files (read 2026-11). A metric that a report cannot have is named by the refusal.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import TypeAlias

import msgspec

from adtally import Window, world

from .entities import is_youtube
from .envelope import Refusal, denied

Count: TypeAlias = Callable[[world.Campaign, world.Row], int]
AMONG = ("social", "reel")
"""Channels of the world whose conversions hold those of people who only saw the ad."""


class Strict(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A part of a body; any other key is refused."""


class Day(Strict):
    year: int
    month: int
    day: int


class DataRange(Strict):
    range: str
    custom_start_date: Day
    custom_end_date: Day


class Metadata(Strict):
    title: str
    data_range: DataRange
    format: str
    send_notification: bool = True


class Filter(Strict):
    type: str
    value: str


class Params(Strict):
    type: str
    group_bys: list[str]
    filters: list[Filter]
    metrics: list[str]


class Schedule(Strict):
    frequency: str


class Body(Strict):
    metadata: Metadata
    params: Params
    schedule: Schedule


class Run(Strict):
    """The body of a run; another range of days is not played here."""


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query."""

    account_id: str
    groups: tuple[str, ...]
    metrics: tuple[str, ...]
    window: Window
    campaigns: frozenset[str]


def after_view(row: world.Row) -> int:
    return row.view_through * 1_000_000


def after_click(campaign: world.Campaign, row: world.Row) -> int:
    return row.conversions_micros - (after_view(row) if campaign.channel in AMONG else 0)


GROUPS: dict[str, tuple[str, Callable[[str, world.Campaign, world.Row], str]]] = {
    "FILTER_DATE": ("Date", lambda _id, _campaign, row: f"{row.day:%Y/%m/%d}"),
    "FILTER_ADVERTISER": ("Advertiser ID", lambda account_id, _campaign, _row: account_id),
    "FILTER_MEDIA_PLAN": ("Campaign ID", lambda _id, campaign, _row: campaign.campaign_id),
    "FILTER_MEDIA_PLAN_NAME": ("Campaign", lambda _id, campaign, _row: campaign.name),
    "FILTER_LINE_ITEM": ("Line Item ID", lambda _id, _campaign, row: row.ad_group_id),
    "FILTER_CREATIVE_ID": ("Creative ID", lambda _id, _campaign, row: row.ad_id),
}
COUNTS: dict[str, tuple[str, Count]] = {
    "METRIC_IMPRESSIONS": ("Impressions", lambda _, row: row.impressions),
    "METRIC_BILLABLE_IMPRESSIONS": ("Billable Impressions", lambda _, row: row.impressions),
    "METRIC_ACTIVE_VIEW_MEASURABLE_IMPRESSIONS": (
        "Active View: Measurable Impressions",
        lambda _, row: row.measurable_impressions,
    ),
    "METRIC_ACTIVE_VIEW_VIEWABLE_IMPRESSIONS": (
        "Active View: Viewable Impressions",
        lambda _, row: row.viewable_impressions,
    ),
    "METRIC_CLICKS": ("Clicks", lambda _, row: row.clicks),
    "METRIC_ENGAGEMENTS": ("Engagements", lambda _, row: row.engagements),
    "METRIC_RICH_MEDIA_VIDEO_PLAYS": ("Starts (Video)", lambda _, row: row.video_views),
    "METRIC_RICH_MEDIA_VIDEO_COMPLETIONS": ("Complete Views (Video)", lambda _, row: row.video_completions),
    "METRIC_TRUEVIEW_VIEWS": (
        "TrueView: Views",
        lambda campaign, row: row.video_views if is_youtube(campaign) else 0,
    ),
    "METRIC_INVALID_CLICKS": ("Invalid Clicks", lambda _, row: row.invalid_clicks),
}
MONEY: dict[str, tuple[str, Count]] = {
    "METRIC_BILLABLE_COST_ADVERTISER": ("Billable Cost (Adv Currency)", lambda _, row: row.cost_micros),
    "METRIC_REFUND_BILLABLE_COST_ADVERTISER_CURRENCY": (
        "Refund Billable Cost (Adv Currency)",
        lambda _, row: 0,
    ),
    "METRIC_REVENUE_ADVERTISER": ("Revenue (Adv Currency)", lambda _, row: row.cost_micros * 115 // 100),
    "METRIC_TOTAL_CONVERSIONS": (
        "Total Conversions",
        lambda campaign, row: after_click(campaign, row) + after_view(row),
    ),
    "METRIC_LAST_CLICKS": ("Post-Click Conversions", after_click),
    "METRIC_LAST_IMPRESSIONS": ("Post-View Conversions", lambda _, row: after_view(row)),
    "METRIC_CM360_POST_CLICK_REVENUE": ("CM360 Post-Click Revenue", lambda _, row: row.revenue_micros),
    "METRIC_CM360_POST_VIEW_REVENUE": ("CM360 Post-View Revenue", lambda _, row: 0),
}
METRICS = COUNTS | MONEY
NEED_LINK = {"METRIC_CM360_POST_CLICK_REVENUE", "METRIC_CM360_POST_VIEW_REVENUE"}
"""Refused where the advertiser has no link to Campaign Manager 360: here, those who buy on YouTube."""


def query(body: Body, accounts: Mapping[str, world.Account], today: date) -> Query:
    """What is asked, or a Refusal."""
    params, days = body.params, body.metadata.data_range
    if (params.type, body.metadata.format, days.range) != ("STANDARD", "CSV", "CUSTOM_DATES"):
        raise Refusal(400, "The sandbox has STANDARD reports as CSV with CUSTOM_DATES only.")
    if body.schedule.frequency != "ONE_TIME" or body.metadata.send_notification:
        raise Refusal(400, "The sandbox has no schedules and sends no mail.")
    account = _account(params.filters, accounts)
    if not params.group_bys or set(params.group_bys) - GROUPS.keys():
        raise Refusal(400, f"Invalid group by: {params.group_bys}")
    lacking = NEED_LINK if any(map(is_youtube, account.campaigns)) else set[str]()
    if bad := [name for name in params.metrics if name not in METRICS or name in lacking]:
        raise Refusal(400, f"Metric(s) not supported for this report: {', '.join(bad)}")
    if not params.metrics or len({*params.metrics}) != len(params.metrics):
        raise Refusal(400, "Metrics must be given, each once.")
    window = _window(days, today)
    campaigns = frozenset(one.value for one in params.filters if one.type == "FILTER_MEDIA_PLAN")
    return Query(account.account_id, tuple(params.group_bys), tuple(params.metrics), window, campaigns)


def sheet(asked: Query, account: world.Account, played: world.World) -> bytes:
    """The file: header, rows, totals after an empty cell, an empty line, and a footer."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [*(GROUPS[name][0] for name in asked.groups), *(METRICS[name][0] for name in asked.metrics)]
    )
    sums: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0] * len(asked.metrics))
    for campaign, row in _rows(asked, account, played):
        known = sums[tuple(GROUPS[name][1](account.account_id, campaign, row) for name in asked.groups)]
        for place, name in enumerate(asked.metrics):
            known[place] += METRICS[name][1](campaign, row)
    for ids, told in sorted(sums.items()):
        writer.writerow([*ids, *_cells(asked, told)])
    if sums:
        totals = [sum(column) for column in zip(*sums.values(), strict=True)]
        writer.writerow([*("" for _ in asked.groups), *_cells(asked, totals)])
    else:
        writer.writerow(["No data returned by the reporting service."])
    text.write("\n")
    for line in (
        ("Report Time:", f"{played.today:%Y/%m/%d} 12:00 GMT"),
        ("Date Range:", f"{asked.window.first_day:%Y/%m/%d} to {asked.window.last_day:%Y/%m/%d}"),
        ("Filter by Advertiser ID:", account.account_id),
    ):
        writer.writerow(line)
    return text.getvalue().encode()


def _rows(
    asked: Query, account: world.Account, played: world.World
) -> Iterator[tuple[world.Campaign, world.Row]]:
    for campaign in account.campaigns:
        if not asked.campaigns or campaign.campaign_id in asked.campaigns:
            yield from (
                (campaign, row) for row in played.days[campaign.campaign_id] if row.day in asked.window
            )


def _cells(asked: Query, told: list[int]) -> list[str]:
    return [
        str(number) if name in COUNTS else f"{Decimal(number).scaleb(-6):.6f}"
        for name, number in zip(asked.metrics, told, strict=True)
    ]


def _account(filters: list[Filter], accounts: Mapping[str, world.Account]) -> world.Account:
    given = {one.type: one.value for one in filters}
    if unknown := given.keys() - {"FILTER_PARTNER", "FILTER_ADVERTISER", "FILTER_MEDIA_PLAN"}:
        raise Refusal(400, f"Invalid filter: {min(unknown)}")
    account = accounts.get(given.get("FILTER_ADVERTISER", ""))
    if account is None or account.access == "denied":
        raise denied()
    if given.get("FILTER_PARTNER") != account.manager_id:
        raise denied()
    return account


def _window(given: DataRange, today: date) -> Window:
    try:
        first, last = (
            date(one.year, one.month, one.day) for one in (given.custom_start_date, given.custom_end_date)
        )
    except ValueError:
        raise Refusal(400, "Invalid custom date.") from None
    if not first <= last <= today:
        raise Refusal(400, "Custom dates must be in order and not in the future.")
    return Window(first, last)
