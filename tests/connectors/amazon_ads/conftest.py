"""An Amazon that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.amazon_ads import AmazonAds

from .builders import ADVERTISER, AGENCY, FILES, HOST, PROFILE, REPORTS, TOKEN_URL, Json

LISTS = {
    "/sp/campaigns/list": "campaigns",
    "/sp/adGroups/list": "adGroups",
    "/sp/productAds/list": "productAds",
    "/sb/v4/campaigns/list": "campaigns",
    "/sb/v4/adGroups/list": "adGroups",
    "/sb/v4/ads/list": "ads",
    "/adsApi/v1/query/campaigns": "campaigns",
    "/adsApi/v1/query/adGroups": "adGroups",
    "/adsApi/v1/query/ads": "ads",
    "/adsApi/v1/query/adAssociations": "adAssociations",
}


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        for number in ("1", "2"):
            mock.post(TOKEN_URL, json={"access_token": f"Atza|{number}", "expires_in": 3600})

    def reports(self, rows: Mapping[str, list[Json]]) -> None:
        """Finished reports of these types; the other types have no rows. The id is the type."""

        def order(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            kind = json.loads(request.body or "")["configuration"]["reportTypeId"]
            return 200, {}, json.dumps({"reportId": kind, "status": "PENDING"})

        def look(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            kind = str(request.url).rpartition("/")[2]
            told = {"reportId": kind, "status": "COMPLETED", "url": f"{FILES}/{kind}?X-Amz-Expires=3600"}
            return 200, {}, json.dumps(told)

        def file(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
            kind = urlsplit(str(request.url)).path.strip("/")
            return 200, {}, gzip.compress(json.dumps(rows.get(kind, [])).encode())

        self.mock.add_callback("POST", REPORTS, order)
        self.mock.add_callback("GET", _below(REPORTS), look)
        self.mock.add_callback("GET", _below(FILES), file)

    def ordered(self, report_id: str = "r-1", **changes: object) -> None:
        self.mock.post(REPORTS, json={"reportId": report_id, "status": "PENDING", **changes})

    def state(self, report_id: str, status: str, **changes: object) -> None:
        self.mock.get(f"{REPORTS}/{report_id}", json={"reportId": report_id, "status": status, **changes})

    def file(self, name: str, *rows: Json) -> str:
        url = f"{FILES}/{name}"
        self.mock.get(url, body=gzip.compress(json.dumps(rows).encode()))
        return url

    def empty_lists(self, but: str = "") -> None:
        """Every list that nothing else was arranged for has nothing."""
        for path in LISTS.keys() - {but}:
            self.mock.post(HOST + path, json={})
        for path in {f"/sd/{what}/extended" for what in ("campaigns", "adGroups", "productAds")} - {but}:
            self.mock.get(HOST + path, json=[])

    def listed(self, path: str, *rows: Json, **changes: object) -> None:
        self.mock.post(HOST + path, json={LISTS[path]: list(rows), **changes})

    def refuse(self, status: int, words: str, *, method: str = "POST", url: str = REPORTS) -> None:
        body = {"code": str(status), "detail": words}
        self.mock.add(method, url, json=body, status=status)

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(call.body or "") for call in self.calls(path) if call.body]

    def asked(self, path: str) -> list[dict[str, str]]:
        return [dict(parse_qsl(urlsplit(str(call.url)).query)) for call in self.calls(path)]

    def calls(self, path: str) -> list[requests.PreparedRequest]:
        calls = [call.request for call in self.mock.calls]
        return [call for call in calls if urlsplit(str(call.url)).path == path]


def _below(url: str) -> Any:
    return re.compile(re.escape(url) + "/.+")


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Api(mock)


def connector(**changes: object) -> AmazonAds:
    usual: dict[str, object] = {
        "client_id": "amzn1.application-oa2-client.demo",
        "client_secret": SecretStr("hush"),
        "refresh_token": SecretStr("Atzr|x"),
        "requests_per_second": None,
    }
    made = AmazonAds.model_validate({**usual, **changes})
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def amazon() -> AmazonAds:
    return connector()


@pytest.fixture
def october() -> Unit:
    """October 2026 of a profile in Berlin, asked on 23 November."""
    account = Account(id=PROFILE, name="Demo Shop", currency="EUR", timezone="Europe/Berlin")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 11, 23))


@pytest.fixture
def dsp() -> Unit:
    """The same of an advertiser of the DSP."""
    account = Account(id=ADVERTISER, currency="EUR", timezone="Europe/Berlin", manager_id=AGENCY)
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 11, 23))
