"""What a refusal of GA4 means, and for how long a property is left alone."""

from __future__ import annotations

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
from adtally_connectors.ga4 import Ga4

from .builders import REPORT, TOKEN, refusal, report, row
from .conftest import Api, told

DAILY = "Exhausted property tokens per day. These quota tokens will return in under 24 hours."
HOURLY = "Exhausted property tokens per hour. These quota tokens will return in under an hour."
PROJECT = "Exhausted property tokens for a project per hour."
CONCURRENT = "Exhausted concurrent requests quota. Please send fewer requests concurrently."


@pytest.mark.parametrize(
    ("message", "says", "shortest", "longest"),
    [
        (DAILY, "until midnight Pacific time", 0, 25 * 3600),
        (HOURLY, "for the hour", 3600, 3600),
        (PROJECT, "for the hour", 3600, 3600),
    ],
)
def test_a_quota_that_is_gone_stops_the_property_alone(
    api: Api, ga4: Ga4, october: Unit, message: str, says: str, shortest: float, longest: float
) -> None:
    api.refuse(429, "RESOURCE_EXHAUSTED", message)

    with pytest.raises(QuotaError, match=says) as caught:
        told(ga4, october)
    assert shortest <= (caught.value.retry_after or -1) <= longest
    assert caught.value.of_account
    assert message in caught.value.message


@pytest.mark.parametrize("message", [CONCURRENT, "Something new is exhausted.", ""])
def test_a_quota_that_heals_soon_is_asked_again(api: Api, ga4: Ga4, october: Unit, message: str) -> None:
    api.refuse(429, "RESOURCE_EXHAUSTED", message)
    api.reports(report(row("20261001", "1", "2")))

    assert len(told(ga4, october)) == 1


@pytest.mark.parametrize(
    ("status", "name", "reasons", "expected", "says"),
    [
        (400, "INVALID_ARGUMENT", (), ContractError, "told by Google"),
        (403, "PERMISSION_DENIED", (), DeniedError, "Viewer on the property: told by Google"),
        (403, "PERMISSION_DENIED", ("SERVICE_DISABLED",), AuthError, "enable it there"),
        (403, "PERMISSION_DENIED", ("ACCESS_TOKEN_SCOPE_INSUFFICIENT",), AuthError, "analytics.readonly"),
        (403, "SOMETHING_NEW", (), DeniedError, "told by Google"),
        (404, "NOT_FOUND", (), NotOffered, "correct property_ids"),
        (504, "DEADLINE_EXCEEDED", (), TimedOut, "told by Google"),
    ],
)
def test_a_refusal_means_what_its_reason_says(
    api: Api,
    ga4: Ga4,
    october: Unit,
    status: int,
    name: str,
    reasons: tuple[str, ...],
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(status, name, "told by Google", *reasons)
    if expected is AuthError:
        api.token()

    with pytest.raises(expected, match=says) as caught:
        told(ga4, october)
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code) == (status, reasons[0] if reasons else name)


@pytest.mark.parametrize("status", [500, 503])
def test_after_three_failures_in_a_row_the_property_is_left_alone(
    api: Api, ga4: Ga4, october: Unit, status: int
) -> None:
    for _ in range(3):
        api.refuse(status, "INTERNAL")

    with pytest.raises(QuotaError, match="3 times in a row") as caught:
        told(ga4, october)
    assert (caught.value.of_account, caught.value.retry_after, caught.value.status) == (True, 3600, status)
    assert len(api.bodies) == 3


def test_two_failures_are_forgotten_after_an_answer(api: Api, ga4: Ga4, october: Unit) -> None:
    for _ in range(2):
        api.refuse(503, "UNAVAILABLE")
    api.page(report(row("20261001", "1", "2")))
    for _ in range(2):
        api.refuse(500, "INTERNAL")
    api.mock.post(REPORT, json=report(columns=("date", "sessionManualCampaignId")))
    api.mock.post(REPORT, json=report(columns=("date", "sessionSourceMedium")))

    assert len(told(ga4, october)) == 1


def test_a_refusal_within_a_good_answer_is_no_empty_report(api: Api, ga4: Ga4, october: Unit) -> None:
    inside = refusal(200, "INTERNAL", "a part failed")
    api.mock.post(REPORT, json=inside)
    api.reports(report(row("20261001", "1", "2")))

    assert len(told(ga4, october)) == 1


def test_such_a_refusal_means_what_its_reason_says(api: Api, ga4: Ga4, october: Unit) -> None:
    api.mock.post(REPORT, json=refusal(200, "PERMISSION_DENIED", "not yours"))

    with pytest.raises(DeniedError, match="not yours"):
        told(ga4, october)


def test_a_page_of_a_proxy_is_judged_by_its_status(api: Api, ga4: Ga4, october: Unit) -> None:
    api.mock.post(REPORT, body="<html>no</html>", status=403)

    with pytest.raises(DeniedError):
        told(ga4, october)


def test_a_token_that_expired_is_renewed_once(api: Api, ga4: Ga4, october: Unit) -> None:
    api.refuse(401, "UNAUTHENTICATED")
    api.reports(report(row("20261001", "1", "2")))

    assert len(told(ga4, october)) == 1
    assert sum(call.request.url == TOKEN for call in api.mock.calls) == 2


def test_a_refresh_token_that_died_breaks_the_connection(api: Api, ga4: Ga4, october: Unit) -> None:
    api.mock.replace("POST", TOKEN, json={"error": "invalid_grant"}, status=400)

    with pytest.raises(AuthError, match="sign in again"):
        told(ga4, october)


def test_a_failing_token_host_is_not_counted_against_the_property(api: Api, ga4: Ga4, october: Unit) -> None:
    api.mock.replace("POST", TOKEN, status=503)

    with pytest.raises(TransientError) as caught:
        told(ga4, october)
    assert not isinstance(caught.value, QuotaError)
