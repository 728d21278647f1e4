"""The line between few clicks and too few, held against exact fractions."""

from fractions import Fraction
from math import comb

import pytest

from adtally.calendar import Window, month
from adtally.world import Account, Campaign, Planted, World

TRAILING = month("2026-09").first_day
ALPHA = Fraction(1, 100)


def sums(built: World, campaign: Campaign, window: Window) -> tuple[int, int]:
    rows = [row for row in built.days[campaign.campaign_id] if row.day in window]
    counted = "clicks"
    if campaign.channel in ("video", "reel"):
        counted = "video_views"
    elif campaign.channel == "social" and campaign.model == "cpi":
        counted = "installs"
    return sum(row.impressions for row in rows), sum(getattr(row, counted) for row in rows)


def baseline(built: World, account: Account, campaign: Campaign, window: Window) -> tuple[int, int]:
    so_far = Window(TRAILING, window.last_day)
    others = [
        sums(built, other, so_far)
        for other in account.campaigns
        if other != campaign and (other.channel == campaign.channel)
    ]
    return sum(shown for shown, _ in others), sum(acted for _, acted in others)


def chance(hits: int, of: int, rate: Fraction) -> Fraction:
    """P(X <= hits), exactly."""
    yes, all_ = rate.numerator, rate.denominator
    ways = sum(comb(of, n) * yes**n * (all_ - yes) ** (of - n) for n in range(hits + 1))
    return Fraction(ways, all_**of)


@pytest.mark.parametrize("number", [7, 20])
def test_the_fault_is_below_its_line_and_the_decoy_above(number: int) -> None:
    built = World.build(seed=number)
    side = {}

    for planted in built.truth:
        if planted.check_id == "impressions-without-interaction":
            side[planted.kind] = is_below(built, planted)

    assert side == {"fault": True, "decoy": False}


def is_below(built: World, planted: Planted) -> bool:
    window = month(planted.month)
    account = next(a for a in built.accounts if a.account_id == planted.subject.split("/")[1])
    campaign = next(c for c in account.campaigns if c.campaign_id == planted.subject.split("/")[2])
    tested = sum(
        1
        for each in built.accounts
        for one in each.campaigns
        if sums(built, one, window)[0] and all(baseline(built, each, one, window))
    )
    shown, acted = sums(built, campaign, window)
    usual, hits = baseline(built, account, campaign, window)
    rate = Fraction(hits, usual).limit_denominator(100_000)

    return chance(acted, shown, rate) <= ALPHA / tested
