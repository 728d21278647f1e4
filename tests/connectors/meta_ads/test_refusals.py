"""Refusals, limits and credentials."""

from __future__ import annotations

import hmac
import json
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
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api

CAMPAIGNS = "act_900100200/campaigns"


@pytest.mark.parametrize(
    ("code", "subcode", "status", "expected", "says"),
    [
        (190, 463, 400, AuthError, "log in again"),
        (190, 0, 401, AuthError, "log in again"),
        (102, 0, 400, AuthError, "log in again"),
        (104, 0, 400, AuthError, "app_secret"),
        (10, 0, 403, DeniedError, "ads_read"),
        (200, 0, 403, DeniedError, "ads_read"),
        (273, 0, 400, DeniedError, "ads_read"),
        (294, 0, 400, DeniedError, "ads_read"),
        (100, 33, 400, DeniedError, "no such object"),
        (368, 0, 400, DeniedError, "policy"),
        (100, 0, 400, ContractError, "told by Meta"),
        (2, 1504041, 400, ContractError, "breakdown"),
        (2, 1504042, 400, ContractError, "metric"),
        (2635, 0, 400, ContractError, "api_version"),
        (3018, 0, 400, NotOffered, "37 months"),
    ],
)
def test_each_code_says_what_to_do_next(
    api: Api,
    meta: MetaAds,
    october: Unit,
    code: int,
    subcode: int,
    status: int,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(CAMPAIGNS, code, subcode, status=status)

    with pytest.raises(expected, match=says) as caught:
        list(meta.campaigns(october))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.request_id) == (status, "Axyz")
    assert caught.value.code == (f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize(
    ("code", "subcode", "more"),
    [
        (1, 0, {}),
        (1, 99, {}),
        (2, 0, {}),
        (2, 1504043, {}),
        (2, 1504044, {}),
        (99999, 0, {"is_transient": True}),
        *((code, 0, {}) for code in (4, 17, 32, 341, 613, 80000, 80003, 80004, 80014)),
        (4, 1504022, {}),
        (17, 2446079, {}),
        (613, 1487742, {}),
    ],
)
def test_what_time_heals_is_asked_again(
    api: Api, meta: MetaAds, october: Unit, code: int, subcode: int, more: dict[str, object]
) -> None:
    api.refuse(CAMPAIGNS, code, subcode, **more)  # type: ignore[arg-type]
    api.edge(CAMPAIGNS, {"id": "1201"})
    api.insights()

    assert [record.campaign_id for record in meta.campaigns(october)] == ["1201"]


def usage(regain: float, used: float = 101) -> dict[str, str]:
    case = {"type": "ads_insights", "call_count": used, "total_cputime": 30, "total_time": 44}
    told = {"900100200": [case | {"estimated_time_to_regain_access": regain}]}
    return {"x-business-use-case-usage": json.dumps(told)}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [(usage(7), 420), ({}, 60), ({"Retry-After": "90"}, 90), ({"x-business-use-case-usage": "odd"}, 60)],
)
def test_a_limit_is_waited_for_as_long_as_meta_says(
    api: Api, meta: MetaAds, october: Unit, headers: dict[str, str], wait: int
) -> None:
    waits: list[float] = []
    meta.http.sleep = waits.append
    api.refuse(CAMPAIGNS, 80000, 2446079, headers=headers)
    api.edge(CAMPAIGNS)
    api.insights()

    assert list(meta.campaigns(october)) == []
    assert round(waits[0]) == wait


def test_a_limit_that_is_over_at_once_is_tried_again_soon(api: Api, meta: MetaAds, october: Unit) -> None:
    waits: list[float] = []
    meta.http.sleep = waits.append
    api.refuse(CAMPAIGNS, 80000, headers=usage(0))
    api.edge(CAMPAIGNS)
    api.insights()

    assert list(meta.campaigns(october)) == []
    assert [wait < 5 for wait in waits] == [True]


@pytest.mark.parametrize(
    ("code", "of_account"),
    [
        *((code, False) for code in (4, 32, 341)),
        *((code, True) for code in (17, 613, 80000, 80003, 80004, 80014)),
    ],
)
def test_a_limit_that_outlasts_a_quarter_of_an_hour_stops_the_app_or_only_the_account(
    api: Api, meta: MetaAds, october: Unit, code: int, of_account: bool
) -> None:
    api.refuse(CAMPAIGNS, code, headers=usage(31))

    with pytest.raises(QuotaError, match="31 minutes") as caught:
        list(meta.campaigns(october))

    assert (caught.value.retry_after, caught.value.of_account) == (1860, of_account)
    assert ("for the account" in str(caught.value)) == of_account


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (usage(0, 99), 60),
        (usage(5, 99), 300),
        (usage(120, 99), 900),
        (usage(0, 80), 2),
        (usage(0, 28), 0),
        ({"x-fb-ads-insights-throttle": '{"app_id_util_pct":12.5,"acc_id_util_pct":96.0}'}, 60),
        ({"x-ad-account-usage": '{"acc_id_util_pct":9.67}'}, 0),
        ({"x-app-usage": '{"call_count":10,"total_cputime":77,"total_time":25}'}, 2),
        ({"x-app-usage": "odd"}, 0),
    ],
)
def test_a_good_answer_that_tells_a_full_quota_slows_down_what_follows(
    api: Api, meta: MetaAds, october: Unit, headers: dict[str, str], wait: int
) -> None:
    waits: list[float] = []
    meta.http.sleep = waits.append
    api.edge(CAMPAIGNS, headers=headers)
    api.insights()

    assert list(meta.campaigns(october)) == []
    assert [round(seconds) for seconds in waits] == ([wait] if wait else [])


@pytest.mark.parametrize("subcode", [0, 99])
def test_an_unknown_failure_that_stays_is_tried_with_smaller_pages(
    api: Api, meta: MetaAds, october: Unit, subcode: int
) -> None:
    api.refuse(CAMPAIGNS, 1, subcode, times=6)
    api.edge(CAMPAIGNS, {"id": "1201"})
    api.insights()

    assert [record.campaign_id for record in meta.campaigns(october)] == ["1201"]
    assert [asked["limit"] for asked in api.asked] == ["500"] * 6 + ["250", "500"]


def test_too_much_data_is_known_by_its_words_too(api: Api, meta: MetaAds, october: Unit) -> None:
    words = "Please reduce the amount of data you're asking for, then retry your request"
    api.refuse(CAMPAIGNS, 1, status=500, message=words, times=5)

    with pytest.raises(TooLarge):
        list(meta.campaigns(october))


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [("<html>Bad gateway</html>", 404, ContractError), ('{"oops": 1}', 403, DeniedError)],
)
def test_an_answer_without_an_error_is_judged_by_its_status(
    api: Api, meta: MetaAds, october: Unit, body: str, status: int, expected: type[AdtallyError]
) -> None:
    api.mock.get(f"https://graph.facebook.com/v26.0/{CAMPAIGNS}", body=body, status=status)

    with pytest.raises(expected):
        list(meta.campaigns(october))


def test_a_token_that_meta_repeats_does_not_reach_the_message(api: Api, meta: MetaAds, october: Unit) -> None:
    api.refuse(CAMPAIGNS, 190, message="Malformed access token hush")

    with pytest.raises(AuthError) as caught:
        list(meta.campaigns(october))

    assert "hush" not in str(caught.value)


def test_a_connection_that_keeps_failing_is_transient(api: Api, meta: MetaAds, october: Unit) -> None:
    for _ in range(6):
        api.mock.get(f"https://graph.facebook.com/v26.0/{CAMPAIGNS}", body="busy", status=503)

    with pytest.raises(TransientError):
        list(meta.campaigns(october))


def test_the_token_is_sent_as_a_header_and_proved_with_the_apps_secret(api: Api, october: Unit) -> None:
    proved = MetaAds(access_token=SecretStr("hush"), app_secret=SecretStr("deep"))
    proved.http.sleep = lambda _: None
    proof = hmac.new(b"deep", b"hush", "sha256").hexdigest()
    api.edge("act_900100200/adsets", following="after=MQ&appsecret_proof=old")
    api.edge("act_900100200/adsets")
    api.run()
    api.result()

    assert list(proved.ad_daily(october)) == []

    assert [asked["appsecret_proof"] for asked in api.asked] == [proof] * 6
    assert {call.request.headers["Authorization"] for call in api.mock.calls} == {"Bearer hush"}
    assert all("hush" not in str(call.request.url) for call in api.mock.calls)


def test_without_the_apps_secret_nothing_is_proved(api: Api, meta: MetaAds) -> None:
    api.edge("me/adaccounts")

    assert list(meta.accounts()) == []
    assert "appsecret_proof" not in api.asked[0]


def test_everything_moves_below_a_base_url_that_is_set(api: Api, october: Unit) -> None:
    near = MetaAds(base_url="http://127.0.0.1:9/meta", access_token=SecretStr("hush"))
    near.http.sleep = lambda _: None
    following = "https://graph.facebook.com/v26.0/me/adaccounts?after=MQ"
    first = {"data": [], "paging": {"next": following}}
    api.mock.get("http://127.0.0.1:9/meta/v26.0/me/adaccounts", json=first)
    api.mock.get("http://127.0.0.1:9/meta/v26.0/me/adaccounts", json={"data": []})

    assert near.check() == []


def test_an_access_token_is_asked_for_by_name() -> None:
    with pytest.raises(ValidationError, match="set access_token"):
        MetaAds.model_validate({"access_token": ""})


def test_no_secret_shows_in_the_settings() -> None:
    shown = repr(MetaAds(access_token=SecretStr("hush"), app_secret=SecretStr("deep")))

    assert "hush" not in shown
    assert "deep" not in shown
