"""Refusals of both APIs, credentials, and hosts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
import responses
from pydantic import SecretStr, ValidationError

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ConfigError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TransientError,
    Unit,
)
from adtally_connectors.dv360 import Dv360
from adtally_connectors.dv360.refusals import to_error

from .builders import TOKEN, advertiser, row
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

DAY_LIMIT = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "RATE_LIMIT_EXCEEDED",
    "domain": "googleapis.com",
    "metadata": {"quota_limit": "QueriesPerDayPerProject", "service": "doubleclickbidmanager.googleapis.com"},
}
DISABLED = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
SCOPE = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}


@pytest.mark.parametrize(
    ("status", "name", "details", "expected", "says"),
    [
        (400, "INVALID_ARGUMENT", (), ContractError, "refuses the request"),
        (401, "UNAUTHENTICATED", (), AuthError, "not accepted"),
        (403, "PERMISSION_DENIED", (), DeniedError, "no permission"),
        (403, "PERMISSION_DENIED", (DISABLED,), AuthError, "switched off"),
        (403, "PERMISSION_DENIED", (SCOPE,), AuthError, "lacks a scope"),
        (404, "NOT_FOUND", (), NotOffered, "no such thing"),
    ],
)
def test_each_refusal_says_what_to_do_next(
    api: Api,
    dv360: Dv360,
    october: Unit,
    status: int,
    name: str,
    details: tuple[dict[str, object], ...],
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(status, name=name, details=details, times=2)

    with pytest.raises(expected, match=f"{says}.*: told by Google") as caught:
        list(dv360.campaigns(october))

    reason = str(details[0]["reason"]) if details else name
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code) == (status, reason)


@pytest.mark.parametrize("status", [409, 429, 499, 500, 502, 503, 504, 520])
def test_what_time_heals_is_asked_again(api: Api, dv360: Dv360, october: Unit, status: int) -> None:
    api.refuse(status)

    assert list(dv360.campaigns(october)) == []
    assert len(api.asked_of("campaigns")) == 3


@pytest.mark.parametrize("reason", ["userRateLimitExceeded", "rateLimitExceeded"])
def test_too_fast_may_come_as_403_and_is_no_lack_of_permission(
    api: Api, dv360: Dv360, october: Unit, reason: str
) -> None:
    api.refuse(403, "create", reason=reason)
    api.tell(row())

    assert [one.cost_micros for one in dv360.account_daily(october)] == [361_500_000]


def test_the_wait_that_google_tells_is_kept(api: Api, dv360: Dv360, october: Unit) -> None:
    waits: list[float] = []
    dv360.http.sleep = waits.append
    api.refuse(429, details=({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"},))
    api.refuse(429, headers={"Retry-After": "60"})

    list(dv360.campaigns(october))

    assert any(29 < wait <= 30 for wait in waits)
    assert any(59 < wait <= 60 for wait in waits)


@pytest.mark.parametrize(
    ("status", "reason", "details", "message"),
    [
        (403, "dailyLimitExceeded", (), "Daily Limit Exceeded"),
        (403, "quotaExceeded", (), "told by Google"),
        (429, "", (DAY_LIMIT,), "Quota exceeded."),
        (429, "", (), "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'"),
    ],
)
@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 11, 24, 7, 30, tzinfo=UTC), 0.5),
        (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), 7),
    ],
)
def test_a_limit_of_the_day_is_gone_until_midnight_in_california(
    status: int,
    reason: str,
    details: tuple[dict[str, object], ...],
    message: str,
    now: datetime,
    hours: float,
) -> None:
    fault = {"code": status, "message": message, "errors": [{"reason": reason}], "details": details}
    answer = Answer(status, {}, json.dumps({"error": fault}).encode(), "https://x.test/v2/queries")

    error = to_error(answer, now)

    assert isinstance(error, QuotaError)
    assert (error.retry_after, error.of_account) == (hours * 3600, False)


def test_a_limit_of_the_day_that_ends_soon_is_waited_for() -> None:
    fault = {"code": 403, "message": "Daily Limit Exceeded", "errors": [{"reason": "dailyLimitExceeded"}]}
    answer = Answer(403, {}, json.dumps({"error": fault}).encode(), "https://x.test/v2/queries")

    error = to_error(answer, datetime(2026, 11, 24, 7, 59, tzinfo=UTC))

    assert type(error) is TransientError
    assert error.retry_after == 60


def test_a_limit_of_the_day_stops_the_report(api: Api, dv360: Dv360, october: Unit) -> None:
    api.refuse(403, "create", reason="dailyLimitExceeded", times=9)

    with pytest.raises(TransientError, match="in a day are used up"):
        list(dv360.account_daily(october))


def test_a_page_of_a_proxy_says_only_its_status(api: Api, dv360: Dv360, october: Unit) -> None:
    api.refuse(403, body="<html>Sign in to the network</html>")

    with pytest.raises(DeniedError, match="not permitted"):
        list(dv360.campaigns(october))


def test_an_expired_token_is_renewed_once(api: Api, dv360: Dv360) -> None:
    api.refuse(401, "advertisers")
    api.listed("advertisers", advertiser())

    assert [one.id for one in dv360.accounts()] == ["456"]
    tokens = [call.request for call in api.mock.calls if call.request.url == TOKEN]
    assert [dict(parse_qsl(str(one.body))) for one in tokens] == [
        {
            "grant_type": "refresh_token",
            "client_id": "id",
            "client_secret": "hush-secret",
            "refresh_token": "refresh-1",
        }
    ] * 2


def test_a_dead_refresh_token_breaks_the_connection(dv360: Dv360) -> None:
    with responses.RequestsMock() as mock:
        dead = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        mock.post(TOKEN, json=dead, status=400)

        with pytest.raises(AuthError, match="sign in again"):
            list(dv360.accounts())


@pytest.mark.parametrize(
    "fields",
    [
        {"refresh_token": SecretStr("")},
        {"service_account": SecretStr('{"client_email": "a@b"}')},
        {"client_id": "", "client_secret": SecretStr(""), "refresh_token": SecretStr("")},
        {"skip_metrics": ["METRIC_IMPRESSIONS"]},
        {"skip_metrics": ["METRIC_OF_TOMORROW"]},
    ],
)
def test_settings_that_cannot_be_are_refused_without_showing_a_secret(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        connector(**fields)

    assert "hush" not in str(caught.value)


def test_a_service_account_needs_a_key() -> None:
    none = SecretStr("")
    robot = connector(
        client_id="", client_secret=none, refresh_token=none, service_account=SecretStr("/no/such/key.json")
    )

    with pytest.raises(ConfigError, match="service_account"):
        list(robot.accounts())


def test_both_apis_and_the_token_host_move_below_another_base_url(api: Api, october: Unit) -> None:
    moved = connector(base_url="http://127.0.0.1:9/dv360")
    home = "http://127.0.0.1:9/dv360"
    api.mock.post(f"{home}/token", json={"access_token": "token-1", "expires_in": 3599})
    api.mock.post(f"{home}/v2/queries", json={"error": {"message": "Invalid filter."}}, status=400)

    with pytest.raises(ContractError, match="Invalid filter"):
        list(moved.account_daily(october))

    assert {str(call.request.url) for call in api.mock.calls} == {f"{home}/token", f"{home}/v2/queries"}


def test_the_token_goes_to_googles_own_hosts_alone(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())

    list(dv360.campaign_daily(october))

    signed = {
        str(call.request.url).split("/")[2]
        for call in api.mock.calls
        if call.request.headers.get("Authorization") == "Bearer token-1"
    }
    assert signed == {"displayvideo.googleapis.com", "doubleclickbidmanager.googleapis.com"}


def test_an_answer_of_another_shape_names_what_does_not_fit(api: Api, dv360: Dv360, october: Unit) -> None:
    api.lists["campaigns"].append(json.loads('{"campaigns": [{"campaignId": "1", "campaignBudgets": 5}]}'))

    with pytest.raises(ContractError, match=r"\$\.campaigns\[0\]\.campaignBudgets"):
        list(dv360.campaigns(october))


def test_a_report_that_is_not_ready_is_left_to_the_next_sync(api: Api, dv360: Dv360, october: Unit) -> None:
    api.states = ["QUEUED"] * 200

    with pytest.raises(TransientError, match="still being prepared"):
        list(dv360.account_daily(october))

    assert list(october.remembered.values()) == ["900001/77"]
