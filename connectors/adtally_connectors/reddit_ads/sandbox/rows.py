"""The rows of a report: ids and numbers by lower-case name; null where a metric does not apply.

Source: "Get a report" of Reddit Ads API v3 and a client's live notes of 2026-09-11 on its end bound; read
2026-11. A day that the bounds cut comes in part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias, cast
from zoneinfo import ZoneInfo

from adtally import day_start, world

from .envelope import check_names, invalid
from .fields import BREAKDOWNS, CENTS, COUNTS, FIELDS, MICROS, OF_REPORT, PLAYED, VIDEO

REACH = timedelta(hours=24)
"""So much further than ``ends_at`` a report reaches."""
MOST_BREAKDOWNS, KEPT = 3, timedelta(days=731)
DAY = timedelta(days=1)
CENT = 10_000
Sums: TypeAlias = dict[str, int]


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    """"" = the account's, since days are not asked for."""
    breakdowns: tuple[str, ...]
    fields: tuple[str, ...]
    campaigns: frozenset[str]
    """Only these; none = all."""


def query(data: Mapping[str, object], today: date) -> Query:
    """What is asked, or a Refusal."""
    check_names(data, OF_REPORT)
    fields, breakdowns = _listed(data, "fields"), _listed(data, "breakdowns")
    if not fields:
        raise invalid("fields", "This field is required.")
    for name in fields:
        if name not in FIELDS:
            raise invalid("fields", f"{name!r} is not one of {sorted(FIELDS)}")
    for name in breakdowns:
        if name not in BREAKDOWNS:
            raise invalid("breakdowns", f"{name!r} is not one of {sorted(BREAKDOWNS)}")
        if name not in PLAYED:
            raise invalid("breakdowns", f"the sandbox has no {name}")
    if len(breakdowns) > MOST_BREAKDOWNS:
        raise invalid("breakdowns", f"at most {MOST_BREAKDOWNS} breakdowns are possible")
    starts_at, ends_at = _hour(data, "starts_at"), _hour(data, "ends_at")
    if starts_at > ends_at:
        raise invalid("ends_at", "must not be before starts_at")
    if starts_at < datetime(today.year, today.month, today.day, tzinfo=UTC) - KEPT:
        raise invalid("starts_at", "data is available for 24 months")
    return Query(
        starts_at,
        ends_at,
        _timezone(data, by_day="DATE" in breakdowns),
        breakdowns,
        fields,
        _campaigns(data),
    )


def _listed(data: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of names, in capitals however they are written."""
    names = data.get(name, [])
    if not isinstance(names, list) or not all(isinstance(each, str) for each in cast("list[object]", names)):
        raise invalid(name, "must be a list of names")
    return tuple(each.upper() for each in cast("list[str]", names))


def _hour(data: Mapping[str, object], name: str) -> datetime:
    try:
        return datetime.strptime(str(data.get(name, "")), "%Y-%m-%dT%H:00:00Z").replace(tzinfo=UTC)
    except ValueError:
        raise invalid(name, "must be a whole hour such as 2026-10-01T00:00:00Z") from None


def _timezone(data: Mapping[str, object], *, by_day: bool) -> str:
    name = data.get("time_zone_id")
    if not by_day:
        if name is not None:
            raise invalid("time_zone_id", "needs the breakdown DATE")
        return ""
    try:
        return ZoneInfo(str(name or "UTC")).key
    except (KeyError, ValueError, OSError):
        raise invalid("time_zone_id", f"{name!r} is not a time zone") from None


def _campaigns(data: Mapping[str, object]) -> frozenset[str]:
    text = str(data.get("filter", ""))
    found = set[str]()
    for condition in text.split(",") if text else []:
        name, sign, value = condition.partition("==")
        if (name, sign) != ("campaign:id", "==") or not value:
            raise invalid("filter", f"the sandbox filters by campaign:id==... only, not by {condition!r}")
        found.add(value)
    return frozenset(found)


def report(asked: Query, account: world.Account, played: world.World) -> list[dict[str, object]]:
    """The rows of a query, of everything in every state; who was not shown has none."""
    sums: defaultdict[tuple[str, ...], Sums] = defaultdict(lambda: defaultdict(int))
    for campaign in account.campaigns:
        if asked.campaigns and campaign.campaign_id not in asked.campaigns:
            continue
        for row in played.days[campaign.campaign_id]:
            hours = _hours(row.day, asked, account.timezone)
            if not hours:
                continue
            ids = {
                "AD_ACCOUNT_ID": account.account_id,
                "CAMPAIGN_ID": campaign.campaign_id,
                "AD_GROUP_ID": row.ad_group_id,
                "AD_ID": row.ad_id,
                "DATE": row.day.isoformat(),
            }
            _add(sums[tuple(ids[name] for name in asked.breakdowns)], campaign, row, hours)
    return [
        {name.lower(): value for name, value in zip(asked.breakdowns, key, strict=True)}
        | {name.lower(): _shown(name, total, account) for name in asked.fields if name not in PLAYED}
        for key, total in sorted(sums.items())
    ]


def _hours(day: date, asked: Query, timezone: str) -> int:
    """How many hours of a day there the report reaches, 24 for a whole day however long."""
    zone = asked.timezone or timezone
    starts_at, ends_at = day_start(day, zone), day_start(day + DAY, zone)
    if asked.starts_at <= starts_at and ends_at <= asked.ends_at + REACH:
        return 24
    part = min(ends_at, asked.ends_at + REACH) - max(starts_at, asked.starts_at)
    return min(23, max(0, -(-int(part.total_seconds()) // 3600)))


def _add(sums: Sums, campaign: world.Campaign, row: world.Row, hours: int) -> None:
    results = row.conversions_micros // 1_000_000
    seen_purchases = min(row.view_through, row.purchases)
    for name, count in {
        "cost_micros": row.cost_micros,
        "impressions": row.impressions,
        "clicks": row.clicks,
        "engaged": row.clicks // 2,
        "conversions": results,
        "clicked": results - row.view_through,
        "view_through": row.view_through,
        "clicked_purchases": row.purchases - seen_purchases,
        "seen_purchases": seen_purchases,
        "revenue_micros": row.revenue_micros,
        "leads": row.leads,
        "sign_ups": row.sign_ups,
        "installs": row.installs,
        "video_views": row.video_views,
        "six_seconds": (row.video_views + row.video_completions) // 2,
        "video_completions": row.video_completions,
        "on_video": row.impressions if campaign.channel == "reel" else 0,
    }.items():
        sums[name] += count * hours // 24


def _shown(name: str, sums: Sums, account: world.Account) -> object:
    if name == "CURRENCY":
        return account.currency
    if name in VIDEO:
        return sums[VIDEO[name]] if sums["on_video"] else None
    if name in COUNTS:
        return sums[COUNTS[name]]
    if CENTS.get(name):
        return sums[CENTS[name]] // CENT
    return sums[MICROS[name]] if MICROS.get(name) else None
