"""A TikTok that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import ACCOUNT_ID, CENTER_ID, HOST, REPORT, Json


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def answer(
        self,
        path: str,
        *rows: Json,
        under: str = "list",
        asked: str = "",
        page: int = 1,
        pages: int = 1,
        total: int | None = None,
    ) -> None:
        """One page of rows; ``asked`` must stand in the filter of the request."""
        number = len(rows) if total is None else total
        info = {"page": page, "page_size": 1000, "total_number": number, "total_page": pages}
        self.good(path, {under: list(rows), "page_info": info}, asked=asked)

    def good(self, path: str, data: Json, *, asked: str = "", headers: dict[str, str] | None = None) -> None:
        body = {"code": 0, "message": "OK", "request_id": "rq-0", "data": data}
        match = [_filter_holds(asked)] if asked else []
        self.mock.get(f"{HOST}/{path}/", json=body, match=match, headers=headers)

    def refuse(
        self, code: int, path: str = REPORT, *, message: str = "told by TikTok", times: int = 1
    ) -> None:
        """Refusals as TikTok writes them: with HTTP status 200."""
        for _ in range(times):
            body = {"code": code, "message": message, "request_id": "rq-1", "data": {}}
            self.mock.get(f"{HOST}/{path}/", json=body, status=200)

    def groups(
        self, *plain: Json, top_view: tuple[Json, ...] = (), smart_plus: tuple[Json, ...] = ()
    ) -> None:
        """The ad groups of the account by the three lists that TikTok has of them."""
        self.answer("adgroup/get", *plain, asked='{"primary_status":"STATUS_ALL"}')
        self.answer("adgroup/get", *top_view, asked="RESERVATION_TOP_VIEW")
        self.answer("smart_plus/adgroup/get", *smart_plus)

    def report(
        self, *rows: Json, asked: str = "", page: int = 1, pages: int = 1, total: int | None = None
    ) -> None:
        self.answer(REPORT, *rows, asked=asked, page=page, pages=pages, total=total)

    @property
    def asked(self) -> list[dict[str, str]]:
        """The parameters of each call."""
        return [_params(call.request) for call in self.mock.calls]

    def asked_of(self, path: str) -> list[dict[str, str]]:
        """The parameters of each call of a path."""
        calls = (call.request for call in self.mock.calls)
        return [_params(call) for call in calls if str(call.url).startswith(f"{HOST}/{path}/")]


def _params(request: requests.PreparedRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(str(request.url)).query))


def _filter_holds(text: str) -> Callable[[requests.PreparedRequest], tuple[bool, str]]:
    def match(request: requests.PreparedRequest) -> tuple[bool, str]:
        told = _params(request).get("filtering", "")
        return told == text or (not text.startswith("{") and text in told), f"{text} is not asked for"

    return match


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def tiktok() -> TikTokAds:
    connector = TikTokAds(access_token=SecretStr("tok_x"), app_id="7", app_secret=SecretStr("hush"))
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def center() -> TikTokAds:
    """The same with a Business Center."""
    connector = TikTokAds(
        access_token=SecretStr("tok_x"), app_id="7", app_secret=SecretStr("hush"), bc_id=CENTER_ID
    )
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """The first 30 days of October 2026 of an account in New York, asked on 15 December."""
    account = Account(id=ACCOUNT_ID, name="Demo Shop", currency="USD", timezone="America/New_York")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 30)), date(2026, 12, 15))
