"""The cost of campaigns by hour: by Pacific time, whatever the account's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import ContractError, HourlyCost, Unit, Window
from adtally_connectors.microsoft_ads import MicrosoftAds, queries

from .builders import cells, csv_text

if TYPE_CHECKING:
    from .conftest import Api

EDGE = Window(date(2026, 10, 30), date(2026, 11, 2))
PACIFIC = "(GMT-08:00) Pacific Time (US & Canada); Tijuana"


def hours(*times: str, zone: str = PACIFIC) -> str:
    """A file with a row for each time such as ``2026-10-31|7``."""
    rows = [cells(queries.HOURS, TimePeriod=time) for time in times]
    return csv_text(*rows, level=queries.HOURS, head={"Time Zone": zone, "Report Aggregation": "Hourly"})


def in_zone(unit: Unit, timezone: str) -> Unit:
    return replace(unit, account=structs.replace(unit.account, timezone=timezone), window=EDGE)


def test_pacific_hours_become_those_of_the_accounts_days(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.finished(hours("2026-10-29|20", "2026-10-29|21", "2026-11-02|20", "2026-11-02|21"))

    records = list(microsoft.campaign_hourly(in_zone(october, "America/New_York")))

    assert records == [
        HourlyCost(  # midnight in New York
            hour=datetime(2026, 10, 30, 4, tzinfo=UTC),
            campaign_id="41",
            currency="USD",
            impressions=1200,
            clicks=60,
            cost_micros=48_300_000,
        ),
        HourlyCost(
            hour=datetime(2026, 11, 3, 4, tzinfo=UTC),
            campaign_id="41",
            currency="USD",
            impressions=1200,
            clicks=60,
            cost_micros=48_300_000,
        ),
    ]


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        ("America/New_York", 29, 2),
        ("America/Los_Angeles", 30, 2),
        ("Europe/Berlin", 29, 2),
        ("Pacific/Honolulu", 30, 3),
        ("Pacific/Auckland", 29, 2),
    ],
)
def test_pacific_days_that_the_accounts_days_touch_are_asked_for(
    api: Api, microsoft: MicrosoftAds, october: Unit, timezone: str, first: int, last: int
) -> None:
    api.finished(hours())

    assert list(microsoft.campaign_hourly(in_zone(october, timezone))) == []

    [asked] = api.asked_of("/Submit")
    request = asked["ReportRequest"]
    assert isinstance(request, dict)
    assert (request["Aggregation"], request["Type"]) == ("Hourly", "CampaignPerformanceReportRequest")
    assert request["Time"] == {
        "CustomDateRangeStart": {"Year": 2026, "Month": 10, "Day": first},
        "CustomDateRangeEnd": {"Year": 2026, "Month": 11, "Day": last},
        "ReportTimeZone": "PacificTimeUSCanadaTijuana",
    }


def test_an_hour_that_the_pacific_clock_repeats_is_one_row_of_two_hours(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.finished(hours("2026-11-01|0", "2026-11-01|1", "2026-11-01|2"))

    records = microsoft.campaign_hourly(in_zone(october, "Europe/Berlin"))

    assert [(record.hour, record.span_hours) for record in records] == [
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 1),
        (datetime(2026, 11, 1, 8, tzinfo=UTC), 2),
        (datetime(2026, 11, 1, 10, tzinfo=UTC), 1),
    ]


def test_hours_by_another_clock_are_refused(api: Api, microsoft: MicrosoftAds, october: Unit) -> None:
    api.finished(hours("2026-10-31|7", zone="(GMT-05:00) Eastern Time (US & Canada)"))

    with pytest.raises(ContractError, match=r"hours by \(GMT-05:00\) Eastern Time"):
        list(microsoft.campaign_hourly(in_zone(october, "America/New_York")))


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (("2026-10-31|7", "2026-10-31|7"), "two rows of 2026-10-31 7 41"),
        (("2026-10-31",), "no hour"),
        (("2026-10-31|24",), "no hour"),
        (("2026-10-31|07",), "no hour"),
        (("2026-11-04|7",), "outside of"),
    ],
)
def test_a_row_that_is_no_hour_of_these_days_is_refused(
    api: Api, microsoft: MicrosoftAds, october: Unit, times: tuple[str, ...], says: str
) -> None:
    api.finished(hours(*times))

    with pytest.raises(ContractError, match=says):
        list(microsoft.campaign_hourly(in_zone(october, "America/New_York")))
