"""Refusals, credentials and the way to the accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr, ValidationError

from adtally import (
    Account,
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TransientError,
    Unit,
)
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

HOST = "https://googleads.googleapis.com/v26"
SEARCH = f"{HOST}/customers/1112223334/googleAds:search"
ACCESSIBLE = f"{HOST}/customers:listAccessibleCustomers"


def client(
    number: str, *, name: str = "", manager: bool = False, status: str = "ENABLED"
) -> dict[str, object]:
    return {
        "customerClient": {
            "id": number,
            "descriptiveName": name,
            "manager": manager,
            "status": status,
            "currencyCode": "EUR",
            "timeZone": "Europe/Berlin",
        }
    }


@pytest.mark.parametrize(
    ("code", "status", "expected", "says"),
    [
        ("authenticationError.OAUTH_TOKEN_REVOKED", 401, AuthError, "authorise again"),
        ("authenticationError.GOOGLE_ACCOUNT_DELETED", 401, AuthError, "authorise again"),
        ("authenticationError.NOT_ADS_USER", 401, AuthError, "no Google Ads account"),
        ("authenticationError.TWO_STEP_VERIFICATION_NOT_ENROLLED", 401, AuthError, "2-step"),
        ("authenticationError.OAUTH_TOKEN_INVALID", 401, AuthError, "not valid"),
        ("authenticationError.OAUTH_TOKEN_HEADER_INVALID", 401, AuthError, "not valid"),
        ("authenticationError.CUSTOMER_NOT_FOUND", 401, DeniedError, "no such account"),
        ("authenticationError.CLIENT_CUSTOMER_ID_INVALID", 400, DeniedError, "no such account"),
        ("authorizationError.USER_PERMISSION_DENIED", 403, DeniedError, "set login_customer_id"),
        ("authorizationError.CUSTOMER_NOT_ENABLED", 403, NotOffered, "cancelled or not yet enabled"),
        ("authorizationError.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", 403, AuthError, "access level"),
        ("authorizationError.DEVELOPER_TOKEN_NOT_APPROVED", 403, AuthError, "access level"),
        ("authorizationError.PROJECT_DISABLED", 403, AuthError, "access level"),
        ("authorizationError.METRIC_ACCESS_DENIED", 403, AuthError, "access level"),
        ("quotaError.RESOURCE_EXHAUSTED", 429, QuotaError, "24 hours"),
        ("requestError.UNSUPPORTED_VERSION", 400, ContractError, "api_version"),
        ("requestError.PAGE_SIZE_NOT_SUPPORTED", 400, ContractError, "told by Google"),
        ("queryError.UNRECOGNIZED_FIELD", 400, ContractError, "told by Google: UNRECOGNIZED_FIELD"),
        ("queryError.REQUESTED_METRICS_FOR_MANAGER", 400, NotOffered, "manager"),
        ("dateRangeError.REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED", 400, NotOffered, "37 months"),
        ("changeEventError.START_DATE_TOO_OLD", 400, NotOffered, "30 days"),
        ("invoiceError.YEAR_MONTH_TOO_OLD", 400, NotOffered, "2019"),
        ("invoiceError.NOT_INVOICED_CUSTOMER", 400, NotOffered, "monthly invoicing"),
        ("invoiceError.BILLING_SETUP_NOT_APPROVED", 400, NotOffered, "monthly invoicing"),
        ("invoiceError.BILLING_SETUP_NOT_ON_MONTHLY_INVOICING", 400, NotOffered, "monthly invoicing"),
        ("invoiceError.NON_SERVING_CUSTOMER", 400, NotOffered, "serving"),
    ],
)
def test_each_code_says_what_to_do_next(
    api: Api,
    google: GoogleAds,
    october: Unit,
    code: str,
    status: int,
    expected: type[AdtallyError],
    says: str,
) -> None:
    twice = expected is AuthError  # asked again with a new token
    if twice:
        api.token()
    api.refuse(code, status=status, times=1 + twice)

    with pytest.raises(expected, match=says) as caught:
        list(google.campaign_daily(october))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, code, "rq-body")


@pytest.mark.parametrize(
    "code",
    ["internalError.INTERNAL_ERROR", "internalError.TRANSIENT_ERROR", "internalError.DEADLINE_EXCEEDED"],
)
def test_what_time_heals_is_asked_again(api: Api, google: GoogleAds, october: Unit, code: str) -> None:
    api.refuse(code, status=500)
    api.search({"campaign": {"id": "501"}, "metrics": {}, "segments": {"date": "2026-10-20"}})

    assert [record.campaign_id for record in google.campaign_daily(october)] == ["501"]


@pytest.mark.parametrize(
    ("code", "details", "wait"),
    [
        (
            "quotaError.RESOURCE_TEMPORARILY_EXHAUSTED",
            {"quotaErrorDetails": {"rateScope": "ACCOUNT", "rateName": "Requests", "retryDelay": "30s"}},
            30,
        ),
        ("quotaError.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", {}, 300),
    ],
)
def test_the_named_wait_is_kept(
    api: Api, google: GoogleAds, october: Unit, code: str, details: dict[str, object], wait: int
) -> None:
    waits: list[float] = []
    google.http.sleep = waits.append
    api.refuse(code, status=429, details=details)
    api.search()

    assert list(google.campaign_daily(october)) == []
    assert round(waits[0]) == wait


def test_a_wait_in_the_header_is_kept_where_the_body_names_none(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    waits: list[float] = []
    google.http.sleep = waits.append
    api.mock.post(
        SEARCH,
        json=api.refusal("internalError.TRANSIENT_ERROR"),
        status=500,
        headers={"Retry-After": "7"},
    )
    api.search()

    assert list(google.campaign_daily(october)) == []
    assert round(waits[0]) == 7


def test_a_heavy_query_that_is_blocked_for_half_an_hour_stops_its_account(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.refuse("quotaError.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", status=429)

    with pytest.raises(QuotaError) as caught:
        list(google.campaign_daily(october))

    assert (caught.value.retry_after, caught.value.of_account) == (1800, True)


@pytest.mark.parametrize(
    ("code", "scope", "delay", "of_account", "wait"),
    [
        ("RESOURCE_EXHAUSTED", "DEVELOPER", "14832s", False, 14832),
        ("RESOURCE_EXHAUSTED", "ACCOUNT", "900s", True, 900),
        ("RESOURCE_EXHAUSTED", "", "", False, None),
        ("RESOURCE_TEMPORARILY_EXHAUSTED", "ACCOUNT", "901s", True, 901),
        ("RESOURCE_TEMPORARILY_EXHAUSTED", "DEVELOPER", "3600s", False, 3600),
        ("EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", "DEVELOPER", "", False, 1800),
    ],
)
def test_a_quota_that_is_gone_says_whose_it_is_and_when_it_returns(
    api: Api,
    google: GoogleAds,
    october: Unit,
    code: str,
    scope: str,
    delay: str,
    of_account: bool,
    wait: float | None,
) -> None:
    quota = {"rateScope": scope, "rateName": "Operations", "retryDelay": delay}
    api.refuse(f"quotaError.{code}", status=429, details={"quotaErrorDetails": quota})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        list(google.campaign_daily(october))

    assert (caught.value.of_account, caught.value.retry_after) == (of_account, wait)


def test_an_expired_access_token_is_renewed_once(api: Api, google: GoogleAds, october: Unit) -> None:
    api.token("token-2")
    api.refuse("authenticationError.OAUTH_TOKEN_EXPIRED", status=401)
    api.search()

    assert list(google.campaign_daily(october)) == []
    assert [call.request.headers["Authorization"] for call in api.calls] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_refusal_inside_an_array_reads_the_same(api: Api, google: GoogleAds, october: Unit) -> None:
    api.mock.post(SEARCH, json=[api.refusal("authorizationError.CUSTOMER_NOT_ENABLED")], status=403)

    with pytest.raises(NotOffered, match="cancelled"):
        list(google.campaign_daily(october))


def test_the_first_code_that_is_known_decides_and_the_header_names_the_request(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    both = api.refusal("someError.NEWS")
    other = api.refusal("authorizationError.USER_PERMISSION_DENIED")
    both["error"]["details"] += other["error"]["details"]
    api.mock.post(SEARCH, json=both, status=403, headers={"request-id": "rq-head"})

    with pytest.raises(DeniedError) as caught:
        list(google.campaign_daily(october))

    assert caught.value.code == "authorizationError.USER_PERMISSION_DENIED"
    assert caught.value.request_id == "rq-head"


@pytest.mark.parametrize(
    ("body", "status", "expected", "says"),
    [
        ("<html>Bad gateway</html>", 404, ContractError, "refused"),
        (
            json.dumps({"error": {"code": 403, "message": "Google Ads API is not enabled in project 1."}}),
            403,
            DeniedError,
            "not enabled in project",
        ),
    ],
)
def test_an_answer_without_a_failure_is_judged_by_its_status(
    api: Api,
    google: GoogleAds,
    october: Unit,
    body: str,
    status: int,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.mock.post(SEARCH, body=body, status=status)

    with pytest.raises(expected, match=says):
        list(google.campaign_daily(october))


def test_a_good_answer_is_not_searched_for_errors(api: Api, google: GoogleAds, october: Unit) -> None:
    api.mock.post(SEARCH, json={"error": {"message": "not a refusal"}, "results": []}, status=200)

    assert list(google.campaign_daily(october)) == []


def test_a_revoked_refresh_token_asks_for_a_new_one_without_showing_it(
    bare: Api, google: GoogleAds, october: Unit
) -> None:
    bare.mock.post("https://oauth2.googleapis.com/token", json={"error": "invalid_grant"}, status=400)

    with pytest.raises(AuthError, match="sign in again") as caught:
        list(google.campaign_daily(october))

    assert "refresh-1" not in str(caught.value)


def test_the_refresh_token_is_traded_for_an_access_token(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()

    list(google.campaign_daily(october))

    assert api.mock.calls[0].request.body == (
        "grant_type=refresh_token&refresh_token=refresh-1&client_id=id&client_secret=hush"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"client_id": "id"},
        {"client_id": "id", "client_secret": "hush"},
        {"client_id": "id", "client_secret": "hush", "refresh_token": "r", "service_account": "{}"},
    ],
)
def test_half_a_set_of_credentials_is_refused_by_name(fields: dict[str, str]) -> None:
    with pytest.raises(
        ValidationError, match="client_id, client_secret and refresh_token, or service_account"
    ) as e:
        GoogleAds.model_validate(fields)

    assert "hush" not in str(e.value)


def test_a_service_account_alone_is_enough() -> None:
    assert GoogleAds(service_account=SecretStr("key.json")).client_id == ""


def test_a_manager_id_may_be_written_with_dashes(google: GoogleAds) -> None:
    other = GoogleAds.model_validate({"service_account": "key.json", "login_customer_id": "999-000-1112"})

    assert other.login_customer_id == "9990001112"


def test_no_secret_shows_in_the_settings(google: GoogleAds) -> None:
    assert "hush" not in repr(google)
    assert "refresh-1" not in repr(google)


def test_a_developer_token_is_sent_only_where_one_is_set(api: Api, october: Unit) -> None:
    old = GoogleAds(
        client_id="id",
        client_secret=SecretStr("hush"),
        refresh_token=SecretStr("refresh-1"),
        developer_token=SecretStr("dev"),
    )
    api.search()

    list(old.campaign_daily(october))

    assert api.calls[0].request.headers["developer-token"] == "dev"


def test_everything_moves_below_a_base_url_that_is_set(bare: Api, october: Unit) -> None:
    near = GoogleAds(
        base_url="http://127.0.0.1:9/google",
        client_id="id",
        client_secret=SecretStr("hush"),
        refresh_token=SecretStr("refresh-1"),
    )
    bare.mock.post("http://127.0.0.1:9/google/token", json={"access_token": "near"})
    bare.mock.post("http://127.0.0.1:9/google/v26/customers/1112223334/googleAds:search", json={})

    assert list(near.campaign_daily(october)) == []


def test_accounts_are_found_below_each_accessible_one_and_only_once(api: Api, google: GoogleAds) -> None:
    roots = {"resourceNames": ["customers/1112223334", "customers/9990001112"]}
    api.mock.get(ACCESSIBLE, json=roots)
    api.search(client("1112223334", name="Shop DE"), account="1112223334")
    api.search(
        client("9990001112", manager=True),
        client("8880001112", manager=True),
        client("1112223334", name="Shop DE"),
        client("1112223335", name="Old shop", status="CANCELED"),
        account="9990001112",
    )

    assert list(google.accounts()) == [
        Account(
            id=number,
            name=name,
            currency="EUR",
            timezone="Europe/Berlin",
            status=status,
            manager_id="9990001112",
            reached_by="9990001112",
        )
        for number, name, status in (
            ("1112223334", "Shop DE", "ENABLED"),
            ("1112223335", "Old shop", "CANCELED"),
        )
    ]
    heads = [call.request.headers.get("login-customer-id") for call in api.calls]
    assert heads == [None, "1112223334", "9990001112"]


def test_one_accessible_account_that_refuses_does_not_stop_the_others(api: Api, google: GoogleAds) -> None:
    api.mock.get(ACCESSIBLE, json={"resourceNames": ["customers/1112223334", "customers/2223334445"]})
    api.refuse("authorizationError.CUSTOMER_NOT_ENABLED", status=403)
    api.search(client("2223334445", name="Shop FR"), account="2223334445")

    assert [account.name for account in google.accounts()] == ["Shop FR"]


def test_the_refusal_is_the_answer_where_nothing_else_is_found(api: Api, google: GoogleAds) -> None:
    api.mock.get(ACCESSIBLE, json={"resourceNames": ["customers/1112223334"]})
    api.refuse("authorizationError.USER_PERMISSION_DENIED", status=403)

    with pytest.raises(DeniedError):
        list(google.accounts())


def test_a_credential_that_fails_is_not_passed_over(api: Api, google: GoogleAds) -> None:
    api.token()
    for _ in range(2):
        api.mock.get(ACCESSIBLE, json=api.refusal("authenticationError.NOT_ADS_USER"), status=401)

    with pytest.raises(AuthError):
        google.check()


def test_a_configured_manager_is_the_only_place_to_look(api: Api, google: GoogleAds) -> None:
    below = google.model_copy(update={"login_customer_id": "9990001112"})
    api.search(client("9990001112", manager=True), client("1112223334"), account="9990001112")

    assert [account.id for account in below.accounts()] == ["1112223334"]


def test_an_account_that_the_user_is_directly_on_needs_no_manager(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    account = Account(id="1112223334", currency="EUR", timezone="Europe/Berlin", reached_by="1112223334")
    api.search()

    list(google.campaign_daily(Unit(account, october.window, october.today)))

    assert "login-customer-id" not in api.calls[0].request.headers


def test_a_connection_that_keeps_failing_is_transient(api: Api, google: GoogleAds, october: Unit) -> None:
    for _ in range(6):
        api.mock.post(SEARCH, body="busy", status=503)

    with pytest.raises(TransientError):
        list(google.campaign_daily(october))
