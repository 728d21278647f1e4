"""The fake is as strict as LinkedIn: what it refuses, what it leaves out, and how it writes."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from adtally import world
from adtally_connectors.linkedin_ads.sandbox import LinkedInAdsFake

LINDENHOF, PACIFIC, DENIED = (f"51234560{number}" for number in (1, 2, 3))
HEADERS = {
    "authorization": "Bearer sandbox-linkedin-token",
    "linkedin-version": "202607",
    "x-restli-protocol-version": "2.0.0",
}
FORM = {
    "grant_type": "refresh_token",
    "refresh_token": "sandbox-linkedin-refresh",
    "client_id": "sandbox-linkedin-client",
    "client_secret": "sandbox-linkedin-secret",
}
ANALYTICS = "adAnalytics?q=analytics&pivot=CAMPAIGN_GROUP&timeGranularity=DAILY"
RANGE = "&dateRange=(start:(year:2026,month:10,day:1),end:(year:2026,month:10,day:2))"
OWN = f"&accounts=List(urn%3Ali%3AsponsoredAccount%3A{LINDENHOF})"
FIELDS = "&fields=dateRange,pivotValues,impressions,clicks,costInLocalCurrency"
REPORT = ANALYTICS + RANGE + OWN + FIELDS
MANY = ["urn%3Ali%3AsponsoredCampaign%3A1"] * 130
CAMPAIGNS = f"adAccounts/{LINDENHOF}/adCampaigns?q=search"


class Client:
    """Asks the fake without HTTP, past the moods of its first requests."""

    def __init__(self, fake: LinkedInAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        for _ in range(25 if past_moods else 0):
            self.ask("adAccounts?q=search")

    def ask(self, question: str, *, headers: Mapping[str, str] = HEADERS, method: str = "GET") -> world.Reply:
        path, _, raw = question.partition("?")
        query = dict(parse_qsl(raw, keep_blank_values=True))
        return self.fake.answer(world.Request(method, f"/rest/{path}", query, headers, raw_query=raw))

    def elements(self, question: str, headers: Mapping[str, str] = HEADERS) -> list[dict[str, object]]:
        reply = self.ask(question, headers=headers)
        assert reply.status == 200, reply.body
        found: list[dict[str, object]] = json.loads(reply.body)["elements"]
        return found


def code(reply: world.Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["code"]


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def client(played: world.World) -> Client:
    return Client(LinkedInAdsFake(played))


def account(played: world.World, account_id: str) -> world.Account:
    return next(a for a in played.accounts if a.account_id == account_id)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"authorization": "Bearer other"}, (401, "INVALID_ACCESS_TOKEN")),
        ({"authorization": ""}, (401, "INVALID_ACCESS_TOKEN")),
        ({"linkedin-version": ""}, (400, "VERSION_MISSING")),
        ({"linkedin-version": "202511"}, (426, "NONEXISTENT_VERSION")),
        ({"linkedin-version": "202608"}, (426, "NONEXISTENT_VERSION")),
        ({"x-restli-protocol-version": "1.0.0"}, (400, "ILLEGAL_ARGUMENT")),
    ],
)
def test_a_wrong_head_is_refused(client: Client, changes: dict[str, str], refusal: tuple[int, str]) -> None:
    assert code(client.ask(REPORT, headers=HEADERS | changes)) == refusal


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (REPORT.replace("%3A", ":"), (400, "FIELD_INVALID")),
        (REPORT.replace("%3A", "%253A"), (400, "FIELD_INVALID")),
        (REPORT.replace("List(", "List%28"), (400, "FIELD_INVALID")),
        (REPORT.replace("2026,month", "2026%2Cmonth", 1), (400, "FIELD_INVALID")),
        (REPORT.replace("List(urn", "urn"), (400, "FIELD_INVALID")),
        (REPORT.replace(f"{LINDENHOF})", LINDENHOF), (400, "FIELD_INVALID")),
        (REPORT.replace("day:1)", "day:31)"), (400, "FIELD_INVALID")),
        (REPORT.replace("month:10", "month:13"), (400, "FIELD_INVALID")),
        (REPORT.replace("DAILY", "HOURLY"), (400, "FIELD_INVALID")),
        (REPORT.replace("q=analytics", "q=search"), (400, "FIELD_INVALID")),
        (REPORT.replace("CAMPAIGN_GROUP", "COLOUR"), (400, "FIELD_INVALID")),
        (REPORT.replace("pivot=", "pivots="), (400, "FIELD_INVALID")),
        (REPORT.replace("clicks", "pivotValue"), (400, "FIELD_INVALID")),
        (REPORT.replace("sponsoredAccount", "sponsoredCampaign"), (400, "FIELD_INVALID")),
        (REPORT + 16 * ",clicks", (400, "FIELD_INVALID")),
        (REPORT + "&count=10000", (400, "FIELD_INVALID")),
        (f"{REPORT}&campaigns=List({','.join(MANY)})", (414, "URI_TOO_LONG")),
        (ANALYTICS + RANGE + FIELDS, (400, "MISSING_FIELD")),
        (ANALYTICS + OWN, (400, "MISSING_FIELD")),
        ("adAccounts", (400, "MISSING_FIELD")),
        ("adAccounts?q=search&pageSize=1001", (400, "FIELD_INVALID")),
        ("adAccounts?q=search&pageToken=7", (400, "FIELD_INVALID")),
        ("adAccounts?q=search&start=0", (400, "FIELD_INVALID")),
        (f"{CAMPAIGNS}&search=(type:(values:List(TEXT_AD)))", (400, "FIELD_INVALID")),
        (f"{CAMPAIGNS}&search=List(ACTIVE)", (400, "FIELD_INVALID")),
        (f"adAccounts/{LINDENHOF}/creatives?q=criteria", (400, "ILLEGAL_ARGUMENT")),
        (f"adAccounts/{DENIED}", (403, "NO_PERMISSION_ON_ENTITY")),
        (f"adAccounts/{DENIED}/adCampaigns?q=search", (403, "NO_PERMISSION_ON_ENTITY")),
        ("adAccounts/7", (404, "NOT_FOUND")),
        ("adBudgets", (404, "RESOURCE_NOT_FOUND")),
        ("conversions?q=account", (400, "MISSING_FIELD")),
        ("conversions?q=account&account=7", (400, "FIELD_INVALID")),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused(client: Client, question: str, refusal: tuple[int, str]) -> None:
    assert code(client.ask(question)) == refusal


def test_a_report_is_a_get(client: Client) -> None:
    assert code(client.ask(REPORT, method="POST")) == (405, "METHOD_NOT_ALLOWED")


def test_an_element_has_a_day_its_pivots_and_money_with_the_noise_of_a_float(
    client: Client, played: world.World
) -> None:
    campaign = account(played, LINDENHOF).campaigns[0]
    rows = [row for row in played.days[campaign.campaign_id] if row.day == date(2026, 10, 2)]
    cost = sum(row.cost_micros for row in rows)

    found = client.elements(REPORT)

    day = {"year": 2026, "month": 10, "day": 2}
    urn = f"urn:li:sponsoredCampaignGroup:{campaign.campaign_id}"
    [element] = [
        one for one in found if one["pivotValues"] == [urn] and one["dateRange"] == {"start": day, "end": day}
    ]
    text = str(element.pop("costInLocalCurrency"))
    assert element == {
        "dateRange": {"start": day, "end": day},
        "pivotValues": [urn],
        "impressions": sum(row.impressions for row in rows),
        "clicks": sum(row.clicks for row in rows),
    }
    assert round(Decimal(text) * 1_000_000) == cost
    assert any(len(str(one["costInLocalCurrency"])) > 12 for one in found)


def test_what_has_only_zeros_has_no_element(client: Client) -> None:
    only = REPORT.replace(FIELDS, "&fields=dateRange,pivotValues,sends")

    assert client.elements(only) == []
    assert len(client.elements(only.replace(",sends", ""))) == len(client.elements(REPORT)) > 0


def test_without_fields_there_are_impressions_and_clicks_alone(client: Client) -> None:
    assert {tuple(one) for one in client.elements(REPORT.replace(FIELDS, ""))} == {("impressions", "clicks")}


def test_pages_are_short_and_their_tokens_are_of_their_list(client: Client) -> None:
    path = f"{CAMPAIGNS}&pageSize=500&search=(status:(values:List(ACTIVE,REMOVED)))"
    first = json.loads(client.ask(path).body)
    token = first["metadata"]["nextPageToken"].replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")
    second = json.loads(client.ask(f"{path}&pageToken={token}").body)

    assert (len(first["elements"]), len(second["elements"]), second["metadata"]) == (3, 2, {})
    assert code(client.ask(f"adAccounts?q=search&pageToken={token}")) == (400, "FIELD_INVALID")


def test_what_was_removed_is_left_out_unless_its_state_is_asked_for(client: Client) -> None:
    path = f"adAccounts/{LINDENHOF}/adCampaignGroups?q=search&search=(status:(values:List({{}})))"

    assert [one["name"] for one in client.elements(path.format("REMOVED"))] == ["Last year's range"]
    states = {one["status"] for one in client.elements(path.partition("&search")[0])}
    assert states == {"ACTIVE"}


def test_an_account_without_a_role_is_listed_and_has_empty_reports(client: Client) -> None:
    listed = [one["id"] for one in client.elements("adAccounts?q=search")]

    assert listed == [int(LINDENHOF), int(PACIFIC), int(DENIED)]
    assert client.elements(REPORT.replace(LINDENHOF, DENIED)) == []


def test_a_refresh_token_buys_an_access_token(client: Client) -> None:
    def token(form: dict[str, str]) -> world.Reply:
        body = "&".join(f"{name}={text}" for name, text in form.items()).encode()
        return client.fake.answer(world.Request("POST", "/oauth/v2/accessToken", {}, {}, body))

    good, bad = token(FORM), token(FORM | {"client_secret": "other"})

    assert json.loads(good.body)["access_token"] == "sandbox-linkedin-token"
    assert (bad.status, json.loads(bad.body)["error"]) == (400, "invalid_grant")


def test_one_request_is_throttled_and_one_fails_inside(played: world.World) -> None:
    client = Client(LinkedInAdsFake(played), past_moods=False)

    statuses = [client.ask("adAccounts?q=search").status for _ in range(30)]

    assert {number: status for number, status in enumerate(statuses, 1) if status != 200} == {
        13: 429,
        21: 503,
    }
