"""The fake is as strict as Reddit's API, and once as moody."""

import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest

from adtally import world
from adtally_connectors.reddit_ads.sandbox import RedditAdsFake

NEW_YORK, DENIED = "a2_lindenhof1", "t2_sister1"
AGENT = "python:adtally:v1.0 (by /u/sandbox)"
BASIC = b64encode(b"sandbox-client:sandbox-client-secret").decode()
FORM = {"grant_type": "refresh_token", "refresh_token": "sandbox-refresh-token"}
JSON = "application/json"


class Client:
    """Asks the fake without HTTP, with a token that will not expire; its moods are over."""

    def __init__(self, fake: RedditAdsFake) -> None:
        self.fake = fake
        tokens = [self.token() for _ in range(2)]
        self.headers = {
            "user-agent": AGENT,
            "authorization": f"Bearer {json.loads(tokens[1].body)['access_token']}",
            "content-type": JSON,
            "host": "127.0.0.1:9",
        }
        self.statuses = [self.ask("/api/v3/me").status for _ in range(20)]
        self.statuses += [self.report().status for _ in range(2)]

    def token(self, *, basic: str = BASIC, agent: str = AGENT, **changes: str) -> world.Reply:
        head = {"authorization": f"Basic {basic}", "user-agent": agent}
        body = urlencode(FORM | changes).encode()
        return self.fake.answer(world.Request("POST", "/api/v1/access_token", {}, head, body))

    def ask(
        self, path: str, body: object = None, *, method: str = "", headers: Mapping[str, str] | None = None
    ) -> world.Reply:
        parts = urlsplit(path)
        head = {name: value for name, value in (self.headers | dict(headers or {})).items() if value}
        raw = b"" if body is None else msgspec.json.encode(body)
        verb = method or ("GET" if body is None else "POST")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return self.fake.answer(world.Request(verb, parts.path.removeprefix("/reddit_ads"), query, head, raw))

    def report(self, changes: Mapping[str, object] | None = None, *, query: str = "") -> world.Reply:
        return self.ask(f"/api/v3/ad_accounts/{NEW_YORK}/reports{query}", {"data": asked(**changes or {})})

    def rows(self, **changes: object) -> list[dict[str, object]]:
        reply = self.report(changes)
        assert reply.status == 200, reply.body
        rows: list[dict[str, object]] = json.loads(reply.body)["data"]["metrics"]
        return rows


def asked(**changes: object) -> dict[str, object]:
    """A report of October 1 by campaign; None leaves a key out."""
    body: dict[str, object] = {
        "starts_at": "2026-10-01T04:00:00Z",
        "ends_at": "2026-10-01T04:00:00Z",
        "time_zone_id": "America/New_York",
        "breakdowns": ["CAMPAIGN_ID", "DATE"],
        "fields": ["SPEND"],
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def client(played: world.World) -> Client:
    return Client(RedditAdsFake(played))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "2026-10-01"}, "starts_at"),
        ({"starts_at": "2026-10-01T04:30:00Z"}, "starts_at"),
        ({"starts_at": "2024-01-01T00:00:00Z"}, "starts_at"),
        ({"ends_at": "2026-10-01T03:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-10-01T04:00:00+00:00"}, "ends_at"),
        ({"fields": None}, "fields"),
        ({"fields": ["SPENT"]}, "fields"),
        ({"fields": "SPEND"}, "fields"),
        ({"fields": ["CONVERSION_SIGNUP_CLICKS"]}, "fields"),
        ({"fields": ["CONVERSION_SIGN_UP_TOTAL_VALUE"]}, "fields"),
        ({"breakdowns": ["DAY"]}, "breakdowns"),
        ({"breakdowns": ["AD_ID", "AD_GROUP_ID", "CAMPAIGN_ID", "DATE"]}, "breakdowns"),
        ({"breakdowns": ["CAMPAIGN_ID"]}, "time_zone_id"),
        ({"time_zone_id": "Mars/Olympus"}, "time_zone_id"),
        ({"filter": "campaign:id=1"}, "filter"),
        ({"level": "campaign"}, "level"),
    ],
)
def test_a_report_that_is_asked_for_wrongly_is_refused_by_field(
    client: Client, changes: dict[str, object], field: str
) -> None:
    reply = client.report(changes)

    assert reply.status == 400
    assert [one["field"] for one in json.loads(reply.body)["error"]["fields"]] == [field]


@pytest.mark.parametrize("path", ["reports?page.size=1001", "reports?page.size=0", "reports?page=1"])
def test_a_wrong_parameter_is_refused(client: Client, path: str) -> None:
    assert client.ask(f"/api/v3/ad_accounts/{NEW_YORK}/{path}", {"data": asked()}).status == 400


def test_a_body_that_is_not_wrapped_or_not_json_is_refused(client: Client) -> None:
    path = f"/api/v3/ad_accounts/{NEW_YORK}/reports"

    assert client.ask(path, asked()).status == 400
    assert client.ask(path, {"data": asked()}, headers={"content-type": ""}).status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"ad_accounts/{NEW_YORK}/reports", 404),
        ("POST", f"ad_accounts/{NEW_YORK}/campaigns", 404),
        ("GET", "businesses/b2-lindenhof/ad_accounts/query", 404),
        ("GET", "businesses/unknown/ad_accounts", 404),
        ("GET", f"ad_accounts/{NEW_YORK}/campaigns/142154301000", 404),
        ("GET", "campaigns/1", 404),
        ("GET", "ad_accounts/a2_unknown", 404),
        ("GET", f"ad_accounts/{DENIED}", 403),
        ("GET", f"ad_accounts/{DENIED}/campaigns", 403),
        ("GET", f"ad_accounts/{NEW_YORK}/campaigns?status=ALL", 400),
        ("GET", f"ad_accounts/{NEW_YORK}/funding_instruments?mode=EVERY", 400),
        ("GET", "me/businesses?page.size=701", 400),
    ],
)
def test_wrong_verbs_paths_and_parameters_are_refused(
    client: Client, method: str, path: str, status: int
) -> None:
    assert client.ask(f"/api/v3/{path}", method=method).status == status


def test_the_version_before_is_gone(client: Client) -> None:
    assert client.ask("/api/v2.0/me").status == 410


@pytest.mark.parametrize("agent", ["", "python-requests/2.33", "adtally"])
def test_who_does_not_say_who_asks_is_blocked_at_the_token_endpoint_too(client: Client, agent: str) -> None:
    blocked = client.ask("/api/v3/me", headers={"user-agent": agent})

    assert (blocked.status, blocked.headers["Content-Type"]) == (403, "text/html")
    assert client.token(agent=agent).status == 403


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer other", "Bearer sandbox-access-token-9"])
def test_a_bad_token_is_refused(client: Client, header: str) -> None:
    assert client.ask("/api/v3/me", headers={"authorization": header}).status == 401


def test_the_token_endpoint_takes_basic_only_and_refuses_a_bad_refresh_token_as_a_success(
    client: Client,
) -> None:
    assert client.token(basic="bm8=").status == 401
    refused = client.token(refresh_token="other")
    assert (refused.status, json.loads(refused.body)) == (200, {"error": "invalid_grant"})
    assert client.token(refresh_token="sandbox-refresh-token-2").status == 200
    assert json.loads(client.token().body)["expires_in"] == 86400


def test_a_report_reaches_a_day_further_than_it_says(client: Client) -> None:
    whole = {row["date"] for row in client.rows()}
    by_utc = {row["date"] for row in client.rows(ends_at="2026-10-01T05:00:00Z")}

    assert whole == {"2026-10-01"}
    assert by_utc == {"2026-10-01", "2026-10-02"}


def test_a_day_that_the_bounds_cut_comes_in_part(client: Client) -> None:
    def spent(starts_at: str) -> int:
        rows = client.rows(starts_at=starts_at, ends_at="2026-10-02T04:00:00Z")
        return sum(int(str(row["spend"])) for row in rows if row["date"] == "2026-10-01")

    assert 0 < spent("2026-10-01T10:00:00Z") < spent("2026-10-01T04:00:00Z")


def test_keys_come_in_lower_case_and_what_does_not_apply_is_null(client: Client) -> None:
    fields = ["spend", "VIDEO_VIEWABLE_IMPRESSIONS", "CONVERSION_PURCHASE_TOTAL_VALUE", "CURRENCY"]

    row = client.rows(fields=fields, breakdowns=["campaign_id", "date"])[0]

    keys = ["campaign_id", "date", "spend", "video_viewable_impressions"]
    assert list(row) == [*keys, "conversion_purchase_total_value", "currency"]
    assert row["video_viewable_impressions"] is None
    assert row["currency"] == "USD"


def test_lists_leave_deleted_things_out_that_reports_and_ids_still_tell(
    client: Client, played: world.World
) -> None:
    account = next(one for one in played.of_platform("reddit_ads") if one.account_id == NEW_YORK)
    removed = next(one for one in account.campaigns if one.status == "removed")

    listed = json.loads(client.ask(f"/api/v3/ad_accounts/{NEW_YORK}/campaigns").body)["data"]
    one = json.loads(client.ask(f"/api/v3/campaigns/{removed.campaign_id}").body)["data"]
    day = removed.days.first_day.isoformat()
    bounds = {"starts_at": f"{day}T04:00:00Z", "ends_at": f"{day}T04:00:00Z"}

    assert removed.campaign_id not in {node["id"] for node in listed}
    assert one["configured_status"] == "DELETED"
    assert removed.campaign_id in {row["campaign_id"] for row in client.rows(**bounds)}


def test_ended_instruments_are_told_only_if_all_are_asked_for(client: Client) -> None:
    def names(query: str) -> list[str]:
        reply = client.ask(f"/api/v3/ad_accounts/{NEW_YORK}/funding_instruments{query}")
        return [node["name"] for node in json.loads(reply.body)["data"]]

    assert names("") == ["Credit line"]
    assert names("?mode=ALL") == ["Credit line", "Card"]


def test_pages_follow_each_other_for_the_same_body_only(client: Client) -> None:
    reply = client.report(query="?page.size=1")
    following = json.loads(reply.body)["pagination"]["next_url"]

    assert following.startswith(
        f"http://127.0.0.1:9/reddit_ads/api/v3/ad_accounts/{NEW_YORK}/reports?page.size=1&"
    )
    path = following.removeprefix("http://127.0.0.1:9")
    second = client.ask(path, {"data": asked()})
    assert json.loads(second.body)["data"]["metrics"] == client.rows()[1:2]
    assert client.ask(path, {"data": asked(fields=["CLICKS"])}).status == 400
    assert client.ask(path.replace("page.token=", "page.token=x"), {"data": asked()}).status == 400


def test_every_answer_tells_its_quota(client: Client) -> None:
    headers = client.report().headers

    assert headers["RateLimit-Policy"] == '"ads-reporting";q=60;w=60'
    assert headers["RateLimit"].startswith('"ads-reporting";r=')


def test_once_it_throttles_and_once_a_report_fails(client: Client) -> None:
    assert client.statuses == [200] * 11 + [429] + [200] * 8 + [503, 200]


def test_the_first_token_expires_early(played: world.World) -> None:
    fake = RedditAdsFake(played)
    first = Client(fake)
    first.headers["authorization"] = "Bearer sandbox-access-token-1"

    assert [first.ask("/api/v3/me").status for _ in range(5)] == [200, 200, 200, 401, 401]
