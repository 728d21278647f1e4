"""The sandbox's AppsFlyer is as strict and as moody as the real one."""

import csv
import json
from typing import Any

import pytest

from adtally import world
from adtally_connectors.appsflyer.sandbox import AppsFlyerFake

from ..trials import played

APPS, LAST_UPDATE = "/api/mng/apps", "/api/master-agg-data/lastupdate"
MASTER = "/api/master-agg-data/v4/app/id1000000001"
PULL = "/api/agg-data/export/app/id1000000001/partners_by_date_report/v5"
WEEK = {"from": "2026-10-05", "to": "2026-10-11"}
ASKED = {**WEEK, "groupings": "install_time,pid,c", "kpis": "installs,clicks", "format": "json"}
PULLED = {**WEEK, "timezone": "Asia/Kuwait"}


class Client:
    """Somebody who asks the fake directly."""

    def __init__(self, **plan: bool) -> None:
        self.fake = AppsFlyerFake(played(), **plan)

    def ask(
        self, path: str, query: dict[str, str] | None = None, *, token: str = "sandbox-appsflyer-api-token"
    ) -> world.Reply:
        headers = {"authorization": f"Bearer {token}"}
        return self.fake.answer(world.Request("GET", path, query or {}, headers))


@pytest.fixture
def client() -> Client:
    return Client()


def said(reply: world.Reply) -> tuple[int, str]:
    document = json.loads(reply.body)
    return reply.status, document["message"] if isinstance(document, dict) else document


def table(reply: world.Reply) -> list[dict[str, str]]:
    return list(csv.DictReader(reply.body.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        (APPS, {}, "Unauthorized"),
        (MASTER, ASKED, "Supplied API token is invalid"),
        (PULL, PULLED, "Supplied API token is invalid"),
    ],
)
def test_without_the_token_nothing_is_told(
    client: Client, path: str, query: dict[str, str], words: str
) -> None:
    assert said(client.ask(path, query, token="made-up")) == (401, words)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kpis": ""}, (403, "No KPIs provided.")),
        ({"groupings": ""}, (416, "No Groupings Selected")),
        ({"groupings": "date"}, (416, "Wrong API Fields")),
        ({"kpis": "moons"}, (416, "Wrong API Fields")),
        ({"timezone": "Asia/Kuwait"}, (416, "Wrong API Fields")),
        ({"reattr": "true"}, (416, "Wrong API Fields")),
        ({"from": "5.10.2026"}, (403, "Unrecognized date format.")),
        ({"from": "2026-10-12"}, (403, "From date can't be after To date.")),
    ],
)
def test_a_question_to_the_master_api_that_is_none_is_refused(
    client: Client, changes: dict[str, str], expected: tuple[int, str]
) -> None:
    assert said(client.ask(MASTER, {**ASKED, **changes})) == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"timezone": "UTC"}, "Invalid timezone"),
        ({"category": "facebook"}, "Invalid category"),
        ({"reattr": "maybe"}, "Invalid reattr"),
        ({"api_token": "V1"}, "Unknown parameter"),
        ({"to": "2026-10-04"}, "From date can't be after To date."),
    ],
)
def test_a_question_for_a_pull_report_that_is_none_is_refused(
    client: Client, changes: dict[str, str], words: str
) -> None:
    assert said(client.ask(PULL, {**PULLED, **changes})) == (400, words)


def test_more_than_a_month_is_too_much_for_the_master_api(client: Client) -> None:
    status, words = said(client.ask(MASTER, {**ASKED, "from": "2026-09-10"}))

    assert status == 416
    assert "narrower time range" in words


@pytest.mark.parametrize(
    ("plan", "path", "query", "status"),
    [
        ({"master": False}, MASTER, ASKED, 404),
        ({}, PULL.replace("0001/", "9999/"), PULLED, 404),
        ({}, PULL.replace("partners_by_date", "moon"), PULLED, 404),
        ({"protect360": False}, MASTER, {**ASKED, "kpis": "post_attribution_installs"}, 416),
        ({}, MASTER.replace("0001", "9999"), ASKED, 403),
    ],
)
def test_what_the_plan_or_the_account_does_not_have_is_refused(
    plan: dict[str, bool], path: str, query: dict[str, str], status: int
) -> None:
    assert Client(**plan).ask(path, query).status == status


def test_apps_come_in_pages_with_their_total(client: Client) -> None:
    assert said(client.ask(APPS)) == (429, "Too many requests")

    pages: list[Any] = [
        json.loads(client.ask(APPS, {"limit": "2", "offset": offset}).body) for offset in ("0", "2")
    ]

    assert [len(page["data"]) for page in pages] == [2, 1]
    assert [page["meta"]["total_items"] for page in pages] == [3, 3]
    assert [list(page["links"]) for page in pages] == [["next"], []]


def test_once_a_report_of_the_master_api_fails(client: Client) -> None:
    assert [client.ask(MASTER, ASKED).status for _ in range(4)] == [200, 503, 200, 200]


def test_the_day_before_is_computed_and_today_is_not(client: Client) -> None:
    assert client.ask(LAST_UPDATE).body == b"2026-11-09"

    rows = json.loads(client.ask(MASTER, {**ASKED, "from": "2026-11-09", "to": "2026-11-10"}).body)

    assert {row["Install Time"] for row in rows} == {"2026-11-09"}


def test_rows_are_grouped_as_asked(client: Client) -> None:
    def installs(groupings: str) -> dict[str, int]:
        rows = json.loads(client.ask(MASTER, {**ASKED, "groupings": groupings}).body)
        sums: dict[str, int] = {}
        for row in rows:
            sums[row["Media Source"]] = sums.get(row["Media Source"], 0) + row["Installs"]
        return sums

    client.ask(MASTER, ASKED)
    client.ask(MASTER, ASKED)
    apart = installs("install_time,pid,c,attributed_touch_type,is_primary")

    assert apart == installs("pid")
    assert {"organic", "nightbird_int", "restricted"} <= apart.keys()


def test_the_same_report_comes_as_csv_unless_json_is_asked_for(client: Client) -> None:
    rows = table(client.ask(MASTER, {**ASKED, "format": ""}))

    organic = [row for row in rows if row["Media Source"] == "organic"]
    assert len(organic) == 7
    assert {(row["Campaign"], row["Clicks"]) for row in organic} == {("None", "N/A")}


def test_a_pull_report_is_a_wide_table_with_a_mark_and_names_of_campaigns(client: Client) -> None:
    reply = client.ask(PULL, PULLED)

    assert reply.body.startswith(b"\xef\xbb\xbfDate,Agency/PMD (af_prt),")
    assert b"\r\n" in reply.body
    assert {row["Campaign (c)"] for row in table(reply)} >= {"None", 'Autumn, "wave 2"'}


def test_retargeting_is_a_set_of_its_own(client: Client) -> None:
    rows = table(client.ask(PULL, {**PULLED, "reattr": "true"}))

    assert {row["Conversion Type"] for row in rows} == {"re-attribution", "re-engagement"}


def test_a_day_has_24_long_reports_and_a_minute_one_short(client: Client) -> None:
    long = [client.ask(PULL, PULLED).status for _ in range(25)]
    short = [client.ask(PULL, {**PULLED, "to": "2026-10-06"}).status for _ in range(3)]

    assert long == [200] * 24 + [400]
    assert short == [200, 400, 200]
    assert "call limit has been reached" in said(client.ask(PULL, PULLED))[1]
