"""What happened on each day: impressions, and what people did about them."""

from __future__ import annotations

import random

from ..calendar import DAY
from .model import Campaign, Channel, Row, stream

CTR_PPM: dict[Channel, int] = {
    "search": 60_000,
    "display": 6_000,
    "video": 4_000,
    "all": 15_000,
    "direct": 9_000,
    "social": 12_000,
    "reel": 7_000,
}
SATURDAY, RUSH = 5, 3


def happened(seed: int, campaign: Campaign, cent_micros: int) -> list[Row]:
    """The days of a campaign, by ad where it has ads; nothing has a cost yet.

    ``cent_micros`` is what buys about as much as a cent: baskets are counted in it.
    """
    rng = stream(seed, "days", campaign.campaign_id)
    leaves = [(group.ad_group_id, ad) for group in campaign.ad_groups for ad in group.ads] or [("", "")]
    return [
        _silent_row(rng, campaign, Row(day, *leaf))
        if campaign.silent
        else _row(rng, campaign, Row(day, *leaf), len(leaves), cent_micros)
        for day in campaign.days
        if day != campaign.still_on
        for leaf in leaves
    ]


def _row(rng: random.Random, campaign: Campaign, row: Row, shares: int, cent: int) -> Row:
    busy = 80 if row.day.weekday() >= SATURDAY else 100
    if (row.day + DAY).day == 1:
        busy *= RUSH  # so that a day counted in the wrong time zone shows
    row.impressions = campaign.volume * busy * rng.randint(70, 130) // (10_000 * shares)
    row.measurable_impressions = row.impressions * rng.randint(80, 92) // 100
    row.viewable_impressions = row.measurable_impressions * rng.randint(55, 70) // 100
    row.clicks = _some(rng, row.impressions, CTR_PPM[campaign.channel], within=3)
    row.engagements = _some(rng, row.impressions, 8_000) if campaign.channel != "search" else 0
    if campaign.channel in ("video", "reel") or campaign.model in ("cpv", "cpcv"):
        row.video_views = _some(rng, row.impressions, 250_000, within=1)
        row.video_completions = _some(rng, row.video_views, 450_000)
    row.leads = _some(rng, row.clicks, 60_000)
    row.installs = _some(rng, row.clicks, 80_000)
    step = 500_000 if campaign.goal == "conversions" else 1_000_000
    row.conversions_micros = step * _some(rng, row.clicks * 1_000_000 // step, 50_000)
    row.sign_ups = _some(rng, row.clicks, 20_000)
    row.view_through = _some(rng, row.viewable_impressions, 400)
    row.purchases = _some(rng, row.clicks, 40_000)
    row.revenue_micros = sum(
        rng.randint(800, 9_000) * cent for _ in range(max(row.purchases, row.conversions_micros // 1_000_000))
    )
    row.invalid_clicks = _some(rng, row.clicks, 30_000)
    if campaign.channel in ("social", "reel"):
        _claim(rng, campaign, row)
    return row


def _claim(rng: random.Random, campaign: Campaign, row: Row) -> None:
    """On a social platform one number holds all results, also of people who only saw the ad."""
    if campaign.model == "cpi":
        row.leads = row.purchases = row.revenue_micros = 0
    else:
        row.installs = 0
    results = row.installs + row.purchases
    row.conversions_micros = results * 1_000_000
    row.view_through = min(results, _some(rng, results, 150_000)) if campaign.seen_only else 0


def _silent_row(rng: random.Random, campaign: Campaign, row: Row) -> Row:
    """A handful of impressions and nobody who clicked: too few to prove anything."""
    row.impressions = rng.randint(campaign.volume // 2, campaign.volume)
    row.measurable_impressions = row.impressions
    row.viewable_impressions = row.impressions // 2
    return row


def _some(rng: random.Random, of: int, ppm: int, *, within: int = 20) -> int:
    """``ppm`` of a count, give or take ``within`` percent: a fraction decides by chance.

    How many act at all varies less than chance would make it: nobody is remarkable by chance alone.
    """
    return (of * ppm * rng.randint(100 - within, 100 + within) // 100 + rng.randrange(1_000_000)) // 1_000_000
