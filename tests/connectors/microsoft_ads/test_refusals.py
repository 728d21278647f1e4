"""Refusals in both of their shapes, limits, and credentials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    TokenFile,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.microsoft_ads import MicrosoftAds

from .builders import CAMPAIGNS, LOGIN, REPORTS, TRACKING, cells, csv_text
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

URL = f"{CAMPAIGNS}/Campaigns/QueryByAccountId"


def of_operations(code: int, in_batch: bool = False) -> dict[str, object]:
    """A fault in the shape of operations; its text has another name."""
    problem = {"Code": code, "Details": "told by Microsoft", "ErrorCode": None, "Message": None}
    lists = {"OperationErrors": [] if in_batch else [problem], "BatchErrors": [problem] if in_batch else []}
    return {"Errors": None, **lists, "Type": "ApiFaultDetail"}


@pytest.mark.parametrize(
    ("code", "expected", "says"),
    [
        (106, DeniedError, "does not reach this account"),
        (113, ContractError, "refuses the request"),
        (116, ContractError, "refuses the request"),
        (208, DeniedError, "does not reach this account"),
        (210, DeniedError, "does not reach this account"),
        (2003, DeniedError, "does not reach this account"),
        (2009, ContractError, "refuses the request"),
        (2029, TooLarge, "too many accounts or campaigns"),
        (2030, TooLarge, "too many accounts or campaigns"),
    ],
)
@pytest.mark.parametrize("shape", ["Errors", "OperationErrors", "BatchErrors"])
def test_each_code_says_what_to_do_next_in_every_shape(
    api: Api,
    microsoft: MicrosoftAds,
    october: Unit,
    code: int,
    expected: type[AdtallyError],
    says: str,
    shape: str,
) -> None:
    api.refuse(code, told={} if shape == "Errors" else of_operations(code, shape == "BatchErrors"))

    with pytest.raises(expected, match=f"{says}.*: told by Microsoft") as caught:
        list(microsoft.campaign_daily(october))

    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (400, str(code), TRACKING)


def test_of_several_codes_the_one_that_says_what_to_do_counts(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    problems = [{"Code": 100, "Message": "something"}, {"Code": 106, "Message": "not yours"}]
    api.refuse(100, told={"Errors": problems})

    with pytest.raises(DeniedError, match="not yours"):
        list(microsoft.campaign_daily(october))


@pytest.mark.parametrize("code", [105, 108, 109, 120, 123])
def test_refused_credentials_are_renewed_once_and_then_told(api: Api, october: Unit, code: int) -> None:
    api.signed_in("at-1")
    api.signed_in("at-2")
    api.refuse(code)

    with pytest.raises(AuthError, match="sign in"):
        list(connector().campaign_daily(october))

    heads = api.heads_of("/QueryByAccountId")
    assert [head["Authorization"] for head in heads] == ["Bearer at-1", "Bearer at-2"]


def test_an_expired_token_is_renewed(api: Api, october: Unit) -> None:
    api.signed_in("at-1")
    api.signed_in("at-2")
    api.refuse(109)
    api.campaigns()
    api.report(cells())

    assert len(list(connector().campaign_daily(october))) == 1


@pytest.mark.parametrize(
    ("code", "headers", "wait"), [(117, {}, 60.0), (207, {}, 60.0), (117, {"Retry-After": "7"}, 7.0)]
)
@pytest.mark.parametrize("shape", ["Errors", "OperationErrors"])
def test_a_limit_is_waited_for_and_holds_back_other_requests(
    api: Api, october: Unit, code: int, headers: dict[str, str], wait: float, shape: str
) -> None:
    waits: list[float] = []
    api.signed_in()
    microsoft = connector()
    microsoft.http.sleep = waits.append
    api.campaigns()
    problem = {"Code": code, "Message": "slow down"}
    body = {"TrackingId": TRACKING, shape: [problem]}
    api.mock.post(f"{REPORTS}/Submit", json=body, status=400, headers=headers)
    api.report(cells())

    assert len(list(microsoft.campaign_daily(october))) == 1
    assert max(waits) == pytest.approx(wait, rel=0.1)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_time_heals_is_asked_again(
    api: Api, microsoft: MicrosoftAds, october: Unit, status: int
) -> None:
    api.mock.post(URL, json={"Message": "busy"}, status=status)
    api.refuse(0)
    api.mock.post(URL, body="<html>maintenance</html>", status=200)
    api.campaigns()
    api.report(cells())

    assert len(list(microsoft.campaign_daily(october))) == 1


@pytest.mark.parametrize("code", [2004, 4294])
def test_an_unknown_code_is_judged_by_its_status(
    api: Api, microsoft: MicrosoftAds, october: Unit, code: int
) -> None:
    body = {"OperationErrors": [{"Code": code, "Message": "later"}], "BatchErrors": []}
    api.mock.post(URL, json=body, status=503)

    with pytest.raises(TransientError, match="later"):
        list(microsoft.campaign_daily(october))


def test_a_success_that_leaves_something_out_is_none(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    problem = {"Code": 1100, "Index": 0, "Message": "an id is wrong"}
    api.mock.post(URL, json={"Campaigns": [], "PartialErrors": [None, problem]}, status=200)

    with pytest.raises(ContractError, match="an id is wrong"):
        list(microsoft.campaign_daily(october))


def test_a_link_that_lapsed_is_looked_up_anew_by_the_next_sync(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.ordered()
    api.looked_at("Success", url="https://download.example/lapsed")
    api.mock.get("https://download.example/lapsed", status=403, body="<Error/>")

    with pytest.raises(TransientError, match="the link no longer works"):
        list(microsoft.campaign_daily(october))

    api.looked_at("Success")
    api.file(csv_text(cells()))
    assert len(list(microsoft.campaign_daily(october))) == 1
    assert len(api.asked_of("/Submit")) == 1


@pytest.mark.parametrize(("secret", "sent"), [("hush", {"client_secret": "hush"}), ("", {})])
def test_the_refresh_token_is_traded_with_the_scope_and_the_secret_if_there_is_one(
    api: Api, secret: str, sent: dict[str, str]
) -> None:
    api.signed_in()
    api.accounts()

    list(connector(client_secret=secret, customer_id="5").accounts())

    request = api.mock.calls[0].request
    assert dict(parse_qsl(str(request.body))) == {
        "grant_type": "refresh_token",
        "refresh_token": "rt_hush",
        "client_id": "app",
        "scope": "https://ads.microsoft.com/msads.manage offline_access",
        **sent,
    }
    assert not {"DeveloperToken", "Authorization"} & request.headers.keys()


def test_a_rotated_refresh_token_is_kept_for_the_next_run(api: Api, tmp_path: Path) -> None:
    api.signed_in(refresh_token="rt_new")
    api.accounts()
    tokens = TokenFile(tmp_path / "tokens.json", "microsoft")
    microsoft = connector(customer_id="5")
    microsoft.bind(folder=tmp_path, token_file=tokens)

    list(microsoft.accounts())

    assert tokens.read("rt_hush") == "rt_new"


def test_a_refresh_token_that_is_not_accepted_asks_to_sign_in_again(api: Api) -> None:
    refusal = {"error": "invalid_grant", "error_description": "AADSTS70000: expired", "error_codes": [70000]}
    api.mock.post(LOGIN, json=refusal, status=400)

    with pytest.raises(AuthError, match="sign in again"):
        list(connector().accounts())


def test_with_another_base_url_every_service_lies_below_it(api: Api, october: Unit) -> None:
    base = "https://proxy.example/ms"
    microsoft = connector(base_url=base)
    api.mock.post(f"{base}/common/oauth2/v2.0/token", json={"access_token": "at-1"})
    api.mock.post(f"{base}/CampaignManagement/v13/Campaigns/QueryByAccountId", json={"Campaigns": []})
    api.mock.post(f"{base}/CustomerBilling/v13/InsertionOrders/Search", json={"InsertionOrders": []})
    api.mock.post(f"{base}/Reporting/v13/GenerateReport/Submit", json={"ReportRequestId": "1"})
    told = {"ReportRequestStatus": {"Status": "Success", "ReportDownloadUrl": None}}
    api.mock.post(f"{base}/Reporting/v13/GenerateReport/Poll", json=told)

    assert list(microsoft.campaign_daily(october)) == []
    assert list(microsoft.orders(october)) == []


@pytest.mark.parametrize("missing", ["client_id", "refresh_token", "developer_token"])
def test_settings_that_are_needed_are_asked_for(missing: str) -> None:
    settings = {"client_id": "app", "refresh_token": "rt", "developer_token": "dt"}

    with pytest.raises(ValidationError, match=missing):
        MicrosoftAds.model_validate({name: value for name, value in settings.items() if name != missing})
