"""The fake is as strict as Google, and as moody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from adtally import Window, world
from adtally_connectors.dv360.sandbox import Dv360Fake

from ..sandboxed import happened
from ..trials import played

BERLIN, NEW_YORK, DENIED, PARTNER = "4560101", "4560102", "4560103", "1230"
TOKEN_FORM = (
    b"grant_type=refresh_token&client_id=sandbox-dv360-client&client_secret=sandbox-dv360-client-secret"
    b"&refresh_token=sandbox-dv360-refresh-token"
)
COST = "METRIC_BILLABLE_COST_ADVERTISER"
LINKED = "METRIC_CM360_POST_CLICK_REVENUE"


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, *, past_moods: bool = True) -> None:
        self.fake = Dv360Fake(played())
        reply = self.fake.answer(world.Request("POST", "/token", body=TOKEN_FORM))
        self.token = str(json.loads(reply.body)["access_token"])
        for _ in range(25 if past_moods else 0):
            self.ask("GET", "/v4/advertisers", {"partnerId": PARTNER})
        if past_moods:
            query_id = json.loads(self.save(days=(9, 9)).body)["queryId"]
            self.ask("POST", f"/v2/queries/{query_id}:run", body={})

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> world.Reply:
        raw = b"" if body is None else json.dumps(body).encode()
        usual = {"authorization": f"Bearer {self.token}", "host": "127.0.0.1:8000"}
        kind = {"content-type": "application/json"} if raw else {}
        head = {**usual, **kind, **(headers or {})}
        return self.fake.answer(world.Request(method, path, query or {}, head, raw))

    def save(self, **changes: object) -> world.Reply:
        return self.ask("POST", "/v2/queries", body=query(**changes))

    def made(self, **changes: object) -> tuple[str, str, str]:
        """A query, its report and the URL of the file."""
        query_id = json.loads(self.save(**changes).body)["queryId"]
        report = json.loads(self.ask("POST", f"/v2/queries/{query_id}:run", body={}).body)["key"]["reportId"]
        path = f"/v2/queries/{query_id}/reports/{report}"
        *_, done = (self.ask("GET", path) for _ in range(3))
        return query_id, path, str(json.loads(done.body)["metadata"]["googleCloudStoragePath"])

    def file(self, url: str, **headers: str) -> world.Reply:
        parts = urlsplit(url)
        path = parts.path.removeprefix("/dv360")
        given = dict(parse_qsl(parts.query))
        return self.fake.answer(world.Request("GET", path, given, headers))


class Asked(msgspec.Struct):
    account: str = BERLIN
    metrics: tuple[str, ...] = ("METRIC_IMPRESSIONS", COST)
    groups: tuple[str, ...] = ("FILTER_DATE", "FILTER_ADVERTISER", "FILTER_MEDIA_PLAN")
    days: tuple[int, int] = (1, 2)
    filters: tuple[tuple[str, str], ...] = ()


def query(**changes: object) -> dict[str, object]:
    """A query of two days of September; what is none of the fields above is put into its body."""
    asked = msgspec.convert(changes, Asked)
    first, last = ({"year": 2026, "month": 9, "day": number} for number in asked.days)
    wanted = [("FILTER_PARTNER", PARTNER), ("FILTER_ADVERTISER", asked.account), *asked.filters]
    told: dict[str, object] = {
        "metadata": {
            "title": "t",
            "format": "CSV",
            "sendNotification": False,
            "dataRange": {"range": "CUSTOM_DATES", "customStartDate": first, "customEndDate": last},
        },
        "params": {
            "type": "STANDARD",
            "groupBys": asked.groups,
            "filters": [{"type": kind, "value": value} for kind, value in wanted],
            "metrics": asked.metrics,
        },
        "schedule": {"frequency": "ONE_TIME"},
    }
    known = Asked.__struct_fields__
    return told | {name: value for name, value in changes.items() if name not in known}


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_page_holds_less_than_asked_and_its_token_is_good_for_the_same_list_alone(client: Client) -> None:
    path, asked = f"/v4/advertisers/{BERLIN}/campaigns", {"pageSize": "200"}
    every = {"filter": 'entityStatus="ENTITY_STATUS_ACTIVE" OR entityStatus="ENTITY_STATUS_ARCHIVED"'}

    first = json.loads(client.ask("GET", path, asked | every).body)
    following = {"pageToken": first["nextPageToken"]}
    second = json.loads(client.ask("GET", path, asked | every | following).body)

    assert [len(page["campaigns"]) for page in (first, second)] == [2, 1]
    assert "nextPageToken" not in second
    assert client.ask("GET", path, asked | following).status == 400


def test_archived_things_come_only_if_they_are_asked_for(client: Client) -> None:
    for kind, archived in (("campaigns", 1), ("insertionOrders", 1), ("lineItems", 1), ("creatives", 2)):
        path = f"/v4/advertisers/{BERLIN}/{kind}"
        told = [
            json.loads(client.ask("GET", path, given).body)[kind]
            for given in ({}, {"filter": 'entityStatus="ENTITY_STATUS_ARCHIVED"'})
        ]

        states = [{row["entityStatus"] for row in rows} for rows in told]
        assert states == [{"ENTITY_STATUS_ACTIVE"}, {"ENTITY_STATUS_ARCHIVED"}]
        assert len(told[1]) == archived


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/v4/advertisers", {}, 400),
        ("/v4/advertisers", {"partnerId": "9"}, 403),
        ("/v4/advertisers", {"partnerId": PARTNER, "pageSize": "201"}, 400),
        ("/v4/advertisers", {"partnerId": PARTNER, "page_size": "10"}, 400),
        (f"/v4/advertisers/{DENIED}/campaigns", {}, 403),
        ("/v4/advertisers/1/campaigns", {}, 403),
        (f"/v4/advertisers/{BERLIN}/campaigns", {"filter": "entityStatus=ACTIVE"}, 400),
        (f"/v4/advertisers/{BERLIN}/insertionOrders", {"pageSize": "101"}, 400),
        (f"/v4/advertisers/{BERLIN}/media", {}, 404),
        (f"/v4/advertisers/{BERLIN}/invoices", {"issueMonth": "2026-10"}, 400),
        (f"/v4/advertisers/{BERLIN}/invoices", {"issueMonth": "202612"}, 400),
        (f"/v4/advertisers/{BERLIN}/invoices", {"loiSapinInvoiceType": "LOI_SAPIN_INVOICE_TYPE_MEDIA"}, 400),
        (f"/v4/advertisers/{DENIED}/invoices", {"issueMonth": "202610"}, 403),
        (f"/v3/advertisers/{BERLIN}/campaigns", {}, 404),
        ("/v2/queries/1/reports/1", {}, 404),
        ("/v2/queries/1/reports/1", {"alt": "media"}, 400),
    ],
)
def test_what_google_does_not_have_is_refused(
    client: Client, path: str, given: Mapping[str, str], status: int
) -> None:
    reply = client.ask("GET", path, given)

    assert (reply.status, json.loads(reply.body)["error"]["code"]) == (status, status)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"account": DENIED}, 403),
        ({"account": "1"}, 403),
        ({"metrics": ("METRIC_OF_TOMORROW",)}, 400),
        ({"metrics": (COST, COST)}, 400),
        ({"metrics": ()}, 400),
        ({"groups": ("FILTER_OF_TOMORROW",)}, 400),
        ({"groups": ()}, 400),
        ({"days": (2, 1)}, 400),
        ({"days": (1, 31)}, 400),
        ({"filters": (("FILTER_OF_TOMORROW", "1"),)}, 400),
        ({"filters": (("FILTER_PARTNER", "9"),)}, 403),
        ({"schedule": {"frequency": "DAILY"}}, 400),
        ({"extra": 1}, 400),
        ({"params": {}}, 400),
    ],
)
def test_a_query_is_checked_before_it_is_saved(
    client: Client, changes: dict[str, object], status: int
) -> None:
    before = len(client.fake.queries)

    assert client.save(**changes).status == status
    assert len(client.fake.queries) == before


def test_a_metric_that_an_advertiser_cannot_have_is_named(client: Client) -> None:
    refused = client.save(account=NEW_YORK, metrics=("METRIC_LAST_CLICKS", LINKED))

    assert refused.status == 400
    assert LINKED in refused.body.decode()
    assert "LAST_CLICKS" not in refused.body.decode()
    assert client.save(account=BERLIN, metrics=("METRIC_LAST_CLICKS", LINKED)).status == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer sandbox-dv360-access-token-99", "Basic x"])
def test_a_bad_token_is_refused(client: Client, header: str) -> None:
    reply = client.ask("GET", "/v4/advertisers", headers={"authorization": header})

    assert (reply.status, json.loads(reply.body)["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ((b"refresh_token=sandbox", b"refresh_token=old"), 400, "invalid_grant"),
        ((b"client-secret", b"other-secret"), 401, "invalid_client"),
        ((b"grant_type=refresh_token", b"grant_type=password"), 400, "invalid_grant"),
    ],
)
def test_bad_credentials_get_no_token(
    client: Client, change: tuple[bytes, bytes], status: int, error: str
) -> None:
    reply = client.fake.answer(world.Request("POST", "/token", body=TOKEN_FORM.replace(*change)))

    assert (reply.status, json.loads(reply.body)) == (status, {"error": error})


def test_a_file_ends_with_totals_and_a_footer_and_takes_no_token(client: Client) -> None:
    _, _, url = client.made(groups=("FILTER_DATE", "FILTER_ADVERTISER"), metrics=("METRIC_CLICKS", COST))

    lines = client.file(url).body.decode().splitlines()

    window = Window(date(2026, 9, 1), date(2026, 9, 2))
    rows = [row for _, row in happened(BERLIN, window)]
    cost = sum(row.cost_micros for row in rows)
    assert lines[0] == "Date,Advertiser ID,Clicks,Billable Cost (Adv Currency)"
    assert [line[:19] for line in lines[1:3]] == ["2026/09/01,4560101,", "2026/09/02,4560101,"]
    assert lines[3] == f",,{sum(row.clicks for row in rows)},{cost // 10**6}.{cost % 10**6:06}"
    assert lines[4] == ""
    assert lines[5].startswith("Report Time:,")
    assert client.file(url, authorization=f"Bearer {client.token}").status == 400
    assert client.file(url.partition("?")[0]).status == 403


def test_a_file_of_nothing_says_so(client: Client) -> None:
    _, _, url = client.made(filters=(("FILTER_MEDIA_PLAN", "1"),))

    lines = client.file(url).body.decode().splitlines()

    assert lines[1:3] == ["No data returned by the reporting service.", ""]


def test_a_query_that_is_deleted_takes_its_reports_along(client: Client) -> None:
    query_id, path, url = client.made()

    assert client.ask("DELETE", f"/v2/queries/{query_id}").body == b"{}"
    assert client.ask("DELETE", f"/v2/queries/{query_id}").status == 404
    assert client.ask("GET", path).status == 404
    assert client.ask("POST", f"/v2/queries/{query_id}:run", body={}).status == 404
    assert client.file(url).status == 404


def test_bodies_are_json_and_nothing_else(client: Client) -> None:
    plain = {"content-type": "text/plain"}

    assert client.ask("POST", "/v2/queries", body=query(), headers=plain).status == 400
    query_id = json.loads(client.save().body)["queryId"]
    assert client.ask("POST", f"/v2/queries/{query_id}:run", body={"synchronous": True}).status == 400


@pytest.fixture
def moody() -> Client:
    return Client(past_moods=False)


def test_once_it_is_busy_once_it_is_down_and_the_first_report_fails(moody: Client) -> None:
    statuses = [moody.ask("GET", "/v4/advertisers", {"partnerId": PARTNER}).status for _ in range(25)]

    assert [status for status in statuses if status != 200] == [429, 503]
    query_id = json.loads(moody.save().body)["queryId"]
    report = json.loads(moody.ask("POST", f"/v2/queries/{query_id}:run", body={}).body)["key"]["reportId"]
    path = f"/v2/queries/{query_id}/reports/{report}"
    states = [json.loads(moody.ask("GET", path).body)["metadata"]["status"]["state"] for _ in range(3)]
    assert states == ["QUEUED", "FAILED", "FAILED"]


def test_invoices_are_listed_by_the_month_of_issue_and_tell_totals(client: Client) -> None:
    path = f"/v4/advertisers/{BERLIN}/invoices"
    usual = json.loads(client.ask("GET", path).body)
    october = json.loads(client.ask("GET", path, {"issueMonth": "202610"}).body)

    assert usual == october
    for bill in october["invoices"]:
        subtotal, tax, total = (
            int(bill[f"{name}AmountMicros"]) for name in ("subtotal", "totalTax", "total")
        )
        assert subtotal + tax == total
        assert 0 < tax * 100 <= subtotal * 20
    assert json.loads(client.ask("GET", path, {"issueMonth": "202601"}).body) == {}
