"""Refusals, limits and credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr, ValidationError

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, ROOT, TOKEN
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

CAMPAIGNS = f"adaccounts/{ACCOUNT_ID}/campaigns"


@pytest.mark.parametrize(
    ("status", "code", "message", "expected", "says"),
    [
        (403, "", "told", DeniedError, "does not show it"),
        (403, "E3002", "told", DeniedError, "does not show it"),
        (404, "E3003", "told", DeniedError, "no such thing"),
        (404, "", "told", ContractError, "refuses the request"),
        (
            400,
            "E1008",
            "Timeseries queries cannot query time intervals of more than 31 days.",
            TooLarge,
            "days",
        ),
        (400, "E1008", "End time should be after start time.", ContractError, "refuses the request"),
        (400, "E1001", "told", ContractError, "refuses the request"),
        (200, "E1001", "told", ContractError, "refuses the request"),
        (410, "", "told", ContractError, "refuses the request"),
        (418, "", "told", ContractError, "refuses the request"),
    ],
)
def test_each_refusal_says_what_to_do_next(
    api: Api,
    snapchat: SnapchatAds,
    october: Unit,
    status: int,
    code: str,
    message: str,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(CAMPAIGNS, status, code, message)

    with pytest.raises(expected, match=f"{says}.*: .*{message}") as caught:
        list(snapchat.campaigns(october))

    assert type(caught.value) is expected
    assert len(api.calls) == 1
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, code, "rq-1")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
@pytest.mark.parametrize("body", ["", "<html>Bad gateway</html>"])
def test_what_time_heals_is_asked_again(
    api: Api, snapchat: SnapchatAds, october: Unit, status: int, body: str
) -> None:
    api.mock.get(f"{ROOT}/{CAMPAIGNS}", body=body, status=status)
    api.of_account("campaigns", {"id": "1"})

    assert [found.campaign_id for found in snapchat.campaigns(october)] == ["1"]


def test_a_limit_without_a_wait_holds_back_every_request_for_a_second(
    api: Api, snapchat: SnapchatAds, october: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[float] = []
    monkeypatch.setattr(snapchat.http, "slow_down", held.append)
    api.mock.get(f"{ROOT}/{CAMPAIGNS}", status=429)
    api.of_account("campaigns")

    list(snapchat.campaigns(october))

    assert held == [1]


def test_a_limit_that_outlasts_a_quarter_of_an_hour_stops_the_connector(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.mock.get(f"{ROOT}/{CAMPAIGNS}", status=429, headers={"Retry-After": "3600"})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        list(snapchat.campaigns(october))

    assert (caught.value.retry_after, caught.value.of_account) == (3600, False)


def test_a_page_that_is_no_json_is_asked_for_again_and_named(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.mock.get(f"{ROOT}/{CAMPAIGNS}", body="<html>Please sign in</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(snapchat.campaigns(october))


def test_a_token_is_renewed_once_with_the_newest_refresh_token(bare: Api, october: Unit) -> None:
    bare.token("token-1", refresh_token="refresh-2")
    bare.mock.get(f"{ROOT}/{CAMPAIGNS}", status=401)
    bare.token("token-2")
    bare.of_account("campaigns")

    assert list(connector().campaigns(october)) == []

    forms = [dict(parse_qsl(str(c.request.body))) for c in bare.mock.calls if c.request.url == TOKEN]
    assert forms == [
        {
            "grant_type": "refresh_token",
            "client_id": "id",
            "client_secret": "hush",
            "refresh_token": newest,
        }
        for newest in ("refresh-1", "refresh-2")
    ]
    assert [call.request.headers["Authorization"] for call in bare.calls] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_revoked_refresh_token_asks_for_a_new_consent(bare: Api, october: Unit) -> None:
    body = {"error": "invalid_grant", "error_description": "refresh token revoked"}
    bare.mock.post(TOKEN, json=body, status=400)

    with pytest.raises(AuthError, match="sign in again"):
        list(connector().campaigns(october))


def test_a_token_that_stays_refused_is_asked_for_once_more_and_not_shown(bare: Api, october: Unit) -> None:
    for number in (1, 2):
        bare.token(f"token-{number}")
        bare.mock.get(f"{ROOT}/{CAMPAIGNS}", status=401)

    with pytest.raises(AuthError) as caught:
        list(connector().campaigns(october))

    assert len(bare.calls) == 2
    assert "token-2" not in str(caught.value)


def test_requests_keep_to_half_of_what_a_token_may_ask(snapchat: SnapchatAds) -> None:
    assert snapchat.requests_per_second == 5


def test_no_secret_shows_in_the_settings(snapchat: SnapchatAds) -> None:
    assert "hush" not in repr(snapchat)
    assert "refresh-1" not in repr(snapchat)


@pytest.mark.parametrize(
    "wrong",
    [
        {"swipe_up_attribution_window": "30_DAY"},
        {"view_attribution_window": "0_DAY"},
        {"action_report_time": "day"},
        {"client_id": None},
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object]) -> None:
    good = {"client_id": "id", "client_secret": "hush", "refresh_token": "refresh-1"}

    with pytest.raises(ValidationError, match=next(iter(wrong))) as caught:
        SnapchatAds.model_validate({**good, **wrong})

    assert "hush" not in str(caught.value)


def test_everything_and_the_token_move_below_a_base_url_that_is_set(bare: Api, october: Unit) -> None:
    near = "http://127.0.0.1:9/snapchat"
    moved = SnapchatAds(
        base_url=near, client_id="id", client_secret=SecretStr("hush"), refresh_token=SecretStr("r")
    )
    bare.mock.post(f"{near}/login/oauth2/access_token", json={"access_token": "t", "expires_in": 1800})
    bare.mock.get(f"{near}/v1/{CAMPAIGNS}", json={"campaigns": []})

    assert list(moved.campaigns(october)) == []
