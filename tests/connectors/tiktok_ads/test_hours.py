"""The cost of campaigns by hour: a day a request."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from adtally import HourlyCost, Unit, Window
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import REPORT, Json

if TYPE_CHECKING:
    from .conftest import Api

EDGE = Window(date(2026, 10, 31), date(2026, 11, 1))


def hour(at: str, campaign: str = "178", **metrics: str) -> Json:
    told = {"spend": "2.17", "impressions": "310", "clicks": "18"} | metrics
    return {"dimensions": {"campaign_id": campaign, "stat_time_hour": f"{at}:00:00"}, "metrics": told}


def test_each_row_is_an_hour_of_the_accounts_clock(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer("adgroup/get")
    api.report(hour("2026-10-31 23"), hour("2026-10-31 23", "179", spend="-"))
    api.report(hour("2026-11-01 01"), hour("2026-11-01 02"))

    records = list(tiktok.campaign_hourly(replace(october, window=EDGE)))

    assert records[:2] == [
        HourlyCost(
            hour=datetime(2026, 11, 1, 3, tzinfo=UTC),
            campaign_id="178",
            impressions=310,
            clicks=18,
            cost_micros=2_170_000,
        ),
        HourlyCost(
            hour=datetime(2026, 11, 1, 3, tzinfo=UTC),
            campaign_id="179",
            impressions=310,
            clicks=18,
        ),
    ]
    # In New York the clock goes back on the 1st of November: its hour of one o'clock is two.
    assert [(record.hour, record.span_hours) for record in records[2:]] == [
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 2),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 1),
    ]


def test_hours_are_asked_for_day_by_day_in_every_state(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer("adgroup/get")
    api.report()
    api.report()

    assert list(tiktok.campaign_hourly(replace(october, window=EDGE))) == []

    asked = api.asked_of(REPORT)
    assert [(one["start_date"], one["end_date"]) for one in asked] == [
        ("2026-10-31", "2026-10-31"),
        ("2026-11-01", "2026-11-01"),
    ]
    assert {one["dimensions"] for one in asked} == {'["campaign_id","stat_time_hour"]'}
    assert {one["data_level"] for one in asked} == {"AUCTION_CAMPAIGN"}
    assert json.loads(asked[0]["metrics"]) == ["spend", "impressions", "clicks"]
    assert all("STATUS_ALL" in one["filtering"] for one in asked)


def test_top_view_campaigns_are_asked_for_alone_where_there_are_any(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    day = Window(date(2026, 10, 31), date(2026, 10, 31))
    api.answer("adgroup/get", {"adgroup_id": "g", "campaign_id": "180", "adgroup_name": "TopView"})
    api.report(hour("2026-10-31 05", "180"), asked="RESERVATION_TOP_VIEW")
    api.report(hour("2026-10-31 05", "178"))

    records = list(tiktok.campaign_hourly(replace(october, window=day)))

    assert [record.campaign_id for record in records] == ["180", "178"]
