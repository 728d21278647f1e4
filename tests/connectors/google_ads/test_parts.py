"""The cost of campaigns by hour, and of an account by country."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import CountryCost, HourlyCost, Unit, Window
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

EDGE = Window(date(2026, 10, 30), date(2026, 11, 2))


def hour(number: int, *, day: str = "2026-10-31", campaign: str = "501", **metrics: str) -> dict[str, object]:
    return {
        "campaign": {"resourceName": f"customers/1/campaigns/{campaign}", "id": campaign},
        "segments": {"date": day, "hour": number},
        "metrics": {"impressions": "120", "clicks": "8", "costMicros": "3780000", **metrics},
    }


def country(number: int, cost: str | None, *, aimed: bool = True) -> dict[str, object]:
    return {
        "userLocationView": {
            "resourceName": f"customers/1/userLocationViews/{number}~{aimed}",
            "countryCriterionId": str(number),
            "targetingLocation": aimed,
        },
        "metrics": {} if cost is None else {"costMicros": cost},
    }


def place(number: int, code: str) -> dict[str, object]:
    return {"geoTargetConstant": {"id": str(number), "countryCode": code}}


def in_zone(unit: Unit, timezone: str) -> Unit:
    return replace(unit, account=structs.replace(unit.account, timezone=timezone), window=EDGE)


def test_each_row_is_an_hour_of_the_accounts_clock(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(hour(23), hour(0, day="2026-11-01", campaign="502", costMicros="0"))

    records = list(google.campaign_hourly(in_zone(october, "Europe/Berlin")))

    assert records == [
        HourlyCost(
            hour=datetime(2026, 10, 31, 22, tzinfo=UTC),
            campaign_id="501",
            impressions=120,
            clicks=8,
            cost_micros=3_780_000,
        ),
        HourlyCost(
            hour=datetime(2026, 10, 31, 23, tzinfo=UTC),
            campaign_id="502",
            impressions=120,
            clicks=8,
            cost_micros=0,
        ),
    ]
    assert api.queries == [
        "SELECT segments.date, segments.hour, campaign.id, metrics.impressions, metrics.clicks, "
        "metrics.cost_micros FROM campaign WHERE segments.date BETWEEN '2026-10-30' AND '2026-11-02'"
    ]


@pytest.mark.parametrize(
    ("timezone", "number", "instant", "span"),
    [
        ("America/New_York", 1, datetime(2026, 11, 1, 5, tzinfo=UTC), 2),
        ("America/New_York", 2, datetime(2026, 11, 1, 7, tzinfo=UTC), 1),
        ("Asia/Kolkata", 0, datetime(2026, 10, 31, 18, 30, tzinfo=UTC), 1),
    ],
    ids=["repeated", "after it", "half an hour off UTC"],
)
def test_an_hour_that_the_clock_repeats_is_one_row_of_two_hours(
    api: Api, google: GoogleAds, october: Unit, timezone: str, number: int, instant: datetime, span: int
) -> None:
    api.search(hour(number, day="2026-11-01"))

    [record] = google.campaign_hourly(in_zone(october, timezone))

    assert (record.hour, record.span_hours) == (instant, span)


def test_a_metric_that_is_left_out_of_an_hour_is_not_known(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search({**hour(5), "metrics": {"impressions": "3"}})

    [record] = google.campaign_hourly(october)

    assert (record.impressions, record.clicks, record.cost_micros) == (3, None, None)


def test_countries_are_added_up_over_places_that_were_aimed_at_and_others(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(country(2040, "700"), country(2040, "100", aimed=False), country(2724, "50"), country(0, "9"))
    api.search(place(2040, "AT"), place(2724, "ES"))

    records = list(google.country_monthly(october))

    first = date(2026, 10, 1)
    assert records == [
        CountryCost(month=first, country="AT", cost_micros=800),
        CountryCost(month=first, country="ES", cost_micros=50),
        CountryCost(month=first, country="", cost_micros=9),
    ]
    assert api.queries[0].endswith(
        "FROM user_location_view WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'"
    )
    assert api.queries[1].endswith("WHERE geo_target_constant.id IN (2040, 2724)")


def test_ids_without_a_country_are_nowhere_that_is_known(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(country(2040, "700"), country(0, "9"), country(9999, "1"))
    api.search(place(2040, "AT"))

    records = list(google.country_monthly(october))

    assert {record.country: record.cost_micros for record in records} == {"AT": 700, "": 10}


def test_a_cost_that_is_not_told_makes_the_country_unknown(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(country(2040, "700"), country(2040, None, aimed=False))
    api.search(place(2040, "AT"))

    [record] = google.country_monthly(october)

    assert (record.country, record.cost_micros) == ("AT", None)


def test_an_account_without_cost_is_not_asked_for_places(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()

    assert list(google.country_monthly(october)) == []
    assert len(api.queries) == 1
