"""The fake is as strict as Snapchat, and as moody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from adtally import world
from adtally_connectors.snapchat_ads.sandbox import SnapchatAdsFake

BERLIN, PACIFIC, DENIED = (f"1c0ffee0-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
ORGANIZATION = "0f000000-0000-4000-8000-000000000001"
FORM = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "refresh_token": "sandbox-refresh-token",
}
ENCODED = {"content-type": "application/x-www-form-urlencoded"}
STATS = f"adaccounts/{BERLIN}/stats"
ONE_DAY = {
    "granularity": "DAY",
    "start_time": "2026-10-25T00:00:00.000+02:00",
    "end_time": "2026-10-26T00:00:00.000+01:00",
}
BY_CAMPAIGN = ONE_DAY | {"breakdown": "campaign", "fields": "spend,impressions"}


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: SnapchatAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        self.sign_in()
        for _ in range(25 if past_moods else 0):
            self.ask("me/organizations")
        self.sign_in()

    def sign_in(self) -> None:
        self.token = json.loads(self.form(FORM).body)["access_token"]

    def form(self, fields: Mapping[str, str], headers: Mapping[str, str] = ENCODED) -> world.Reply:
        body = urlencode(fields).encode()
        return self.fake.answer(world.Request("POST", "/login/oauth2/access_token", {}, headers, body))

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
        method: str = "GET",
    ) -> world.Reply:
        head = {"authorization": f"Bearer {self.token if token is None else token}"}
        return self.fake.answer(world.Request(method, f"/v1/{path}", query or {}, head))

    def rows(self, path: str, **query: str) -> list[dict[str, object]]:
        """The rows of all pages of a list."""
        name, found = path.rpartition("/")[2], list[dict[str, object]]()
        cursor: dict[str, str] = {}
        while True:
            reply = self.ask(path, {**query, **cursor})
            assert reply.status == 200, reply.body
            document = json.loads(reply.body)
            found += [item[name.removesuffix("s")] for item in document[name]]
            link = document.get("paging", {}).get("next_link")
            if not link:
                return found
            cursor = dict(parse_qsl(urlsplit(link).query))

    def stat(self, path: str, query: Mapping[str, str]) -> tuple[dict[str, object], str]:
        """What stats tell of their owner, and the link to the next page."""
        reply = self.ask(path, query)
        assert reply.status == 200, reply.body
        document = json.loads(reply.body)
        [item] = document["timeseries_stats"]
        assert (document["request_status"], item["sub_request_status"]) == ("success", "success")
        return item["timeseries_stat"], document["paging"].get("next_link", "")


def refusal(reply: world.Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["error_code"]


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(SnapchatAdsFake(played))


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"refresh_token": "old"}, 400, "invalid_grant"),
        ({"client_secret": "other"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "invalid_grant"),
    ],
)
def test_a_token_is_given_for_the_right_form_alone(
    client: Client, wrong: dict[str, str], status: int, error: str
) -> None:
    reply = client.form(FORM | wrong)

    assert (reply.status, json.loads(reply.body)["error"]) == (status, error)
    assert client.form(FORM, {"content-type": "application/json"}).status == 400


def test_a_bad_token_is_refused_without_a_word(client: Client) -> None:
    replies = [
        client.ask("me/organizations", token=token) for token in ("", "other", "sandbox-snapchat-token-99")
    ]

    assert [(reply.status, reply.body) for reply in replies] == [(401, b"")] * 3


def test_a_token_expires_early_a_request_is_throttled_and_one_fails_in_html(played: world.World) -> None:
    client = Client(SnapchatAdsFake(played), past_moods=False)
    client.token = "sandbox-snapchat-token-1"

    replies = [client.ask("me/organizations") for _ in range(25)]

    refused = {number: reply.status for number, reply in enumerate(replies, 1) if reply.status != 200}
    assert refused == {11: 429, 17: 500, 24: 401, 25: 401}
    assert (replies[10].body, replies[16].body[:6]) == (b"", b"<html>")


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("me/organizations", {"colour": "red"}, (400, "E1001")),
        ("me/source_organizations", {}, (400, "E1001")),
        ("organizations/other/adaccounts", {}, (404, "E3003")),
        (f"organizations/{ORGANIZATION}/transactions", {}, (404, "E3003")),
        (f"adaccounts/{BERLIN}/pixels", {}, (404, "E3003")),
        ("adaccounts/other/campaigns", {}, (404, "E3003")),
        (f"adaccounts/{DENIED}/campaigns", {}, (403, "E3002")),
        (f"adaccounts/{DENIED}/stats", BY_CAMPAIGN, (403, "E3002")),
        (f"adaccounts/{BERLIN}/invoices", {"limit": "50"}, (400, "E1001")),
        (f"adaccounts/{BERLIN}/campaigns", {"limit": "49"}, (400, "E1001")),
        (f"adaccounts/{BERLIN}/campaigns", {"limit": "1001"}, (400, "E1001")),
        (f"adaccounts/{BERLIN}/campaigns", {"cursor": "x"}, (400, "E1001")),
        (f"adaccounts/{BERLIN}/ads", {"read_deleted_entities": "True"}, (400, "E1001")),
        (f"adaccounts/{BERLIN}/ads", {"read_deleted_entities": "true", "sort": "x"}, (400, "E1001")),
        ("ads/other/stats", ONE_DAY, (404, "E3003")),
    ],
)
def test_what_is_not_offered_is_refused(
    client: Client, path: str, query: dict[str, str], expected: tuple[int, str]
) -> None:
    assert refusal(client.ask(path, query)) == expected


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"granularity": "WEEK"}, "E1001"),
        ({"fields": "spend,colour"}, "E1008"),
        ({"breakdown": "country"}, "E1008"),
        ({"breakdown": ""}, "E1008"),
        ({"limit": "201"}, "E1001"),
        ({"omit_empty": "yes"}, "E1001"),
        ({"swipe_up_attribution_window": "30_DAY"}, "E1001"),
        ({"view_attribution_window": "2_DAY"}, "E1001"),
        ({"action_report_time": "click"}, "E1001"),
        ({"start_time": "2026-10-25"}, "E1001"),
        ({"start_time": "2026-10-25T00:30:00+02:00"}, "E1008"),
        ({"start_time": "2026-10-25T00:00:00Z"}, "E1008"),
        ({"end_time": "2026-10-26T00:00:00+02:00"}, "E1008"),
        ({"end_time": "2026-10-25T00:00:00+02:00"}, "E1008"),
        ({"start_time": "2026-09-24T00:00:00+02:00"}, "E1008"),
        ({"end_time": "2026-11-13T00:00:00+01:00"}, "E1008"),
    ],
)
def test_stats_are_told_for_whole_days_of_the_account_and_known_words_alone(
    client: Client, wrong: dict[str, str], code: str
) -> None:
    assert refusal(client.ask(STATS, BY_CAMPAIGN | wrong)) == (400, code)


def test_other_verbs_and_versions_are_refused(client: Client) -> None:
    assert client.ask("me/organizations", method="POST").status == 405
    assert client.fake.answer(world.Request("GET", "/v2/me/organizations")).status == 404


def test_deleted_things_are_listed_only_if_asked_for_and_their_stats_always(client: Client) -> None:
    path = f"adaccounts/{BERLIN}/campaigns"
    plain, every = client.rows(path), client.rows(path, read_deleted_entities="true")
    days = {"start_time": "2026-09-01T00:00:00+02:00", "end_time": "2026-09-02T00:00:00+02:00"}
    first, link = client.stat(STATS, BY_CAMPAIGN | days)
    second, end = client.stat(STATS, BY_CAMPAIGN | days | dict(parse_qsl(urlsplit(link).query)))
    spent = [
        thing["id"]
        for told in (first, second)
        for thing in told["breakdown_stats"]["campaign"]  # type: ignore[index]
    ]

    assert {row["name"] for row in every} - {row["name"] for row in plain} == {"Faded lens"}
    assert sorted(str(row["id"]) for row in every) == spent
    assert end == ""


def test_the_link_to_the_next_page_leads_out_of_the_sandbox(client: Client) -> None:
    _, link = client.stat(STATS, BY_CAMPAIGN | {"breakdown": "ad"})

    assert link.startswith(f"https://adsapi.snapchat.com/v1/{STATS}?cursor=")


def test_a_day_of_25_hours_is_told_with_both_offsets_and_the_spend_of_the_world(
    client: Client, played: world.World
) -> None:
    told, _ = client.stat(STATS, ONE_DAY | {"fields": "spend"})

    cost = sum(
        row.cost_micros
        for account in played.of_platform("snapchat_ads")
        if account.account_id == BERLIN
        for campaign in account.campaigns
        for row in played.days[campaign.campaign_id]
        if str(row.day) == "2026-10-25"
    )
    start, end = ONE_DAY["start_time"], ONE_DAY["end_time"]
    assert told["timeseries"] == [{"start_time": start, "end_time": end, "stats": {"spend": cost}}]
    assert told["finalized_data_end_time"] == "2026-11-09T00:00:00.000+01:00"


def test_shorter_windows_count_fewer_conversions_and_the_same_spend(client: Client) -> None:
    path = f"campaigns/{client.rows(f'adaccounts/{BERLIN}/campaigns')[0]['id']}/stats"
    asked = ONE_DAY | {"fields": "spend,conversion_page_views"}
    counts = [
        client.stat(path, asked | windows)[0]["timeseries"][0]["stats"]  # type: ignore[index]
        for windows in ({}, {"swipe_up_attribution_window": "1_DAY", "view_attribution_window": "none"})
    ]

    assert counts[0]["spend"] == counts[1]["spend"] > 0
    assert counts[0]["conversion_page_views"] > counts[1]["conversion_page_views"] > 0


def test_empty_days_are_told_unless_they_are_left_out(client: Client) -> None:
    later = {"start_time": "2026-11-10T00:00:00+01:00", "end_time": "2026-11-11T00:00:00+01:00"}
    asked = ONE_DAY | later | {"fields": "spend"}

    full, bare = (
        client.stat(STATS, asked | {"omit_empty": text})[0]["timeseries"] for text in ("false", "true")
    )

    assert [day["stats"] for day in full] == [{"spend": 0}]  # type: ignore[attr-defined]
    assert bare == []


def test_invoices_count_in_hundredths_and_name_their_month(client: Client, played: world.World) -> None:
    rows = client.rows(f"adaccounts/{PACIFIC}/invoices")

    bills = [bill for bill in played.bills if bill.account_id == PACIFIC]
    assert [(row["invoice_id"], row["amount_cent"], row["billing_period"]) for row in rows] == [
        (bill.invoice_id, bill.total_micros / 10_000, period)
        for bill, period in zip(bills, ("September 2026", "October 2026"), strict=True)
    ]


def test_each_account_draws_on_a_credit_line_of_its_organization(client: Client) -> None:
    sources = {row["id"]: row for row in client.rows(f"organizations/{ORGANIZATION}/fundingsources")}
    accounts = client.rows(f"organizations/{ORGANIZATION}/adaccounts")

    assert [account["id"] for account in accounts] == [BERLIN, PACIFIC, DENIED]
    assert {str(account["funding_source_ids"]): account["currency"] for account in accounts} == {
        f"['{number}']": source["currency"] for number, source in sources.items()
    }
