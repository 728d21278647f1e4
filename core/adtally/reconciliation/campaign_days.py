"""What campaigns did over the trailing quarter, and on single days where those matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from ..calendar import Window, from_ordinal, to_ordinal
from ..ledger import Connection
from . import sql
from .facts import Baseline

TRAIL_DAYS = 90
"""How far the usual interaction rate looks back, the judged month included."""
EDGE_DAYS = 7
"""How far around the month a campaign must have run for a gap at its edge."""

CampaignKey = tuple[int, str]
"""Account key and campaign id."""


class Trail(NamedTuple):
    """Impressions and interactions of the trailing days, of rows that have both."""

    impressions: int
    interactions: int
    may_have_holes: bool
    """Whether no ad of it was shown on every day from its first to its last, in the month or around it."""


@dataclass(slots=True)
class CampaignDays:
    """The days of one campaign, in the month and just around it."""

    shown: dict[date, int] = field(default_factory=dict[date, int])
    """Impressions of each day that has a row; 0 where the platform does not say."""
    costs: defaultdict[str, dict[date, int]] = field(
        default_factory=lambda: defaultdict[str, dict[date, int]](dict)
    )
    """Micros by currency, of the days whose whole cost is known."""


def read_trails(conn: Connection, month: Window) -> dict[CampaignKey, Trail]:
    trailing = {"first": to_ordinal(month.last_day - timedelta(days=TRAIL_DAYS - 1))}
    last = {"last": to_ordinal(month.last_day)}
    return {
        (key, campaign_id): Trail(
            impressions or 0, interactions or 0, shown > 0 and newest - oldest + 1 > shown
        )
        for key, campaign_id, impressions, interactions, oldest, newest, shown in conn.execute(
            sql.TRAILS, trailing | last | _edges(month)
        )
    }


def read_days(
    conn: Connection, campaigns: Iterable[CampaignKey], month: Window
) -> dict[CampaignKey, CampaignDays]:
    """The single days of these campaigns; one without rows is absent."""
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS watched (entity INTEGER PRIMARY KEY)")
    conn.execute("DELETE FROM temp.watched")
    conn.executemany(
        "INSERT INTO temp.watched SELECT entity FROM entities WHERE account_key = ? AND campaign_id = ?",
        campaigns,
    )
    found: defaultdict[CampaignKey, CampaignDays] = defaultdict(CampaignDays)
    for key, campaign_id, currency, ordinal, impressions, rows, known, cost in conn.execute(
        sql.WATCHED_DAYS, _edges(month)
    ):
        days, day = found[key, campaign_id], from_ordinal(ordinal)
        days.shown[day] = days.shown.get(day, 0) + (impressions or 0)
        if known == rows:
            days.costs[currency][day] = cost
    return found


class Baselines:
    """The usual rate beside a campaign: of the other campaigns in the same account and channel."""

    def __init__(
        self,
        trails: Mapping[CampaignKey, Trail],
        groups: Mapping[CampaignKey, tuple[str, str, str]],
        month: Window,
    ) -> None:
        """``groups`` are platform, account and channel of each campaign."""
        self._trails, self._groups, self._month = trails, groups, month
        self._sums: defaultdict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for campaign, trail in trails.items():
            impressions, interactions = self._sums[groups[campaign]]
            self._sums[groups[campaign]] = impressions + trail.impressions, interactions + trail.interactions

    def beside(self, campaign: CampaignKey) -> Baseline | None:
        """None where the others had no impressions, or nobody interacts with what the channel shows."""
        group = self._groups[campaign]
        own = self._trails.get(campaign, Trail(0, 0, False))
        impressions, interactions = self._sums[group]
        impressions, interactions = impressions - own.impressions, interactions - own.interactions
        if impressions <= 0 or interactions <= 0:
            return None
        channel = group[2] or "unknown"
        return Baseline(
            impressions=impressions,
            interactions=interactions,
            source=f"{TRAIL_DAYS} days to {self._month.last_day}, other campaigns of account {group[1]}, "
            f"channel {channel}",
        )


def _edges(month: Window) -> dict[str, int]:
    return {
        "edge": to_ordinal(month.first_day) - EDGE_DAYS,
        "beyond": to_ordinal(month.last_day) + EDGE_DAYS,
    }
