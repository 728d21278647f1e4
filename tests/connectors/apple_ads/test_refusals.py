"""Refusals, limits and credentials."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from adtally import (
    AdtallyError,
    AuthError,
    ConfigError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TransientError,
    Unit,
)
from adtally_connectors.apple_ads import AppleAds
from adtally_connectors.apple_ads.sandbox import keys

from .builders import ROOT, TOKEN, campaign, client

if TYPE_CHECKING:
    from .conftest import Api

PATH = "campaigns/query"
Units = Callable[..., Unit]


@pytest.mark.parametrize(
    ("status", "expected", "says"),
    [
        (400, ContractError, "refused"),
        (403, DeniedError, "no role on this ad account, or an automated one"),
        (404, NotOffered, "no such object"),
        (418, ContractError, "refused"),
    ],
)
def test_each_status_says_what_to_do_next(
    api: Api, apple: AppleAds, unit: Units, status: int, expected: type[AdtallyError], says: str
) -> None:
    api.refuse(status)

    with pytest.raises(expected, match=f"{says}.*: told by Apple") as caught:
        list(apple.campaigns(unit()))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code) == (status, f"CODE_{status}")


def test_what_is_wrong_with_a_field_is_told(api: Api, apple: AppleAds, unit: Units) -> None:
    detail = {"code": "MISSING_REQUIRED_FIELD", "message": "timeRange.start is required."}
    error = {"code": "INVALID_ARGUMENT", "message": "Invalid fields.", "details": [detail]}
    api.answer(PATH, {"error": error}, status=400)

    with pytest.raises(ContractError, match=r"Invalid fields\. timeRange\.start is required"):
        list(apple.campaigns(unit()))


def test_an_error_without_its_wrapper_is_read_too(api: Api, apple: AppleAds, unit: Units) -> None:
    api.answer(PATH, {"code": "NOT_AUTHED", "message": "told by Apple"}, status=403)

    with pytest.raises(DeniedError, match="told by Apple"):
        list(apple.campaigns(unit()))


def test_an_error_with_the_status_of_success_is_no_answer(api: Api, apple: AppleAds, unit: Units) -> None:
    part = {"result": [campaign()], "error": {"code": "INTERNAL", "message": "partly"}}
    for _ in range(6):
        api.answer(PATH, part)

    with pytest.raises(TransientError, match="only in part: partly"):
        list(apple.campaigns(unit()))


def test_an_invalid_question_that_is_refused_with_the_status_of_success_is_not_asked_again(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    api.answer(PATH, {"result": None, "error": {"code": "INVALID_ARGUMENT", "message": "bad field"}})

    with pytest.raises(ContractError, match="refuses the request: bad field"):
        list(apple.campaigns(unit()))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
def test_what_time_heals_is_asked_again(api: Api, apple: AppleAds, unit: Units, status: int) -> None:
    api.refuse(status)
    api.query("campaigns")

    assert list(apple.campaigns(unit())) == []


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "17"}, 17),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "17", "Retry-After": "40"}, 40),
    ],
)
def test_a_throttled_request_waits_as_long_as_apple_says(
    api: Api, apple: AppleAds, unit: Units, headers: dict[str, str], wait: int
) -> None:
    waits: list[float] = []
    apple.http.sleep = waits.append
    api.refuse(429, headers=headers)
    api.query("campaigns")

    list(apple.campaigns(unit()))

    assert round(max(waits)) == wait


def test_a_limit_that_outlasts_a_quarter_of_an_hour_stops_the_connector(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    api.refuse(429, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "3600"})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        list(apple.campaigns(unit()))

    assert (caught.value.retry_after, caught.value.of_account) == (3600, False)


@pytest.mark.parametrize(
    ("left", "reset", "wait"),
    [("4", "17", 17), ("5", "17", 0), ("0", "901", 0), ("few", "17", 0), ("4", "", 0)],
)
def test_with_hardly_a_request_left_the_next_one_waits(
    api: Api, apple: AppleAds, unit: Units, left: str, reset: str, wait: int
) -> None:
    waits: list[float] = [0]
    limits = {"RateLimit-Limit": "600", "RateLimit-Remaining": left, "RateLimit-Reset": reset}
    place = {"totalCount": 2, "pageSize": 1000}
    api.answer(PATH, {"result": [campaign(1)], "pagination": place}, headers=limits)
    api.query("campaigns", campaign(2), total=2, offset=1)
    apple.http.sleep = waits.append

    list(apple.campaigns(unit()))

    assert round(max(waits)) == wait


def test_a_proxys_page_is_asked_for_again_and_named(api: Api, apple: AppleAds, unit: Units) -> None:
    for _ in range(6):
        api.mock.post(f"{ROOT}/{PATH}", body="<html>Please sign in</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(apple.campaigns(unit()))


def test_a_wrong_version_is_not_asked_again(api: Api, apple: AppleAds, unit: Units) -> None:
    api.mock.post(f"{ROOT}/{PATH}", body="404 page not found", status=404)

    with pytest.raises(ContractError, match="refused"):
        list(apple.campaigns(unit()))


def test_each_token_is_asked_for_with_a_fresh_secret_that_the_key_signed(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    api.mock.post(TOKEN, json={"access_token": "tok_2", "expires_in": 3600})
    api.refuse(401)
    api.query("campaigns")

    list(apple.campaigns(unit()))

    asked = [call.request for call in api.mock.calls if call.request.url == TOKEN]
    forms = [dict(parse_qsl(str(request.body))) for request in asked]
    secrets = [form.pop("client_secret") for form in forms]
    known = {"grant_type": "client_credentials", "scope": "searchadsorg", "client_id": "SEARCHADS.client"}
    assert forms == [known, known]
    assert len(set(secrets)) == 2
    assert asked[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    public = ec.derive_private_key(keys.PRIVATE_NUMBER, ec.SECP256R1()).public_key()
    claims = jwt.decode(secrets[0], public, algorithms=["ES256"], audience="https://appleid.apple.com")
    assert (claims["iss"], claims["sub"]) == ("SEARCHADS.team", "SEARCHADS.client")
    assert abs(claims["iat"] - time.time()) < 60
    assert 0 < claims["exp"] - claims["iat"] <= 180 * 86_400
    assert jwt.get_unverified_header(secrets[0]) == {"alg": "ES256", "kid": "key-1", "typ": "JWT"}
    assert api.mock.calls[-1].request.headers["Authorization"] == "Bearer tok_2"


def test_a_token_that_is_refused_twice_is_the_users_to_mend(api: Api, apple: AppleAds, unit: Units) -> None:
    api.mock.post(TOKEN, json={"access_token": "tok_2", "expires_in": 3600})
    api.refuse(401, times=2)

    with pytest.raises(AuthError, match="check client_id, team_id, key_id and private_key") as caught:
        list(apple.campaigns(unit()))

    assert "tok_" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 400])
def test_a_key_that_apple_does_not_know_is_named_and_not_shown(
    apple: AppleAds, unit: Units, status: int
) -> None:
    with responses.RequestsMock() as mock:
        mock.post(TOKEN, json={"error": "invalid_client"}, status=status)

        with pytest.raises(AuthError) as caught:
            list(apple.campaigns(unit()))

    assert "PRIVATE" not in str(caught.value)


def test_the_key_may_be_a_file(api: Api, tmp_path: Path, unit: Units) -> None:
    file = tmp_path / "key.pem"
    file.write_text(keys.private_pem())
    apple = client(private_key=str(file))
    api.query("campaigns")

    assert list(apple.campaigns(unit())) == []


def test_a_key_that_is_none_is_a_matter_of_configuration(unit: Units) -> None:
    apple = client(private_key="/nowhere/key.pem")

    with pytest.raises(ConfigError, match="neither a PEM text for ES256 nor a path"):
        list(apple.campaigns(unit()))


def test_no_secret_shows_in_the_settings_and_a_missing_one_is_named(apple: AppleAds) -> None:
    assert "PRIVATE" not in repr(apple)
    with pytest.raises(ValidationError, match="team_id"):
        AppleAds.model_validate({"client_id": "c", "key_id": "k", "private_key": "hush"})


def test_everything_moves_below_a_base_url_that_is_set(unit: Units) -> None:
    near = client(base_url="http://127.0.0.1:9/apple")
    with responses.RequestsMock() as mock:
        mock.post("http://127.0.0.1:9/apple/auth/oauth2/token", json={"access_token": "t"})
        mock.post("http://127.0.0.1:9/apple/v1/campaigns/query", json={"result": [], "pagination": {}})

        assert list(near.campaigns(unit())) == []


def test_requests_keep_below_what_other_clients_do(apple: AppleAds) -> None:
    assert apple.requests_per_second == 8
