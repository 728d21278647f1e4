"""What is asked of Snapchat: parameters of lists and of stats.

Source: developers.snap.com, Ads API v1, "Measurement", "Campaigns" (read 2026-11). Times of stats lie on a
full hour, those of days on the account's midnight. Without windows in the question the numbers follow
settings that nobody sees here. ``read_deleted_entities`` as in public clients of 2026; it bears no ``sort``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from adtally import Window, day_start

from . import wire

Breakdown: TypeAlias = Literal["campaign", "adsquad", "ad"]
SwipeWindow: TypeAlias = Literal["1_DAY", "7_DAY", "28_DAY"]
ViewWindow: TypeAlias = Literal["none", "1_HOUR", "3_HOUR", "6_HOUR", "1_DAY", "7_DAY", "28_DAY"]
ReportTime: TypeAlias = Literal["conversion", "impression"]

LIST_SIZE, STATS_SIZE = 1000, 200
"""The largest pages: of lists, and of stats in things, each with all its days."""

EVERY_STATE = {"limit": LIST_SIZE, "read_deleted_entities": True}
"""A list of things; without the second parameter it leaves deleted ones out."""

DELIVERY = wire.DeliveryMetrics.__struct_fields__
HOURS = wire.HourMetrics.__struct_fields__
TOTALS = wire.TotalMetrics.__struct_fields__


class Attribution(NamedTuple):
    """Which conversions count, and on which day: of the click and view, or their own."""

    swipe: SwipeWindow
    view: ViewWindow
    report_time: ReportTime

    @property
    def name(self) -> str:
        """As the ledger writes it: ``28_DAY_swipe,1_DAY_view,conversion``."""
        return f"{self.swipe}_swipe,{self.view}_view,{self.report_time}"


@dataclass(frozen=True, slots=True)
class Stats:
    """The days, or hours, of one account or campaign, or of what is below it."""

    owner: Literal["adaccounts", "campaigns"]
    owner_id: str
    fields: tuple[str, ...]
    window: Window
    timezone: str
    breakdown: Breakdown | None = None
    attribution: Attribution | None = None
    """None: nothing that is asked for depends on it."""
    granularity: Literal["DAY", "HOUR"] = "DAY"


def by_time(query: Stats) -> dict[str, object]:
    """Both ends are midnights of the account; the end is not part of it."""
    asked: dict[str, object] = {
        "granularity": query.granularity,
        "fields": ",".join(query.fields),
        "start_time": midnight(query.window.first_day, query.timezone),
        "end_time": midnight(date.fromordinal(query.window.last_day.toordinal() + 1), query.timezone),
    }
    if query.breakdown:
        asked |= {"breakdown": query.breakdown, "limit": STATS_SIZE}
    if query.fields != TOTALS:  # of the whole account a day without cost is worth knowing
        asked["omit_empty"] = True
    if query.attribution:
        asked |= {
            "swipe_up_attribution_window": query.attribution.swipe,
            "view_attribution_window": query.attribution.view,
            "action_report_time": query.attribution.report_time,
        }
    return asked


def midnight(day: date, timezone: str) -> str:
    """Where the day begins, by the account's clock and with its offset: a full hour there, if not in UTC."""
    return day_start(day, timezone).astimezone(ZoneInfo(timezone)).isoformat(timespec="milliseconds")
