"""The sandbox's CM360 is as strict and as moody as the real one."""

import csv
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from adtally import world
from adtally_connectors.cm360.sandbox import Cm360Fake

from ..trials import played

ROOT = "/dfareporting/v5/userprofiles/4200001"
FORM = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-cm360-client",
    "client_secret": "sandbox-cm360-client-secret",
    "refresh_token": "sandbox-cm360-refresh-token",
}
REPORT: dict[str, object] = {
    "name": "a report",
    "type": "STANDARD",
    "format": "CSV",
    "accountId": "77001",
    "criteria": {
        "dateRange": {"startDate": "2026-10-05", "endDate": "2026-10-06"},
        "dimensions": [{"name": "dfa:date"}, {"name": "dfa:placementId"}],
        "metricNames": ["dfa:impressions", "dfa:clicks"],
        "dimensionFilters": [{"dimensionName": "dfa:advertiser", "id": "5510101", "matchType": "EXACT"}],
    },
}


class Client:
    """Somebody who asks the fake directly."""

    def __init__(self) -> None:
        self.fake = Cm360Fake(played())
        self.token = ""

    def sign_in(self, **changes: str) -> world.Reply:
        body = urlencode({**FORM, **changes}).encode()
        reply = self.fake.answer(world.Request("POST", "/token", body=body))
        self.token = json.loads(reply.body).get("access_token", "")
        return reply

    def ask(
        self,
        path: str,
        *query: tuple[str, str],
        method: str = "GET",
        body: Mapping[str, object] | None = None,
    ) -> world.Reply:
        sent = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        request = world.Request(method, path, dict(query), headers, sent, urlencode(query))
        return self.fake.answer(request)

    def run(self, number: int = 0) -> str:
        """The path of the file of a new report."""
        asked = {**REPORT, "name": f"report {number}"}
        report_id = json.loads(self.ask(f"{ROOT}/reports", method="POST", body=asked).body)["id"]
        file = self.ask(f"{ROOT}/reports/{report_id}/run", method="POST")
        return f"{ROOT}/reports/{report_id}/files/{json.loads(file.body)['id']}"


@pytest.fixture
def client() -> Client:
    found = Client()
    found.sign_in()
    return found


def reason(reply: world.Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["error"]["errors"][0]["reason"]


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

    assert reason(client.ask(ROOT)) == (401, "authError")


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/dfareporting/v4/userprofiles/4200001", [], (403, "forbidden")),
        ("/dfareporting/v5/userprofiles/1", [], (403, "forbidden")),
        (f"{ROOT}/accounts/1", [], (404, "notFound")),
        (f"{ROOT}/placements", [("advertiserIds", "5510103")], (403, "forbidden")),
        (f"{ROOT}/placements", [("advertiserId", "5510101")], (400, "invalid")),
        (f"{ROOT}/placements", [("activeStatus", "ARCHIVE")], (400, "invalid")),
        (f"{ROOT}/placements", [("maxResults", "1001")], (400, "invalid")),
        (f"{ROOT}/placementGroups", [("maxResults", "1000")], (400, "invalid")),
        (f"{ROOT}/campaigns", [("activeStatus", "PLACEMENT_STATUS_ACTIVE")], (400, "invalid")),
        (f"{ROOT}/advertisers/5510101/invoices", [], (400, "required")),
        (f"{ROOT}/advertisers/5510101/invoices", [("issueMonth", "2026-10")], (400, "invalid")),
        (f"{ROOT}/advertisers/5510103/invoices", [("issueMonth", "202610")], (403, "forbidden")),
        (f"{ROOT}/reports/1/files/2", [], (404, "notFound")),
    ],
)
def test_a_question_that_is_not_one_is_refused(
    client: Client, path: str, query: list[tuple[str, str]], expected: tuple[int, str]
) -> None:
    assert reason(client.ask(path, *query)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": "REACH"}, (400, "invalid")),
        ({"schedule": {}}, (400, "invalid")),
        ({"accountId": "1"}, (403, "forbidden")),
        ({"criteria": {"metricNames": ["dfa:impressions"]}}, (400, "invalid")),
    ],
)
def test_a_report_that_is_none_is_refused(
    client: Client, changes: dict[str, object], expected: tuple[int, str]
) -> None:
    assert reason(client.ask(f"{ROOT}/reports", method="POST", body={**REPORT, **changes})) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dateRange", {"startDate": "2026-10-06", "endDate": "2026-10-05"}),
        ("dateRange", {"startDate": "2020-01-01", "endDate": "2020-01-02"}),
        ("dimensions", [{"name": "dfa:moon"}]),
        ("metricNames", ["dfa:moons"]),
        ("metricNames", []),
        ("dimensionFilters", [{"dimensionName": "dfa:moon", "id": "1"}]),
    ],
)
def test_criteria_that_cm360_does_not_know_are_refused(client: Client, name: str, value: object) -> None:
    criteria = REPORT["criteria"]
    assert isinstance(criteria, dict)
    body = {**REPORT, "criteria": {**criteria, name: value}}

    assert reason(client.ask(f"{ROOT}/reports", method="POST", body=body)) == (400, "invalid")


def test_archived_placements_come_only_if_they_are_asked_for(client: Client) -> None:
    def states(*asked: str) -> set[str]:
        query = [("activeStatus", f"PLACEMENT_STATUS_{state}") for state in asked]
        rows = json.loads(client.ask(f"{ROOT}/placements", *query).body)["placements"]
        return {row["activeStatus"].removeprefix("PLACEMENT_STATUS_") for row in rows}

    assert states() == {"ACTIVE", "INACTIVE"}
    assert states("ACTIVE", "ARCHIVED") == {"ACTIVE", "ARCHIVED"}


def test_pages_are_as_long_as_asked_for(client: Client) -> None:
    first = json.loads(client.ask(f"{ROOT}/placements", ("maxResults", "10")).body)
    token = first["nextPageToken"]
    second = json.loads(client.ask(f"{ROOT}/placements", ("maxResults", "10"), ("pageToken", token)).body)

    assert (len(first["placements"]), len(second["placements"]), second["nextPageToken"]) == (10, 3, "")


def test_the_first_run_fails_and_the_next_one_takes_its_time(client: Client) -> None:
    first, second = client.run(1), client.run(2)

    seen = [[json.loads(client.ask(path).body)["status"] for _ in range(2)] for path in (first, second)]

    assert seen == [["FAILED", "FAILED"], ["PROCESSING", "REPORT_AVAILABLE"]]


def test_a_file_begins_with_lines_about_it_and_ends_with_its_total(client: Client) -> None:
    client.run(1)
    path = client.run(2)
    assert reason(client.ask(path, ("alt", "media"))) == (400, "badRequest")
    assert [client.ask(path).status for _ in range(2)] == [200, 200]

    lines = list(csv.reader(client.ask(path, ("alt", "media")).body.decode().splitlines()))

    begins = lines.index(["Report Fields"])
    assert ["Report Time Zone", "America/New_York"] in lines[:begins]
    assert ["Date Range", "10/5/26 - 10/6/26"] in lines[:begins]
    assert lines[begins + 1] == ["Date", "Placement ID", "Impressions", "Clicks"]
    rows = lines[begins + 2 : -1]
    assert {row[0] for row in rows} == {"2026-10-05", "2026-10-06"}
    assert lines[-1] == ["Grand Total:", "---", *(str(sum(int(row[n]) for row in rows)) for n in (2, 3))]


def test_a_deleted_report_is_gone_with_its_files(client: Client) -> None:
    path = client.run()
    report = path.partition("/files/")[0]

    assert client.ask(report, method="DELETE").status == 204
    assert reason(client.ask(path)) == (404, "notFound")
    assert json.loads(client.ask(f"{ROOT}/reports").body)["items"] == []


def test_once_it_throttles_once_it_fails_and_once_a_token_expires_early(client: Client) -> None:
    refused: list[tuple[int, str]] = []
    for _ in range(40):
        reply = client.ask(f"{ROOT}/campaigns")
        if reply.status != 200:
            refused.append(reason(reply))
            if reply.status == 401:
                client.sign_in()

    assert refused == [(403, "userRateLimitExceeded"), (503, "backendError"), (401, "authError")]
