"""What a refusal of AppsFlyer means: by its words more than by its status."""

import json
import logging
from datetime import date

import pytest

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    QuotaError,
    TimedOut,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.appsflyer import AppsFlyer

from .builders import APPS, DAY, MASTER, PULL, line, row, sheet
from .conftest import Api, asked_for

LIMIT = '{"message": "Your API call limit has been reached for the given report type"}'
UTC_ONLY = '"The requested time range is in UTC only (prior to the timezone change)"'
PAGE = "<!DOCTYPE html><html>AppsFlyer 404</html>"
FIRST = date.fromisoformat(DAY)


@pytest.mark.parametrize("status", [400, 200])
def test_a_used_up_quota_stops_the_app_until_midnight(
    api: Api, by_name: AppsFlyer, october: Unit, status: int
) -> None:
    api.refuse(PULL, status, LIMIT)

    with pytest.raises(QuotaError, match="until midnight UTC: Your API call limit") as caught:
        list(by_name.counts_daily(october))
    assert 0 < (caught.value.retry_after or 0) <= 24 * 3600
    assert caught.value.of_account


def test_a_quota_in_place_of_a_table_is_one_too(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    api.pull("Limit reached for daily-report")

    with pytest.raises(QuotaError):
        list(by_name.counts_daily(october))


def test_a_campaign_that_is_named_like_a_refusal_is_none(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    header = "Date,Media Source,Campaign,Impressions,Clicks,Installs"
    api.pull(sheet(f"{DAY},nightbird_int,Limit reached,N/A,900,88", header=header))

    assert {one.key_value for one in by_name.counts_daily(october)} == {"Limit reached"}


def test_two_days_are_asked_for_once_a_minute(api: Api, by_name: AppsFlyer) -> None:
    waits: list[float] = []
    by_name.http.sleep = waits.append
    api.refuse(PULL, 400, LIMIT)
    api.pull(sheet(line()))

    assert len(list(by_name.counts_daily(asked_for(FIRST, date(2026, 10, 6))))) == 2
    assert waits[0] == 60.0


@pytest.mark.parametrize(
    ("url", "status", "body", "expected", "says"),
    [
        (MASTER, 401, '{"message": "The supplied API token is invalid"}', AuthError, "a V2 token"),
        (MASTER, 404, '"Not found"', DeniedError, "set master_api = false"),
        (MASTER, 404, PAGE, DeniedError, "check app_ids and api_token"),
        (MASTER, 403, '"No KPIs provided."', ContractError, "No KPIs provided"),
        (MASTER, 403, "Unrecognized date format.", ContractError, "Unrecognized date format"),
        (MASTER, 403, '"Not authorized app-ids: id1"', DeniedError, "check app_ids"),
        (MASTER, 403, PAGE, DeniedError, "check app_ids"),
        (MASTER, 416, '"Wrong API Fields"', ContractError, "Wrong API Fields"),
        (MASTER, 416, '"No Groupings Selected"', ContractError, "No Groupings"),
        (MASTER, 416, '"Other reason"', TooLarge, "200,000 rows"),
        (MASTER, 416, '"Something went wrong. Please choose a narrower time range"', TimedOut, "failed"),
        (MASTER, 416, UTC_ONLY, TooLarge, "before the app's time zone was set"),
        (MASTER, 503, PAGE, TransientError, "refused for now"),
    ],
)
def test_a_refusal_of_the_master_api_means_what_it_says(
    api: Api,
    appsflyer: AppsFlyer,
    october: Unit,
    url: str,
    status: int,
    body: str,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(url, status, body, as_json=not body.startswith("<"))

    with pytest.raises(expected, match=says) as caught:
        list(appsflyer.counts_daily(october))
    assert type(caught.value) is expected
    assert caught.value.status == status
    assert "<" not in caught.value.message


@pytest.mark.parametrize(
    ("status", "body", "expected", "says"),
    [
        (401, '{"message": "Account may be suspended"}', AuthError, "Account may be suspended"),
        (404, PAGE, DeniedError, r"api_token \(HTTP 404\)"),
        (400, '{"message": "Invalid timezone", "request_id": "r-7"}', ContractError, "Invalid timezone"),
        (429, "", TransientError, "refused for now"),
    ],
)
def test_a_refusal_of_a_pull_report_means_what_it_says(
    api: Api,
    by_name: AppsFlyer,
    october: Unit,
    status: int,
    body: str,
    expected: type[AdtallyError],
    says: str,
) -> None:
    api.refuse(PULL, status, body, as_json=not body.startswith("<"))

    with pytest.raises(expected) as caught:
        list(by_name.counts_daily(october))
    assert type(caught.value) is expected
    assert caught.match(says)
    assert caught.value.request_id == ("r-7" if "r-7" in body else "")


@pytest.mark.parametrize("status", [401, 404])
def test_a_list_of_apps_that_is_refused_breaks_the_connection(
    api: Api, appsflyer: AppsFlyer, status: int
) -> None:
    api.refuse(APPS, status, '"Unauthorized"')

    with pytest.raises(AuthError, match="not accepted") as caught:
        list(appsflyer.accounts())
    assert not isinstance(caught.value, DeniedError)


def test_days_before_the_zone_was_set_are_passed_over_one_by_one(
    api: Api, appsflyer: AppsFlyer, caplog: pytest.LogCaptureFixture
) -> None:
    api.refuse(MASTER, 416, UTC_ONLY)

    with caplog.at_level(logging.WARNING):
        assert list(appsflyer.counts_daily(asked_for(FIRST, FIRST))) == []
    assert "2026-10-05 is passed over" in caplog.text


def test_without_protect360_there_is_no_report_on_fraud(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.refuse(MASTER, 416, '"Wrong API Fields"')

    with pytest.raises(NotOffered, match="post_attribution_installs: not in the plan"):
        list(appsflyer.fraud_daily(october))


def test_a_report_that_failed_is_asked_for_again_a_minute_later(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    waits: list[float] = []
    appsflyer.http.sleep = waits.append
    api.refuse(MASTER, 416, json.dumps("Something went wrong. Please re-try to download in a minute"))
    api.mock.get(MASTER, json=[row()])

    assert len(list(appsflyer.counts_daily(october))) == 2
    assert waits[0] == 60.0
