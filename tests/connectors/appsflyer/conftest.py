"""An AppsFlyer that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.appsflyer import AppsFlyer

from .builders import APP, APPS, LAST_UPDATE, MASTER, PULL, Json


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def listed(self, *apps: Json, total: int | None = None) -> None:
        """One page of the list of apps."""
        meta = {} if total is None else {"meta": {"total_items": total}}
        self.mock.get(APPS, json={"data": list(apps), **meta})

    def computed(self, text: str = "2026-11-30") -> None:
        self.mock.get(LAST_UPDATE, body=text, content_type="text/plain")

    def master(self, *rows: Json) -> None:
        """A report of the Master API, whose days are all computed."""
        self.computed()
        self.mock.get(MASTER, json=list(rows))

    def pull(self, text: str) -> None:
        self.mock.get(PULL, body=text, content_type="text/csv")

    def refuse(self, url: str, status: int, body: str, *, as_json: bool = True) -> None:
        if url == MASTER:
            self.computed()
        kind = "application/json" if as_json else "text/html"
        self.mock.get(url, body=body, status=status, content_type=kind)

    def asked(self, url: str) -> list[dict[str, str]]:
        """The parameters of each question to a URL."""
        calls = [str(call.request.url) for call in self.mock.calls]
        return [dict(parse_qsl(urlsplit(one).query)) for one in calls if one.partition("?")[0] == url]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


def connector(**fields: object) -> AppsFlyer:
    """A connector that never waits."""
    settings = {"api_token": SecretStr("hush-hush"), "app_ids": [APP], "requests_per_second": None}
    made = AppsFlyer.model_validate(settings | fields)
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def appsflyer() -> AppsFlyer:
    return connector()


@pytest.fixture
def by_name() -> AppsFlyer:
    """The same of a plan without the Master API."""
    return connector(master_api=False)


def asked_for(first: date, last: date) -> Unit:
    account = Account(id=APP, name="Demo", currency="EUR", timezone="Europe/Paris")
    return Unit(account, Window(first, last), date(2026, 12, 15))


@pytest.fixture
def october() -> Unit:
    """October 2026 of an app in Paris, asked on 15 December."""
    return asked_for(date(2026, 10, 1), date(2026, 10, 31))
