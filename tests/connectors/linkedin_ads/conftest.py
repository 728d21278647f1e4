"""A LinkedIn that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.linkedin_ads import LinkedInAds

from .builders import ACCOUNT_ID, CAMPAIGNS, HOST, REPORT, Json


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def page(self, path: str, *elements: Json, token: str = "") -> None:
        """One page of a list; ``token`` leads to the next one."""
        metadata = {"nextPageToken": token} if token else {}
        self.mock.get(f"{HOST}/{path}", json={"metadata": metadata, "elements": elements})

    def one(self, path: str, document: Json) -> None:
        self.mock.get(f"{HOST}/{path}", json=document)

    def campaigns(self, *rows: Json) -> None:
        self.page(CAMPAIGNS, *rows)

    def report(self, *rows: Json) -> None:
        paging = {"start": 0, "count": 10, "links": []}
        self.mock.get(f"{HOST}/{REPORT}", json={"paging": paging, "elements": rows})

    def refuse(
        self,
        status: int,
        path: str = REPORT,
        *,
        code: str = "",
        message: str = "told by LinkedIn",
        headers: dict[str, str] | None = None,
    ) -> None:
        body = {"status": status, "code": code, "message": message}
        self.mock.get(
            f"{HOST}/{path}", json=body, status=status, headers={"x-li-uuid": "u-1"} | (headers or {})
        )

    def asked_of(self, path: str) -> list[str]:
        """The query of each call of a path, as it was sent."""
        urls = (urlsplit(str(call.request.url)) for call in self.mock.calls)
        return [url.query for url in urls if url.path == f"/{path}"]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def linkedin() -> LinkedInAds:
    """It takes rows as they come; test_totals.py has them compared with the account's."""
    connector = LinkedInAds(access_token=SecretStr("tok_x"), requests_per_second=None, compare_totals=False)
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def app() -> LinkedInAds:
    """The same with a refresh token."""
    connector = LinkedInAds(
        client_id="app_x",
        client_secret=SecretStr("hush_x"),
        refresh_token=SecretStr("refresh_x"),
        requests_per_second=None,
    )
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of an account in euros, asked on 15 December."""
    account = Account(id=ACCOUNT_ID, name="Nordwind EU", currency="EUR", timezone="UTC")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
