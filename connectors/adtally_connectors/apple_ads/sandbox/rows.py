"""The rows of a report: one for each thing that was shown, its days nested, and a grand total on demand.

Source: "Apps Reports Objects" and "TimeRange" of Apple Ads Platform API 1.0; read 2026-11. A filter on
campaigns is required. A day on which nothing happened is told by its date alone. Days are the account's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import field

from adtally import Window, world

from . import entities
from .envelope import Filter, Pagination, Sorting, Strict, cut_out, in_order, invalid, money, placed

Node: TypeAlias = dict[str, object]
Served: TypeAlias = tuple[int, Node, list[world.Row]]
"""An id, its row, and what of the world stands behind it."""

DAYS_BACK = {"DAILY": 90, "HOURLY": 7}
GRANULARITIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY")
LEVELS = {"campaigns", "adgroups", "ads"}


class TimeRange(Strict, frozen=True):
    start: str
    end: str
    time_zone: str = "ORTZ"
    granularity: str = ""


class Options(Strict, frozen=True):
    include_rows: list[str] = field(default_factory=list[str])


class Asked(Strict, frozen=True):
    """The body of a report."""

    time_range: TimeRange
    filters: list[Filter] = field(default_factory=list[Filter])
    sorting: list[Sorting] = field(default_factory=list[Sorting])
    options: Options = Options()
    pagination: Pagination = Pagination()


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report."""

    window: Window
    granularity: str
    """DAILY, HOURLY, or "" for totals."""
    campaigns: frozenset[str]
    grand_total: bool


def query(asked: Asked, today: date) -> Query:
    """What is asked, or a Refusal. ``today`` is the world's; whoever plays by hand has the real clock."""
    days = asked.time_range
    try:
        first, last = date.fromisoformat(days.start), date.fromisoformat(days.end)
    except ValueError:
        raise invalid("timeRange: start and end must be YYYY-MM-DD.") from None
    if days.time_zone != "ORTZ":
        raise invalid("timeRange.timeZone: the sandbox has ORTZ only.")
    if days.granularity not in ("", *GRANULARITIES):
        raise invalid(f"timeRange.granularity: no such value {days.granularity!r}.")
    if days.granularity not in ("", *DAYS_BACK):
        raise invalid("timeRange.granularity: the sandbox has DAILY and HOURLY only.")
    if first > last or last > max(today, datetime.now(UTC).date()):
        raise invalid("timeRange.end must not lie before start nor in the future.")
    if days.granularity == "DAILY" and first == last:
        raise invalid("timeRange: DAILY needs more than one day.")
    most = DAYS_BACK.get(days.granularity)
    if most and first < today - timedelta(days=most):
        raise invalid(f"timeRange.start must be within the last {most} days for {days.granularity}.")
    rows = set(asked.options.include_rows)
    if rows - {"GRAND_TOTAL"}:
        raise invalid("options.includeRows: the sandbox has GRAND_TOTAL only.")
    return Query(Window(first, last), days.granularity, _campaigns(asked.filters), bool(rows))


def _campaigns(filters: Iterable[Filter]) -> frozenset[str]:
    wanted: frozenset[str] | None = None
    for each in filters:
        values = each.values
        if (each.field, each.operator) != ("campaignId", "IN"):
            raise invalid("filters: the sandbox has campaignId IN [...] only.")
        if not all(isinstance(value, str) for value in values) or len(values) > entities.MOST_IDS:
            raise invalid(f"filters: campaignId takes at most {entities.MOST_IDS} texts.")
        wanted = frozenset(map(str, values))
    if not wanted:
        raise invalid("filters: campaignId is required.", "MISSING_REQUIRED_FIELD")
    return wanted


def report(level: str, asked: Asked, account: world.Account, played: world.World) -> Node:
    """A page of the report; who was not shown has no row."""
    wanted = query(asked, played.today)
    found = in_order(_rows(level, wanted, account, played), asked.sorting)
    result: Node = {"rows": cut_out([node for _, node, _ in found], asked.pagination)}
    if wanted.grand_total:
        everything = [row for *_, rows in found for row in rows]
        result["summary"] = {"grandTotal": _metrics(everything, account.currency)}
    return {"result": result, "pagination": placed(asked.pagination, len(found)), "error": None}


def _rows(level: str, wanted: Query, account: world.Account, played: world.World) -> list[Served]:
    found: list[Served] = []
    for campaign in account.campaigns:
        if campaign.campaign_id not in wanted.campaigns:
            continue
        served = defaultdict[str, list[world.Row]](list)
        for row in played.days[campaign.campaign_id]:
            if row.day in wanted.window:
                key = {"campaigns": campaign.campaign_id, "adgroups": row.ad_group_id}.get(level, row.ad_id)
                served[key].append(row)
        for key, rows in served.items():
            node: Node = {
                "metadata": _metadata(level, account, campaign, key),
                "totalMetrics": _metrics(rows, account.currency),
            }
            if wanted.granularity == "HOURLY":
                node["granularMetrics"] = _by_hour(rows, account)
            elif wanted.granularity:
                node["granularMetrics"] = _by_day(rows, wanted.window, account.currency)
            found.append((int(key), node, rows))
    return sorted(found, key=lambda served: served[0])


def _metadata(level: str, account: world.Account, campaign: world.Campaign, key: str) -> Node:
    of_level = {"campaigns": entities.campaigns, "adgroups": entities.ad_groups, "ads": entities.ads}[level]
    node = next(each for each in of_level(account) if each["id"] == int(key))
    parents = ("promotedObjectType", "promotedObjectId", "billingEvent", "dailyBudget", "pricingModel")
    kept = ("id", "name", "status", "displayStatus", "deleted", "adAccountId", "campaignId", "adGroupId")
    told: Node = {name: node[name] for name in (*kept, *parents) if name in node}
    if level == "campaigns":
        told["adChannelType"] = "SEARCH"
    if level == "ads":
        told["creative"] = {"id": node["creativeId"], "creativeType": "DEFAULT_PRODUCT_PAGE"}
    if level == "adgroups":
        told["campaign"] = {"name": campaign.name}
    return told


def _by_day(rows: list[world.Row], window: Window, currency: str) -> list[Node]:
    days = defaultdict[date, list[world.Row]](list)
    for row in rows:
        days[row.day].append(row)
    return [
        {"date": day.isoformat()} | (_metrics(days[day], currency) if day in days else {}) for day in window
    ]


def _by_hour(rows: list[world.Row], account: world.Account) -> list[Node]:
    """The hours by the account's clock, one that it repeats once; those without anything by date alone."""
    hours = defaultdict[str, list[world.Row]](list)
    clock = ZoneInfo(account.timezone)
    for row in rows:
        for hour, part in world.by_hour(row, account.timezone, account.row_micros):
            hours[f"{hour.astimezone(clock):%Y-%m-%d %H}"].append(part)
    return [
        {"date": hour} | (_metrics(parts, account.currency) if any(map(_is_any, parts)) else {})
        for hour, parts in sorted(hours.items())
    ]


def _is_any(row: world.Row) -> bool:
    return bool(row.impressions or row.clicks or row.cost_micros or row.installs or row.view_through)


def _metrics(rows: list[world.Row], currency: str) -> Node:
    """The sums of some rows; a rate without a denominator is null."""
    cost, impressions, taps, tapped, viewed, new, viewed_new = (
        (
            sum(numbers)
            for numbers in zip(
                *(
                    (
                        row.cost_micros,
                        row.impressions,
                        row.clicks,
                        row.installs,
                        row.view_through,
                        row.installs * 4 // 5,
                        row.view_through // 2,
                    )
                    for row in rows
                ),
                strict=True,
            )
        )
        if rows
        else (0,) * 7
    )
    return {
        "localSpend": money(cost, currency),
        "impressions": impressions,
        "taps": taps,
        "ttr": taps / impressions if impressions else None,
        "cpt": money(cost // taps, currency) if taps else None,
        "cpm": money(cost * 1000 // impressions, currency) if impressions else None,
        "tapInstalls": tapped,
        "viewInstalls": viewed,
        "totalInstalls": tapped + viewed,
        "tapNewDownloads": new,
        "viewNewDownloads": viewed_new,
        "totalNewDownloads": new + viewed_new,
        "tapRedownloads": tapped - new,
        "viewRedownloads": viewed - viewed_new,
        "totalRedownloads": tapped + viewed - new - viewed_new,
        "tapPreOrdersPlaced": 0,
        "viewPreOrdersPlaced": 0,
        "totalPreOrdersPlaced": 0,
        "tapInstallRate": tapped / taps if taps else None,
        "totalInstallRate": (tapped + viewed) / taps if taps else None,
    }
