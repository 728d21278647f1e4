"""The cost of campaigns by hour, and of an account by country."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import ContractError, CountryCost, HourlyCost, Unit
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from .conftest import Api, Json

HOURS = "hourly_stats_aggregated_by_advertiser_time_zone"


def hour(number: int, *, day: str = "2026-10-31", **changes: object) -> Json:
    return {
        "campaign_id": "1201",
        "account_currency": "EUR",
        "impressions": "340",
        "spend": "2.31",
        "date_start": day,
        "date_stop": day,
        HOURS: f"{number:02}:00:00 - {number:02}:59:59",
        **changes,
    }


def country(code: str, spend: str) -> Json:
    days = {"date_start": "2026-10-01", "date_stop": "2026-10-31"}
    return {"country": code, "account_currency": "EUR", "impressions": "90", "spend": spend, **days}


def in_zone(unit: Unit, timezone: str) -> Unit:
    return replace(unit, account=structs.replace(unit.account, timezone=timezone))


def test_each_row_is_an_hour_of_the_accounts_clock(api: Api, meta: MetaAds, october: Unit) -> None:
    api.insights(hour(23), hour(0, day="2026-11-01", campaign_id="1202"))

    records = list(meta.campaign_hourly(in_zone(october, "Europe/Berlin")))

    assert records == [
        HourlyCost(
            hour=datetime(2026, 10, 31, 22, tzinfo=UTC),
            campaign_id="1201",
            currency="EUR",
            impressions=340,
            cost_micros=2_310_000,
        ),
        HourlyCost(
            hour=datetime(2026, 10, 31, 23, tzinfo=UTC),
            campaign_id="1202",
            currency="EUR",
            impressions=340,
            cost_micros=2_310_000,
        ),
    ]
    [asked] = api.asked
    assert json.loads(asked["breakdowns"]) == [HOURS]
    assert (asked["level"], asked["time_increment"]) == ("campaign", "1")
    assert "DELETED" in asked["filtering"]


def test_an_hour_that_the_clock_repeats_is_one_row_of_two_hours(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.insights(hour(1, day="2026-11-01"))

    [record] = meta.campaign_hourly(in_zone(october, "America/New_York"))

    assert (record.hour, record.span_hours) == (datetime(2026, 11, 1, 5, tzinfo=UTC), 2)


def test_a_row_of_nothing_may_lack_its_hour(api: Api, meta: MetaAds, october: Unit) -> None:
    api.insights(hour(3), {**hour(4, impressions="0", spend="0"), HOURS: ""})

    assert [record.hour.hour for record in meta.campaign_hourly(in_zone(october, "UTC"))] == [3]


@pytest.mark.parametrize("text", ["", "24:00:00 - 24:59:59", "03:00:00 - 04:59:59", "3"])
def test_a_row_that_costs_and_has_no_hour_of_a_day_is_refused(
    api: Api, meta: MetaAds, october: Unit, text: str
) -> None:
    api.insights({**hour(4), HOURS: text})

    with pytest.raises(ContractError, match=r"of campaign 1201 is no hour of a day"):
        list(meta.campaign_hourly(october))


def test_the_month_is_asked_for_by_country_in_one_go(api: Api, meta: MetaAds, october: Unit) -> None:
    api.insights(country("AT", "80.00"), country("ES", "12.5"), country("unknown", "1"), country("", "0.50"))

    records = list(meta.country_monthly(october))

    first = date(2026, 10, 1)
    assert records == [
        CountryCost(month=first, country="AT", currency="EUR", cost_micros=80_000_000),
        CountryCost(month=first, country="ES", currency="EUR", cost_micros=12_500_000),
        CountryCost(month=first, country="", currency="EUR", cost_micros=1_500_000),
    ]
    [asked] = api.asked
    assert json.loads(asked["breakdowns"]) == ["country"]
    assert asked["level"] == "account"
    assert "time_increment" not in asked


def test_a_cost_that_is_not_told_makes_the_country_unknown(api: Api, meta: MetaAds, october: Unit) -> None:
    row = dict(country("AT", "80.00"))
    del row["spend"]
    api.insights(row)

    [record] = meta.country_monthly(october)

    assert (record.country, record.cost_micros) == ("AT", None)
