"""Reports that X prepares: asked for once, looked at together, asked for anew when they fail or are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, NotReady, TooLarge, TransientError, Unit
from adtally_connectors.x_ads import XAds

from .builders import active, instrument, numbers
from .conftest import FIRST_JOB, unit_of

if TYPE_CHECKING:
    from .conftest import Api

CAMPAIGN = "8wku2"


def arrange(api: Api, *ids: str) -> None:
    """Campaigns that were shown; as many charged instruments where a test counts single jobs."""
    api.listed("funding_instruments", instrument())
    api.active(*(active(one) for one in ids or (CAMPAIGN,)))
    for one in ids or (CAMPAIGN,):
        api.tell(one, numbers())
        api.tell(one, {"billed_charge_local_micro": [45_000_000]}, groups="BILLING")


def costs(x: XAds, unit: Unit) -> list[int | None]:
    return [record.cost_micros for record in x.account_daily(unit)]


def test_a_job_is_asked_for_with_parameters_in_the_url_and_plain_dates(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)

    assert costs(x, day) == [45_000_000]

    assert api.asked_of("jobs", "POST") == [
        {
            "entity": "FUNDING_INSTRUMENT",
            "entity_ids": CAMPAIGN,
            "start_time": "2026-10-20",
            "end_time": "2026-10-21",
            "granularity": "DAY",
            "placement": "ALL_ON_TWITTER",
            "metric_groups": "BILLING",
        }
    ]
    [created] = [call.request for call in api.mock.calls if call.request.method == "POST"]
    assert not created.body


def test_all_jobs_are_looked_at_in_one_question_by_numbers_that_no_float_holds(
    api: Api, x: XAds, day: Unit
) -> None:
    arrange(api)
    api.states = ["PROCESSING", "UPLOADING"]

    assert len(list(x.campaign_daily(day))) == 1

    looks = [asked["job_ids"] for asked in api.asked_of("jobs")]
    assert looks == [",".join(str(FIRST_JOB + number) for number in range(3))] * 3
    assert not any("cursor" in asked for asked in api.asked_of("jobs"))


def test_a_job_names_twenty_ids(api: Api, x: XAds, day: Unit) -> None:
    ids = [f"c{number:03}" for number in range(41)]
    arrange(api, *reversed(ids))

    assert costs(x, day) == [41 * 45_000_000]
    assert [asked["entity_ids"].split(",") for asked in api.asked_of("jobs", "POST")] == [
        *(ids[:20], ids[20:40], ids[40:])
    ]


def test_records_of_the_first_campaigns_come_before_the_last_ones_are_asked_for(
    api: Api, x: XAds, day: Unit
) -> None:
    arrange(api, *(f"c{number:03}" for number in range(161)))

    records = x.campaign_daily(day)

    assert next(records).campaign_id == "c000"
    assert len(api.asked_of("jobs", "POST")) == 24
    assert len(list(records)) == 160
    assert len(api.asked_of("jobs", "POST")) == 27


def test_after_a_restart_nothing_is_asked_for_twice(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    kept: list[dict[str, str]] = []
    day.keep = lambda remembered: kept.append(dict(remembered))
    api.states = ["PROCESSING"] * 200

    with pytest.raises(NotReady, match="3 report jobs are still being prepared"):
        list(x.campaign_daily(day))

    assert len(kept[-1]) == 3
    api.states = []
    again = Unit(day.account, day.window, day.today, kept[-1])
    assert len(list(x.campaign_daily(again))) == 1
    assert len(api.asked_of("jobs", "POST")) == 3


def test_other_things_need_another_job_than_the_one_that_is_remembered(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    costs(x, day)
    api.lists.clear()
    arrange(api, CAMPAIGN, "new")

    assert costs(x, day) == [90_000_000]
    assert [asked["entity_ids"] for asked in api.asked_of("jobs", "POST")] == [CAMPAIGN, "8wku2,new"]


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_job_that_fails_is_asked_for_once_more(
    api: Api, x: XAds, day: Unit, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    arrange(api)
    api.states = [state]

    assert costs(x, day) == [45_000_000]
    assert f"ended as {state}: asked for anew" in caplog.text
    assert list(day.remembered.values()) == [str(FIRST_JOB + 1)]


def test_a_job_that_fails_twice_is_for_core_to_split(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    api.states = ["FAILED", "FAILED"]

    with pytest.raises(TooLarge, match="ended as FAILED, twice"):
        costs(x, day)

    assert day.remembered == {}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_gone_after_two_days_is_asked_for_anew(
    api: Api, x: XAds, day: Unit, status: int
) -> None:
    arrange(api)
    api.refuse(status, kind="file", body="<Error><Code>NoSuchKey</Code></Error>")

    assert costs(x, day) == [45_000_000]
    assert len(api.asked_of("jobs", "POST")) == 2


def test_a_job_that_x_no_longer_lists_is_asked_for_anew_after_three_looks(
    api: Api, x: XAds, day: Unit
) -> None:
    arrange(api)
    costs(x, day)
    key = next(iter(day.remembered))
    day.remembered[key] = "1990000000000000999"

    assert costs(x, day) == [45_000_000]
    assert len(api.asked_of("jobs", "POST")) == 2
    assert [asked["job_ids"] for asked in api.asked_of("jobs")][1:4] == ["1990000000000000999"] * 3


def test_a_job_of_somebody_else_is_refused(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    costs(x, day)
    api.refuse(200, kind="jobs", body='{"data":[{"id_str":"7","status":"SUCCESS"}]}')

    with pytest.raises(ContractError, match="job 7 came, which was not asked for"):
        costs(x, day)


def test_a_finished_job_without_a_file_is_refused(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    costs(x, day)
    number = next(iter(day.remembered.values()))
    api.refuse(200, kind="jobs", body=f'{{"data":[{{"id_str":"{number}","status":"SUCCESS"}}]}}')

    with pytest.raises(ContractError, match="is done and has no url"):
        costs(x, day)


def test_a_plain_file_is_read_too_and_a_damaged_one_is_asked_for_again(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)
    plain = (
        '{"time_series_length":1,"data":[{"id":"8wku2","id_data":[{"metrics":'
        '{"billed_charge_local_micro":[7]}}]}],"request":{"params":'
        '{"start_time":"2026-10-20T07:00:00Z","end_time":"2026-10-21T07:00:00Z"}}}'
    )
    api.refusals["file"] = [(200, {}, plain)]
    assert costs(x, day) == [7]

    damaged: tuple[int, dict[str, str], bytes] = (200, {}, b"\x1f\x8b\x08damaged")
    api.refusals["file"] = [damaged, (200, {}, plain)]
    assert costs(x, day) == [7]
    api.refusals["file"] = [damaged] * 6
    with pytest.raises(TransientError, match="damaged"):
        costs(x, day)


def test_only_what_was_active_is_asked_for(api: Api, x: XAds, day: Unit) -> None:
    api.active(
        active("before", begins="2026-10-01T00:00:00Z", ends="2026-10-20T06:59:59Z"),
        active("after", begins="2026-10-21T07:00:00Z", ends="2026-11-01T00:00:00Z"),
        active("inside", begins="2026-10-20T09:00:00Z", ends="2026-10-20T10:00:00Z"),
        active("around", begins="2026-10-01T00:00:00Z", ends="2026-11-01T00:00:00Z"),
    )

    list(x.campaign_daily(day))

    assert {asked["entity_ids"] for asked in api.asked_of("jobs", "POST")} == {"around,inside"}


def test_without_activity_no_job_is_asked_for(api: Api, x: XAds, day: Unit) -> None:
    api.active()

    assert list(x.campaign_daily(day)) == []
    assert api.asked_of("jobs", "POST") == api.asked_of("jobs") == []


@pytest.mark.parametrize(
    ("today", "until"),
    [("2026-12-15", "2026-11-20"), ("2026-10-25", "2026-10-25"), ("2026-10-20", "2026-10-21")],
)
def test_changes_are_looked_for_thirty_days_later_and_not_in_the_future(
    api: Api, x: XAds, today: str, until: str
) -> None:
    list(x.campaign_daily(unit_of("2026-10-01", "2026-10-20", today=today)))

    [asked] = api.asked_of("active_entities")
    assert asked == {"entity": "CAMPAIGN", "start_time": "2026-10-01", "end_time": until}


def test_single_campaigns_are_asked_for_two_hundred_at_a_time(api: Api, x: XAds, day: Unit) -> None:
    ids = tuple(f"c{number}" for number in range(201))

    list(x.ad_group_daily(day.within(day.window, ids)))

    assert [asked["campaign_ids"].split(",") for asked in api.asked_of("active_entities")] == [
        *(list(ids[:200]), list(ids[200:]))
    ]


def test_another_campaign_than_those_asked_for_is_refused(api: Api, x: XAds, day: Unit) -> None:
    arrange(api)

    with pytest.raises(ContractError, match="campaign 8wku2 came, which was not asked for"):
        list(x.campaign_daily(day.within(day.window, ("other",))))
