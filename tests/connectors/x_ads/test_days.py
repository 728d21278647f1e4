"""Days are the account's own: also where its clock changes, and where it once was another one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Window
from adtally_connectors.x_ads import XAds
from adtally_connectors.x_ads.queries import spans

from .builders import active
from .conftest import unit_of

if TYPE_CHECKING:
    from .conftest import Api


def days(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


def arrange(api: Api, zone: str, *costs: int) -> None:
    api.zone = zone
    api.active(active(begins="2026-01-01T00:00:00Z", ends="2026-12-31T00:00:00Z"))
    api.tell("8wku2", {"billed_charge_local_micro": list(costs)})


@pytest.mark.parametrize(
    ("zone", "first", "last", "parts"),
    [
        (
            "America/Los_Angeles",
            *("2026-10-30", "2026-11-03"),
            [("2026-10-30", "2026-10-31"), ("2026-11-01", "2026-11-01"), ("2026-11-02", "2026-11-03")],
        ),
        (
            "America/Los_Angeles",
            *("2026-03-08", "2026-03-09"),
            [("2026-03-08", "2026-03-08"), ("2026-03-09", "2026-03-09")],
        ),
        (
            "America/Santiago",  # where a midnight is skipped
            *("2026-09-05", "2026-09-07"),
            [("2026-09-05", "2026-09-05"), ("2026-09-06", "2026-09-06"), ("2026-09-07", "2026-09-07")],
        ),
        ("Asia/Tokyo", "2026-10-30", "2026-11-03", [("2026-10-30", "2026-11-03")]),
    ],
)
def test_a_report_never_spans_a_change_of_the_clock(
    zone: str, first: str, last: str, parts: list[tuple[str, str]]
) -> None:
    found = list(spans(days(first, last), zone))

    assert found == [days(*part) for part in parts]


def test_each_day_around_the_change_of_the_clock_has_its_own_numbers(api: Api, x: XAds) -> None:
    arrange(api, "America/Los_Angeles", 7)
    unit = unit_of("2026-10-31", "2026-11-02")

    assert [(r.day.isoformat(), r.cost_micros) for r in x.campaign_daily(unit)] == [
        *(("2026-10-31", 7), ("2026-11-01", 7), ("2026-11-02", 7))
    ]


def test_a_day_of_25_hours_that_comes_in_two_parts_is_one_day(api: Api, x: XAds) -> None:
    arrange(api, "America/Los_Angeles", 40, 2)
    api.stats = {"time_series_length": 2}

    [record] = x.campaign_daily(unit_of("2026-11-01", "2026-11-01"))

    assert (record.day, record.cost_micros) == (date(2026, 11, 1), 42)


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Tokyo", "2026-10-19T15:00:00Z"),
        ("Asia/Kolkata", "2026-10-19T18:30:00Z"),
        ("America/Los_Angeles", "2026-10-20T07:00:00Z"),
        ("America/Los_Angeles", "2026-10-20T08:00:00Z"),  # by today's offset, as X does
        ("Europe/Berlin", "2026-10-20T07:00:00Z"),  # before timezone_switch_at
    ],
)
def test_the_instants_that_x_read_the_days_as_are_checked_and_kept(
    api: Api, x: XAds, zone: str, first: str
) -> None:
    arrange(api, zone, 1, 2)
    api.params = {"start_time": first}

    records = list(x.campaign_daily(unit_of("2026-10-20", "2026-10-21", zone=zone)))

    assert [(r.day.day, r.cost_micros) for r in records] == [(20, 1), (21, 2)]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"start_time": "2026-10-20T00:00:00Z"}, "start_time .* is not where 2026-10-20 begins"),
        ({"start_time": "2026-10-19T15:00:00Z"}, "start_time"),
        ({"end_time": "2026-10-23T15:00:00Z"}, "end_time .* is not where 2026-10-22 begins"),
    ],
)
def test_other_days_than_those_asked_for_are_refused(
    api: Api, x: XAds, params: dict[str, str], says: str
) -> None:
    arrange(api, "Asia/Tokyo", 1, 2)
    api.params = params
    zone = "Asia/Tokyo"
    if params.get("start_time", "").endswith("T15:00:00Z"):
        zone = "Europe/Berlin"

    with pytest.raises(ContractError, match=says):
        list(x.campaign_daily(unit_of("2026-10-20", "2026-10-21", zone=zone)))
