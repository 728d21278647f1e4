"""The fake of Apple Ads refuses what Apple would refuse, and tells what Apple would tell."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from adtally import world
from adtally_connectors.apple_ads.sandbox import AppleAdsFake, keys

SHOP, TOKYO, DENIED = "610000101", "610000102", "610000103"
FORM = {"grant_type": "client_credentials", "scope": "searchadsorg", "client_id": keys.CLIENT_ID}
BOTH_STATES = {"field": "deleted", "operator": "IN", "value": [True, False]}
DAYS = {"start": "2026-09-20", "end": "2026-09-29", "timeZone": "ORTZ", "granularity": "DAILY"}
CAMPAIGNS = "reports/apps/campaigns/query"


def secret(*, kid: str = keys.KEY_ID, seconds: int = 3600, **changes: object) -> str:
    now = int(time.time())
    usual = {
        "iss": keys.TEAM_ID,
        "sub": keys.CLIENT_ID,
        "aud": keys.AUDIENCE,
        "iat": now,
        "exp": now + seconds,
    }
    return jwt.encode({**usual, **changes}, keys.private_pem(), algorithm="ES256", headers={"kid": kid})


def token(fake: AppleAdsFake, **changes: str) -> world.Reply:
    body = urlencode({**FORM, "client_secret": secret(), **changes}).encode()
    head = {"content-type": "application/x-www-form-urlencoded"}
    return fake.answer(world.Request("POST", "/auth/oauth2/token", {}, head, body))


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: AppleAdsFake) -> None:
        self.fake = fake
        self.token = ""
        for _ in range(2):  # the first one expires early
            self.token = json.loads(token(fake).body)["access_token"]
        for _ in range(30):
            self.ask("me")

    def ask(
        self, path: str, body: object = None, account: str = "", headers: Mapping[str, str] | None = None
    ) -> world.Reply:
        head = {"authorization": f"Bearer {self.token}"}
        raw = b"" if body is None else json.dumps(body).encode()
        if raw:
            head["content-type"] = "application/json"
        if account:
            head["x-ap-context"] = f"adAccountId={account}"
        request = world.Request("POST" if raw else "GET", f"/v1/{path}", {}, {**head, **(headers or {})}, raw)
        return self.fake.answer(request)

    def told(self, path: str, body: object = None, account: str = SHOP) -> dict[str, Any]:
        reply = self.ask(path, body, account)
        assert reply.status == 200, reply.body
        document: dict[str, Any] = json.loads(reply.body)
        return document

    def report(self, ids: list[str], level: str = "campaigns", **changes: object) -> dict[str, Any]:
        return self.told(f"reports/apps/{level}/query", asked(ids, **changes))


def asked(ids: list[str], **changes: object) -> dict[str, object]:
    """The body of a report."""
    filters = [{"field": "campaignId", "operator": "IN", "value": ids}]
    return {"timeRange": DAYS, "filters": filters, **changes}


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(AppleAdsFake(played))


@pytest.fixture
def ids(played: world.World) -> list[str]:
    """The campaigns of the shop; the last one was removed."""
    account = next(one for one in played.of_platform("apple_ads") if one.account_id == SHOP)
    return [campaign.campaign_id for campaign in account.campaigns]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "no token"}, "invalid_client"),
        ({"client_secret": secret(kid="other")}, "invalid_client"),
        ({"client_secret": secret(aud="https://api.ads.apple.com")}, "invalid_client"),
        ({"client_secret": secret(iss="other")}, "invalid_client"),
        ({"client_secret": secret(sub="other")}, "invalid_client"),
        ({"client_secret": secret(seconds=181 * 86_400)}, "invalid_client"),
        ({"client_secret": secret(seconds=-1)}, "invalid_client"),
        ({"client_secret": jwt.encode({"iss": keys.TEAM_ID}, "s" * 32, algorithm="HS256")}, "invalid_client"),
        ({"client_id": "other"}, "invalid_client"),
        ({"scope": "other"}, "invalid_scope"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
    ],
)
def test_a_token_is_given_for_a_good_signature_only(
    played: world.World, changes: dict[str, str], error: str
) -> None:
    reply = token(AppleAdsFake(played), **changes)

    assert (reply.status, json.loads(reply.body)) == (400, {"error": error})


def test_another_key_signs_in_vain(played: world.World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(keys, "PRIVATE_NUMBER", 8)
        other = secret()

    assert token(AppleAdsFake(played), client_secret=other).status == 400
    assert token(AppleAdsFake(played)).status == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer other", "Bearer sandbox-apple-token-9", "Basic sandbox-apple-token-2"]
)
def test_a_request_without_a_good_token_is_refused(client: Client, header: str) -> None:
    assert client.ask("me", headers={"authorization": header}).status == 401


def test_the_first_requests_find_the_api_in_its_moods(played: world.World) -> None:
    client = Client.__new__(Client)
    client.fake = AppleAdsFake(played)
    client.token = json.loads(token(client.fake).body)["access_token"]
    early = [client.ask("me").status for _ in range(10)]
    client.token = json.loads(token(client.fake).body)["access_token"]
    later = [client.ask("me") for _ in range(20)]

    assert early == [200] * 9 + [401]
    assert [reply.status for reply in later if reply.status != 200] == [429, 500]
    assert sum(b'"error"' in reply.body for reply in later if reply.status == 200) == 1
    assert {"0", "3"} <= {reply.headers["RateLimit-Remaining"] for reply in later}


@pytest.mark.parametrize(
    ("path", "account", "status"),
    [
        ("v5/acls", "", 404),
        ("ad-accounts/610000101", "", 400),
        ("ad-accounts/610000101", TOKYO, 403),
        ("ad-accounts/610000101", "1", 403),
        ("campaigns", SHOP, 404),
        ("invoices", SHOP, 404),
    ],
)
def test_what_is_not_there_or_not_ours_is_refused(
    client: Client, path: str, account: str, status: int
) -> None:
    assert client.ask(path, account=account).status == status


def test_another_version_is_not_there(client: Client) -> None:
    head = {"authorization": f"Bearer {client.token}"}

    assert client.fake.answer(world.Request("GET", "/api/v5/acls", {}, head)).status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("campaigns/query", {"selector": {}}),
        ("campaigns/query", {"filters": [{"field": "campaignId", "operator": "IN", "value": [1]}]}),
        ("campaigns/query", {"filters": [{"field": "id", "operator": "IN", "value": ["1"]}]}),
        ("campaigns/query", {"filters": [{"field": "id", "operator": "LIKE", "value": [1]}]}),
        ("campaigns/query", {"filters": [{"field": "id", "operator": "IN", "value": list(range(101))}]}),
        ("campaigns/query", {"pagination": {"pageSize": 5001}}),
        ("campaigns/query", {"pagination": {"limit": 10}}),
        ("campaigns/query", {"sorting": [{"field": "name"}]}),
        (CAMPAIGNS, {}),
        (CAMPAIGNS, {"timeRange": DAYS}),
        (CAMPAIGNS, asked([])),
        (CAMPAIGNS, asked(["1"]) | {"filters": [{"field": "campaignId", "operator": "IN", "value": [1]}]}),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"timeZone": "EST"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"granularity": "DAYS"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"start": "2026-09-29"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"start": "2026-08-11"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"end": "2099-01-01"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"end": "2026-09-19"})),
        (CAMPAIGNS, asked(["1"], timeRange=DAYS | {"start": "20 September"})),
        (CAMPAIGNS, asked(["1"], options={"includeRows": ["ALL"]})),
        (CAMPAIGNS, asked(["1"], pagination={"fetchTotalCount": True})),
        (CAMPAIGNS, asked(["1"], returnRowTotals=True)),
    ],
)
def test_a_wrong_question_is_refused(client: Client, path: str, body: dict[str, object]) -> None:
    reply = client.ask(path, body, SHOP)

    assert reply.status == 400
    assert json.loads(reply.body)["error"]["code"] == "INVALID_ARGUMENT"


def test_a_body_is_json_and_says_so(client: Client) -> None:
    assert client.ask("campaigns/query", {}, SHOP, {"content-type": "text/plain"}).status == 400


@pytest.mark.parametrize("path", ["campaigns/query", "shared-budgets/query", CAMPAIGNS])
def test_an_account_without_a_role_is_listed_and_its_data_refused(client: Client, path: str) -> None:
    listed = client.told("acls")["result"]["acls"]

    assert [str(role["adAccount"]["id"]) for role in listed] == [SHOP, TOKYO, DENIED]
    assert client.told(f"ad-accounts/{DENIED}", account=DENIED)["result"]["currency"] == "EUR"
    assert client.ask(path, asked(["1"]) if path == CAMPAIGNS else {}, DENIED).status == 403


def test_deleted_campaigns_come_only_where_both_states_are_asked_for(client: Client, ids: list[str]) -> None:
    plain = client.told("campaigns/query", {})
    both = client.told("campaigns/query", {"filters": [BOTH_STATES], "pagination": {"fetchTotalCount": True}})

    assert [str(row["id"]) for row in plain["result"]] == ids[:2]
    assert [str(row["id"]) for row in both["result"]] == ids
    assert "totalCount" not in plain["pagination"]
    assert both["pagination"] == {"offset": 0, "pageSize": 100, "totalCount": 3}


def test_pages_go_by_offset(client: Client, ids: list[str]) -> None:
    page = client.told(
        "campaigns/query", {"filters": [BOTH_STATES], "pagination": {"offset": 1, "pageSize": 1}}
    )
    rows = client.report(ids, pagination={"offset": 2, "pageSize": 2})

    assert [str(row["id"]) for row in page["result"]] == ids[1:2]
    assert [str(row["metadata"]["id"]) for row in rows["result"]["rows"]] == ids[2:]
    assert rows["pagination"] == {"offset": 2, "pageSize": 2, "totalCount": 3}


def test_only_named_campaigns_are_reported_and_a_deleted_one_still_is(client: Client, ids: list[str]) -> None:
    rows = client.report(ids[2:])["result"]["rows"]

    assert [(str(row["metadata"]["id"]), row["metadata"]["deleted"]) for row in rows] == [(ids[2], True)]


def test_a_day_without_delivery_is_told_by_its_date_alone(client: Client, ids: list[str]) -> None:
    [row] = client.report(ids[2:])["result"]["rows"]

    days = {day.pop("date"): day for day in row["granularMetrics"]}
    assert list(days) == [f"2026-09-{day}" for day in range(20, 30)]
    assert [bool(told) for told in days.values()] == [True] * 6 + [False] * 4


def test_the_days_of_a_row_and_the_rows_of_a_report_add_up(client: Client, ids: list[str]) -> None:
    result = client.report(ids, options={"includeRows": ["GRAND_TOTAL"]})["result"]

    for name in ("impressions", "taps", "totalInstalls"):
        for row in result["rows"]:
            days = sum(day.get(name, 0) for day in row["granularMetrics"])
            assert days == row["totalMetrics"][name]
        total = sum(row["totalMetrics"][name] for row in result["rows"])
        assert result["summary"]["grandTotal"][name] == total


def test_a_single_day_has_no_granularity(client: Client, ids: list[str]) -> None:
    days = {"start": "2026-09-20", "end": "2026-09-20"}

    rows = client.report(ids, timeRange=days)["result"]["rows"]

    assert len(rows) == 3
    assert all("granularMetrics" not in row and row["totalMetrics"]["taps"] for row in rows)


def test_an_account_of_the_app_store_has_no_reports_of_maps(client: Client, ids: list[str]) -> None:
    assert client.ask("reports/business-brands/campaigns/query", asked(ids), SHOP).status == 403


def test_money_is_decimal_text_with_the_decimals_of_its_currency(client: Client) -> None:
    spent = {}
    for account in (SHOP, TOKYO):
        campaigns = client.told("campaigns/query", {}, account)["result"]
        rows = client.told(CAMPAIGNS, asked([str(row["id"]) for row in campaigns]), account)["result"]["rows"]
        spent[account] = rows[0]["totalMetrics"]["localSpend"]

    assert (spent[SHOP]["currency"], spent[SHOP]["amount"][-3]) == ("USD", ".")
    assert (spent[TOKYO]["currency"], spent[TOKYO]["amount"].isdigit()) == ("JPY", True)


def test_targets_are_bids_without_a_currency(client: Client) -> None:
    groups = client.told("adgroups/query", {"filters": [BOTH_STATES]})["result"]

    kinds = {row["bidStrategy"]["bidStrategyType"] for row in groups}
    assert kinds == {"MANUAL_CPT", "MAX_CONVERSIONS"}
    assert all(set(row["bidStrategy"]["bid"]) == {"amount"} for row in groups)
    assert {row["pricingModel"] for row in groups} == {"CPT"}
