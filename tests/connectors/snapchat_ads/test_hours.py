"""The cost of campaigns by hour: each is an instant of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import ContractError, HourlyCost, TransientError, Unit, Window
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, CAMPAIGN, Json, series

if TYPE_CHECKING:
    from .conftest import Api

EDGE = Window(date(2026, 10, 30), date(2026, 11, 2))


def hour(start: str, *, minutes: int = 60, **metrics: object) -> Json:
    begins = datetime.fromisoformat(start)
    told = {"impressions": 90, "swipes": 4, "spend": 2_310_000} | metrics
    return {
        "start_time": begins.isoformat(timespec="milliseconds"),
        "end_time": (begins + timedelta(minutes=minutes)).isoformat(timespec="milliseconds"),
        "stats": told,
    }


def in_zone(unit: Unit, timezone: str) -> Unit:
    return replace(unit, account=structs.replace(unit.account, timezone=timezone), window=EDGE)


def test_the_hours_of_a_day_that_repeats_one_are_all_told(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down(
        "campaign",
        series(CAMPAIGN, hour("2026-11-01T01:00:00-07:00"), hour("2026-11-01T01:00:00-08:00", spend=0)),
        granularity="HOUR",
    )

    records = list(snapchat.campaign_hourly(in_zone(october, "America/Los_Angeles")))

    assert records == [
        HourlyCost(
            hour=datetime(2026, 11, 1, 8, tzinfo=UTC),
            campaign_id=CAMPAIGN,
            impressions=90,
            clicks=4,
            cost_micros=2_310_000,
        ),
        HourlyCost(
            hour=datetime(2026, 11, 1, 9, tzinfo=UTC),
            campaign_id=CAMPAIGN,
            impressions=90,
            clicks=4,
            cost_micros=0,
        ),
    ]


def test_campaigns_of_the_account_are_asked_for_by_hour(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down("campaign", granularity="HOUR")

    assert list(snapchat.campaign_hourly(in_zone(october, "Asia/Kolkata"))) == []

    [asked] = api.asked_of(f"{ACCOUNT_ID}/stats")
    assert asked == {
        "granularity": "HOUR",
        "fields": "impressions,swipes,spend",
        "start_time": "2026-10-30T00:00:00.000+05:30",
        "end_time": "2026-11-03T00:00:00.000+05:30",
        "breakdown": "campaign",
        "limit": "200",
        "omit_empty": "true",
    }


@pytest.mark.parametrize(
    ("start", "minutes"), [("2026-10-31T00:00:00+00:00", 1440), ("2026-10-31T00:30:00+00:00", 60)]
)
def test_what_is_no_hour_of_the_account_is_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, start: str, minutes: int
) -> None:
    api.broken_down("campaign", series(CAMPAIGN, hour(start, minutes=minutes)), granularity="HOUR")

    with pytest.raises(ContractError, match=r"is no hour of an account in Europe/Berlin"):
        list(snapchat.campaign_hourly(in_zone(october, "Europe/Berlin")))


def test_an_hour_that_is_not_final_when_it_should_be_is_asked_for_again(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down(
        "campaign",
        series(CAMPAIGN, hour("2026-10-31T05:00:00+00:00")),
        granularity="HOUR",
        finalized_data_end_time="2026-10-31T00:00:00.000+00:00",
    )

    with pytest.raises(TransientError, match="has not finalized 2026-10-31"):
        list(snapchat.campaign_hourly(in_zone(october, "UTC")))
