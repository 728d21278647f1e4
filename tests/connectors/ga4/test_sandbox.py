"""The sandbox's GA4 is as strict and as moody as the real one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from adtally import world
from adtally_connectors.ga4.sandbox import Ga4Fake

from ..trials import played

PATH = "/v1beta/properties/310000101:runReport"
FORM = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-ga4-client",
    "client_secret": "sandbox-ga4-client-secret",
    "refresh_token": "sandbox-ga4-refresh-token",
}
ASKED: Mapping[str, object] = {
    "dateRanges": [{"startDate": "2026-10-05", "endDate": "2026-10-06"}],
    "dimensions": [{"name": "date"}, {"name": "sessionSourceMedium"}],
    "metrics": [{"name": "sessions"}, {"name": "purchaseRevenue"}],
    "orderBys": [{"dimension": {"dimensionName": "date"}}],
}


class Client:
    """Somebody who asks the fake directly."""

    def __init__(self) -> None:
        self.fake = Ga4Fake(played())
        self.token = ""

    def sign_in(self, **changes: str) -> world.Reply:
        body = urlencode({**FORM, **changes}).encode()
        reply = self.fake.answer(world.Request("POST", "/token", body=body))
        self.token = json.loads(reply.body).get("access_token", "")
        return reply

    def ask(
        self,
        path: str = PATH,
        *,
        method: str = "POST",
        kind: str = "application/json",
        but: Mapping[str, object] | None = None,
    ) -> world.Reply:
        body = json.dumps({**ASKED, **(but or {})}).encode()
        headers = {"authorization": f"Bearer {self.token}", "content-type": kind}
        return self.fake.answer(world.Request(method, path, {}, headers, body))


@pytest.fixture
def client() -> Client:
    found = Client()
    found.sign_in()
    return found


def refused(reply: world.Reply) -> tuple[int, str]:
    error = json.loads(reply.body)["error"]
    assert error["code"] == reply.status
    return reply.status, error["status"]


def rows(reply: world.Reply) -> list[list[str]]:
    """The values of each row, keys first."""
    assert reply.status == 200, reply.body
    return [
        [one["value"] for one in (*row["dimensionValues"], *row["metricValues"])]
        for row in json.loads(reply.body).get("rows", [])
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": "old"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_token_is_given_only_for_the_right_grant(changes: dict[str, str], error: str) -> None:
    assert json.loads(Client().sign_in(**changes).body)["error"] == error


def test_without_a_token_nothing_is_told(client: Client) -> None:
    client.token = "made-up"

    assert refused(client.ask()) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        (PATH, "GET", (404, "NOT_FOUND")),
        (PATH.replace("v1beta", "v1"), "POST", (404, "NOT_FOUND")),
        (PATH.replace("runReport", "dropReport"), "POST", (404, "NOT_FOUND")),
        (PATH.replace("310000101", "G-ABC123"), "POST", (400, "INVALID_ARGUMENT")),
        (PATH.replace("310000101", "310000102"), "POST", (403, "PERMISSION_DENIED")),
    ],
)
def test_a_question_that_is_not_one_is_refused(
    client: Client, path: str, method: str, expected: tuple[int, str]
) -> None:
    assert refused(client.ask(path, method=method)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"dateRange": []},
        {"dateRanges": []},
        {"dateRanges": [{"startDate": "2026-10-06", "endDate": "2026-10-05"}]},
        {"dateRanges": [{"startDate": "2026-10-06", "endDate": "06.10.2026"}]},
        {"dimensions": [{"name": "moon"}]},
        {"dimensions": [{"name": "date"}, {"name": "date"}]},
        {"metrics": [{"name": "moons"}]},
        {"metrics": []},
        {"orderBys": [{"dimension": {"dimensionName": "sessionManualCampaignId"}}]},
        {"limit": "0"},
        {"offset": "-1"},
        {"dimensionFilter": {}},
        {"dimensionFilter": {"filter": {"fieldName": "date"}}},
        {"dimensionFilter": {"filter": {"fieldName": "moon", "emptyFilter": {}}}},
        {
            "dimensionFilter": {
                "filter": {"fieldName": "date", "stringFilter": {"value": "2", "matchType": "X"}}
            }
        },
        {"dimensionFilter": {"isEmpty": "date"}},
    ],
)
def test_a_report_that_is_none_is_refused(client: Client, changes: dict[str, object]) -> None:
    assert refused(client.ask(but=changes)) == (400, "INVALID_ARGUMENT")


def test_a_form_is_no_body_of_a_report(client: Client) -> None:
    assert refused(client.ask(kind="application/x-www-form-urlencoded")) == (400, "INVALID_ARGUMENT")


def test_rows_are_in_order_and_pages_are_as_long_as_asked_for(client: Client) -> None:
    whole = rows(client.ask())
    first = client.ask(but={"limit": "3"})
    second = client.ask(but={"limit": 3, "offset": "3"})

    assert [row[0] for row in whole] == sorted(row[0] for row in whole)
    assert {row[0] for row in whole} == {"20261005", "20261006"}
    assert rows(first) + rows(second) == whole[:6]
    assert json.loads(first.body)["rowCount"] == len(whole) > 6


def test_a_filter_and_its_contrary_share_all_rows(client: Client) -> None:
    empty = {"filter": {"fieldName": "sessionManualCampaignId", "emptyFilter": {}}}
    spelled = {"filter": {"fieldName": "sessionManualCampaignId", "stringFilter": {"value": "(not set)"}}}
    listed = {"filter": {"fieldName": "sessionManualCampaignId", "inListFilter": {"values": ["(not set)"]}}}
    names = [{"name": "date"}, {"name": "sessionManualCampaignId"}]

    def of(expression: Mapping[str, object] | None) -> list[list[str]]:
        asked: dict[str, object] = {"dimensions": names, "metrics": [{"name": "sessions"}]}
        return rows(client.ask(but={**asked, "dimensionFilter": expression}))

    some = of(empty)
    assert some == of({"orGroup": {"expressions": [spelled, listed]}})
    assert sorted(some + of({"notExpression": empty})) == sorted(of(None))


def test_what_is_empty_has_no_rows_and_no_number_of_them(client: Client) -> None:
    found = json.loads(
        client.ask(but={"dateRanges": [{"startDate": "2020-01-01", "endDate": "2020-01-02"}]}).body
    )

    assert found.keys() == {"dimensionHeaders", "metricHeaders", "metadata", "kind"}
    assert found["metadata"] == {"currencyCode": "EUR", "timeZone": "Europe/Berlin"}


def test_money_has_the_long_tail_of_a_binary_fraction(client: Client) -> None:
    money = {row[1]: row[3] for row in rows(client.ask())}

    assert money["google / organic"] == "212.34999999999997"
    assert money["(not set)"] == "0"


def test_once_it_throttles_once_it_fails_and_once_a_token_expires_early(client: Client) -> None:
    seen: list[tuple[int, str]] = []
    for _ in range(30):
        reply = client.ask()
        if reply.status != 200:
            seen.append(refused(reply))
            if reply.status == 401:
                client.sign_in()

    assert seen == [(429, "RESOURCE_EXHAUSTED"), (503, "UNAVAILABLE"), (401, "UNAUTHENTICATED")]
