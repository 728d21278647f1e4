"""Reports in the making: ordered, looked at, fetched; and everything that can happen meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from adtally import (
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    NotReady,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.amazon_ads import AmazonAds

from .builders import FILES, REPORTS, TOKEN_URL, dsp_row

if TYPE_CHECKING:
    from .conftest import Api

KEY = "DEMAND_SIDE_PLATFORM 2026-10-01..2026-10-31"


def test_the_id_is_kept_while_amazon_works_and_a_later_run_only_looks(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    api.ordered("r-1")
    api.state("r-1", "PENDING")
    with pytest.raises(NotReady):
        list(amazon.campaign_daily(dsp))
    assert dsp.remembered == {KEY: "r-1"}
    api.mock.remove("GET", f"{REPORTS}/r-1")
    api.state("r-1", "PROCESSING")
    api.state("r-1", "COMPLETED", url=api.file("r-1", dsp_row()))

    assert [record.clicks for record in amazon.campaign_daily(dsp)] == [3]

    assert len(api.calls("/reporting/reports")) == 1


def test_the_file_is_fetched_without_the_token(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.reports({"dspCampaign": [dsp_row()]})

    list(amazon.campaign_daily(dsp))

    headers = {str(call.request.url).startswith(FILES): set(call.request.headers) for call in api.mock.calls}
    assert "Authorization" in headers[False]
    assert not {name for name in headers[True] if name.startswith(("Authorization", "Amazon"))}


def test_a_report_that_failed_is_ordered_anew_and_after_the_second_time_less_is_asked_for(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    for report_id in ("r-1", "r-2"):
        api.ordered(report_id)
        api.state(report_id, "FAILED", failureReason="told by Amazon")

    with pytest.raises(TooLarge, match="told by Amazon, twice"):
        list(amazon.campaign_daily(dsp))


def test_a_report_that_amazon_no_longer_knows_is_ordered_anew(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    dsp.remembered[KEY] = "old"
    api.refuse(404, "Report not found", method="GET", url=f"{REPORTS}/old")
    api.ordered("r-2")
    api.state("r-2", "COMPLETED", url=api.file("r-2", dsp_row()))

    assert [record.clicks for record in amazon.campaign_daily(dsp)] == [3]


def running(api: Api, amazon: AmazonAds, dsp: Unit) -> dict[str, Any]:
    """What the connector orders, from a run that is refused."""
    api.refuse(400, "no")
    with pytest.raises(ContractError):
        list(amazon.campaign_daily(dsp))
    [asked] = api.bodies("/reporting/reports")
    api.mock.remove("POST", REPORTS)
    return asked


def test_a_duplicate_is_the_same_report_in_the_making(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    asked = running(api, amazon, dsp)
    api.refuse(425, "The Request is a duplicate of : 6f0f3c1e-2a77")
    columns = asked["configuration"]["columns"][::-1]
    told = json.loads(json.dumps(asked))
    told["configuration"]["columns"] = columns
    api.state("6f0f3c1e-2a77", "PROCESSING", **told)
    api.state("6f0f3c1e-2a77", "COMPLETED", url=api.file("6f0f", dsp_row()))

    assert [record.clicks for record in amazon.campaign_daily(dsp)] == [3]
    assert dsp.remembered == {KEY: "6f0f3c1e-2a77"}


@pytest.mark.parametrize(
    ("days", "configuration"),
    [
        ({"startDate": "2026-09-01"}, {}),
        ({"endDate": "2026-10-30"}, {}),
        ({}, {"adProduct": "SPONSORED_BRANDS"}),
        ({}, {"reportTypeId": "dspProduct"}),
        ({}, {"timeUnit": "SUMMARY"}),
        ({}, {"groupBy": ["campaign", "ad"]}),
        ({}, {"columns": ["date"]}),
        ({}, {"filters": [{"field": "advertiserId", "values": ["1"]}]}),
        ({}, {"filters": None}),
    ],
)
def test_a_duplicate_of_another_report_is_not_taken(
    api: Api,
    amazon: AmazonAds,
    dsp: Unit,
    days: dict[str, object],
    configuration: dict[str, object],
) -> None:
    asked = running(api, amazon, dsp)
    api.refuse(425, "The Request is a duplicate of : 6f0f3c1e-2a77")
    other = {**asked, **days, "configuration": {**asked["configuration"], **configuration}}
    api.state("6f0f3c1e-2a77", "PROCESSING", **other)

    with pytest.raises(TransientError, match="another one"):
        list(amazon.campaign_daily(dsp))

    assert dsp.remembered == {}


def test_a_token_that_is_refused_while_polling_is_renewed(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.ordered("r-1")
    api.refuse(401, "Unauthorized", method="GET", url=f"{REPORTS}/r-1")
    api.state("r-1", "COMPLETED", url=api.file("r-1", dsp_row()))

    assert [record.clicks for record in amazon.campaign_daily(dsp)] == [3]

    tokens = [call for call in api.mock.calls if call.request.url == TOKEN_URL]
    assert len(tokens) == 2


def test_a_poll_that_is_refused_with_a_new_token_too_is_looked_at_later(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    api.ordered("r-1")
    for _ in range(3):
        api.refuse(401, "Unauthorized", method="GET", url=f"{REPORTS}/r-1")
    api.state("r-1", "COMPLETED", url=api.file("r-1", dsp_row()))

    assert [record.clicks for record in amazon.campaign_daily(dsp)] == [3]


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(
    "words",
    [
        "KDP authors do not have access to Sponsored Brands functionality",
        "Tactic T00020 is not supported for report API in marketplace",
    ],
)
def test_a_product_that_the_profile_may_not_use_is_left_out_and_logged(
    api: Api,
    amazon: AmazonAds,
    october: Unit,
    status: int,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    api.ordered("sp")
    api.refuse(status, words)
    api.ordered("sd")
    api.ordered("st")
    for report_id in ("sp", "sd", "st"):
        api.state(report_id, "COMPLETED", url=api.file(report_id))

    assert list(amazon.conversions(october)) == []

    assert "SPONSORED_BRANDS is left out" in caplog.text
    assert sorted(october.remembered.values()) == ["sd", "sp", "st"]


def test_a_product_that_is_refused_otherwise_fails_the_unit(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.ordered("sp")
    api.refuse(400, "configuration columns includes invalid values: (x)")

    with pytest.raises(ContractError, match="includes invalid values"):
        list(amazon.campaign_daily(october))


def test_an_account_without_any_product_has_no_report(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.refuse(403, "KDP authors do not have access to this functionality")

    with pytest.raises(NotOffered, match="authors may not use"):
        list(amazon.campaign_daily(october))


def test_too_many_days_are_cut(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.refuse(400, "startDate to endDate range (32 days) must not exceed maximum range (31 days)")

    with pytest.raises(TooLarge):
        list(amazon.campaign_daily(dsp))


def test_a_profile_of_another_region_or_user_is_denied_without_a_new_token(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    api.refuse(401, "Not authorized to access scope 3012345678900000")

    with pytest.raises(DeniedError, match="another region"):
        list(amazon.campaign_daily(dsp))

    assert len([call for call in api.mock.calls if call.request.url == TOKEN_URL]) == 1


def test_a_dead_refresh_token_says_to_sign_in_again(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.mock.replace("POST", TOKEN_URL, json={"error": "invalid_grant"}, status=400)

    with pytest.raises(AuthError, match="sign in again"):
        list(amazon.campaign_daily(dsp))


@pytest.mark.parametrize(
    ("headers", "body", "waited"),
    [
        ({}, '{"code":"429","detail":"Too Many Requests"}', 30.0),
        ({}, "<html><head><title>429 Too Many Requests</title></head></html>", 30.0),
        ({"Retry-After": "7"}, '{"code":"429","detail":"Too Many Requests"}', 7.0),
    ],
)
def test_a_full_queue_of_reports_is_given_time(
    api: Api, amazon: AmazonAds, dsp: Unit, headers: dict[str, str], body: str, waited: float
) -> None:
    pauses = list[float]()
    amazon.http.sleep = pauses.append
    api.mock.post(REPORTS, body=body, status=429, headers=headers)
    api.ordered("r-1")
    api.state("r-1", "COMPLETED", url=api.file("r-1"))

    assert list(amazon.campaign_daily(dsp)) == []
    assert max(pauses) == pytest.approx(waited, abs=0.5)


def test_a_finished_report_without_a_link_is_refused(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.ordered("r-1")
    api.state("r-1", "COMPLETED", url=None)

    with pytest.raises(ContractError, match="has no url"):
        list(amazon.campaign_daily(dsp))
