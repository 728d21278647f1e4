"""The fake is as strict as Amazon: what a careless client would get away with elsewhere, it refuses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest

from adtally.world import Reply, Request
from adtally_connectors.amazon_ads.sandbox import AmazonAdsFake

from ..trials import played

CLIENT = "amzn1.application-oa2-client.sandbox"
SPONSORED, DENIED, DSP, AGENCY = "30123456789011", "30123456789013", "5830000000012", "30123456789010"
ORDER = "application/vnd.createasyncreportrequest.v3+json"
CAMPAIGNS = "application/vnd.spCampaign.v3+json"


@pytest.fixture
def fake() -> AmazonAdsFake:
    """A fake that has handed out one token, and whose first report, which fails, was ordered."""
    made = AmazonAdsFake(played())
    form = (
        "grant_type=refresh_token&refresh_token=Atzr%7Csandbox-amazon-refresh"
        f"&client_id={CLIENT}&client_secret=sandbox-amazon-secret"
    )
    assert made.answer(Request("POST", "/auth/o2/token", body=form.encode())).status == 200
    assert ordered(made, endDate="2026-10-02").status == 200
    return made


def ask(
    fake: AmazonAdsFake,
    path: str,
    body: object = None,
    query: Mapping[str, str] | None = None,
    /,
    **headers: str,
) -> Reply:
    """A request that is good but for ``headers``, whose names have _ for -; an empty one is left out."""
    usual = {
        "authorization": "Bearer Atza|sandbox-amazon-token-1",
        "amazon-advertising-api-clientid": CLIENT,
        "amazon-ads-clientid": CLIENT,
        "amazon-advertising-api-scope": SPONSORED,
        "host": "127.0.0.1",
    }
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in given.items() if value}
    method = "GET" if body is None else "POST"
    return fake.answer(Request(method, path, query or {}, kept, json.dumps(body).encode()))


def order(**changes: object) -> dict[str, Any]:
    configuration = {
        "adProduct": "SPONSORED_PRODUCTS",
        "groupBy": ["campaign"],
        "columns": ["date", "campaignId", "cost"],
        "reportTypeId": "spCampaigns",
        "timeUnit": "DAILY",
        "format": "GZIP_JSON",
    }
    whole = {"startDate": "2026-10-01", "endDate": "2026-10-01", "configuration": configuration}
    return {
        **whole,
        **{name: value for name, value in changes.items() if name in whole},
        "configuration": configuration
        | {name: value for name, value in changes.items() if name not in whole},
    }


def ordered(fake: AmazonAdsFake, scope: str = SPONSORED, /, **changes: object) -> Reply:
    body = order(**changes)
    return ask(fake, "/reporting/reports", body, content_type=ORDER, amazon_advertising_api_scope=scope)


def words(reply: Reply) -> str:
    told = json.loads(reply.body)
    return str(told.get("detail") or told.get("details") or told.get("message"))


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"authorization": ""}, "Unauthorized"),
        ({"authorization": "Bearer Atza|sandbox-amazon-token-2"}, "Unauthorized"),
        ({"amazon_advertising_api_clientid": ""}, "clientid is missing"),
        ({"amazon_advertising_api_scope": ""}, "Not authorized to access scope"),
        ({"amazon_advertising_api_scope": DENIED}, "Not authorized to access scope"),
    ],
)
def test_who_does_not_say_who_asks_for_whom_is_refused(
    fake: AmazonAdsFake, headers: dict[str, str], said: str
) -> None:
    reply = ask(fake, "/invoices", accept="application/vnd.invoices.v1.1+json", **headers)

    assert (reply.status, said in words(reply)) == (401, True)


def test_the_newer_api_wants_the_newer_header(fake: AmazonAdsFake) -> None:
    body = {"adProductFilter": {"include": ["SPONSORED_TELEVISION"]}}

    reply = ask(
        fake,
        "/adsApi/v1/query/campaigns",
        body,
        amazon_ads_clientid="",
        content_type="application/json",
    )

    assert reply.status == 401


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"endDate": "2026-11-01"}, "must not exceed maximum range (31 days)"),
        ({"endDate": "2026-09-01"}, "must not be before"),
        ({"startDate": "2026-06-01", "endDate": "2026-06-02"}, "too far in the past"),
        ({"adProduct": "SPONSORED_BRANDS"}, "not supported for this report type"),
        ({"groupBy": ["adGroup"]}, "not supported for this report type"),
        ({"columns": ["date", "viewableImpressions"]}, "invalid values"),
        ({"columns": ["campaignId"]}, "DAILY"),
        ({"filters": [{"field": "campaignId", "values": ["1"]}]}, "filters are not supported"),
        ({"rows": 5}, "unknown field"),
    ],
)
def test_an_order_that_amazon_would_refuse_is_refused(
    fake: AmazonAdsFake, changes: dict[str, object], said: str
) -> None:
    reply = ordered(fake, **changes)

    assert (reply.status, said in words(reply)) == (400, True)


@pytest.mark.parametrize("filters", [[], [{"field": "advertiserId", "values": ["1"]}]])
def test_a_report_of_the_dsp_needs_its_advertiser(
    fake: AmazonAdsFake, filters: list[dict[str, object]]
) -> None:
    dsp = {"adProduct": "DEMAND_SIDE_PLATFORM", "reportTypeId": "dspCampaign"}

    reply = ordered(fake, AGENCY, columns=["date", "orderId"], filters=filters, **dsp)

    assert (reply.status, "advertiserId" in words(reply)) == (400, True)


def test_an_order_is_throttled_although_it_went_through_and_then_a_duplicate(fake: AmazonAdsFake) -> None:
    first, second = ordered(fake), ordered(fake)

    assert (first.status, second.status) == (429, 425)
    report_id = words(second).rpartition(" : ")[2]
    state = json.loads(ask(fake, f"/reporting/reports/{report_id}").body)
    assert (state["status"], state["startDate"]) == ("PENDING", "2026-10-01")
    other = ask(fake, f"/reporting/reports/{report_id}", amazon_advertising_api_scope=AGENCY)
    assert other.status == 404


def test_the_first_report_fails(fake: AmazonAdsFake) -> None:
    report_id = words(ordered(fake, endDate="2026-10-02")).rpartition(" : ")[2]

    states = [json.loads(ask(fake, f"/reporting/reports/{report_id}").body)["status"] for _ in range(2)]

    assert states == ["PENDING", "FAILED"]


def test_a_poll_gets_a_401_and_a_file_is_given_to_who_sends_no_token(fake: AmazonAdsFake) -> None:
    ordered(fake)
    report_id = words(ordered(fake)).rpartition(" : ")[2]

    replies = [ask(fake, f"/reporting/reports/{report_id}") for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 401]
    link = json.loads(replies[2].body)["url"]
    path = link.partition("/amazon_ads")[2].partition("?")[0]
    expires = {"X-Amz-Expires": "3600"}
    assert ask(fake, path, None, expires).status == 400
    assert fake.answer(Request("GET", path)).status == 403
    rows = json.loads(gzip.decompress(fake.answer(Request("GET", path, expires)).body))
    assert {row["date"] for row in rows} == {"2026-10-01"}
    assert all(isinstance(row["campaignId"], int) for row in rows)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"content_type": "application/json", "accept": CAMPAIGNS}, 415), ({"content_type": CAMPAIGNS}, 406)],
)
def test_lists_of_sponsored_ads_want_their_media_types(
    fake: AmazonAdsFake, headers: dict[str, str], status: int
) -> None:
    assert ask(fake, "/sp/campaigns/list", {}, **headers).status == status


@pytest.mark.parametrize(
    "body", [{"maxResults": 101}, {"nextToken": "x"}, {"states": []}, {"stateFilter": ["ENABLED"]}]
)
def test_a_list_that_is_asked_for_wrongly_is_refused(fake: AmazonAdsFake, body: dict[str, object]) -> None:
    assert ask(fake, "/sp/campaigns/list", body, content_type=CAMPAIGNS, accept=CAMPAIGNS).status == 400


def test_archived_campaigns_come_only_if_asked_for(fake: AmazonAdsFake) -> None:
    filters = [{}, {"stateFilter": {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}}]

    found = [
        json.loads(ask(fake, "/sp/campaigns/list", body, content_type=CAMPAIGNS, accept=CAMPAIGNS).body)
        for body in filters
    ]

    assert [page["totalResults"] for page in found] == [3, 4]


def test_an_advertiser_of_the_dsp_is_named_by_its_own_header(fake: AmazonAdsFake) -> None:
    body = {"adProductFilter": {"include": ["AMAZON_DSP"]}}
    usual = {"content_type": "application/json"}

    by_scope = ask(fake, "/adsApi/v1/query/campaigns", body, **usual)
    by_account = ask(fake, "/adsApi/v1/query/campaigns", body, amazon_ads_accountid=DSP, **usual)

    assert (by_scope.status, by_account.status) == (403, 200)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"startDate": "2026-10-01", "endDate": "2026-11-10", "count": "100"}, 200),
        ({"cursor": "2026-10-01_2026-11-10_1"}, 200),
        ({"cursor": "2026-10-01_2026-11-10_1", "count": "100"}, 400),
        ({"count": "101"}, 400),
        ({"invoiceStatuses": "OPEN"}, 400),
        ({"startDate": "20261001"}, 200),
        ({"startDate": "October"}, 400),
        ({"month": "2026-10"}, 400),
    ],
)
def test_invoices_are_asked_for_as_documented(
    fake: AmazonAdsFake, query: dict[str, str], status: int
) -> None:
    reply = ask(fake, "/invoices", None, query, accept="application/vnd.invoices.v1.1+json")

    assert reply.status == status


def test_paths_that_amazon_does_not_have_are_not_found(fake: AmazonAdsFake) -> None:
    assert ask(fake, "/sd/keywords/extended").status == 404
    assert ask(fake, "/v3/profiles").status == 404
