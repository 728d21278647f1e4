"""Refusals by code and status, limits, signatures and secrets."""

from __future__ import annotations

import base64
import hmac
import sys
import time
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

import pytest
from pydantic import SecretStr, ValidationError

from adtally import (
    AdtallyError,
    AuthError,
    ConfigError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.x_ads import XAds

from .builders import active

if TYPE_CHECKING:
    from .conftest import Api

SECRETS = ("hush-consumer", "tok_x", "hush-token")


def asked(x: XAds, unit: Unit) -> None:
    list(x.orders(unit))


@pytest.mark.parametrize(
    ("status", "code", "expected", "says"),
    [
        (400, "INVALID_PARAMETER", ContractError, "refused"),
        (400, "INVALID_TIME_WINDOW", TooLarge, "asks for less"),
        (400, "REQUEST_TOO_COMPLEX", TooLarge, "asks for less"),
        (400, "INVALID_ACCOUNT_SERVICE_LEVEL", NotOffered, "does not offer"),
        (400, "FEATURE_NOT_AVAILABLE", NotOffered, "does not offer"),
        (401, "UNAUTHORIZED_ACCESS", AuthError, "authorise the app again"),
        (401, 89, AuthError, "authorise the app again"),
        (403, "UNAUTHORIZED_CLIENT_APPLICATION", AuthError, "approved for the Ads API"),
        (403, "CURRENT_USER_SUSPENDED", AuthError, "app or user"),
        (403, "ACCOUNT_NOT_FOUND", DeniedError, "no permission"),
        (403, "ACTION_NOT_ALLOWED", DeniedError, "no permission"),
        (404, "ROUTE_NOT_FOUND", ContractError, "refused"),
        (405, "METHOD_NOT_ALLOWED", ContractError, "refused"),
    ],
)
def test_each_code_says_what_to_do_next(
    api: Api,
    x: XAds,
    day: Unit,
    status: int,
    code: str | int,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(status, code)

    with pytest.raises(expected, match=f"{says}.*: told by X") as caught:
        asked(x, day)

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code) == (status, str(code))
    assert not any(secret in str(caught.value) for secret in SECRETS)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "TOO_MANY_JOBS"),
        (408, "CANCELLED_REQUEST"),
        (423, "LOCK_ACQUISITION_TIMEOUT"),
        (429, "TOO_MANY_REQUESTS"),
        (429, 88),
        (500, "INTERNAL_ERROR"),
        (503, "OVER_CAPACITY"),
        (200, "INTERNAL_ERROR"),
        (200, "NOT_FOUND"),
    ],
)
def test_what_time_heals_is_asked_again(api: Api, x: XAds, day: Unit, status: int, code: str | int) -> None:
    api.refuse(status, code)

    asked(x, day)

    assert len(api.asked_of("campaigns")) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 520])
@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "null", '{"errors": "none"}'])
def test_a_body_that_says_nothing_leaves_the_status(
    api: Api, x: XAds, day: Unit, status: int, body: str
) -> None:
    api.refuse(status, body=body)

    asked(x, day)

    assert len(api.asked_of("campaigns")) == 2


def test_a_page_of_html_that_comes_as_a_success_is_no_answer(api: Api, x: XAds, day: Unit) -> None:
    api.refuse(200, body="<html>Please sign in</html>", times=6)

    with pytest.raises(TransientError, match="the answer is HTML"):
        asked(x, day)


def waits(x: XAds, unit: Unit) -> list[float]:
    found: list[float] = []
    x.http.sleep = found.append
    asked(x, unit)
    return found


def test_the_limit_of_the_account_wins_over_that_of_the_user(api: Api, x: XAds, day: Unit) -> None:
    now = int(time.time())
    limits = {"x-account-rate-limit-reset": str(now + 100), "x-rate-limit-reset": str(now + 800)}
    api.refuse(429, "TOO_MANY_REQUESTS", headers=limits)

    assert 90 < max(waits(x, day)) <= 100


def test_without_a_limit_of_the_account_that_of_the_user_is_waited_for(api: Api, x: XAds, day: Unit) -> None:
    api.refuse(429, "TOO_MANY_REQUESTS", headers={"x-rate-limit-reset": str(int(time.time()) + 800)})

    assert 790 < max(waits(x, day)) <= 800


@pytest.mark.parametrize("header", ["x-account-rate-limit-reset", "x-rate-limit-reset"])
def test_a_limit_that_outlasts_a_quarter_of_an_hour_stops_the_account_or_the_user(
    api: Api, x: XAds, day: Unit, header: str
) -> None:
    api.refuse(429, "TOO_MANY_REQUESTS", headers={header: str(int(time.time()) + 3600)})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        asked(x, day)

    assert caught.value.of_account is (header == "x-account-rate-limit-reset")


def test_too_many_jobs_are_waited_for_and_not_taken_for_a_wrong_question(
    api: Api, x: XAds, day: Unit
) -> None:
    api.refuse(400, "TOO_MANY_JOBS")

    assert 25 < max(waits(x, day)) <= 30


def test_an_overload_is_waited_for_as_long_as_x_says(api: Api, x: XAds, day: Unit) -> None:
    api.refuse(503, "SERVICE_UNAVAILABLE", headers={"Retry-After": "7"})

    assert 6 < max(waits(x, day)) <= 7


def test_a_wrong_clock_is_named_where_a_signature_is_refused(api: Api, x: XAds, day: Unit) -> None:
    api.refuse(401, "UNAUTHORIZED_ACCESS", headers={"Date": formatdate(time.time() - 3600, usegmt=True)})

    with pytest.raises(AuthError, match=r"clock is \+3[56]\d\d seconds off"):
        asked(x, day)


def test_every_request_is_signed_anew(api: Api, x: XAds, day: Unit) -> None:
    asked(x, day)

    signed = [str(call.request.headers["Authorization"]) for call in api.mock.calls]
    assert all(text.startswith("OAuth ") and 'oauth_token="tok_x"' in text for text in signed)
    assert len({text.partition("oauth_nonce=")[2].split(",")[0] for text in signed}) == len(signed) == 2


def test_a_signature_covers_method_address_and_all_parameters_as_they_are_sent(
    api: Api, x: XAds, day: Unit
) -> None:
    api.active(active(), active("other"))

    list(x.campaign_daily(day))

    for call in api.mock.calls:
        head = str(call.request.headers.get("Authorization", ""))
        if not head:
            continue
        url, _, query = str(call.request.url).partition("?")
        told = dict(part.split("=", 1) for part in head.removeprefix("OAuth ").split(", "))
        sent = {name: unquote(value.strip('"')) for name, value in told.items()}
        signature = sent.pop("oauth_signature")
        pairs = sorted((quote(n, safe=""), quote(v, safe="")) for n, v in [*parse_qsl(query), *sent.items()])
        base = "&".join(f"{name}={value}" for name, value in pairs)
        text = f"{call.request.method}&{quote(url, safe='')}&{quote(base, safe='')}"
        digest = hmac.digest(b"hush-consumer&hush-token", text.encode(), "sha1")
        assert signature == base64.b64encode(digest).decode()
    assert any("entity_ids=8wku2%2Cother" in str(call.request.url) for call in api.mock.calls)


def test_without_oauthlib_the_extra_is_named(
    api: Api, x: XAds, day: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "oauthlib.oauth1", None)

    with pytest.raises(ConfigError, match=r"pip install 'adtally\[x_ads\]'"):
        asked(x, day)


def test_no_secret_shows_in_the_settings(x: XAds) -> None:
    assert not any(secret in repr(x) for secret in SECRETS)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ValidationError, match="access_token_secret") as caught:
        XAds.model_validate({"consumer_key": "k", "consumer_secret": "hush-consumer", "access_token": "t"})

    assert "hush-consumer" not in str(caught.value)


def test_everything_moves_below_a_base_url_that_is_set(api: Api, day: Unit) -> None:
    secret = SecretStr("hush")
    near = XAds(
        base_url="http://127.0.0.1:9/x",
        consumer_key="k",
        consumer_secret=secret,
        access_token=secret,
        access_token_secret=secret,
    )
    near.http.sleep = lambda _: None
    for kind in ("campaigns", "funding_instruments"):
        api.mock.get(f"http://127.0.0.1:9/x/12/accounts/18ce54d4x5t/{kind}", json={"data": []})

    assert list(near.orders(day)) == []
