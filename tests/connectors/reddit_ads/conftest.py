"""A Reddit that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.reddit_ads import RedditAds

from .builders import ACCOUNT, ACCOUNT_ID, HOST, REPORTS, TOKEN, Json


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def token(self, **changes: object) -> None:
        answer = {"access_token": "token-1", "token_type": "bearer", "expires_in": 86400, "scope": "adsread"}
        self.mock.post(TOKEN, json=answer | changes)

    def listed(self, path: str, *rows: Json, next_url: str | None = None) -> None:
        """One page of a list."""
        self.mock.get(f"{HOST}/{path}", json={"data": list(rows), "pagination": {"next_url": next_url}})

    def one(self, path: str, found: Json) -> None:
        self.mock.get(f"{HOST}/{path}", json={"data": found})

    def report(
        self,
        *rows: Json,
        by: str = "DATE",
        next_url: str | None = None,
        updated_at: str | None = None,
        status: int = 200,
    ) -> None:
        """One page of a report that is broken down by this."""
        data = {"metrics": list(rows), "metrics_updated_at": updated_at}
        body = {"data": data, "pagination": {"next_url": next_url}}
        self.mock.post(f"{HOST}/{REPORTS}", json=body, status=status, match=[_broken_down(by)])

    def inventory(
        self, *groups: Json, campaigns: tuple[Json, ...] = (), spent: tuple[Json, ...] = ()
    ) -> None:
        """What a report by day asks before: campaigns, ad groups, and which of these spent."""
        self.listed(f"{ACCOUNT}/campaigns", *campaigns)
        self.listed(f"{ACCOUNT}/ad_groups", *groups)
        self.report(*spent, by="SPENT")

    def refuse(
        self, status: int, path: str = f"{ACCOUNT}/campaigns", *, body: Json | None = None, times: int = 1
    ) -> None:
        for _ in range(times):
            told = body or {"error": {"message": "told by Reddit"}}
            self.mock.get(f"{HOST}/{path}", json=told, status=status)

    @property
    def requests(self) -> list[requests.PreparedRequest]:
        """The requests, but for those of a token."""
        return [call.request for call in self.mock.calls if call.request.url != TOKEN]

    @property
    def paths(self) -> list[str]:
        return [urlsplit(str(request.url)).path for request in self.requests]

    @property
    def asked(self) -> list[dict[str, object]]:
        """What each report by day was asked for."""
        bodies = (json.loads(request.body)["data"] for request in self.requests if request.body)
        return [body for body in bodies if "DATE" in body["breakdowns"]]


def params(request: requests.PreparedRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(str(request.url)).query))


def _broken_down(by: str) -> Callable[[requests.PreparedRequest], tuple[bool, str]]:
    def match(request: requests.PreparedRequest) -> tuple[bool, str]:
        asked = json.loads(request.body or "{}")["data"]["breakdowns"]
        return ("DATE" in asked) == (by == "DATE"), f"{by} is not asked for"

    return match


@pytest.fixture
def bare() -> Iterator[Api]:
    """Without an access token."""
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def api(bare: Api) -> Api:
    bare.token()
    return bare


def connected(**changes: object) -> RedditAds:
    settings = {
        "client_id": "app",
        "client_secret": SecretStr("hush"),
        "refresh_token": SecretStr("refresh-1"),
        "reddit_user": "demo",
    }
    connector = RedditAds.model_validate(settings | changes)
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def reddit() -> RedditAds:
    """Does not ask for the totals of its rows."""
    return connected(compare_totals=False)


@pytest.fixture
def october() -> Unit:
    """October 2026 of an account in New York, asked on 15 December."""
    account = Account(id=ACCOUNT_ID, name="Demo Shop", currency="USD", timezone="America/New_York")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
