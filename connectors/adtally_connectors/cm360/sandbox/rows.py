"""What CM360 counts of the publishers' delivery, and the CSV file that it tells it in.

Source: Campaign Manager 360 API v5, STANDARD reports; files as quoted in public issues; read 2026-11. The
counts are the publisher's own rows, a few hundredths lower.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

import msgspec

from adtally import Window, world

from .entities import ADVERTISER, Booking, bookings
from .envelope import invalid

LOWEST, STEPS = 95, 5
KEPT = timedelta(days=730)

DIMENSIONS = {
    "dfa:date": "Date",
    "dfa:campaignId": "Campaign ID",
    "dfa:placementId": "Placement ID",
    "dfa:placement": "Placement",
}
METRICS = {
    "dfa:impressions": ("Impressions", "impressions"),
    "dfa:activeViewMeasurableImpressions": (
        "Active View: Measurable Impressions",
        "measurable_impressions",
    ),
    "dfa:activeViewViewableImpressions": ("Active View: Viewable Impressions", "viewable_impressions"),
    "dfa:clicks": ("Clicks", "clicks"),
    "dfa:richMediaVideoPlays": ("Video Plays", "video_views"),
    "dfa:richMediaVideoCompletions": ("Video Completions", "video_completions"),
    "dfa:richMediaInteractions": ("Total Interactions", "engagements"),
    "dfa:activityClickThroughConversions": ("Click-through Conversions", "conversions_micros"),
    "dfa:activityViewThroughConversions": ("View-through Conversions", "view_through"),
}
"""Columns' names, and what the world calls the count."""
PRIVATE = ("dfa:activityClickThroughConversions", "dfa:activityViewThroughConversions")
"""Suppressed where so few people are behind them that they could be known."""


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class Filter(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    dimension_name: str
    id: str
    match_type: str = "EXACT"


class Days(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    start_date: date
    end_date: date


class Criteria(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    date_range: Days
    dimensions: tuple[Name, ...]
    metric_names: tuple[str, ...]
    dimension_filters: tuple[Filter, ...] = ()


class Report(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The body of a saved report; any other key is refused."""

    name: str
    type: str
    format: str
    account_id: str
    criteria: Criteria

    def picked(self, dimension: str) -> set[str]:
        """The ids that a filter names; none = all."""
        return {one.id for one in self.criteria.dimension_filters if one.dimension_name == dimension}


@dataclass(frozen=True, slots=True)
class Counted:
    """One placement on one day."""

    booking: Booking
    day: date
    counts: Mapping[str, int]


def report(body: bytes, today: date) -> Report:
    """The report that is asked for. Raises Refusal for what CM360 does not know."""
    try:
        asked = msgspec.json.decode(body, type=Report)
    except msgspec.DecodeError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None
    days = asked.criteria.date_range
    if (asked.type, asked.format) != ("STANDARD", "CSV"):
        raise invalid("The sandbox has STANDARD reports as CSV only.")
    if not today - KEPT <= days.start_date <= days.end_date <= today + timedelta(days=1):
        raise invalid(f"Invalid date range: {days.start_date} to {days.end_date}.")
    names = [one.name for one in asked.criteria.dimensions]
    for name in names:
        if name not in DIMENSIONS:
            raise invalid(f"Unknown dimension: {name}.")
    for name in asked.criteria.metric_names:
        if name not in METRICS:
            raise invalid(f"Unknown metric: {name}.")
    if not asked.criteria.metric_names or len(set(names)) != len(names):
        raise invalid("Choose at least one metric, and each dimension once.")
    for one in asked.criteria.dimension_filters:
        if one.dimension_name not in ("dfa:advertiser", "dfa:campaign") or one.match_type != "EXACT":
            raise invalid(f"Unknown filter: {one.dimension_name} {one.match_type}.")
    return asked


def counted(played: world.World, window: Window) -> list[Counted]:
    """What CM360 counted, by day and placement."""
    found: list[Counted] = []
    for booking in bookings(played):
        campaign_id = booking.campaign.campaign_id
        by_day: dict[date, list[world.Row]] = {}
        for row in played.days[campaign_id]:
            if row.day in window:
                by_day.setdefault(row.day, []).append(row)
        for day, rows in by_day.items():
            share = _share(played.seed, campaign_id, day)
            sums = {count: sum(getattr(row, count) for row in rows) for _, count in METRICS.values()}
            sums["conversions_micros"] //= 1_000_000
            counts = {name: -(-sums[count] * share // 100) for name, (_, count) in METRICS.items()}
            found.append(Counted(booking, day, counts))
    return sorted(found, key=lambda one: (one.day, one.booking.placement_id))


def file(asked: Report, played: world.World, timezone: str) -> bytes:
    """The file as CM360 writes it: lines about it, the columns, the rows, and their total."""
    days = asked.criteria.date_range
    names, metrics = [one.name for one in asked.criteria.dimensions], asked.criteria.metric_names
    advertisers, campaigns = asked.picked("dfa:advertiser"), asked.picked("dfa:campaign")
    text = StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for line in ((asked.name,), (), ("Date/Time Generated", f"{_short(played.today)} 7:00 AM")):
        write(line)
    write(("Report Time Zone", timezone))
    write(("Account ID", asked.account_id))
    write(("Date Range", f"{_short(days.start_date)} - {_short(days.end_date)}"))
    for number in sorted(advertisers):
        write(("Advertiser", f"Equals: Advertiser ({number})"))
    for number in sorted(campaigns):
        write(("Campaign", f"Equals: Campaign ({number})"))
    write(("MRC Accredited Metrics", "Impressions(Desktop Display, Mobile Video), Clicks(Desktop Display)"))
    write(())
    write(("Report Fields",))
    write([*(DIMENSIONS[name] for name in names), *(METRICS[name][0] for name in metrics)])
    totals = dict.fromkeys(metrics, 0)
    if not advertisers or ADVERTISER in advertisers:
        for one in counted(played, Window(days.start_date, days.end_date)):
            if campaigns and one.booking.campaign_id not in campaigns:
                continue
            cells = {
                "dfa:date": str(one.day),
                "dfa:campaignId": one.booking.campaign_id,
                "dfa:placementId": one.booking.placement_id,
                "dfa:placement": one.booking.name,
            }
            write([*(cells[name] for name in names), *(_cell(one, name) for name in metrics)])
            for name in metrics:
                totals[name] += one.counts[name]
    write(["Grand Total:", *["---"] * (len(names) - 1), *totals.values()])
    return text.getvalue().encode()


def _cell(one: Counted, name: str) -> str:
    return "-" if one.booking.campaign.quiet and name in PRIVATE else str(one.counts[name])


def _short(day: date) -> str:
    return f"{day.month}/{day.day}/{day:%y}"


def _share(seed: int, campaign_id: str, day: date) -> int:
    """How many of a hundred CM360 counts, for each day anew."""
    digest = hashlib.blake2b(f"{seed}/cm360/{campaign_id}/{day}".encode(), digest_size=4).digest()
    return LOWEST + int.from_bytes(digest) % STEPS
