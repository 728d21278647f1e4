import csv
import json
from collections.abc import Mapping
from datetime import date
from io import StringIO
from urllib.parse import urlsplit

import pytest

from adtally import world
from adtally_connectors.tiktok_ads.sandbox import TikTokAdsFake

PACIFIC, KEA, TOKYO, DENIED = (f"701111111111111110{number}" for number in range(1, 5))
CENTER = "7000000000000000555"
HEADERS = {"access-token": "sandbox-tiktok-token", "host": "127.0.0.1:8000"}
OCTOBER = {"start_date": "2026-10-01", "end_date": "2026-10-30"}
BY_DAY = {
    "report_type": "BASIC",
    "data_level": "AUCTION_CAMPAIGN",
    "dimensions": '["campaign_id","stat_time_day"]',
}
EVERY_STATE = '[{"field_name":"campaign_status","filter_type":"IN","filter_value":"[\\"STATUS_ALL\\"]"}]'
PACIFIC_BY_DAY = {"advertiser_id": PACIFIC, **BY_DAY, **OCTOBER}


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: TikTokAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        for _ in range(25 if past_moods else 0):
            self.ask("bc/get")

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] = HEADERS,
        method: str = "GET",
        body: object = None,
    ) -> world.Reply:
        raw = b"" if body is None else json.dumps(body).encode()
        head = {**headers, **({"content-type": "application/json"} if raw else {})}
        return self.fake.answer(world.Request(method, f"/open_api/v1.3/{path}/", query or {}, head, raw))

    def data(self, path: str, **query: str) -> dict[str, object]:
        reply = self.ask(path, query)
        assert (reply.status, code(reply)) == (200, 0), reply.body
        document: dict[str, dict[str, object]] = json.loads(reply.body)
        return document["data"]

    def rows(self, path: str, *, key: str = "list", **query: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.data(path, **query)[key]  # type: ignore[assignment]
        return found

    def report(self, **query: str) -> list[tuple[dict[str, str], dict[str, str]]]:
        rows = self.rows("report/integrated/get", page_size="1000", **query)
        return [(row["dimensions"], row["metrics"]) for row in rows]  # type: ignore[misc]


def code(reply: world.Reply) -> int:
    found: int = json.loads(reply.body)["code"]
    return found


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(TikTokAdsFake(played))


def account(played: world.World, account_id: str) -> world.Account:
    return next(a for a in played.accounts if a.account_id == account_id)


def test_a_refusal_is_a_success_by_its_status_and_none_by_its_code(client: Client) -> None:
    replies = [
        client.ask("bc/get", headers={}),
        client.ask("bc/get", headers={"access-token": "other"}),
        client.ask("oauth2/advertiser/get", {"app_id": "sandbox-app", "secret": "other"}),
        client.ask("campaign/get", {"advertiser_id": DENIED}),
        client.ask("campaign/get", {"advertiser_id": "7"}),
        client.ask("campaign/get"),
    ]

    assert [(reply.status, code(reply)) for reply in replies] == [
        *((200, 40104), (200, 40105), (200, 40101), (200, 40001), (200, 40001), (200, 40002)),
    ]


def test_another_version_or_a_path_without_its_slash_is_not_there(client: Client) -> None:
    asked = ("/open_api/v1.2/campaign/get/", "/open_api/v1.3/campaign/get", "/open_api/v1.3/campaigns/get/")

    replies = [client.fake.answer(world.Request("GET", path, {}, HEADERS)) for path in asked]

    assert [reply.status for reply in replies] == [404, 404, 404]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("campaign/get", {"advertiser_ids": "[]"}),
        ("campaign/get", {"advertiser_id": PACIFIC, "fields": '["colour"]'}),
        ("campaign/get", {"advertiser_id": PACIFIC, "fields": "campaign_id"}),
        ("campaign/get", {"advertiser_id": PACIFIC, "page_size": "1001"}),
        ("campaign/get", {"advertiser_id": PACIFIC, "page": "0"}),
        ("campaign/get", {"advertiser_id": PACIFIC, "filtering": '{"status":"STATUS_ALL"}'}),
        ("campaign/get", {"advertiser_id": PACIFIC, "filtering": '{"primary_status":"ALL"}'}),
        ("advertiser/info", {"advertiser_ids": "[]"}),
        ("advertiser/info", {"advertiser_ids": f'["{PACIFIC}"]', "fields": '["colour"]'}),
        ("report/integrated/get", BY_DAY | OCTOBER),
        ("report/integrated/get", PACIFIC_BY_DAY | {"report_type": "DAILY"}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"data_level": "CAMPAIGN"}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"dimensions": '["stat_time_day"]'}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"dimensions": '["ad_id","stat_time_day"]'}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"metrics": '["cost"]'}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"metrics": '["voucher_spend"]'}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"metrics": '["adgroup_name"]'}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"end_date": "2026-10-31"}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"start_date": "2026-10-31"}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"start_date": "1.10.2026"}),
        ("report/integrated/get", PACIFIC_BY_DAY | {"since": "2026-10-01"}),
        (
            "report/integrated/get",
            PACIFIC_BY_DAY | {"filtering": EVERY_STATE.replace("campaign_status", "ad_status")},
        ),
        ("report/integrated/get", PACIFIC_BY_DAY | {"filtering": EVERY_STATE.replace('"[', '["', 1)}),
        ("bc/invoice/get", {"bc_id": CENTER}),
        ("bc/invoice/get", {"bc_id": CENTER, "invoice_types": '["INVOICE"]'}),
        ("bc/invoice/get", {"bc_id": CENTER, "invoice_types": '["RECON"]', "start_time": "2026-10-01"}),
        ("bc/account/transaction/get", {"bc_id": CENTER, "transaction_level": "ACCOUNT"}),
    ],
)
def test_a_wrong_parameter_is_refused(client: Client, path: str, query: dict[str, str]) -> None:
    assert code(client.ask(path, query)) == 40002


def test_accounts_tell_their_clock_and_their_center(client: Client) -> None:
    listed = client.rows("oauth2/advertiser/get", app_id="sandbox-app", secret="sandbox-app-secret")
    fields = '["advertiser_id","currency","display_timezone","owner_bc_id"]'
    told = client.rows("advertiser/info", advertiser_ids=f'["{KEA}","{TOKYO}"]', fields=fields)

    assert [row["advertiser_id"] for row in listed] == [PACIFIC, KEA, TOKYO, DENIED]
    assert told == [
        {
            "advertiser_id": KEA,
            "currency": "NZD",
            "display_timezone": "Pacific/Auckland",
            "owner_bc_id": CENTER,
        },
        {"advertiser_id": TOKYO, "currency": "JPY", "display_timezone": "Asia/Tokyo"},
    ]


def test_what_was_deleted_is_left_out_unless_all_states_are_asked_for(client: Client) -> None:
    names = {
        status: {
            str(row["campaign_name"])
            for row in client.rows("campaign/get", advertiser_id=PACIFIC, filtering=filtering)
        }
        for status, filtering in (("plain", "{}"), ("all", '{"primary_status":"STATUS_ALL"}'))
    }
    september = BY_DAY | {"advertiser_id": PACIFIC, "start_date": "2026-09-01", "end_date": "2026-09-30"}
    metrics = '["campaign_name","spend"]'
    spent = {told["campaign_name"] for _, told in client.report(**september, metrics=metrics)}
    asked = september | {"metrics": metrics, "filtering": EVERY_STATE, "page": "2"}
    every = {told["campaign_name"] for _, told in client.report(**asked | {"page": "1"})}

    assert names["all"] - names["plain"] == {"Old collection"}
    assert every - spent == {"Old collection"}


def test_a_row_has_texts_and_dashes_for_what_does_not_apply(client: Client, played: world.World) -> None:
    traffic = next(c for c in account(played, PACIFIC).campaigns if c.model == "cpc" and not c.remnant)
    metrics = '["spend","billed_cost","impressions","clicks","engagements","conversion","engaged_view"]'
    one = {"start_date": "2026-10-02", "end_date": "2026-10-02", "metrics": metrics}

    found = client.report(advertiser_id=PACIFIC, **BY_DAY, **one)

    days = [row for row in played.days[traffic.campaign_id] if row.day == date(2026, 10, 2)]
    cost = sum(row.cost_micros for row in days)
    clicks = sum(row.clicks for row in days)
    assert [row for row in found if row[0]["campaign_id"] == traffic.campaign_id] == [
        (
            {"campaign_id": traffic.campaign_id, "stat_time_day": "2026-10-02 00:00:00"},
            {
                "spend": f"{cost / 1_000_000:.2f}",
                "billed_cost": f"{cost / 1_000_000:.2f}",
                "impressions": str(sum(row.impressions for row in days)),
                "clicks": str(clicks),
                "engagements": str(clicks + sum(row.engagements for row in days)),
                "conversion": "-",
                "engaged_view": "-",
            },
        )
    ]


def test_a_voucher_pays_a_part_and_only_the_advertiser_is_told_by_day(
    client: Client, played: world.World
) -> None:
    asked = {
        "advertiser_id": TOKYO,
        "report_type": "BASIC",
        "data_level": "AUCTION_ADVERTISER",
        "dimensions": '["advertiser_id","stat_time_day"]',
        "metrics": '["spend","billed_cost","cash_spend","voucher_spend"]',
        **OCTOBER,
    }

    for _, told in client.report(**asked):
        assert told["billed_cost"] == told["cash_spend"]
        assert int(told["cash_spend"]) + int(told["voucher_spend"]) == int(told["spend"])
        assert 0 < int(told["voucher_spend"]) < int(told["spend"]) // 8


def test_pages_hold_two_hundred_rows_at_most_and_tell_how_many_there_are(client: Client) -> None:
    asked = {**PACIFIC_BY_DAY, "data_level": "AUCTION_AD", "dimensions": '["ad_id","stat_time_day"]'}
    pages = [
        client.data("report/integrated/get", **asked, page=str(number), page_size="1000") for number in (1, 2)
    ]
    infos = [page["page_info"] for page in pages]
    rows = [row for page in pages for row in page["list"]]  # type: ignore[attr-defined]

    assert infos[0] == {"page": 1, "page_size": 200, "total_number": len(rows), "total_page": 2}
    assert len({json.dumps(row["dimensions"]) for row in rows}) == len(rows) > 200


def test_a_clock_ahead_has_the_day_that_just_began(client: Client) -> None:
    asked = {"start_date": "2026-11-08", "end_date": "2026-11-11"}
    days = {
        account_id: sorted({ids["stat_time_day"][:10] for ids, _ in rows})
        for account_id in (PACIFIC, KEA)
        for rows in [client.report(advertiser_id=account_id, **BY_DAY, **asked)]
    }

    assert days == {
        PACIFIC: ["2026-11-08", "2026-11-09"],
        KEA: ["2026-11-08", "2026-11-09", "2026-11-10"],
    }


def test_ids_are_text_beyond_what_a_float_holds(client: Client) -> None:
    rows = client.rows("adgroup/get", advertiser_id=PACIFIC, fields='["adgroup_id"]', page_size="100")
    ids = [str(row["adgroup_id"]) for row in rows]

    assert any(int(float(number)) != int(number) for number in ids)
    assert {len(number) for number in ids} == {19}


def test_a_schedule_is_told_by_the_clock_of_greenwich(client: Client, played: world.World) -> None:
    fields = '["adgroup_name","billing_event","schedule_start_time","schedule_end_time"]'
    rows = client.rows("adgroup/get", advertiser_id=PACIFIC, fields=fields, page_size="100")

    assert [row for row in rows if row["adgroup_name"] == "Autumn sale 1"] == [
        {
            "adgroup_name": "Autumn sale 1",
            "billing_event": "CPM",
            "schedule_start_time": "2026-09-20 07:00:00",
            "schedule_end_time": "2026-10-16 07:00:00",
        }
    ]


def test_a_task_is_ready_after_some_looks_and_the_first_one_fails(client: Client) -> None:
    body = {
        "advertiser_id": KEA,
        "report_type": "BASIC",
        "data_level": "AUCTION_CAMPAIGN",
        "dimensions": ["campaign_id", "stat_time_day"],
        "metrics": ["spend"],
        "start_date": "2026-10-01",
        "end_date": "2026-10-02",
        "output_format": "CSV_DOWNLOAD",
        "enable_report_title_translation": False,
    }
    tasks = [
        json.loads(client.ask("report/task/create", method="POST", body=body).body)["data"]["task_id"]
        for _ in range(2)
    ]
    early = code(client.ask("report/task/download", {"advertiser_id": KEA, "task_id": tasks[1]}))
    seen = [
        [client.data("report/task/check", advertiser_id=KEA, task_id=task)["status"] for _ in range(3)]
        for task in tasks
    ]
    url = str(client.data("report/task/download", advertiser_id=KEA, task_id=tasks[1])["download_url"])
    file = client.fake.answer(world.Request("GET", urlsplit(url).path.removeprefix("/tiktok_ads")))

    assert early == 40202
    assert seen == [["QUEUING", "FAILED", "FAILED"], ["QUEUING", "PROCESSING", "SUCCESS"]]
    assert url.startswith("http://127.0.0.1:8000/tiktok_ads/files/")
    told = client.report(advertiser_id=KEA, **BY_DAY, start_date="2026-10-01", end_date="2026-10-02")
    assert list(csv.DictReader(StringIO(file.body.decode()))) == [
        {**ids, "spend": metrics["spend"]} for ids, metrics in told
    ]


STATUS = {"field_name": "campaign_status", "filter_type": "IN"}


def test_a_task_takes_no_filter_on_status_and_no_billed_cost(client: Client) -> None:
    body: dict[str, object] = {
        "advertiser_id": KEA,
        "report_type": "BASIC",
        "data_level": "AUCTION_CAMPAIGN",
        "dimensions": ["campaign_id"],
        "start_date": "2026-10-01",
        "end_date": "2026-10-02",
        "enable_report_title_translation": False,
    }

    wrongs: list[dict[str, object]] = [
        {"filtering": [dict(STATUS, filter_value='["STATUS_ALL"]')]},
        {"metrics": ["billed_cost"]},
        {"output_format": "PDF"},
    ]

    refusals = [code(client.ask("report/task/create", method="POST", body=body | wrong)) for wrong in wrongs]

    assert refusals == [40002, 40002, 40002]


def test_a_report_is_filtered_by_a_hundred_campaigns_at_most(client: Client) -> None:
    names = [str(number) for number in range(101)]
    asked = {
        "advertiser_id": KEA,
        "report_type": "BASIC",
        "data_level": "AUCTION_CAMPAIGN",
        "dimensions": '["campaign_id"]',
        "start_date": "2026-10-01",
        "end_date": "2026-10-02",
    }

    filters = [
        json.dumps([{"field_name": "campaign_ids", "filter_type": "IN", "filter_value": json.dumps(ids)}])
        for ids in (names, names[:100])
    ]

    replies = [client.ask("report/integrated/get", asked | {"filtering": each}) for each in filters]

    assert [code(reply) for reply in replies] == [40002, 0]


def test_one_request_is_throttled_and_one_fails_inside(played: world.World) -> None:
    client = Client(TikTokAdsFake(played), past_moods=False)

    replies = [client.ask("bc/get") for _ in range(25)]

    refused = {number: reply for number, reply in enumerate(replies, 1) if code(reply)}
    assert {number: (reply.status, code(reply)) for number, reply in refused.items()} == {
        13: (200, 40100),
        21: (200, 50000),
    }


def test_an_invoice_is_found_by_the_day_it_was_sent(client: Client, played: world.World) -> None:
    asked = {"start_time": "2026-10-01 00:00:00", "end_time": "2026-10-31 23:59:59"}
    rows = client.rows("bc/invoice/get", bc_id=CENTER, invoice_types='["RECON","CREDIT"]', **asked)
    groups = client.rows("bc/billing_group/get", bc_id=CENTER)

    members = {
        group["billing_group_id"]: [each["advertiser_id"] for each in group["advertisers"]]  # type: ignore[attr-defined]
        for group in groups
    }
    bills = [b for b in played.bills if b.connector == "tiktok" and b.issue_day.month == 10]
    assert [(row["invoice_id"], row["amount"], members[row["billing_group_id"]]) for row in rows] == [
        (bill.invoice_id, bill.total_micros / 1_000_000, [bill.account_id]) for bill in bills
    ]
    assert len(rows) == 2


def test_only_the_center_tells_of_money(client: Client) -> None:
    transactions = client.rows("bc/account/transaction/get", key="transaction_list", bc_id=CENTER)

    assert code(client.ask("bc/billing_group/get", {"bc_id": "1"})) == 40001
    assert {row["transaction_type"] for row in transactions} == {"PROMOTION_ISSUED"}
    assert [
        row["advertiser_id"]
        for row in client.rows("advertiser/balance/get", key="advertiser_account_list", bc_id=CENTER)
    ] == [PACIFIC, KEA]


def test_the_cost_of_some_days_is_one_sum_for_each_account(client: Client, played: world.World) -> None:
    filtering = '{"start_date":"2026-10-01","end_date":"2026-10-31"}'
    rows = client.rows("bc/account/cost/get", key="cost_list", bc_id=CENTER, filtering=filtering)

    assert [(row["advertiser_id"], row["amount"]) for row in rows] == [
        (
            account_id,
            sum(
                row.cost_micros
                for campaign in account(played, account_id).campaigns
                for row in played.days[campaign.campaign_id]
                if row.day.month == 10
            )
            / 1_000_000,
        )
        for account_id in (PACIFIC, KEA)
    ]
