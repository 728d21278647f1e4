"""Days as the account counts them, and from when on they are final."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import ContractError, TransientError, Unit, Window
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import CAMPAIGN, bucket, series, stat

if TYPE_CHECKING:
    from .conftest import Api

BERLIN, KOLKATA, HAVANA = "Europe/Berlin", "Asia/Kolkata", "America/Havana"


def in_zone(unit: Unit, timezone: str, first: date, last: date) -> Unit:
    account = structs.replace(unit.account, timezone=timezone)
    return replace(unit, account=account, window=Window(first, last))


@pytest.mark.parametrize(
    ("timezone", "day", "start", "end"),
    [
        (BERLIN, date(2026, 3, 29), "2026-03-29T00:00:00.000+01:00", "2026-03-30T00:00:00.000+02:00"),
        (BERLIN, date(2026, 10, 25), "2026-10-25T00:00:00.000+02:00", "2026-10-26T00:00:00.000+01:00"),
        (KOLKATA, date(2026, 10, 20), "2026-10-20T00:00:00.000+05:30", "2026-10-21T00:00:00.000+05:30"),
        (HAVANA, date(2026, 3, 8), "2026-03-08T01:00:00.000-04:00", "2026-03-09T00:00:00.000-04:00"),
    ],
    ids=["23 hours", "25 hours", "half an hour off UTC", "no midnight"],
)
def test_a_day_begins_and_ends_at_the_accounts_midnight_with_the_offset_of_then(
    api: Api, snapchat: SnapchatAds, october: Unit, timezone: str, day: date, start: str, end: str
) -> None:
    api.stats(stat(timeseries=[{"start_time": start, "end_time": end, "stats": {"spend": 1}}]))

    records = list(snapchat.account_daily(in_zone(october, timezone, day, day)))

    assert [record.day for record in records] == [day]
    [asked] = api.asked_of("/stats")
    assert (asked["start_time"], asked["end_time"]) == (start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-24T22:00:00.000Z", "2026-10-25T22:00:00.000Z"),
        ("2026-10-25T00:00:00.000Z", "2026-10-26T00:00:00.000Z"),
        ("2026-10-24T22:00:00.000Z", "2026-10-26T23:00:00.000Z"),
    ],
    ids=["24 hours of 25", "days of UTC", "two days"],
)
def test_what_is_no_day_of_the_account_is_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, start: str, end: str
) -> None:
    api.stats(stat(timeseries=[{"start_time": start, "end_time": end, "stats": {"spend": 1}}]))

    with pytest.raises(ContractError, match="is no day of an account in Europe/Berlin"):
        list(snapchat.account_daily(in_zone(october, BERLIN, date(2026, 10, 25), date(2026, 10, 25))))


def test_a_time_without_an_offset_is_refused(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    naive = {"start_time": "2026-10-20T00:00:00", "end_time": "2026-10-21T00:00:00", "stats": {}}
    api.stats(stat(timeseries=[naive]))

    with pytest.raises(ContractError, match="start_time"):
        list(snapchat.account_daily(october))


DAY = date(2026, 10, 20)
TOLD = series(CAMPAIGN, bucket(DAY, conversion_sign_ups=1))


@pytest.mark.parametrize(
    ("asked_on", "finalized"),
    [
        (date(2026, 10, 28), "2026-10-21T00:00:00.000-07:00"),
        (date(2026, 10, 27), "2026-10-20T23:00:00.000-07:00"),
        (date(2026, 12, 15), None),
    ],
    ids=["final to its last hour", "young", "nothing said"],
)
def test_a_day_is_taken_while_it_may_change_or_once_snapchat_calls_it_final(
    api: Api, snapchat: SnapchatAds, october: Unit, asked_on: date, finalized: str | None
) -> None:
    api.broken_down("campaign", TOLD, finalized_data_end_time=finalized)

    assert [record.day for record in snapchat.conversions(replace(october, today=asked_on))] == [DAY]


def test_a_day_that_counts_as_final_by_its_age_waits_for_snapchats_word(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down("campaign", TOLD, finalized_data_end_time="2026-10-20T23:00:00.000-07:00")

    with pytest.raises(TransientError, match="has not finalized 2026-10-20 yet: sync again later"):
        list(snapchat.conversions(replace(october, today=date(2026, 10, 28))))


def test_days_without_anything_need_no_word(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    before = "2026-09-01T00:00:00.000-07:00"
    api.broken_down("campaign", finalized_data_end_time=before)
    api.stats(stat(timeseries=[bucket(DAY, spend=0)], finalized_data_end_time=before))

    assert list(snapchat.conversions(october)) == []
    assert [record.cost_micros for record in snapchat.account_daily(october)] == [0]
