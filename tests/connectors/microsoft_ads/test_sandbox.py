"""The fake is as strict as Microsoft, and as moody."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import pytest

from adtally import world
from adtally_connectors.microsoft_ads.sandbox import MicrosoftAdsFake

from ..trials import played

OPEN, EURO, DENIED = (f"18000010{number}" for number in (1, 2, 3))
CUSTOMER = "5000001"
FORM = {
    "client_id": "sandbox-microsoft-app",
    "client_secret": "sandbox-microsoft-secret",
    "grant_type": "refresh_token",
    "refresh_token": "sandbox-microsoft-refresh",
    "scope": "https://ads.microsoft.com/msads.manage offline_access",
}
REPORT: dict[str, object] = {
    "Type": "CampaignPerformanceReportRequest",
    "Format": "Csv",
    "FormatVersion": "2.0",
    "Aggregation": "Daily",
    "Columns": ["TimePeriod", "CampaignId", "Spend", "Revenue"],
    "Scope": {"AccountIds": [OPEN]},
    "Time": {
        "CustomDateRangeStart": {"Year": 2026, "Month": 9, "Day": 24},
        "CustomDateRangeEnd": {"Year": 2026, "Month": 9, "Day": 25},
        "ReportTimeZone": "EasternTimeUSCanada",
    },
}
ME = {"UserId": None}
SEARCH: dict[str, object] = {
    "Predicates": [{"Field": "UserId", "Operator": "Equals", "Value": "7700001"}],
    "PageInfo": {"Index": 0, "Size": 1000},
}


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: MicrosoftAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        self.sign_in()
        if past_moods:
            for _ in range(30):
                self.ask("CustomerManagement/v13/User/Query", ME)
            self.sign_in()
            for _ in range(2):
                self.ask("Reporting/v13/GenerateReport/Submit", {"ReportRequest": REPORT}, OPEN)

    def form(self, **changes: str) -> world.Reply:
        body = urlencode({name: value for name, value in (FORM | changes).items() if value}).encode()
        return self.fake.answer(world.Request("POST", "/common/oauth2/v2.0/token", body=body))

    def sign_in(self) -> None:
        self.token = json.loads(self.form().body)["access_token"]

    def ask(
        self, path: str, body: object, account_id: str = "", headers: Mapping[str, str] | None = None
    ) -> world.Reply:
        named = {"customerid": CUSTOMER, "customeraccountid": account_id} if account_id else {}
        head = {
            "authorization": f"Bearer {self.token}",
            "developertoken": "sandbox-microsoft-developer",
            "content-type": "application/json",
            "accept": "application/json",
            "host": "127.0.0.1:8000",
            **named,
            **(headers or {}),
        }
        sent = {name: value for name, value in head.items() if value}
        return self.fake.answer(world.Request("POST", f"/{path}", {}, sent, json.dumps(body).encode()))

    def told(self, path: str, body: object, account_id: str = "") -> dict[str, object]:
        reply = self.ask(path, body, account_id)
        assert reply.status == 200, reply.body
        return dict(json.loads(reply.body))

    def order(self, changes: Mapping[str, object] | None = None, account_id: str = OPEN) -> str:
        asked = {"ReportRequest": {**REPORT, **(changes or {})}}
        return str(self.told("Reporting/v13/GenerateReport/Submit", asked, account_id)["ReportRequestId"])

    def look(self, number: str, account_id: str = OPEN) -> dict[str, object]:
        asked = {"ReportRequestId": number}
        told = self.told("Reporting/v13/GenerateReport/Poll", asked, account_id)["ReportRequestStatus"]
        assert isinstance(told, dict)
        return told

    def link(self, number: str, account_id: str = OPEN) -> str:
        self.look(number, account_id)
        return str(self.look(number, account_id)["ReportDownloadUrl"])

    def file(self, url: str, headers: Mapping[str, str] | None = None) -> world.Reply:
        parts = urlsplit(url)
        query = dict(pair.split("=") for pair in parts.query.split("&") if pair)
        path = parts.path.removeprefix("/microsoft_ads")
        return self.fake.answer(world.Request("GET", path, query, headers or {}))


def codes(reply: world.Reply) -> list[int]:
    document = json.loads(reply.body)
    return [one["Code"] for name in ("Errors", "OperationErrors") for one in document.get(name, ())]


def unpacked(reply: world.Reply) -> list[list[str]]:
    """The lines of the one file in a ZIP archive."""
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        [name] = archive.namelist()
        return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(MicrosoftAdsFake(played()))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "other"}, "invalid_client"),
        ({"scope": ""}, "invalid_scope"),
        ({"refresh_token": "other"}, "invalid_grant"),
        ({"grant_type": "password"}, "invalid_grant"),
    ],
)
def test_a_token_takes_the_app_the_scope_and_the_refresh_token(
    client: Client, changes: dict[str, str], error: str
) -> None:
    reply = client.form(**changes)

    assert (reply.status, json.loads(reply.body)["error"]) == (400, error)


def test_each_token_comes_with_a_new_refresh_token_that_is_good(client: Client) -> None:
    rotated = json.loads(client.form().body)["refresh_token"]

    assert rotated != FORM["refresh_token"]
    assert client.form(refresh_token=rotated).status == 200


@pytest.mark.parametrize(
    ("headers", "account_id", "code"),
    [
        ({"authorization": ""}, OPEN, 105),
        ({"developertoken": "other"}, OPEN, 105),
        ({"authorization": "Bearer sandbox-microsoft-token-99"}, OPEN, 109),
        ({"content-type": "text/plain"}, OPEN, 100),
        ({"accept": "*/*"}, OPEN, 100),
        ({}, "", 116),
        ({"customerid": "5000002"}, OPEN, 106),
        ({}, EURO, 106),
        ({}, DENIED, 106),
        ({}, "7", 106),
    ],
)
def test_each_header_is_needed_and_must_be_right(
    client: Client, headers: dict[str, str], account_id: str, code: int
) -> None:
    path = "CampaignManagement/v13/Campaigns/QueryByAccountId"

    assert codes(client.ask(path, {"AccountId": OPEN}, account_id, headers)) == [code]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("CampaignManagement/v13/Campaigns/QueryByAccountId", {"AccountId": int(OPEN)}),
        ("CampaignManagement/v13/Campaigns/QueryByAccountId", {"AccountId": OPEN, "Colour": 1}),
        ("CampaignManagement/v13/Campaigns/QueryByAccountId", {"AccountId": OPEN, "CampaignType": "Radio"}),
        ("CampaignManagement/v12/Campaigns/QueryByAccountId", {"AccountId": OPEN}),
        ("CampaignManagement/v13/Ads/QueryByAdGroupId", {"AdGroupId": "424501010"}),
        ("CampaignManagement/v13/Ads/QueryByAdGroupId", {"AdGroupId": "424501010", "AdTypes": []}),
        ("CampaignManagement/v13/ConversionGoals/QueryByIds", {"ConversionGoalIds": None}),
        ("CustomerBilling/v13/BillingDocumentsInfo/Query", {"AccountIds": [OPEN]}),
        (
            "CustomerBilling/v13/BillingDocumentsInfo/Query",
            {"AccountIds": [OPEN], "StartDate": "2026-10-01", "EndDate": "2026-12-01"},
        ),
        ("CustomerBilling/v13/InsertionOrders/Search", SEARCH),
        ("Reporting/v13/GenerateReport/Cancel", {"ReportRequestId": "1"}),
    ],
)
def test_what_an_operation_does_not_have_is_refused(client: Client, path: str, body: object) -> None:
    assert codes(client.ask(path, body, OPEN)) == [100]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Type": "KeywordPerformanceReportRequest"}, 100),
        ({"Columns": ["TimePeriod", "CampaignId", "AdId", "Spend"]}, 100),
        ({"Colour": "red"}, 100),
        ({"Columns": []}, 2014),
        ({"Columns": ["CampaignId", "Spend"]}, 2015),
        ({"Aggregation": "Summary"}, 2015),
        ({"Columns": ["TimePeriod", "Spend", "Spend"]}, 2016),
        ({"Columns": ["TimePeriod", "CampaignId"]}, 2017),
        ({"Scope": {"AccountIds": [OPEN, EURO]}}, 2018),
        ({"Scope": {"Campaigns": [{"AccountId": OPEN, "CampaignId": str(n)} for n in range(301)]}}, 2030),
    ],
)
def test_a_report_is_refused_for_columns_and_scopes_that_it_does_not_have(
    client: Client, changes: dict[str, object], code: int
) -> None:
    asked = {"ReportRequest": REPORT | changes}

    assert codes(client.ask("Reporting/v13/GenerateReport/Submit", asked, OPEN)) == [code]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ((2026, 11, 1), (2026, 11, 11), 2010),
        ((2026, 9, 2), (2026, 9, 1), 2010),
        ((2023, 1, 1), (2023, 1, 2), 2009),
    ],
)
def test_a_report_is_refused_for_days_that_it_does_not_have(
    client: Client, first: tuple[int, ...], last: tuple[int, ...], code: int
) -> None:
    names = ("Year", "Month", "Day")
    time = {
        "CustomDateRangeStart": dict(zip(names, first, strict=True)),
        "CustomDateRangeEnd": dict(zip(names, last, strict=True)),
        "ReportTimeZone": "EasternTimeUSCanada",
    }

    asked = {"ReportRequest": REPORT | {"Time": time}}
    assert codes(client.ask("Reporting/v13/GenerateReport/Submit", asked, OPEN)) == [code]


def test_a_report_about_an_account_of_others_says_so_in_its_own_words(client: Client) -> None:
    asked = {"ReportRequest": REPORT | {"Scope": {"AccountIds": [DENIED]}}}

    assert codes(client.ask("Reporting/v13/GenerateReport/Submit", asked, DENIED)) == [2003]


def test_a_file_has_a_block_before_its_columns_and_a_footer(client: Client) -> None:
    lines = unpacked(client.file(client.link(client.order())))

    said = dict(line[0].split(": ", 1) for line in lines[: lines.index([])])
    rows = lines[lines.index([]) + 2 : -2]
    assert said["Time Zone"] == "(GMT-05:00) Eastern Time (US & Canada)"
    assert (said["Potential Incomplete Data"], said["Rows"]) == ("false", str(len(rows)))
    assert lines[lines.index([]) + 1] == REPORT["Columns"]
    assert lines[-2:] == [[], ["@2026 Microsoft Corporation. All rights reserved. "]]
    assert {row[0] for row in rows} == {"2026-09-24", "2026-09-25"}
    removed = [
        one.campaign_id
        for one in played().of_platform("microsoft_ads")[0].campaigns
        if one.status == "removed"
    ]
    assert {*removed} < {row[1] for row in rows}


def test_the_old_format_separates_thousands_of_revenue_alone(client: Client) -> None:
    month = {
        "CustomDateRangeStart": {"Year": 2026, "Month": 9, "Day": 1},
        "CustomDateRangeEnd": {"Year": 2026, "Month": 9, "Day": 30},
        "ReportTimeZone": "AmsterdamBerlinBernRomeStockholmVienna",
    }
    changes: dict[str, object] = {
        "Aggregation": "Summary",
        "Columns": ["AccountId", "Spend", "Revenue"],
        "Scope": {"AccountIds": [EURO]},
        "Time": month,
    }

    new, old = (
        unpacked(client.file(client.link(client.order(changes | {"FormatVersion": version}, EURO), EURO)))
        for version in ("2.0", "1.0")
    )

    _, spend, revenue = new[-3]
    assert old[-3] == [EURO, spend, f"{Decimal(revenue):,.2f}"]
    assert "," in old[-3][2]
    assert Decimal(spend) > 1000


def test_a_link_works_without_credentials_and_only_as_it_was_told(client: Client) -> None:
    url = client.link(client.order())

    replies = [
        client.file(url),
        client.file(url, {"authorization": "Bearer x"}),
        client.file(url, {"developertoken": "x"}),
        client.file(url.replace("sig=", "sig=9")),
        client.file("http://127.0.0.1/microsoft_ads/download/1?sig=2"),
    ]

    assert [reply.status for reply in replies] == [200, 400, 400, 403, 404]


def test_a_report_without_rows_succeeds_without_a_link(client: Client) -> None:
    number = client.order({"Scope": {"Campaigns": [{"AccountId": OPEN, "CampaignId": "1"}]}})

    assert [client.look(number)["Status"] for _ in range(2)] == ["Pending", "Success"]
    assert client.look(number) == {"Status": "Success", "ReportDownloadUrl": None}


def test_a_report_of_another_account_is_not_known(client: Client) -> None:
    asked = {"ReportRequestId": client.order()}

    assert codes(client.ask("Reporting/v13/GenerateReport/Poll", asked, EURO)) == [2100]


def test_lists_leave_out_what_was_deleted_other_types_and_schemes_without_a_flag(client: Client) -> None:
    path = "CampaignManagement/v13/Campaigns/QueryByAccountId"
    every = {"AccountId": OPEN, "CampaignType": "Search, Audience"}

    plain, all_types, opted_in = (
        client.told(path, body, OPEN)["Campaigns"]
        for body in (
            {"AccountId": OPEN},
            every,
            {**every, "ReturnAdditionalFields": "CpvCpmBiddingScheme, BidStrategyId"},
        )
    )

    assert isinstance(plain, list)
    assert isinstance(all_types, list)
    assert isinstance(opted_in, list)
    assert [one["Name"] for one in plain] == ["Brand search", "Generic search"]
    assert [one["Name"] for one in all_types] == ["Brand search", "Generic search", "Audience reach"]
    assert [one["BiddingScheme"] for one in (all_types[2], opted_in[2])] == [None, {"Type": "ManualCpm"}]
    gone = {"CampaignId": "424504000"}
    assert codes(client.ask("CampaignManagement/v13/AdGroups/QueryByCampaignId", gone, OPEN)) == [210]


def test_pages_of_accounts_end_with_one_that_is_not_full(client: Client) -> None:
    pages = [
        client.told(
            "CustomerManagement/v13/Accounts/Search", SEARCH | {"PageInfo": {"Index": index, "Size": 2}}
        )
        for index in range(3)
    ]

    ids = [[one["Id"] for one in page["Accounts"]] for page in pages]  # type: ignore[attr-defined]
    assert ids == [[OPEN, EURO], [DENIED], []]


@pytest.mark.parametrize("given", [{"Index": -1, "Size": 2}, {"Index": 0, "Size": 1001}, {"Size": 2}])
def test_pages_have_a_size_at_most(client: Client, given: dict[str, int]) -> None:
    reply = client.ask("CustomerManagement/v13/Accounts/Search", SEARCH | {"PageInfo": given})

    assert codes(reply) == [100]


def test_moods_strike_once_each() -> None:
    client = Client(MicrosoftAdsFake(played()), past_moods=False)

    replies = [client.ask("CustomerManagement/v13/User/Query", ME) for _ in range(29)]
    client.sign_in()
    replies.append(client.ask("CustomerManagement/v13/User/Query", ME))
    submitted = [
        client.ask("Reporting/v13/GenerateReport/Submit", {"ReportRequest": REPORT}, OPEN) for _ in range(3)
    ]

    told = {number: codes(reply) for number, reply in enumerate(replies, 1) if reply.status != 200}
    assert told == {11: [117], 19: [0], 29: [109]}
    assert [codes(reply) for reply in submitted] == [[], [207], []]
    first, _, third = (json.loads(reply.body).get("ReportRequestId", "") for reply in submitted)
    assert [client.look(first)["Status"] for _ in range(2)] == ["Pending", "Error"]
    assert [client.look(third)["Status"] for _ in range(2)] == ["Pending", "Success"]
