"""What a refusal of CM360 means: 403 says both that one may not ask, and that one asks too much."""

import pytest

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TimedOut,
    TransientError,
    Unit,
)
from adtally_connectors.cm360 import Cm360

from .builders import HOST, TOKEN
from .conftest import Api


@pytest.mark.parametrize("reason", ["userRateLimitExceeded", "rateLimitExceeded"])
def test_too_fast_comes_as_403_and_is_asked_again(api: Api, cm360: Cm360, october: Unit, reason: str) -> None:
    waits: list[float] = []
    cm360.http.sleep = waits.append
    api.refuse(reason, headers={"Retry-After": "7"})
    api.listed("campaigns", {"id": "1"})

    assert len(list(cm360.campaigns(october))) == 1
    assert max(waits) > 6


@pytest.mark.parametrize("reason", ["dailyLimitExceeded", "quotaExceeded"])
def test_the_days_quota_is_gone_until_midnight_in_california(
    api: Api, cm360: Cm360, october: Unit, reason: str
) -> None:
    api.refuse(reason)

    with pytest.raises(QuotaError, match="until midnight Pacific time: told by Google") as caught:
        list(cm360.campaigns(october))
    assert 0 < (caught.value.retry_after or 0) <= 25 * 3600
    assert not caught.value.of_account


@pytest.mark.parametrize(
    ("reason", "status", "expected"),
    [
        ("forbidden", 403, DeniedError),
        ("somethingNew", 403, DeniedError),
        ("notFound", 404, NotOffered),
        ("invalid", 400, ContractError),
        ("insufficientPermissions", 403, AuthError),
        ("accessNotConfigured", 403, AuthError),
        ("conflict", 409, TransientError),
        ("backendError", 503, TransientError),
        ("deadline", 504, TimedOut),
    ],
)
def test_a_refusal_means_what_its_reason_says(
    api: Api, cm360: Cm360, october: Unit, reason: str, status: int, expected: type[AdtallyError]
) -> None:
    api.refuse(reason, status=status)
    if expected is AuthError:
        api.token()

    with pytest.raises(expected) as caught:
        list(cm360.campaigns(october))
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code) == (status, reason)
    assert "told by Google" in caught.value.message


def test_a_reason_in_the_details_counts_as_well(api: Api, cm360: Cm360, october: Unit) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
    fault = {"code": 403, "message": "off", "status": "PERMISSION_DENIED", "details": details}
    api.mock.get(f"{HOST}/campaigns", json={"error": fault}, status=403)

    with pytest.raises(AuthError, match="enable it") as caught:
        list(cm360.campaigns(october))
    assert not isinstance(caught.value, DeniedError)


def test_a_page_of_a_proxy_is_judged_by_its_status(api: Api, cm360: Cm360, october: Unit) -> None:
    api.mock.get(f"{HOST}/campaigns", body="<html>no</html>", status=403)

    with pytest.raises(DeniedError):
        list(cm360.campaigns(october))


def test_a_token_that_expired_is_renewed_once(api: Api, cm360: Cm360, october: Unit) -> None:
    api.refuse("authError", status=401)
    api.listed("campaigns", {"id": "1"})

    assert len(list(cm360.campaigns(october))) == 1
    assert sum(call.request.url == TOKEN for call in api.mock.calls) == 2


def test_a_refresh_token_that_died_breaks_the_connection(cm360: Cm360, api: Api, october: Unit) -> None:
    api.mock.replace("POST", TOKEN, json={"error": "invalid_grant"}, status=400)

    with pytest.raises(AuthError, match="sign in again"):
        list(cm360.campaigns(october))
