"""Units of delivery with every metric filled, as a platform that offers all of them would tell."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from adtally.calendar import Window
from adtally.records import Delivery

from .google import CAMPAIGNS, campaign_id
from .synced import DAYS, FIRST


def window(number: int) -> Window:
    first = FIRST + timedelta(days=DAYS * number)
    return Window(first, first + timedelta(days=DAYS - 1))


def delivery(campaign: str, day: date, dice: Random) -> Delivery:
    """Seventeen metrics of one campaign's day; sizes are skewed as they are in life."""
    impressions = int(dice.lognormvariate(7, 1.5))
    clicks = impressions * dice.randint(5, 60) // 1000
    views = impressions * dice.randint(100, 400) // 1000
    conversions = clicks * dice.randint(0, 80) // 10
    return Delivery(
        day=day,
        campaign_id=campaign,
        view_definition="30s",
        impressions=impressions,
        measurable_impressions=impressions * 95 // 100,
        viewable_impressions=impressions * 6 // 10,
        clicks=clicks,
        interactions=max(clicks, views),
        engagements=clicks + views // 50,
        video_views=views,
        video_completions=views // 4,
        leads=conversions // 300,
        installs=conversions // 500,
        conversions_micros=conversions * 10_000,
        purchases=conversions // 200,
        revenue_micros=conversions * dice.randint(500, 9000) * 100,
        invalid_clicks=clicks // 40,
        billable_units=clicks,
        cost_micros=clicks * dice.randint(10, 250) * 10_000,
        credited_micros=clicks // 40 * 300_000,
    )


def unit(number: int, campaigns: int = CAMPAIGNS) -> list[Delivery]:
    """One window of all campaigns, campaign by campaign; the same number gives the same unit."""
    dice = Random(number)
    return [
        delivery(campaign_id(campaign), day, dice) for campaign in range(campaigns) for day in window(number)
    ]
