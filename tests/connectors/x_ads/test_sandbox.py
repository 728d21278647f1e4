"""The sandbox's X: as strict as the real one about signatures, parameters and times, and as moody."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qsl, urlencode

import pytest
from oauthlib.oauth1 import Client as Signer

from adtally import world
from adtally_connectors.x_ads.sandbox import XAdsFake

ANGELES, TOKYO, DENIED = (f"18ce54d4xa{number}" for number in range(1, 4))
HOME = "http://127.0.0.1:8000/x_ads"
KEYS = ("sandbox-x-consumer", "sandbox-x-consumer-secret", "sandbox-x-token", "sandbox-x-token-secret")
JOB = {
    "entity": "FUNDING_INSTRUMENT",
    "entity_ids": "fixa1",
    "start_time": "2026-10-01",
    "end_time": "2026-10-03",
    "granularity": "DAY",
    "placement": "ALL_ON_TWITTER",
    "metric_groups": "BILLING",
}
OCTOBER = {"start_time": "2026-10-01", "end_time": "2026-11-01"}


class Client:
    """Asks the fake without HTTP, signed as told, past the moods of its first requests."""

    def __init__(self, fake: XAdsFake, *, past_moods: bool = True) -> None:
        self.fake = fake
        for _ in range(25 if past_moods else 0):
            self.ask("accounts")

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        keys: tuple[str, str, str, str] = KEYS,
        signed_query: str | None = None,
        body: bytes = b"",
        **signing: str,
    ) -> world.Reply:
        raw = urlencode(query or {})
        url = f"{HOME}/12/{path}"
        asked = f"{url}?{raw if signed_query is None else signed_query}"
        _, headers, _ = Signer(*keys, **signing).sign(asked, method)  # type: ignore[arg-type]
        return self.fake.answer(request(method, f"/12/{path}", raw, headers["Authorization"], body))

    def rows(self, path: str, **query: str) -> list[dict[str, object]]:
        reply = self.ask(path, query)
        assert reply.status == 200, reply.body
        return cast("list[dict[str, object]]", json.loads(reply.body)["data"])

    def started(self, account: str = ANGELES, **changes: str) -> dict[str, object]:
        reply = self.ask(f"stats/jobs/accounts/{account}", JOB | changes, method="POST")
        assert reply.status == 200, reply.body
        return cast("dict[str, object]", json.loads(reply.body)["data"])


def request(method: str, path: str, raw: str, authorization: str = "", body: bytes = b"") -> world.Request:
    headers = {"host": "127.0.0.1:8000"} | ({"authorization": authorization} if authorization else {})
    return world.Request(method, path, dict(parse_qsl(raw, keep_blank_values=True)), headers, body, raw)


def code(reply: world.Reply) -> str:
    found: str = json.loads(reply.body)["errors"][0]["code"]
    return found


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(XAdsFake(played))


def looked_at(client: Client, *jobs: dict[str, object], account: str = ANGELES) -> list[dict[str, object]]:
    """The jobs as they are after some more requests."""
    wanted = ",".join(str(job["id_str"]) for job in jobs)
    looks = [client.rows(f"stats/jobs/accounts/{account}", job_ids=wanted) for _ in range(6)]
    return looks[-1]


def file_of(client: Client, job: dict[str, object], account: str = ANGELES) -> dict[str, object]:
    [done] = looked_at(client, job, account=account)
    reply = client.fake.answer(request("GET", str(done["url"]).removeprefix(HOME), ""))
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/gzip"
    return cast("dict[str, object]", json.loads(gzip.decompress(reply.body)))


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": ("other", *KEYS[1:])},
        {"keys": (KEYS[0], "other", *KEYS[2:])},
        {"keys": (*KEYS[:2], "other", KEYS[3])},
        {"keys": (*KEYS[:3], "other")},
        {"signed_query": "count=2"},
        {"signature_method": "HMAC-SHA256"},
        {"timestamp": str(int(time.time()) - 3600)},
    ],
)
def test_only_what_is_signed_as_it_was_sent_and_now_is_let_in(
    client: Client, changes: dict[str, object]
) -> None:
    reply = client.ask("accounts", {"count": "1"}, **changes)  # type: ignore[arg-type]

    assert (reply.status, code(reply)) == (401, "UNAUTHORIZED_ACCESS")


def test_a_request_without_a_signature_or_with_an_odd_one_is_not_let_in(client: Client) -> None:
    for header in ("", "Bearer sandbox-x-token", "OAuth", 'OAuth oauth_token="sandbox-x-token"'):
        reply = client.fake.answer(request("GET", "/12/accounts", "", header))
        assert (reply.status, code(reply)) == (401, "UNAUTHORIZED_ACCESS")


def test_a_nonce_is_taken_once(client: Client) -> None:
    replies = [client.ask("accounts", nonce="12345").status for _ in range(2)]

    assert replies == [200, 401]


def test_commas_and_colons_are_signed_as_they_are_encoded(client: Client) -> None:
    reply = client.ask("accounts", {"account_ids": f"{ANGELES},{TOKYO}"})

    assert [row["id"] for row in json.loads(reply.body)["data"]] == [ANGELES, TOKYO]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("accounts", {"colour": "red"}),
        ("accounts", {"count": "1001"}),
        ("accounts", {"count": "0"}),
        ("accounts", {"cursor": "7"}),
        ("accounts", {"with_deleted": "yes"}),
        (f"accounts/{ANGELES}/campaigns", {"line_item_ids": "1"}),
        (f"accounts/{ANGELES}/campaigns", {"campaign_ids": "1,,2"}),
        (f"accounts/{ANGELES}/campaigns", {"campaign_ids": ",".join(map(str, range(201)))}),
        (f"stats/accounts/{ANGELES}/active_entities", OCTOBER | {"entity": "ACCOUNT"}),
        (f"stats/accounts/{ANGELES}/active_entities", OCTOBER | {"entity": "AD"}),
        (f"stats/jobs/accounts/{ANGELES}", {"job_ids": ",".join(map(str, range(201)))}),
    ],
)
def test_a_wrong_parameter_is_refused(client: Client, path: str, query: dict[str, str]) -> None:
    reply = client.ask(path, query)

    assert (reply.status, code(reply)) == (400, "INVALID_PARAMETER")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"entity_ids": "fixa2"}, "INVALID_PARAMETER"),
        ({"entity_ids": ",".join(f"f{number}" for number in range(21))}, "INVALID_PARAMETER"),
        ({"entity_ids": ""}, "MISSING_PARAMETER"),
        ({"granularity": "WEEK"}, "INVALID_PARAMETER"),
        ({"placement": "PUBLISHER_NETWORK"}, "INVALID_PARAMETER"),
        ({"placement": "ALL_ON_TWITTER,TREND"}, "INVALID_PARAMETER"),
        ({"metric_groups": "MEDIA"}, "INVALID_PARAMETER"),
        ({"metric_groups": "BILLING,VIDEO"}, "INVALID_PARAMETER"),
        ({"metric_groups": "BILLING,MOBILE_CONVERSION"}, "INVALID_PARAMETER"),
        ({"metric_groups": "WEB_CONVERSION,MOBILE_CONVERSION"}, "INVALID_PARAMETER"),
        ({"segmentation_type": "AGE"}, "INVALID_PARAMETER"),
        ({"start_time": "yesterday"}, "INVALID_PARAMETER"),
        ({"end_time": "2026-10-01"}, "INVALID_TIME_WINDOW"),
        ({"end_time": "2026-12-31"}, "INVALID_TIME_WINDOW"),
        ({"start_time": "2026-10-01T00:00:00Z"}, "INVALID_TIME_WINDOW"),
        ({"start_time": "2026-10-01T07:30:00Z"}, "INVALID_TIME_WINDOW"),
    ],
)
def test_a_job_that_asks_wrongly_is_refused(client: Client, changes: dict[str, str], expected: str) -> None:
    reply = client.ask(f"stats/jobs/accounts/{ANGELES}", JOB | changes, method="POST")

    assert (reply.status, code(reply)) == (400, expected)


def test_a_job_has_its_parameters_in_the_url(client: Client) -> None:
    reply = client.ask(f"stats/jobs/accounts/{ANGELES}", JOB, method="POST", body=b"{}")

    assert (reply.status, code(reply)) == (400, "INVALID_PARAMETER")


@pytest.mark.parametrize("path", ["account", f"stats/jobs/accounts/{ANGELES}/7", f"accounts/{ANGELES}/ads"])
def test_another_path_is_not_there(client: Client, path: str) -> None:
    assert code(client.ask(path)) == "ROUTE_NOT_FOUND"


def test_another_account_is_not_found_and_a_denied_one_tells_only_how_it_is_paid_for(client: Client) -> None:
    for account, kind in ((DENIED, "campaigns"), ("18ce54d4xa9", "funding_instruments")):
        reply = client.ask(f"accounts/{account}/{kind}")
        assert (reply.status, code(reply)) == (403, "ACCOUNT_NOT_FOUND")

    assert [row["currency"] for row in client.rows(f"accounts/{DENIED}/funding_instruments")] == ["EUR"]


def test_what_is_deleted_and_the_ads_below_come_only_if_they_are_asked_for(client: Client) -> None:
    for kind in ("campaigns", "line_items", "promoted_tweets"):
        usual = client.rows(f"accounts/{ANGELES}/{kind}")
        everything = client.rows(f"accounts/{ANGELES}/{kind}", with_deleted="true")
        assert len(usual) < len(everything)
    assert not any(row["deleted"] for row in everything)


def test_a_list_is_read_by_its_cursor(client: Client) -> None:
    first = json.loads(client.ask("accounts", {"count": "2"}).body)
    last = json.loads(client.ask("accounts", {"count": "2", "cursor": first["next_cursor"]}).body)

    assert [row["id"] for row in (*first["data"], *last["data"])] == [ANGELES, TOKYO, DENIED]
    assert last["next_cursor"] is None


def test_the_first_job_fails_and_later_ones_end_with_a_file_that_needs_no_signature(
    client: Client,
) -> None:
    jobs = [client.started(), client.started()]

    first, second = sorted(looked_at(client, *jobs), key=lambda job: job["status"] != "FAILED")

    assert [job["status"] for job in jobs] == ["PROCESSING", "PROCESSING"]
    assert (first["status"], first["url"], second["status"]) == ("FAILED", None, "SUCCESS")
    assert int(str(second["id_str"])) == second["id"] != float(str(second["id"]))
    path = str(second["url"]).removeprefix(HOME)
    assert client.fake.answer(request("GET", path, "")).status == 200
    assert client.fake.answer(request("GET", path, "", "OAuth x")).status == 400
    assert client.fake.answer(request("GET", "/files/stats_job_7.json.gz", "")).status == 404


def test_a_file_has_numbers_by_day_null_for_nothing_and_the_instants_of_the_days(client: Client) -> None:
    client.started()  # the one that fails
    job = client.started(start_time="2026-10-31", end_time="2026-11-03", metric_groups="ENGAGEMENT")

    document = file_of(client, job)

    assert document["time_series_length"] == 3
    params = cast("dict[str, dict[str, object]]", document["request"])["params"]
    assert (params["start_time"], params["end_time"]) == ("2026-10-31T07:00:00Z", "2026-11-03T08:00:00Z")
    [row] = cast("list[dict[str, list[dict[str, dict[str, list[int] | None]]]]]", document["data"])
    metrics = row["id_data"][0]["metrics"]
    assert metrics["follows"] is None
    assert len(metrics["impressions"] or []) == 3
    assert "url_clicks" not in metrics


def test_more_than_a_hundred_jobs_at_once_are_too_many(client: Client) -> None:
    client.fake._asked = -1000  # so that none of them is done meanwhile
    replies = [client.fake._begun(client.fake.accounts[ANGELES], JOB, asked=0).status for _ in range(100)]

    reply = client.ask(f"stats/jobs/accounts/{ANGELES}", JOB, method="POST")

    assert set(replies) == {200}
    assert (reply.status, code(reply)) == (400, "TOO_MANY_JOBS")


def test_active_entities_tell_from_when_to_when_and_where(client: Client, played: world.World) -> None:
    rows = client.rows(f"stats/accounts/{ANGELES}/active_entities", entity="CAMPAIGN", **OCTOBER)

    campaigns = next(one for one in played.accounts if one.account_id == ANGELES).campaigns
    assert {row["entity_id"] for row in rows} <= {campaign.campaign_id for campaign in campaigns}
    assert [row["placements"] for row in rows if row["entity_id"] == campaigns[0].campaign_id] == [
        ["ALL_ON_TWITTER", "SPOTLIGHT"]
    ]


def test_filters_of_active_entities_exclude_each_other(client: Client) -> None:
    query = OCTOBER | {"entity": "LINE_ITEM", "campaign_ids": "1", "line_item_ids": "2"}

    assert code(client.ask(f"stats/accounts/{ANGELES}/active_entities", query)) == "EXCLUSIVE_PARAMETERS"


def test_once_a_request_is_throttled_and_once_one_fails(played: world.World) -> None:
    client = Client(XAdsFake(played), past_moods=False)

    replies = [client.ask("accounts") for _ in range(25)]

    assert [(n, r.status) for n, r in enumerate(replies, 1) if r.status != 200] == [(11, 429), (19, 503)]
    limits = replies[10].headers
    assert int(limits["x-account-rate-limit-reset"]) < int(limits["x-rate-limit-reset"])


def test_config_toml_is_told_what_the_fake_takes(played: world.World) -> None:
    fake = XAdsFake(played)

    assert (
        tuple(
            fake.table()[name]
            for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        )
        == KEYS
    )
    assert fake.needs == ("oauthlib",)
