"""Refusals, limits and credentials."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr

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
from adtally.tokens import TokenFile
from adtally_connectors.pinterest_ads import PinterestAds

from .builders import ACCOUNT, ACCOUNT_ID, TOKEN
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

APP = {"access_token": "", "client_id": "1234567", "client_secret": "hush", "refresh_token": "pinr_1"}


@pytest.mark.parametrize(
    ("status", "code", "expected", "says"),
    [
        (400, 1, ContractError, "refuses the request"),
        (400, 400, ContractError, "refuses the request"),
        (401, 2, AuthError, "sign in again"),
        (403, 29, DeniedError, "ads:read"),
        (403, 2625, DeniedError, "disapproved"),
        (403, 2626, DeniedError, "under review"),
        (404, 2, DeniedError, "no such thing"),
        (409, 4182, NotOffered, "no such thing"),
        (409, 99, ContractError, "refuses the request"),
        (400, 4197, ContractError, "switched this off"),
        (403, 4197, ContractError, "switched this off"),
        (418, 0, ContractError, "refused"),
    ],
)
def test_each_refusal_says_what_to_do_next(
    api: Api,
    pinterest: PinterestAds,
    october: Unit,
    status: int,
    code: int,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(status, code)

    with pytest.raises(expected, match=f"{says}.*: told by Pinterest") as caught:
        list(pinterest.campaigns(october))

    assert type(caught.value) is expected
    assert len(api.mock.calls) == 1
    assert (caught.value.status, caught.value.code) == (status, str(code or ""))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
@pytest.mark.parametrize("body", ["", "<html>Bad gateway</html>"])
def test_what_time_heals_is_asked_again(
    api: Api, pinterest: PinterestAds, october: Unit, status: int, body: str
) -> None:
    api.mock.get(f"{ACCOUNT}/campaigns", body=body, status=status)
    api.listed("campaigns", {"id": "1"})

    assert [found.campaign_id for found in pinterest.campaigns(october)] == ["1"]


@pytest.mark.parametrize(
    ("status", "code", "message", "headers", "wait"),
    [
        (429, 8, "This request exceeded a rate limit.", {"X-RateLimit-Reset": "37"}, 37),
        (429, 8, "told", {"X-RateLimit-Reset": "5, 40;w=60"}, 40),
        (429, 0, "told", {"Retry-After": "12"}, 12),
        (400, 8, "Too many requests. Retry after 13 seconds.", {}, 13),
        (400, 1, "retry after 14 seconds", {"X-RateLimit-Reset": "9"}, 14),
        (400, 8, "told", {}, None),
    ],
)
def test_a_limit_is_waited_for_as_pinterest_says(
    api: Api,
    october: Unit,
    status: int,
    code: int,
    message: str,
    headers: dict[str, str],
    wait: float | None,
) -> None:
    asking, waits = connector(), list[float]()
    asking.http.sleep = waits.append
    api.refuse(status, code, message, headers=headers)
    api.listed("campaigns")

    assert list(asking.campaigns(october)) == []
    assert wait is None or wait in waits


@pytest.mark.parametrize(
    ("status", "message", "headers"),
    [
        (429, "told", {"X-RateLimit-Reset": "67150"}),
        (400, "Too many requests. Retry after 67150 seconds.", {}),
    ],
)
def test_a_quota_of_the_day_stops_the_connector(
    api: Api, pinterest: PinterestAds, october: Unit, status: int, message: str, headers: dict[str, str]
) -> None:
    api.refuse(status, 8, message, headers=headers)

    with pytest.raises(QuotaError, match="sync again later, in 1119 minutes") as caught:
        list(pinterest.campaigns(october))

    assert (caught.value.retry_after, caught.value.of_account) == (67150, False)
    assert len(api.mock.calls) == 1


def test_a_page_that_is_no_json_is_asked_for_again_and_named(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.mock.get(f"{ACCOUNT}/campaigns", body="<html>Please sign in</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(pinterest.campaigns(october))


def test_the_app_names_itself_by_basic_and_every_new_refresh_token_is_kept(
    api: Api, october: Unit, tmp_path: Path
) -> None:
    kept = TokenFile(tmp_path / "tokens.json", "pinterest")
    asking = connector(**APP)
    asking.bind(folder=tmp_path, token_file=kept)
    for number in (1, 2):
        told = {"access_token": f"pina_{number}", "expires_in": 2_592_000, "token_type": "bearer"}
        api.mock.post(TOKEN, json={**told, "refresh_token": f"pinr_{number + 1}"})
    api.refuse(401, 2, "Authentication failed.")
    api.listed("campaigns")

    assert list(asking.campaigns(october)) == []

    asked = [call.request for call in api.mock.calls if call.request.url == TOKEN]
    assert [dict(parse_qsl(str(one.body))) for one in asked] == [
        {"grant_type": "refresh_token", "refresh_token": f"pinr_{number}"} for number in (1, 2)
    ]
    basic = f"Basic {b64encode(b'1234567:hush').decode()}"
    assert {one.headers["Authorization"] for one in asked} == {basic}
    assert kept.read("pinr_1") == "pinr_3"
    told_to = [call.request for call in api.mock.calls if call.request.method == "GET"]
    assert [one.headers["Authorization"] for one in told_to] == ["Bearer pina_1", "Bearer pina_2"]


@pytest.mark.parametrize("status", [400, 401])
def test_credentials_that_are_not_accepted_are_named_and_not_shown(
    api: Api, october: Unit, status: int
) -> None:
    api.mock.post(TOKEN, json={"code": 2, "message": "Authentication failed. pinr_1"}, status=status)

    with pytest.raises(AuthError, match=r"sign in again|client") as caught:
        list(connector(**APP).campaigns(october))

    assert "pinr_1" not in str(caught.value)


def test_an_access_token_that_is_refused_cannot_be_renewed(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.refuse(401, 2, "Authentication failed.")

    with pytest.raises(AuthError, match="replace the token"):
        list(pinterest.campaigns(october))

    assert len(api.mock.calls) == 1


def test_everything_and_the_token_move_below_a_base_url_that_is_set(api: Api, october: Unit) -> None:
    near = "http://127.0.0.1:9/pinterest"
    moved = PinterestAds(
        base_url=near, client_id="id", client_secret=SecretStr("hush"), refresh_token=SecretStr("r")
    )
    api.mock.post(f"{near}/v5/oauth/token", json={"access_token": "t", "expires_in": 1800})
    api.mock.get(f"{near}/v5/ad_accounts/{ACCOUNT_ID}/campaigns", json={"items": [], "bookmark": None})

    assert list(moved.campaigns(october)) == []


def test_requests_keep_below_what_a_user_of_an_app_may_ask() -> None:
    made = PinterestAds(access_token=SecretStr("t"))

    assert (made.requests_per_second, made.poll_seconds) == (4, 5)
