"""Reports of accounts with more ids than pages hold: asked for as a task that TikTok prepares."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, DeniedError, NotReady, TooLarge, Unit
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import HOST, REPORT

if TYPE_CHECKING:
    from .conftest import Api

FILE = "https://files.example/report.csv?sign=1"
CSV = (
    "ad_id,stat_time_day,campaign_id,adgroup_id,spend,impressions,clicks,conversion\r\n"
    "1790000000000000001,2026-10-20 00:00:00,1780000000000000001,1785000000000000001,42.17,10310,118,-\r\n"
)
RECORD = Delivery(
    day=date(2026, 10, 20),
    campaign_id="1780000000000000001",
    ad_group_id="1785000000000000001",
    ad_id="1790000000000000001",
    impressions=10310,
    clicks=118,
    interactions=118,
    cost_micros=42_170_000,
)


def cut(api: Api) -> None:
    """Pages that leave rows out."""
    api.groups()
    api.good(
        REPORT,
        {"list": [], "page_info": {"total_number": 20_000, "total_page": 20}},
        headers={"X-Tt-Ads-Throttle": "Number of ad ids is equal or more than 20k"},
    )


def created(api: Api, task_id: str = "8001") -> None:
    api.mock.post(f"{HOST}/report/task/create/", json={"code": 0, "data": {"task_id": task_id}})


def checked(api: Api, *states: str) -> None:
    for state in states:
        api.good("report/task/check", {"status": state, "message": "too many rows"})


def downloaded(api: Api, text: str = CSV) -> None:
    api.good("report/task/download", {"download_url": FILE, "output_format": "CSV_DOWNLOAD"})
    api.mock.get(FILE, body=text)


def test_more_ids_than_pages_hold_are_read_from_a_task(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    created(api)
    checked(api, "QUEUING", "PROCESSING", "SUCCESS")
    downloaded(api)

    assert list(tiktok.ad_daily(october)) == [RECORD]

    asked = next(
        json.loads(call.request.body or "") for call in api.mock.calls if call.request.method == "POST"
    )
    metrics = asked.pop("metrics")
    assert metrics[:3] == ["campaign_id", "adgroup_id", "spend"]
    assert "billed_cost" not in metrics
    assert asked == {
        "advertiser_id": "7011111111111111111",
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id", "stat_time_day"],
        "start_date": "2026-10-01",
        "end_date": "2026-10-30",
        "output_format": "CSV_DOWNLOAD",
        "enable_report_title_translation": False,
    }


def test_a_task_for_named_campaigns_is_filtered_and_remembered_by_them(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    cut(api)
    created(api)
    checked(api, "SUCCESS")
    downloaded(api)
    part = october.within(october.window, ("1780000000000000001",))

    assert list(tiktok.ad_daily(part)) == [RECORD]

    asked = next(
        json.loads(call.request.body or "") for call in api.mock.calls if call.request.method == "POST"
    )
    assert asked["filtering"] == [
        {"field_name": "campaign_ids", "filter_type": "IN", "filter_value": '["1780000000000000001"]'}
    ]
    [name] = october.remembered
    assert name.startswith("report_id 2026-10-01..2026-10-30 ")


def test_the_file_is_fetched_without_the_token(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    created(api)
    checked(api, "SUCCESS")
    downloaded(api)

    list(tiktok.ad_daily(october))

    signed = {call.request.url: "Access-Token" in call.request.headers for call in api.mock.calls}
    assert signed.pop(FILE) is False
    assert set(signed.values()) == {True}


def test_csv_in_the_answer_itself_reads_the_same(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    created(api)
    checked(api, "SUCCESS")
    api.mock.get(f"{HOST}/report/task/download/", body=f"\ufeff{CSV}".encode())

    assert list(tiktok.ad_daily(october)) == [RECORD]


def test_a_restart_waits_for_the_same_task(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    october.remembered["report_id 2026-10-01..2026-10-30"] = "8000"
    cut(api)
    checked(api, "SUCCESS")
    downloaded(api)

    assert list(tiktok.ad_daily(october)) == [RECORD]
    assert [asked["task_id"] for asked in api.asked_of("report/task/check")] == ["8000"]


def test_the_waits_between_two_looks_grow_to_two_minutes(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    patient = tiktok.model_copy(update={"poll_seconds": 60})
    waits: list[float] = []
    patient.http.sleep = waits.append
    cut(api)
    created(api)
    checked(api, "QUEUING", "PROCESSING", "PROCESSING", "SUCCESS")
    downloaded(api)

    list(patient.ad_daily(october))

    assert [wait for wait in waits if wait > 10] == [60, 90, 120]


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_a_task_that_fails_twice_is_forgotten_its_reason_told_and_less_asked_for(
    api: Api, tiktok: TikTokAds, october: Unit, state: str
) -> None:
    cut(api)
    created(api)
    created(api, "8002")
    checked(api, state)

    with pytest.raises(TooLarge, match=f"{state.lower()}: too many rows, twice"):
        list(tiktok.ad_daily(october))

    assert [asked["task_id"] for asked in api.asked_of("report/task/check")] == ["8001", "8002"]
    assert october.remembered == {}


def test_a_task_that_tiktok_no_longer_knows_is_asked_for_anew(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    october.remembered["report_id 2026-10-01..2026-10-30"] = "7000"
    cut(api)
    api.refuse(40007, "report/task/check")
    created(api)
    checked(api, "SUCCESS")
    downloaded(api)

    assert list(tiktok.ad_daily(october)) == [RECORD]
    assert [asked["task_id"] for asked in api.asked_of("report/task/check")] == ["7000", "8001"]


def test_a_task_that_is_never_ready_is_waited_for_by_the_next_sync(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    cut(api)
    created(api)
    checked(api, "PROCESSING")
    api.mock.get(f"{HOST}/report/task/check/", json={"code": 0, "data": {"status": "PROCESSING"}})

    with pytest.raises(NotReady, match="still being prepared"):
        list(tiktok.ad_daily(october))

    assert october.remembered == {"report_id 2026-10-01..2026-10-30": "8001"}


def test_an_app_without_tasks_is_told_so(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    refusal = {"code": 40001, "message": "not in the allowlist", "request_id": "rq-2", "data": {}}
    api.mock.post(f"{HOST}/report/task/create/", json=refusal)

    with pytest.raises(DeniedError, match="allowlist"):
        list(tiktok.ad_daily(october))


def test_a_file_without_days_is_refused(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    created(api)
    checked(api, "SUCCESS")
    downloaded(api, "Ad ID,Cost\r\n1,2\r\n")

    with pytest.raises(ContractError, match=r"report task 8001: .*stat_time_day"):
        list(tiktok.ad_daily(october))


def test_an_empty_file_yields_nothing(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    cut(api)
    created(api)
    checked(api, "SUCCESS")
    downloaded(api, "ad_id,stat_time_day\r\n")

    assert list(tiktok.ad_daily(october)) == []
