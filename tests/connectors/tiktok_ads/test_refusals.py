"""Refusals, most of them with HTTP status 200, and credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr, ValidationError

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TransientError,
    Unit,
)
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import HOST, REPORT, row

if TYPE_CHECKING:
    from .conftest import Api

URL = f"{HOST}/{REPORT}/"
BUSY = [40016, 40100, 40132, 40133]


@pytest.mark.parametrize(
    ("code", "expected", "says"),
    [
        (40001, DeniedError, "no permission"),
        (40002, ContractError, "parameter"),
        (40007, NotOffered, "no such object"),
        (40101, AuthError, "app_id and app_secret"),
        (40102, AuthError, "authorise the app again"),
        (40104, AuthError, "authorise the app again"),
        (40105, AuthError, "authorise the app again"),
        (40106, AuthError, "authorise the app again"),
        (40110, AuthError, "authorise the app again"),
        (49999, ContractError, "refuses the request"),
    ],
)
def test_each_code_says_what_to_do_next(
    api: Api, tiktok: TikTokAds, october: Unit, code: int, expected: type[AdtallyError], says: str
) -> None:
    api.refuse(code, "campaign/get")

    with pytest.raises(expected, match=f"{says}.*: told by TikTok") as caught:
        list(tiktok.campaigns(october))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (200, str(code), "rq-1")


@pytest.mark.parametrize("code", [*BUSY, 20001, 40200, 40201, 40202, 40700, 50000, 50002, 51000])
def test_what_time_heals_is_asked_again(api: Api, tiktok: TikTokAds, october: Unit, code: int) -> None:
    api.refuse(code, "campaign/get")
    for _ in range(2):
        api.answer("campaign/get")

    assert list(tiktok.campaigns(october)) == []


@pytest.mark.parametrize("code", [40016, 40100])
def test_a_limit_of_the_app_holds_back_its_other_requests(
    api: Api, tiktok: TikTokAds, october: Unit, code: int
) -> None:
    waits: list[float] = []
    tiktok.http.sleep = waits.append
    api.refuse(code, "campaign/get")
    for _ in range(2):
        api.answer("campaign/get")

    list(tiktok.campaigns(october))

    assert max(waits) > 0.5


def test_a_restricted_app_is_left_alone_for_five_minutes(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    waits: list[float] = []
    tiktok.http.sleep = waits.append
    api.refuse(40100, "campaign/get", message="Requests of this app are temporarily restricted.")
    for _ in range(2):
        api.answer("campaign/get")

    list(tiktok.campaigns(october))

    assert round(waits[0]) == 300


@pytest.mark.parametrize(("code", "of_account"), [(40016, False), (40100, False), (40133, True)])
def test_a_limit_that_outlasts_a_quarter_of_an_hour_stops_the_app_or_only_the_account(
    api: Api, tiktok: TikTokAds, october: Unit, code: int, of_account: bool
) -> None:
    body = {"code": code, "message": "told by TikTok", "request_id": "rq-1", "data": {}}
    api.mock.get(f"{HOST}/campaign/get/", json=body, headers={"Retry-After": "3600"})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        list(tiktok.campaigns(october))

    assert (caught.value.retry_after, caught.value.of_account) == (3600, of_account)


def test_requests_keep_below_the_lowest_tier(tiktok: TikTokAds) -> None:
    assert tiktok.requests_per_second == 8


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 529])
def test_a_gateway_that_fails_is_asked_again(api: Api, tiktok: TikTokAds, october: Unit, status: int) -> None:
    api.mock.get(f"{HOST}/campaign/get/", body="<html>Bad gateway</html>", status=status)
    for _ in range(2):
        api.answer("campaign/get")

    assert list(tiktok.campaigns(october)) == []


def test_an_answer_that_is_no_json_is_asked_for_again_and_named(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    for _ in range(6):
        api.mock.get(f"{HOST}/campaign/get/", body="<html>Please sign in</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(tiktok.campaigns(october))


def test_a_wrong_version_is_not_asked_again(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.mock.get(f"{HOST}/campaign/get/", body="404 page not found", status=404)

    with pytest.raises(ContractError, match="refused"):
        list(tiktok.campaigns(october))


def test_a_part_of_a_report_is_no_report(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    part = {"code": 20001, "message": "partly", "data": {"list": [row()], "page_info": {"total_page": 1}}}
    for _ in range(6):
        api.mock.get(URL, json=part)

    with pytest.raises(TransientError, match="only a part"):
        list(tiktok.campaign_daily(october))


def test_a_refused_token_is_not_asked_again_and_not_shown(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.refuse(40105, "campaign/get", message="Access token is incorrect or has been revoked.")

    with pytest.raises(AuthError) as caught:
        list(tiktok.campaigns(october))

    assert len(api.mock.calls) == 1
    assert "tok_x" not in str(caught.value)


def test_the_app_secret_shows_in_no_error(api: Api, tiktok: TikTokAds) -> None:
    api.refuse(40101, "oauth2/advertiser/get", message="secret is wrong")

    with pytest.raises(AuthError) as caught:
        tiktok.check()

    assert "hush" not in str(caught.value)


def test_no_secret_shows_in_the_settings(tiktok: TikTokAds) -> None:
    assert "hush" not in repr(tiktok)
    assert "tok_x" not in repr(tiktok)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ValidationError, match="app_id") as caught:
        TikTokAds.model_validate({"access_token": "tok_x", "app_secret": "hush"})

    assert "tok_x" not in str(caught.value)


def test_everything_moves_below_a_base_url_that_is_set(api: Api, october: Unit) -> None:
    near = TikTokAds(
        base_url="http://127.0.0.1:9/tiktok",
        access_token=SecretStr("tok_x"),
        app_id="7",
        app_secret=SecretStr("hush"),
    )
    near.http.sleep = lambda _: None
    path = "http://127.0.0.1:9/tiktok/open_api/v1.3/campaign/get/"
    for _ in range(2):
        api.mock.get(path, json={"code": 0, "data": {"list": []}})

    assert list(near.campaigns(october)) == []
