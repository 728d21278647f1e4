"""Pages and asynchronous reports."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import requests

from adtally import ContractError, NotOffered, NotReady, TooLarge, TransientError, Unit, Window
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api

RUN = "777000111222333"
INSIGHTS = "act_900100200/insights"
RESULT = f"{RUN}/insights"
DAY = date(2026, 10, 20)
REDUCE = "Please reduce the amount of data you're asking for, then retry your request"


def running(percent: int) -> dict[str, object]:
    return {"async_status": "Job Running", "async_percent_completion": percent}


def campaigns(meta: MetaAds, unit: Unit) -> list[str]:
    return [record.campaign_id for record in meta.campaign_daily(unit)]


def ads(meta: MetaAds, unit: Unit) -> list[str]:
    return [record.ad_id for record in meta.ad_daily(unit)]


def ad(api: Api, number: str = "1401") -> dict[str, object]:
    return dict(api.row(adset_id="1301", ad_id=number))


def test_pages_are_followed_until_there_is_no_link(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights(api.row(), following="after=MQ")
    api.insights(following="after=MG")
    api.insights(api.row(campaign_id="1202"))

    assert campaigns(meta, october) == ["1201", "1202"]
    assert [asked.get("after") for asked in api.asked[1:]] == [None, "MQ", "MG"]


def test_a_link_keeps_its_own_parameters_but_no_token(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights(
        api.row(), following="access_token=hush&level=campaign&limit=1&appsecret_proof=old&after=MQ&limit=2"
    )
    api.insights()

    campaigns(meta, october)

    assert api.asked[2] == {"level": "campaign", "after": "MQ", "limit": "500"}
    assert all("hush" not in str(call.request.url) for call in api.mock.calls)
    assert api.mock.calls[2].request.headers["Authorization"] == "Bearer hush"


def test_a_link_that_comes_twice_ends_the_reading(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights(api.row(), following="access_token=hush&after=MQ")
    api.insights(api.row(campaign_id="1202"), following="after=MG")
    api.insights(api.row(campaign_id="1203"), following="after=MQ&access_token=hush")

    with pytest.raises(ContractError, match="never end: after=MQ came twice") as caught:
        campaigns(meta, october)

    assert "hush" not in str(caught.value)


def test_empty_pages_are_read_over_but_not_without_end(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    for number in range(50):
        api.insights(following=f"after={number}")
    api.insights(api.row())
    api.billed_on()
    for number in range(51):
        api.insights(following=f"after={number}")

    assert campaigns(meta, october) == ["1201"]
    with pytest.raises(ContractError, match="never end: 51 empty ones in a row"):
        campaigns(meta, october)


def test_a_page_that_is_slow_is_halved_too(api: Api, meta: MetaAds, october: Unit) -> None:
    edge = "act_900100200/adsets"
    for _ in range(2):
        api.mock.get(f"https://graph.facebook.com/v26.0/{edge}", body=requests.ReadTimeout())
    api.edge(edge)
    api.insights(api.row())

    assert campaigns(meta, october) == ["1201"]
    assert [asked["limit"] for asked in api.asked] == ["500", "500", "250", "500"]


def test_a_page_that_is_too_big_is_halved_and_the_next_one_is_whole_again(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    edge = "act_900100200/adsets"
    api.refuse(edge, 1, status=500, message=REDUCE, times=2)
    api.edge(edge, {"id": "1301", "campaign_id": "1201"}, following="after=MQ&limit=125")
    api.edge(edge, {"id": "1302", "campaign_id": "1201"})
    api.insights(api.row())

    assert campaigns(meta, october) == ["1201"]
    assert [asked["limit"] for asked in api.asked] == ["500", "250", "125", "500", "500"]


def test_a_page_that_stays_too_big_is_said_so(api: Api, meta: MetaAds, october: Unit) -> None:
    api.refuse("act_900100200/adsets", 1, status=500, message=REDUCE, times=5)

    with pytest.raises(TooLarge):
        campaigns(meta, october)

    assert [asked["limit"] for asked in api.asked] == ["500", "250", "125", "62", "31"]


@pytest.mark.parametrize(
    ("code", "subcode", "status", "message", "times"),
    [
        (2, 1504038, 400, "timed out", 1),
        (100, 1504018, 400, "timed out", 1),
        (100, 1487534, 400, "too much", 1),
        (1, 0, 500, REDUCE, 1),
        (2, 1504044, 400, "unknown", 2),
        (2, 0, 504, "gateway", 2),
    ],
)
def test_what_is_too_much_at_once_is_asked_for_as_a_report(
    api: Api,
    meta: MetaAds,
    moving: Unit,
    code: int,
    subcode: int,
    status: int,
    message: str,
    times: int,
) -> None:
    api.billed_on()
    api.refuse(INSIGHTS, code, subcode, status=status, message=message, times=times)
    api.run()
    api.edge(RESULT, api.row())

    assert campaigns(meta, moving) == ["1201"]
    assert api.paths[-3:] == [INSIGHTS, RUN, RESULT]


def test_an_answer_that_does_not_come_in_time_is_asked_for_as_a_report(
    api: Api, meta: MetaAds, moving: Unit
) -> None:
    api.billed_on()
    for _ in range(2):
        api.mock.get(f"https://graph.facebook.com/v26.0/{INSIGHTS}", body=requests.ReadTimeout())
    api.run()
    api.edge(RESULT, api.row())

    assert campaigns(meta, moving) == ["1201"]


def test_ads_are_asked_for_as_a_report_and_waited_for(api: Api, meta: MetaAds, october: Unit) -> None:
    waits: list[float] = []
    meta.http.sleep = waits.append
    api.billed_on()
    api.run(
        {"async_status": "Job Not Started"},
        running(40),
        {"async_status": "Job Completed", "async_percent_completion": 90},
        {"async_status": "Job Running", "async_percent_completion": 100},
        api.DONE,
    )
    api.result(ad(api), following="limit=500&after=MQ")
    api.edge(RESULT, ad(api, "1402"))

    assert ads(meta, october) == ["1401", "1402"]
    assert waits == [10, 15, 22.5, 33.75]
    asked = api.asked[1]
    assert (asked["level"], asked["time_increment"]) == ("ad", "1")
    assert "limit" not in asked


def test_a_report_is_remembered_over_a_restart(api: Api, meta: MetaAds, october: Unit) -> None:
    kept: list[dict[str, str]] = []
    first = Unit(october.account, october.window, october.today, {}, lambda texts: kept.append(dict(texts)))
    api.billed_on()
    api.run(running(10))
    api.refuse(RUN, 190, status=401)
    with pytest.raises(Exception, match="access token"):
        ads(meta, first)
    api.mock.reset()

    api.billed_on()
    api.mock.get(f"https://graph.facebook.com/v26.0/{RUN}", json=api.DONE)
    api.result(ad(api))
    again = Unit(october.account, october.window, october.today, kept[-1])

    assert ads(meta, again) == ["1401"]


def test_a_failed_report_is_asked_for_anew(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.run(api.FAILED)
    api.run(api.DONE, run="888")
    api.result(ad(api), run="888")

    assert ads(meta, october) == ["1401"]


@pytest.mark.parametrize("last_day", [DAY, date(2026, 10, 31)])
def test_a_report_that_fails_twice_is_for_core_to_split(
    api: Api, meta: MetaAds, october: Unit, last_day: date
) -> None:
    api.billed_on()
    api.run(api.FAILED)
    api.run({"async_status": "Job Skipped"}, run="888")
    unit = october.within(Window(DAY, last_day))

    with pytest.raises(TooLarge, match="Job Skipped"):
        ads(meta, unit)

    assert unit.remembered == {}


def test_why_a_report_failed_is_told(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.run(api.FAILED)
    api.run(api.FAILED, run="888")

    with pytest.raises(TooLarge, match="-2/2490547 Report failed"):
        ads(meta, october)


def test_a_report_that_does_not_begin_is_asked_for_anew_and_one_that_does_not_end_is_waited_for(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    waits: list[float] = []
    meta.http.sleep = waits.append
    api.billed_on()
    api.run(*[{"async_status": "Job Not Started"}] * 8)
    api.run(*[running(50)] * 52, run="888")

    with pytest.raises(NotReady, match="still being prepared"):
        ads(meta, october)

    assert 300 < sum(waits[:7]) < 330
    assert [*october.remembered.values()] == ["888"]


def test_a_report_that_meta_does_not_know_yet_is_asked_about_again(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on()
    api.mock.post(f"https://graph.facebook.com/v26.0/{INSIGHTS}", json={"report_run_id": RUN})
    api.refuse(RUN, 100, 33)
    api.mock.get(f"https://graph.facebook.com/v26.0/{RUN}", json=api.DONE)
    api.refuse(
        RESULT,
        100,
        message="(#100) Cannot include spend in summary param because they weren't there while creating the "
        "report run",
    )
    api.result(ad(api))

    assert ads(meta, october) == ["1401"]


def test_a_result_that_is_gone_is_forgotten(api: Api, meta: MetaAds, moving: Unit) -> None:
    api.billed_on()
    api.run()
    api.refuse(RESULT, 100, 33)

    with pytest.raises(TransientError, match="sync again"):
        ads(meta, moving)

    assert moving.remembered == {}


def test_polling_may_take_no_time(api: Api, october: Unit) -> None:
    quick = MetaAds.model_validate({"access_token": "hush", "poll_seconds": 0})
    waits: list[float] = []
    quick.http.sleep = waits.append
    api.billed_on()
    api.run(running(10), running(60), api.DONE)
    api.result()

    assert ads(quick, october) == []
    assert waits == [0, 0]


def test_days_older_than_37_months_are_not_offered(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.refuse(INSIGHTS, 3018)

    with pytest.raises(NotOffered, match="37 months"):
        campaigns(meta, october)
