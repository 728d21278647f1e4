"""An X that answers what a test arranged, and the way to ask it."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr
from requests import PreparedRequest

from adtally import Account, Unit, Window, day_start
from adtally_connectors.x_ads import XAds

from .builders import ACCOUNT_ID, DELIVERY, FILES, HOST, Json

Parts = tuple[int, dict[str, str], str | bytes]
FIRST_JOB = 1_990_000_000_000_000_001


class Api:
    """Lists, active entities and reports of one account; what is arranged as a refusal comes first."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        self.zone = "America/Los_Angeles"
        self.lists: defaultdict[str, list[Json]] = defaultdict(list)
        self.told: dict[tuple[str, str], dict[str, Json]] = {}
        self.refusals: defaultdict[str, list[Parts]] = defaultdict(list)
        self.lacking: dict[str, str] = {}
        self.states: list[str] = []
        self.jobs: dict[str, dict[str, str]] = {}
        self.params: Json = {}
        self.stats: Json = {}
        mock.add_callback("GET", re.compile(re.escape(FILES)), self._file)
        for method in ("GET", "POST"):
            mock.add_callback(method, re.compile(re.escape(HOST)), self._answer)

    def listed(self, kind: str, *rows: Json, cursor: str | None = None) -> None:
        """One page of a list, after those that were arranged before."""
        self.lists[kind].append({"data": list(rows), "next_cursor": cursor})

    def active(self, *rows: Json) -> None:
        self.listed("active_entities", *rows)

    def tell(
        self, number: str, metrics: Json, *, groups: str = DELIVERY, placement: str = "ALL_ON_TWITTER"
    ) -> None:
        """What reports hold of one thing; what is not told of is null."""
        self.told.setdefault((groups, placement), {})[number] = metrics

    def refuse(
        self,
        status: int,
        code: str | int = "",
        kind: str = "campaigns",
        *,
        times: int = 1,
        body: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        error = {"errors": [{"code": code, "message": "told by X"}], "request": {"params": {}}}
        self.refusals[kind] += [(status, dict(headers or {}), body or json.dumps(error))] * times

    def asked_of(self, kind: str, method: str = "GET") -> list[dict[str, str]]:
        """The parameters of each call of a list, of active entities, or of jobs."""
        calls = (call.request for call in self.mock.calls)
        return [_params(call) for call in calls if call.method == method and _kind(call) == kind]

    def _answer(self, request: PreparedRequest) -> Parts:
        kind = _kind(request)
        if self.refusals[kind]:
            return self.refusals[kind].pop(0)
        if kind != "jobs":
            pages = self.lists[kind] or [{"data": [], "next_cursor": None}]
            return 200, {}, json.dumps(pages.pop(0) if len(pages) > 1 else pages[0])
        given = _params(request)
        if request.method == "POST" and given["metric_groups"] in self.lacking:
            return 400, {}, json.dumps({"errors": [{"code": self.lacking[given["metric_groups"]]}]})
        if request.method == "POST":
            number = str(FIRST_JOB + len(self.jobs))
            self.jobs[number] = given
            return 200, {}, json.dumps({"data": self._job(number, "PROCESSING")})
        status = self.states.pop(0) if self.states else "SUCCESS"
        found = [self._job(number, status) for number in given["job_ids"].split(",") if number in self.jobs]
        return 200, {}, json.dumps({"data": found, "next_cursor": "more"})

    def _job(self, number: str, status: str) -> Json:
        url = f"{FILES}{number}.json.gz" if status == "SUCCESS" else None
        return {"id": int(number), "id_str": number, "status": status, "url": url}

    def _file(self, request: PreparedRequest) -> Parts:
        assert "Authorization" not in request.headers
        if self.refusals["file"]:
            return self.refusals["file"].pop(0)
        number = str(request.url).removeprefix(FILES).removesuffix(".json.gz")
        asked = self.jobs[number]
        first, end = (date.fromisoformat(asked[name]) for name in ("start_time", "end_time"))
        told = self.told.get((asked["metric_groups"], asked["placement"]), {})
        document = {
            "data_type": "stats",
            "time_series_length": (end - first) // timedelta(days=1),
            "data": [
                {"id": one, "id_data": [{"segment": None, "metrics": told.get(one, {})}]}
                for one in asked["entity_ids"].split(",")
            ],
            "request": {
                "params": {
                    "start_time": day_start(first, self.zone).isoformat(),
                    "end_time": day_start(end, self.zone).isoformat(),
                    "granularity": "DAY",
                    "entity": asked["entity"],
                    **self.params,
                }
            },
            **self.stats,
        }
        return 200, {"Content-Type": "application/gzip"}, gzip.compress(json.dumps(document).encode())


def _params(request: PreparedRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(str(request.url)).query))


def _kind(request: PreparedRequest) -> str:
    """The last part of a path that is no id."""
    parts = urlsplit(str(request.url)).path.split("/")
    return "jobs" if "jobs" in parts else parts[-1]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Api(mock)


@pytest.fixture
def x() -> XAds:
    connector = XAds(
        consumer_key="consumer",
        consumer_secret=SecretStr("hush-consumer"),
        access_token=SecretStr("tok_x"),
        access_token_secret=SecretStr("hush-token"),
        poll_seconds=0,
        requests_per_second=None,
    )
    connector.http.sleep = lambda _: None
    return connector


def unit_of(first: str, last: str, *, zone: str = "America/Los_Angeles", today: str = "2026-12-15") -> Unit:
    account = Account(id=ACCOUNT_ID, name="Demo Shop", currency="USD", timezone=zone)
    days = Window(date.fromisoformat(first), date.fromisoformat(last))
    return Unit(account, days, date.fromisoformat(today))


@pytest.fixture
def day() -> Unit:
    """20 October 2026 of an account in Los Angeles, asked on 15 December."""
    return unit_of("2026-10-20", "2026-10-20")
