import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from adtally import world
from adtally_connectors.meta_ads.sandbox import MetaAdsFake

BERLIN, LISBON, TOKYO, TAIPEI = "act_3000000201", "act_3000000202", "act_3000000203", "act_3000000204"
BAKERY, DENIED = "act_3000000205", "act_3000000208"
BUSINESS = "555000111"
OCTOBER = {"time_range": '{"since":"2026-10-01","until":"2026-10-31"}'}
SEPTEMBER = {"time_range": '{"since":"2026-09-01","until":"2026-09-30"}'}
DAY = {"time_range": '{"since":"2026-10-02","until":"2026-10-02"}', "time_increment": "1"}
EVERY_STATE = '["ACTIVE","PAUSED","DELETED","ARCHIVED","IN_PROCESS","WITH_ISSUES"]'


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: MetaAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        for _ in range(25 if past_moods else 0):
            self.ask("me")

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        version: str = "v26.0",
        body: bytes = b"",
    ) -> world.Reply:
        head = {"authorization": "Bearer sandbox-meta-token", "host": "127.0.0.1:8000"}
        return self.fake.answer(
            world.Request(
                method, f"/{version}/{path}", query or {}, head if headers is None else headers, body
            )
        )

    def data(self, path: str, **query: str) -> list[dict[str, object]]:
        reply = self.ask(path, {"limit": "500", **query})
        assert reply.status == 200, reply.body
        found: list[dict[str, object]] = json.loads(reply.body)["data"]
        return found

    def refusal(self, path: str, **query: str) -> str:
        return code(self.ask(path, query))


def code(reply: world.Reply) -> str:
    error = json.loads(reply.body)["error"]
    return "/".join(str(error[name]) for name in ("code", "error_subcode") if name in error)


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(MetaAdsFake(played))


def account(played: world.World, node: str) -> world.Account:
    return next(a for a in played.accounts if a.account_id == node.removeprefix("act_"))


def test_a_request_needs_the_token_and_a_proof_must_fit_it(client: Client) -> None:
    proof = hmac.new(b"sandbox-meta-secret", b"sandbox-meta-token", hashlib.sha256).hexdigest()

    refusals = [
        code(client.ask("me", headers={})),
        code(client.ask("me", headers={"authorization": "Bearer other"})),
        code(client.ask("me", {"access_token": "other"}, headers={})),
        code(client.ask("me", {"appsecret_proof": "0" * 64})),
    ]

    assert refusals == ["2500", "190/463", "190/463", "104"]
    assert client.ask("me", {"access_token": "sandbox-meta-token"}, headers={}).status == 200
    assert client.ask("me", {"appsecret_proof": proof}).status == 200


def test_a_version_that_ended_is_refused(client: Client) -> None:
    assert [code(client.ask("me", version=version)) for version in ("v24.0", "me")] == ["2635", "2500"]
    assert client.ask("me", version="v25.0").status == 200


@pytest.mark.parametrize(
    ("path", "query", "refused"),
    [
        (BERLIN, {"fields": "colour"}, "100"),
        (BERLIN, {"field": "name"}, "100"),
        ("act_1", {}, "100/33"),
        ("3000000201", {}, "100/33"),
        (f"{BERLIN}/pictures", {}, "2500"),
        (f"{BERLIN}/campaigns", {"fields": "billing_event"}, "100"),
        (f"{BERLIN}/adsets", {"fields": "id,campaign{name}"}, ""),
        (f"{BERLIN}/adsets", {"fields": "id,{name}"}, "2500"),
        (f"{BERLIN}/campaigns", {"effective_status": "ACTIVE"}, "100"),
        (f"{BERLIN}/campaigns", {"effective_status": '["CAMPAIGN_PAUSED"]'}, "100"),
        (f"{BERLIN}/campaigns", {"limit": "0"}, "100"),
        (f"{BERLIN}/campaigns", {"after": "somewhere"}, "100"),
        (f"{BERLIN}/insights", {}, "100"),
        (f"{BERLIN}/insights", OCTOBER | {"level": "campaigns"}, "1/99"),
        (f"{BERLIN}/insights", OCTOBER | {"fields": "views"}, "100"),
        (f"{BERLIN}/insights", OCTOBER | {"fields": "ad_id", "level": "campaign"}, "100"),
        (f"{BERLIN}/insights", {"time_range": '{"since":"2026-10-02"}'}, "100"),
        (f"{BERLIN}/insights", {"time_range": '{"since":"2026-10-02","until":"2026-10-01"}'}, "100"),
        (f"{BERLIN}/insights", {"time_range": '{"since":"2023-01-01","until":"2023-01-02"}'}, "3018"),
        (f"{BERLIN}/insights", OCTOBER | {"time_increment": "91"}, "100"),
        (f"{BERLIN}/insights", OCTOBER | {"breakdowns": '["dma"]'}, "2/1504041"),
        (f"{BERLIN}/insights", OCTOBER | {"action_attribution_windows": '["7d_click_1d_view"]'}, "100"),
        (f"{BERLIN}/insights", OCTOBER | {"action_report_time": "click"}, "100"),
        (
            f"{BERLIN}/insights",
            OCTOBER
            | {
                "level": "campaign",
                "filtering": '[{"field":"ad.effective_status","operator":"IN","value":["ACTIVE"]}]',
            },
            "100",
        ),
        (f"{DENIED}/insights", OCTOBER, "200"),
        (f"{BERLIN}/activities", {"since": "yesterday"}, "100"),
        ("777/business_invoices", {"start_date": "2026-10-01"}, "100/33"),
        (f"{BUSINESS}/business_invoices", {"start_date": "10/2026"}, "100"),
        (f"{BUSINESS}/business_invoices", {"start_date": "2026-10-01", "end_date": "2026-10-01"}, "100"),
        (f"{BUSINESS}/business_invoices", {"issue_end_date": "2026-11-01"}, "100"),
        (f"{BUSINESS}/business_invoices", {"type": "INVOICE"}, "100"),
    ],
)
def test_what_the_api_refuses_is_refused(
    client: Client, path: str, query: dict[str, str], refused: str
) -> None:
    reply = client.ask(path, query)

    assert (code(reply) if reply.status != 200 else "") == refused


def test_accounts_come_five_a_page_and_name_the_next_address(client: Client) -> None:
    first = json.loads(client.ask("me/adaccounts", {"fields": "account_id", "limit": "100"}).body)
    parts = urlsplit(first["paging"]["next"])
    after = dict(parse_qsl(parts.query))
    second = json.loads(client.ask("me/adaccounts", after).body)

    assert (
        f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://127.0.0.1:8000/meta_ads/v26.0/me/adaccounts"
    )
    assert [row["account_id"] for page in (first, second) for row in page["data"]] == [
        f"30000002{number:02}" for number in range(1, 10)
    ]
    assert "next" not in second["paging"]


def test_budgets_and_bids_are_counted_in_the_platforms_own_units(client: Client, played: world.World) -> None:
    plain = client.data(f"{BERLIN}/adsets", fields="bid_strategy,bid_amount")[0]
    [bid, _] = client.data(f"{TOKYO}/adsets", fields="bid_amount")
    [budget, _] = client.data(f"{TAIPEI}/adsets", fields="daily_budget")
    installs = account(played, TAIPEI).campaigns[0]

    assert "bid_amount" not in plain
    assert bid["bid_amount"] == account(played, TOKYO).campaigns[0].ad_groups[0].bid_micros // 1_000_000
    assert budget["daily_budget"] == str(installs.volume * installs.price_micros // 10_000_000)


def test_what_was_deleted_is_left_out_unless_it_is_asked_for(client: Client) -> None:
    by_default = {row["name"] for row in client.data(f"{BERLIN}/campaigns", fields="name")}
    asked = {
        row["name"] for row in client.data(f"{BERLIN}/campaigns", fields="name", effective_status=EVERY_STATE)
    }
    ad_sets = {
        row["name"] for row in client.data(f"{BERLIN}/adsets", fields="name", effective_status=EVERY_STATE)
    }
    rows = SEPTEMBER | {"level": "campaign", "fields": "campaign_name"}
    states = json.dumps([{"field": "campaign.effective_status", "operator": "IN", "value": ["DELETED"]}])
    spent = {row["campaign_name"] for row in client.data(f"{BERLIN}/insights", **rows)}
    deleted = [row["campaign_name"] for row in client.data(f"{BERLIN}/insights", **rows, filtering=states)]

    assert asked - by_default == {"Old collection"}
    assert "Old collection 1" not in ad_sets
    assert "Old collection" not in spent
    assert deleted == ["Old collection"]


def test_a_row_of_insights_is_text_and_leaves_out_what_is_zero(client: Client, played: world.World) -> None:
    campaign = next(c for c in account(played, TAIPEI).campaigns if c.seen_only)
    days = [row for row in played.days[campaign.campaign_id] if row.day == date(2026, 10, 2)]
    fields = "campaign_id,impressions,clicks,inline_link_clicks,spend,actions,outbound_clicks"
    windows = '["1d_click","7d_click","1d_view","7d_view"]'

    found = client.data(
        f"{TAIPEI}/insights", level="campaign", fields=fields, action_attribution_windows=windows, **DAY
    )

    [row] = [row for row in found if row["campaign_id"] == campaign.campaign_id]
    clicks, installs = sum(r.clicks for r in days), sum(r.installs for r in days)
    seen, engaged = sum(r.view_through for r in days), sum(r.engagements for r in days)
    by_view = {"1d_view": str(seen)} if seen else {}
    clicked = {"1d_click": str(installs - seen), "7d_click": str(installs - seen)}
    every = dict.fromkeys(("value", "1d_click", "7d_click"), str(clicks))
    all_clicks = dict.fromkeys(("value", "1d_click", "7d_click"), str(clicks + engaged))
    assert row == {
        "campaign_id": campaign.campaign_id,
        "impressions": str(sum(r.impressions for r in days)),
        "clicks": str(clicks + engaged),
        "inline_link_clicks": str(clicks),
        "spend": str(sum(r.cost_micros for r in days) // 1_000_000),
        "actions": [
            {"action_type": "link_click", **every},
            {"action_type": "post_engagement", **all_clicks},
            {"action_type": "page_engagement", **all_clicks},
            {"action_type": "mobile_app_install", "value": str(installs), **clicked, **by_view},
            {"action_type": "omni_app_install", "value": str(installs), **clicked, **by_view},
        ],
        "outbound_clicks": [{"action_type": "outbound_click", **every}],
        "date_start": "2026-10-02",
        "date_stop": "2026-10-02",
    }


def test_a_window_in_one_row_sums_its_days(client: Client, played: world.World) -> None:
    [row] = client.data(f"{BAKERY}/insights", fields="spend", **OCTOBER)

    spent = sum(
        day.cost_micros
        for campaign in account(played, BAKERY).campaigns
        for day in played.days[campaign.campaign_id]
        if day.day.month == 10
    )
    assert row == {
        "spend": f"{spent // 1_000_000}.{spent % 1_000_000 // 10_000:02}",
        "date_start": "2026-10-01",
        "date_stop": "2026-10-31",
    }


def test_many_rows_are_not_answered_at_once(client: Client) -> None:
    asked = OCTOBER | {"level": "ad", "time_increment": "1"}

    assert client.refusal(f"{BERLIN}/insights", **asked) == "100/1504018"


def test_a_report_is_ready_after_some_looks_and_the_second_one_fails(client: Client) -> None:
    form = OCTOBER | {"level": "ad", "time_increment": "1", "fields": "ad_id,spend"}
    asked = [
        json.loads(client.ask(f"{BERLIN}/insights", method="POST", body=urlencode(form).encode()).body)
        for _ in range(3)
    ]
    runs = [one["report_run_id"] for one in asked]
    early = client.refusal(f"{runs[0]}/insights")
    seen = {
        run: [json.loads(client.ask(run, {"fields": "async_status"}).body)["async_status"] for _ in range(3)]
        for run in runs
    }

    assert early == "100/33"
    assert list(seen.values()) == [
        ["Job Not Started", "Job Running", "Job Completed"],
        ["Job Failed", "Job Failed", "Job Failed"],
        ["Job Not Started", "Job Running", "Job Completed"],
    ]
    assert json.loads(client.ask(runs[1], {"fields": "error_code,error_subcode"}).body) == {
        "id": runs[1],
        "error_code": -2,
        "error_subcode": 2490547,
    }
    assert client.refusal(f"{runs[1]}/insights") == "100/33"
    assert len(client.data(f"{runs[0]}/insights")) == 100


def test_a_body_of_json_asks_the_same(client: Client) -> None:
    body = json.dumps({"level": "ad", "time_range": {"since": "2026-10-01", "until": "2026-10-02"}})
    head = {
        "authorization": "Bearer sandbox-meta-token",
        "content-type": "application/json",
        "host": "127.0.0.1:8000",
    }

    reply = client.ask(f"{BERLIN}/insights", method="POST", headers=head, body=body.encode())
    run = json.loads(reply.body)["report_run_id"]
    for _ in range(3):
        client.ask(run)

    days = '{"since":"2026-10-01","until":"2026-10-02"}'
    assert client.data(f"{run}/insights") == client.data(f"{BERLIN}/insights", level="ad", time_range=days)


def ordered(client: Client, *nodes: str) -> dict[str, list[str]]:
    """The ids of the reports that are asked for of each account, one after another."""
    form = urlencode(DAY | {"level": "ad"}).encode()
    found: dict[str, list[str]] = {}
    for node in nodes:
        reply = client.ask(f"{node}/insights", method="POST", body=form)
        found.setdefault(node, []).append(json.loads(reply.body)["report_run_id"])
    return found


def test_the_id_of_a_report_tells_what_was_asked_and_not_who_came_first(played: world.World) -> None:
    first = ordered(Client(MetaAdsFake(played)), BERLIN, LISBON, BERLIN)
    second = ordered(Client(MetaAdsFake(played)), LISBON, BERLIN, BERLIN)

    assert first == second
    assert len({run for runs in first.values() for run in runs}) == 3


@pytest.mark.parametrize("level", ["campaign", "ad"])
def test_the_total_of_insights_covers_all_pages(client: Client, level: str) -> None:
    asked = OCTOBER | {"level": level, "fields": "impressions"}
    rows = client.data(f"{BERLIN}/insights", **asked)

    answer = json.loads(
        client.ask(f"{BERLIN}/insights", asked | {"limit": "2", "default_summary": "true"}).body
    )

    assert answer["data"] == rows[:2] != rows
    assert answer["summary"] == {"impressions": str(sum(int(str(row["impressions"])) for row in rows))}


def test_the_total_is_told_of_more_rows_than_are_answered_at_once(client: Client) -> None:
    asked = OCTOBER | {"level": "ad", "fields": "impressions", "default_summary": "true"}

    [whole, daily] = [
        json.loads(client.ask(f"{BERLIN}/insights", asked | {"limit": "1"} | more).body)
        for more in ({}, {"time_increment": "1"})
    ]

    assert daily["summary"] == whole["summary"]
    assert len(daily["data"]) == 1


def test_insights_without_impressions_have_no_total(client: Client) -> None:
    asked = OCTOBER | {"fields": "spend", "default_summary": "true"}

    assert "summary" not in json.loads(client.ask(f"{BERLIN}/insights", asked).body)


def test_an_edge_tells_how_many_rows_all_its_pages_have(client: Client) -> None:
    edge, asked = f"{BERLIN}/campaigns", {"fields": "id", "effective_status": EVERY_STATE}
    rows = client.data(edge, **asked)

    answer = json.loads(client.ask(edge, asked | {"limit": "2", "summary": "true"}).body)

    assert (answer["data"], answer["summary"]) == (rows[:2], {"total_count": len(rows)})
    assert "summary" not in json.loads(client.ask(edge, asked).body)


def test_one_request_is_throttled_and_one_fails_inside(played: world.World) -> None:
    client = Client(MetaAdsFake(played), past_moods=False)

    replies = [client.ask("me") for _ in range(30)]

    refused = {number: reply for number, reply in enumerate(replies, 1) if reply.status != 200}
    assert {number: (reply.status, code(reply)) for number, reply in refused.items()} == {
        14: (400, "80000/2446079"),
        23: (500, "2"),
    }
    assert json.loads(refused[14].headers["x-business-use-case-usage"])["3000000201"][0]["call_count"] == 101


def test_documents_are_found_by_billing_period_and_by_issue(client: Client, played: world.World) -> None:
    fields = "invoice_id,type,billing_period,amount,ad_account_ids"
    edge = f"{BUSINESS}/business_invoices"
    period = client.data(edge, fields=fields, start_date="2026-10-01", end_date="2026-11-01")
    issued = client.data(edge, issue_start_date="2026-11-01", issue_end_date="2026-12-01")
    memos = client.data(edge, type="CM", start_date="2026-09-01")

    bills = [bill for bill in played.bills if bill.connector == "meta"]
    assert {row["invoice_id"] for row in period} == {
        bill.invoice_id for bill in bills if bill.service.first_day.month == 10
    }
    assert {row["id"] for row in issued} == {
        f"88{bill.invoice_id}" for bill in bills if bill.issue_day.month == 11
    }
    assert [row["id"] for row in memos] == [
        f"88{bill.invoice_id}" for bill in bills if bill.kind == "credit_memo"
    ]
    shared = [row["ad_account_ids"] for row in period if "3000000202" in str(row["ad_account_ids"])]
    assert shared == [["3000000201", "3000000202"]] * len(shared)


def test_the_lines_of_a_document_add_up_to_it_before_tax(client: Client, played: world.World) -> None:
    fields = "invoice_id,billed_amount_details"
    for row in client.data(f"{BUSINESS}/business_invoices", fields=fields, start_date="2026-09-01"):
        lines = client.data(f"{row['id']}/campaigns")
        details = row["billed_amount_details"]

        assert isinstance(details, dict)
        assert sum(net(line) for line in lines) == int(Decimal(str(details["net_amount"])) * 100)


def net(line: dict[str, object]) -> int:
    details = line["billed_amount_details"]
    assert isinstance(details, dict)
    return int(Decimal(str(details["net_amount"])) * 100)


def test_the_log_tells_one_week_unless_it_is_asked_for_more(client: Client, played: world.World) -> None:
    fields = "event_time,event_type,extra_data"
    by_default = client.data(f"{BAKERY}/activities", fields=fields)
    asked = client.data(f"{BAKERY}/activities", fields=fields, since="2026-10-01", until="2026-11-02")

    charges = [c for c in played.charges if c.account_id == "3000000205" and c.day >= date(2026, 10, 1)]
    assert by_default == []
    assert [json.loads(str(row["extra_data"]))["new_value"] for row in asked] == [
        charge.amount_micros // 10_000 for charge in reversed(charges)
    ]
    assert {row["event_type"] for row in asked} == {"ad_account_billing_charge"}


def test_the_log_tells_when_a_campaign_stood_still(client: Client) -> None:
    asked = {"since": "2026-10-18", "until": "2026-10-22"}
    rows = client.data(f"{LISBON}/activities", fields="event_time,object_id,extra_data", **asked)
    [still] = [
        campaign
        for campaign in account(client.fake.world, LISBON).campaigns
        if campaign.still_on == date(2026, 10, 20)
    ]

    assert [
        (row["event_time"], row["extra_data"]) for row in rows if row["object_id"] == still.campaign_id
    ] == [
        ("2026-10-20T23:01:30+0000", '{"old_value":"Inactive","new_value":"Active"}'),
        ("2026-10-19T22:50:12+0000", '{"old_value":"Active","new_value":"Inactive"}'),
    ]


def test_what_is_open_is_what_was_spent_and_not_yet_charged(played: world.World) -> None:
    open_then = {}
    for day in (date(2026, 9, 30), date(2026, 10, 31)):
        client = Client(MetaAdsFake(played.on(day)))
        node = json.loads(client.ask(BAKERY, {"fields": "amount_spent,balance"}).body)
        spent = sum(
            row.cost_micros
            for campaign in account(played, BAKERY).campaigns
            for row in played.days[campaign.campaign_id]
            if row.day <= day
        )
        charged = sum(
            charge.amount_micros - charge.extra_micros
            for charge in played.charges
            if charge.account_id == "3000000205" and charge.day <= day
        )
        assert node["amount_spent"] == str(spent // 10_000)
        assert node["balance"] == str((spent - charged) // 10_000)
        open_then[day] = int(node["balance"])

    assert all(0 < cents < 7_500 for cents in open_then.values())
