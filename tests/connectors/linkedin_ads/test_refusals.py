"""Refusals, limits and credentials."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import responses
from pydantic import SecretStr, ValidationError

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TimedOut,
    TransientError,
    Unit,
)
from adtally_connectors.linkedin_ads import LinkedInAds
from adtally_connectors.linkedin_ads.refusals import to_error

from .builders import ACCOUNTS, CAMPAIGNS, HOST, TOKEN_URL, account

if TYPE_CHECKING:
    from .conftest import Api

DAY_QUOTA = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
VALUES = "The data request limit has been exceeded. More than 45 million metric values were requested."


@pytest.mark.parametrize(
    ("status", "code", "expected", "says"),
    [
        (400, "VERSION_MISSING", ContractError, "refused"),
        (400, "FIELD_INVALID", ContractError, "refused"),
        (401, "REVOKED_ACCESS_TOKEN", AuthError, "sign in again"),
        (403, "NO_PERMISSION_ON_ENTITY", DeniedError, "lacks a role"),
        (404, "NOT_FOUND", DeniedError, "no such account"),
        (404, "RESOURCE_NOT_FOUND", ContractError, "refused"),
        (414, "", ContractError, "refused"),
        (426, "NONEXISTENT_VERSION", ContractError, "set api_version"),
    ],
)
def test_each_status_says_what_to_do_next(
    api: Api,
    linkedin: LinkedInAds,
    october: Unit,
    status: int,
    code: str,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(status, CAMPAIGNS, code=code)

    with pytest.raises(expected, match=f"{says}.*: told by LinkedIn") as caught:
        list(linkedin.ad_groups(october))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, code, "u-1")


@pytest.mark.parametrize("status", [429, 500, 503, 520])
def test_what_time_heals_is_asked_again(api: Api, linkedin: LinkedInAds, october: Unit, status: int) -> None:
    api.refuse(status, CAMPAIGNS)
    api.campaigns()

    assert list(linkedin.ad_groups(october)) == []


@pytest.mark.parametrize("status", [408, 504])
def test_an_answer_that_takes_too_long_is_a_sign_to_ask_for_less(
    api: Api, linkedin: LinkedInAds, october: Unit, status: int
) -> None:
    for _ in range(2):
        api.refuse(status, CAMPAIGNS, code="TIMEOUT")

    with pytest.raises(TimedOut):
        list(linkedin.ad_groups(october))


def refusal(message: str, **headers: str) -> Answer:
    body = f'{{"status":429,"serviceErrorCode":101,"message":"{message}"}}'.encode()
    return Answer(429, headers, body, f"{HOST}/rest/adAnalytics")


@pytest.mark.parametrize(
    ("now", "expected", "wait"),
    [
        (datetime(2026, 11, 10, 12, tzinfo=UTC), QuotaError, 12 * 3600),
        (datetime(2026, 11, 10, 0, 0, tzinfo=UTC), QuotaError, 24 * 3600),
        (datetime(2026, 12, 31, 23, 50, tzinfo=UTC), TransientError, 600),
    ],
)
def test_a_quota_of_the_day_returns_at_midnight_utc(
    now: datetime, expected: type[AdtallyError], wait: float
) -> None:
    error = to_error(refusal(DAY_QUOTA), now)

    assert type(error) is expected
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.status, error.code) == (wait, 429, "101")
    assert not (isinstance(error, QuotaError) and error.of_account)


@pytest.mark.parametrize(
    ("answer", "wait"), [(refusal(VALUES), 330), (refusal("Slow down", **{"Retry-After": "7"}), 7)]
)
def test_a_short_limit_is_waited_for(answer: Answer, wait: float) -> None:
    error = to_error(answer, datetime(2026, 11, 23, 12, tzinfo=UTC))

    assert type(error) is TransientError
    assert error.retry_after == wait


def test_too_many_metric_values_hold_back_every_request_for_some_minutes(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    waits: list[float] = []
    linkedin.http.sleep = waits.append
    api.refuse(429, CAMPAIGNS, message=VALUES)
    api.campaigns()

    list(linkedin.ad_groups(october))

    assert round(waits[0]) == 330


def test_requests_keep_below_what_others_were_throttled_at() -> None:
    assert LinkedInAds(access_token=SecretStr("tok_x")).requests_per_second == 0.6


@pytest.mark.parametrize("code", [65600, "", None])
def test_a_refusal_of_the_old_style_is_read_too(
    api: Api, linkedin: LinkedInAds, october: Unit, code: object
) -> None:
    body = {"status": 403, "code": code, "message": "Not enough permissions", "serviceErrorCode": 100}
    api.mock.get(f"{HOST}/{CAMPAIGNS}", json=body, status=403)

    with pytest.raises(DeniedError, match="Not enough permissions") as caught:
        list(linkedin.ad_groups(october))

    assert caught.value.code == str(code or 100)


def test_a_proxys_page_is_asked_for_again_and_named(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    api.mock.get(f"{HOST}/{CAMPAIGNS}", body="<html>Bad gateway</html>", status=502)
    for _ in range(5):
        api.mock.get(f"{HOST}/{CAMPAIGNS}", body="<html>Please sign in</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(linkedin.ad_groups(october))


def grant(api: Api, token: str = "fresh_x") -> None:
    answer = {"access_token": token, "expires_in": 5184000, "refresh_token": "refresh_x", "scope": "r_ads"}
    api.mock.post(TOKEN_URL, json=answer)


def test_a_refresh_token_buys_the_access_token_once(api: Api, app: LinkedInAds) -> None:
    grant(api)
    for _ in range(2):
        api.page(ACCOUNTS, account())

    list(app.accounts())
    list(app.accounts())

    asked = [call.request for call in api.mock.calls]
    assert asked[0].body == (
        "grant_type=refresh_token&refresh_token=refresh_x&client_id=app_x&client_secret=hush_x"
    )
    assert [call.headers["Authorization"] for call in asked[1:]] == ["Bearer fresh_x"] * 2
    assert len(asked) == 3


def test_a_fresh_token_that_is_not_known_yet_is_waited_for(api: Api, app: LinkedInAds) -> None:
    waits: list[float] = []
    app.http.sleep = waits.append
    grant(api)
    api.refuse(401, ACCOUNTS, code="INVALID_ACCESS_TOKEN")
    api.page(ACCOUNTS, account())

    assert len(list(app.accounts())) == 1
    assert round(waits[0]) == 30
    assert sum(str(call.request.url) == TOKEN_URL for call in api.mock.calls) == 1


def test_a_token_that_stays_refused_is_refreshed_once_and_given_up(api: Api, app: LinkedInAds) -> None:
    grant(api)
    grant(api, "fresher_x")
    for _ in range(3):
        api.refuse(401, ACCOUNTS, code="EXPIRED_ACCESS_TOKEN")

    with pytest.raises(AuthError, match="sign in again"):
        list(app.accounts())

    signed = [call.request.headers.get("Authorization") for call in api.mock.calls]
    assert signed == [None, "Bearer fresh_x", "Bearer fresh_x", None, "Bearer fresher_x"]


def test_an_access_token_alone_is_not_asked_again_and_not_shown(api: Api, linkedin: LinkedInAds) -> None:
    api.refuse(401, ACCOUNTS, code="EXPIRED_ACCESS_TOKEN")

    with pytest.raises(AuthError) as caught:
        list(linkedin.accounts())

    assert len(api.mock.calls) == 1
    assert "tok_x" not in str(caught.value)


def test_a_dead_refresh_token_says_so(api: Api, app: LinkedInAds) -> None:
    told = {"error": "invalid_grant", "error_description": "expired"}
    api.mock.post(TOKEN_URL, json=told, status=400)

    with pytest.raises(AuthError, match="refresh token") as caught:
        list(app.accounts())

    assert not any(secret in str(caught.value) for secret in ("hush_x", "refresh_x"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"client_id": "1"},
        {"client_id": "1", "client_secret": "hush_x"},
        {"refresh_token": "refresh_x"},
        {"access_token": "tok_x", "client_id": "1"},
        {"access_token": "tok_x", "client_id": "1", "client_secret": "hush_x", "refresh_token": "refresh_x"},
    ],
)
def test_there_is_exactly_one_way_in(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="or access_token alone") as caught:
        LinkedInAds.model_validate(fields)

    assert not any(secret in str(caught.value) for secret in ("tok_x", "hush_x", "refresh_x"))


def test_no_secret_shows_in_the_settings(linkedin: LinkedInAds, app: LinkedInAds) -> None:
    assert not any(secret in repr((linkedin, app)) for secret in ("tok_x", "hush_x", "refresh_x"))


def test_everything_moves_below_a_base_url_that_is_set() -> None:
    near = LinkedInAds(
        base_url="http://127.0.0.1:9/li",
        client_id="1",
        client_secret=SecretStr("hush_x"),
        refresh_token=SecretStr("refresh_x"),
    )
    near.http.sleep = lambda _: None
    with responses.RequestsMock() as mock:
        mock.post("http://127.0.0.1:9/li/oauth/v2/accessToken", json={"access_token": "fresh_x"})
        mock.get("http://127.0.0.1:9/li/rest/adAccounts", json={"elements": []})

        assert list(near.accounts()) == []
