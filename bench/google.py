"""Answers as Google's ``googleAds:search`` writes them, for the reports that core's fast path is measured on.

Source: Google Ads API v26, REST: proto3 JSON, at most 10,000 rows a page, gzip, indented by two spaces
unless ``$prettyPrint`` says otherwise (cloud.google.com/apis/docs/system-parameters). One
account has 480 campaigns, so that a window of 31 days is 14,880 rows on two pages.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

PAGE_ROWS = 10_000
CAMPAIGNS = 480
KINDS = (
    ("SEARCH", "MANUAL_CPC", "CLICKS"),
    ("VIDEO", "TARGET_CPV", "CLICKS"),
    ("PERFORMANCE_MAX", "MAXIMIZE_CONVERSIONS", "CLICKS"),
)
ACCOUNT = "1112223334"
ACTIONS = (("Checkout", "PURCHASE"), ("Newsletter", "SIGNUP"))

Row: TypeAlias = dict[str, object]


def delivery_row(number: int, day: date, dice: Random) -> Row:
    """One campaign's day: skewed sizes, a third of them video, zeros written out as the server does."""
    channel, strategy, payment = KINDS[number % len(KINDS)]
    impressions = int(dice.lognormvariate(7, 1.5))
    clicks = impressions * dice.randint(5, 60) // 1000
    views = impressions * dice.randint(100, 400) // 1000 if channel == "VIDEO" else 0
    conversions = clicks * dice.randint(0, 80) // 10 / 100
    return {
        "campaign": {
            "resourceName": f"customers/{ACCOUNT}/campaigns/{campaign_id(number)}",
            "id": campaign_id(number),
            "advertisingChannelType": channel,
            "biddingStrategyType": strategy,
            "paymentMode": payment,
        },
        "metrics": {
            "impressions": str(impressions),
            "clicks": str(clicks),
            "interactions": str(max(clicks, views)),
            "engagements": str(clicks + views // 50),
            "costMicros": str(clicks * dice.randint(100_000, 2_500_000) // 10_000 * 10_000),
            "videoTrueviewViews": str(views),
            "videoQuartileP100Rate": dice.randint(1000, 6000) / 10_000 if views else 0,
            "activeViewImpressions": str(impressions * dice.randint(400, 800) // 1000),
            "activeViewMeasurableImpressions": str(impressions * dice.randint(850, 990) // 1000),
            "conversions": conversions,
            "conversionsValue": round(conversions * dice.randint(500, 9000) / 100, 2),
            "invalidClicks": str(clicks // 40),
        },
        "segments": {"date": day.isoformat()},
    }


def campaign_id(number: int) -> str:
    return str(20_480_137_551 + number * 7_919)


def rows(first_day: date, last_day: date) -> list[Row]:
    """Every campaign on every day, campaign by campaign; the same days always give the same rows."""
    dice = Random(first_day.toordinal())
    return [delivery_row(number, day, dice) for number, day in places(first_day, last_day)]


def actions(first_day: date, last_day: date) -> list[Row]:
    """Conversions of every third campaign by day and action; a part is only in "all conversions"."""
    dice = Random(first_day.toordinal())
    return [
        {
            "campaign": {"id": campaign_id(number)},
            "segments": {
                "date": day.isoformat(),
                "conversionAction": f"customers/{ACCOUNT}/conversionActions/{at}",
                "conversionActionName": name,
                "conversionActionCategory": category,
            },
            "metrics": {
                "conversions": (counted := dice.randint(0, 500) / 100),
                "conversionsValue": counted * 20,
                "allConversions": counted + 1,
                "allConversionsValue": counted * 20 + 5,
            },
        }
        for number, day in places(first_day, last_day)
        for at, (name, category) in enumerate(ACTIONS)
        if number % 3 == 0
    ]


def view_through(first_day: date, last_day: date) -> list[Row]:
    """Conversions of people who only saw the ad, of every fourth campaign."""
    return [
        {
            "campaign": {"id": campaign_id(number)},
            "segments": {"date": day.isoformat()},
            "metrics": {"viewThroughConversions": str(1 + number % 7)},
        }
        for number, day in places(first_day, last_day)
        if number % 4 == 0
    ]


def places(first_day: date, last_day: date) -> Iterator[tuple[int, date]]:
    """Each campaign's number with each day."""
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    return ((number, day) for number in range(CAMPAIGNS) for day in days)


def pages(
    first_day: date,
    last_day: date,
    *,
    indent: int | None = 2,
    render: Callable[[date, date], list[Row]] = rows,
) -> Iterator[bytes]:
    """The whole answer, page by page, as JSON text; without ``indent`` also without spaces."""
    found = render(first_day, last_day)
    for at in range(0, len(found), PAGE_ROWS):
        page: Row = {"results": found[at : at + PAGE_ROWS]}
        if at + PAGE_ROWS < len(found):
            page["nextPageToken"] = f"{at + PAGE_ROWS}"
        page["totalResultsCount"] = str(len(found))
        page["fieldMask"] = "segments.date,campaign.id"
        spaces = None if indent else (",", ":")
        yield json.dumps(page, indent=indent, separators=spaces).encode()


def zipped(page: bytes) -> bytes:
    return gzip.compress(page, 6, mtime=0)
