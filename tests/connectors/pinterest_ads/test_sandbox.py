"""The fake is as strict as Pinterest, and as moody."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode, urlsplit

import pytest

from adtally import world
from adtally_connectors.pinterest_ads.sandbox import PinterestAdsFake

from ..trials import played

OPEN, VIDEO, DENIED = (f"54970000010{number}" for number in (1, 2, 3))
SECRETS = b"sandbox-pinterest-app:sandbox-pinterest-secret"
FORM = {"grant_type": "refresh_token", "refresh_token": "sandbox-pinterest-refresh"}
SIGNED = {
    "authorization": f"Basic {b64encode(SECRETS).decode()}",
    "content-type": "application/x-www-form-urlencoded",
}
BODY: dict[str, object] = {
    "start_date": "2026-09-24",
    "end_date": "2026-09-25",
    "granularity": "DAY",
    "level": "CAMPAIGN",
    "columns": ["CAMPAIGN_ID", "SPEND_IN_MICRO_DOLLAR", "TOTAL_SUBSCRIBE"],
    "primary_sort": "BY_DATE",
}
DAYS = {"start_date": "2026-09-24", "end_date": "2026-09-25", "granularity": "DAY"}
AT_ONCE = {**DAYS, "columns": "AD_ACCOUNT_ID,SPEND_IN_MICRO_DOLLAR"}
EVERY_STATE = urlencode([("entity_statuses", state) for state in ("ACTIVE", "PAUSED", "ARCHIVED")])


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: PinterestAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        self.sign_in()
        if past_moods:
            for _ in range(30):
                self.ask("ad_accounts")
            self.sign_in()
            for _ in range(2):
                self.ask(f"ad_accounts/{OPEN}/analytics", AT_ONCE)
            self.file(self.order())
            self.file(self.order())

    def form(self, fields: Mapping[str, str], headers: Mapping[str, str] = SIGNED) -> world.Reply:
        body = urlencode(fields).encode()
        return self.fake.answer(world.Request("POST", "/v5/oauth/token", {}, headers, body))

    def sign_in(self) -> None:
        self.token = json.loads(self.form(FORM).body)["access_token"]

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        raw_query: str = "",
        body: object = None,
        token: str | None = None,
    ) -> world.Reply:
        head = {"authorization": f"Bearer {self.token if token is None else token}"}
        if body is not None:
            head["content-type"] = "application/json"
        method = "GET" if body is None else "POST"
        sent = b"" if body is None else json.dumps(body).encode()
        return self.fake.answer(world.Request(method, f"/v5/{path}", query or {}, head, sent, raw_query))

    def items(self, path: str, raw_query: str = "") -> list[dict[str, object]]:
        """The items of all pages."""
        found, bookmark = list[dict[str, object]](), dict[str, str]()
        while True:
            reply = self.ask(path, {"page_size": "250", **bookmark}, raw_query=raw_query)
            assert reply.status == 200, reply.body
            page = json.loads(reply.body)
            found += page["items"]
            if page["bookmark"] is None:
                return found
            bookmark = {"bookmark": page["bookmark"]}

    def order(self, account_id: str = OPEN, **changes: object) -> str:
        reply = self.ask(f"ad_accounts/{account_id}/reports", body=BODY | changes)
        assert reply.status == 200, reply.body
        told = json.loads(reply.body)
        assert (told["report_status"], told["message"]) == ("IN_PROGRESS", None)
        return str(told["token"])

    def look(self, token: str, account_id: str = OPEN) -> dict[str, object]:
        return dict(json.loads(self.ask(f"ad_accounts/{account_id}/reports", {"token": token}).body))

    def file(self, token: str, headers: Mapping[str, str] | None = None) -> world.Reply:
        """What lies behind the link of a report, however often one has to look."""
        told = self.look(token)
        while told["report_status"] == "IN_PROGRESS":
            told = self.look(token)
        url = urlsplit(str(told["url"]))
        query = dict([url.query.split("=")]) if url.query else {}
        path = url.path.removeprefix("/pinterest_ads")
        return self.fake.answer(world.Request("GET", path, query, headers or {}))


def refusal(reply: world.Reply) -> tuple[int, int]:
    return reply.status, json.loads(reply.body)["code"]


@pytest.fixture
def client() -> Client:
    return Client(PinterestAdsFake(played()))


@pytest.mark.parametrize(
    ("fields", "headers", "expected"),
    [
        ({"refresh_token": "old"}, {}, (400, 283)),
        ({"refresh_token": "sandbox-pinterest-refresh.x"}, {}, (400, 283)),
        ({"grant_type": "password"}, {}, (400, 283)),
        ({"client_id": "sandbox-pinterest-app"}, {}, (400, 1)),
        ({}, {"authorization": ""}, (401, 2)),
        ({}, {"content-type": "application/json"}, (400, 1)),
    ],
)
def test_a_token_is_given_for_the_right_form_and_basic_alone(
    client: Client, fields: dict[str, str], headers: dict[str, str], expected: tuple[int, int]
) -> None:
    assert refusal(client.form(FORM | fields, SIGNED | headers)) == expected


def test_refresh_tokens_rotate_and_both_stay_good(client: Client) -> None:
    rotated = json.loads(client.form(FORM).body)["refresh_token"]

    assert rotated != FORM["refresh_token"]
    assert client.form(FORM | {"refresh_token": rotated}).status == client.form(FORM).status == 200


@pytest.mark.parametrize("token", ["", "other", "sandbox-pinterest-token-99"])
def test_a_bad_token_is_refused(client: Client, token: str) -> None:
    assert refusal(client.ask("ad_accounts", token=token)) == (401, 2)


def test_a_token_expires_early_requests_are_throttled_and_one_fails() -> None:
    client = Client(PinterestAdsFake(played()), past_moods=False)

    replies = [client.ask(f"ad_accounts/{OPEN}/analytics", AT_ONCE) for _ in range(30)]

    refused = {n: refusal(reply) for n, reply in enumerate(replies, 1) if reply.status != 200}
    assert refused == {2: (400, 8), 11: (429, 8), 19: (500, 0), 30: (401, 2)}
    assert b"Retry after 1 seconds" in replies[1].body
    assert replies[10].headers["X-RateLimit-Reset"] == "1"


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("ad_accounts", {"colour": "red"}, (400, 1)),
        ("ad_accounts", {"include_shared_accounts": "True"}, (400, 1)),
        ("ad_accounts", {"page_size": "251"}, (400, 1)),
        ("ad_accounts", {"bookmark": "x"}, (400, 1)),
        ("pins", {}, (404, 2)),
        ("ad_accounts/999/campaigns", {}, (404, 2)),
        (f"ad_accounts/{OPEN}/pins", {}, (404, 2)),
        (f"ad_accounts/{OPEN}/campaigns", {"entity_statuses": "ACTIVE,PAUSED"}, (400, 1)),
        (f"ad_accounts/{OPEN}/campaigns", {"campaign_statuses": "ACTIVE"}, (400, 1)),
        (f"ad_accounts/{OPEN}/order_lines", {"entity_statuses": "ACTIVE"}, (400, 1)),
        (f"ad_accounts/{OPEN}/billing_invoices", {"start_due_date": "1 October"}, (400, 1)),
        (f"ad_accounts/{OPEN}/billing_invoices", {"status": "PAID"}, (400, 1)),
        (f"ad_accounts/{OPEN}/reports", {}, (400, 1)),
        (f"ad_accounts/{OPEN}/analytics", {**DAYS}, (400, 1)),
        *(
            (f"ad_accounts/{DENIED}/{kind}", query, (403, 29))
            for kind, query in {
                "campaigns": {},
                "order_lines": {},
                "billing_invoices": {},
                "analytics": AT_ONCE,
                "reports": {"token": "x"},
            }.items()
        ),
    ],
)
def test_what_is_not_offered_is_refused(
    client: Client, path: str, query: dict[str, str], expected: tuple[int, int]
) -> None:
    assert refusal(client.ask(path, query)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_date": "2026-08-11"},
        {"start_date": "2026-09-26"},
        {"start_date": "20260924"},
        {"granularity": "HOUR"},
        {"columns": "AD_ACCOUNT_ID,ADS_CREDIT_SPEND_IN_MICRO_DOLLAR"},
        {"columns": "CAMPAIGN_ID"},
        {"columns": "SPEND"},
        {"click_window_days": "3"},
        {"view_window_days": "one"},
        {"reporting_timezone": "AD_ACCOUNT_TIME_ZONE"},
        {"conversion_report_time": "DAY"},
    ],
)
def test_days_are_told_at_once_for_known_words_alone(client: Client, wrong: dict[str, str]) -> None:
    assert refusal(client.ask(f"ad_accounts/{OPEN}/analytics", AT_ONCE | wrong)) == (400, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_date": "2024-05-09"},
        {"start_date": "2026-03-23"},
        {"end_date": 20260925},
        {"level": "AD"},
        {"columns": []},
        {"columns": ["CAMPAIGN_ID", "AD_ID"]},
        {"columns": ["CAMPAIGN_ID", "CAMPAIGN_ID"]},
        {"columns": "CAMPAIGN_ID"},
        {"columns": [1]},
        {"columns": ["SPEND"]},
        {"campaign_ids": []},
        {"campaign_ids": [str(n) for n in range(501)]},
        {"campaign_ids": [626005101000]},
        {"report_format": "XLSX"},
        {"primary_sort": "BY_COST"},
        {"click_window_days": "30"},
        {"filter": "x"},
    ],
)
def test_reports_are_ordered_with_known_words_alone(client: Client, wrong: dict[str, object]) -> None:
    body = BODY | wrong
    if wrong.get("columns") == []:
        del body["columns"]
    assert refusal(client.ask(f"ad_accounts/{OPEN}/reports", body=body)) == (400, 1)


def test_an_order_is_a_json_document_without_a_query(client: Client) -> None:
    path = f"ad_accounts/{OPEN}/reports"
    head = {"authorization": f"Bearer {client.token}"}

    assert refusal(client.ask(path, {"level": "CAMPAIGN"}, body=BODY)) == (400, 1)
    assert refusal(client.fake.answer(world.Request("POST", f"/v5/{path}", {}, head, b"{}"))) == (400, 1)
    assert refusal(client.ask(path, body=[])) == (400, 1)


def test_the_first_report_fails_and_the_first_link_has_lapsed() -> None:
    client = Client(PinterestAdsFake(played()), past_moods=False)
    first = client.order()
    client.look(first)  # the second request for reports is refused
    assert [client.look(first)["report_status"] for _ in range(2)] == ["IN_PROGRESS", "FAILED"]
    second = client.order()

    assert second != first
    assert client.look("other") == {"report_status": "DOES_NOT_EXIST", "url": None, "size": None}
    assert client.look(second, VIDEO)["report_status"] == "DOES_NOT_EXIST"
    assert [client.file(second).status for _ in range(2)] == [403, 200]


def test_a_file_is_given_to_who_knows_its_address_and_sends_no_token(client: Client) -> None:
    token = client.order()

    assert client.file(token, {"authorization": f"Bearer {client.token}"}).status == 400
    assert client.file(token).status == 200
    assert client.fake.answer(world.Request("GET", f"/download/{token}")).status == 403


def test_files_leave_out_zeros_or_write_them_and_leave_out_rows_of_nothing_else(client: Client) -> None:
    by_date = json.loads(client.file(client.order()).body)
    by_id = json.loads(client.file(client.order(primary_sort="BY_ID")).body)
    table = client.file(client.order(report_format="CSV")).body.decode().splitlines()
    nothing = client.file(client.order(columns=["CAMPAIGN_ID", "TOTAL_SUBSCRIBE"])).body

    assert [*by_date] == ["2026-09-24", "2026-09-25"]
    assert [*by_id] == [
        campaign["id"] for campaign in client.items(f"ad_accounts/{OPEN}/campaigns", EVERY_STATE)
    ]
    rows = [row for part in by_date.values() for row in part]
    assert sorted(map(str, rows)) == sorted(str(row) for part in by_id.values() for row in part)
    assert {type(row["CAMPAIGN_ID"]) for row in rows} == {int}
    assert table[0] == "DATE,CAMPAIGN_ID,SPEND_IN_MICRO_DOLLAR,TOTAL_SUBSCRIBE"
    assert len(table) == len(rows) + 1
    assert not any("TOTAL_SUBSCRIBE" in row for row in rows)
    assert all(line.endswith(",0") for line in table[1:])
    assert nothing == b"{}"


def test_archived_things_are_listed_only_if_asked_for_and_their_days_always(client: Client) -> None:
    path = f"ad_accounts/{OPEN}/campaigns"
    plain, every = client.items(path), client.items(path, EVERY_STATE)
    days = json.loads(client.file(client.order()).body)

    assert {row["name"] for row in every} - {row["name"] for row in plain} == {"Last year's range"}
    assert {row["CAMPAIGN_ID"] for row in days["2026-09-25"]} == {int(str(row["id"])) for row in every}


def test_the_accounts_own_days_are_the_cost_of_the_world(client: Client) -> None:
    reply = client.ask(f"ad_accounts/{OPEN}/analytics", AT_ONCE)

    [account] = [one for one in played().accounts if one.account_id == OPEN]
    cost = {
        day: sum(
            row.cost_micros
            for campaign in account.campaigns
            for row in played().days[campaign.campaign_id]
            if str(row.day) == day
        )
        for day in ("2026-09-24", "2026-09-25")
    }
    assert {row["DATE"]: row["SPEND_IN_MICRO_DOLLAR"] for row in json.loads(reply.body)} == cost


def test_shorter_windows_count_fewer_conversions_and_the_same_spend(client: Client) -> None:
    columns = {"columns": "SPEND_IN_MICRO_DOLLAR,TOTAL_PAGE_VISIT"}
    path = f"ad_accounts/{OPEN}/analytics"
    long, short = (
        json.loads(client.ask(path, AT_ONCE | columns | windows).body)[0]
        for windows in ({}, {"click_window_days": "1"})
    )

    assert long["SPEND_IN_MICRO_DOLLAR"] == short["SPEND_IN_MICRO_DOLLAR"]
    assert long["TOTAL_PAGE_VISIT"] > short["TOTAL_PAGE_VISIT"] > 0


def test_documents_are_filtered_by_when_they_are_due(client: Client) -> None:
    path = f"ad_accounts/{OPEN}/billing_invoices"
    every = client.items(path)
    late = json.loads(client.ask(path, {"start_due_date": "2026-11-02"}).body)["items"]
    early = json.loads(client.ask(path, {"end_due_date": "2026-11-01", "status": "CLOSED"}).body)["items"]

    bills = {bill.invoice_id: bill.total_micros for bill in played().bills if bill.account_id == OPEN}
    assert {row["id"]: row["amount_billed_micro_currency"] for row in every} == bills
    assert [row["billing_period_end_date"] for row in early + late] == ["2026-09-30", "2026-10-31"]
    assert [row["status"] for row in early + late] == ["CLOSED", "OPEN"]


def test_a_credit_memo_has_positive_amounts() -> None:
    [bill, *others] = [bill for bill in played().bills if bill.account_id == OPEN]
    line = replace(bill.lines[0], amount_micros=-5_000_000)
    memo = replace(bill, kind="credit_memo", lines=(line,), issue_day=date(2026, 10, 5))
    client = Client(PinterestAdsFake(replace(played(), bills=(memo, *others))))

    [told, *_] = client.items(f"ad_accounts/{OPEN}/billing_invoices")

    assert (told["document_type"], told["amount_billed_micro_currency"]) == ("CREDIT_MEMO", 5_000_000)
