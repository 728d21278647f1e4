"""A Pinterest that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from adtally import Account, Unit, Window
from adtally_connectors.pinterest_ads import PinterestAds

from .builders import ACCOUNT, ACCOUNT_ID, DAY, FILE, ROOT, Json, group


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def listed(self, kind: str, *items: Json, bookmark: str | None = None) -> None:
        """One page of a list of the account."""
        self.mock.get(f"{ACCOUNT}/{kind}", json={"items": list(items), "bookmark": bookmark})

    def groups(self, *groups: Json) -> None:
        self.listed("ad_groups", *(groups or (group(),)))

    def ordered(self, token: str = "abc123") -> None:
        answer = {"report_status": "IN_PROGRESS", "token": token, "message": None}
        self.mock.post(f"{ACCOUNT}/reports", json=answer)

    def looked_at(self, *states: str, url: str | None = FILE, size: int = 512) -> None:
        for state in states:
            told = {"url": url, "size": size} if state == "FINISHED" else {"url": None, "size": None}
            self.mock.get(f"{ACCOUNT}/reports", json={"report_status": state, **told})

    def finished(self, *rows: Json, url: str = FILE) -> None:
        """A report that is ready at the first look, by date."""
        self.ordered()
        self.looked_at("FINISHED", url=url)
        self.file(*rows, url=url)

    def file(self, *rows: Json, url: str = FILE) -> None:
        by_date: dict[str, list[Json]] = {}
        for row in rows:
            by_date.setdefault(str(row.get("DATE", DAY)), []).append(row)
        self.mock.get(url, json=by_date)

    def days(self, *rows: Json) -> None:
        """The account's own days."""
        self.mock.get(f"{ACCOUNT}/analytics", json=list(rows))

    def refuse(
        self,
        status: int,
        code: int = 0,
        message: str = "told by Pinterest",
        kind: str = "campaigns",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.mock.get(
            f"{ACCOUNT}/{kind}", status=status, json={"code": code, "message": message}, headers=headers
        )

    def asked_of(self, end: str, method: str = "GET") -> list[dict[str, list[str]]]:
        """The parameters of each call of a path that ends so."""
        calls = [call.request for call in self.mock.calls if call.request.method == method]
        urls = [urlsplit(str(call.url)) for call in calls]
        return [parse_qs(url.query) for url in urls if url.path.endswith(end)]

    @property
    def bodies(self) -> list[dict[str, object]]:
        """What was ordered."""
        return [
            json.loads(call.request.body or "")
            for call in self.mock.calls
            if call.request.method == "POST" and str(call.request.url).startswith(ROOT)
        ]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


def connector(**settings: object) -> PinterestAds:
    usual = {"access_token": "pina_hush", "poll_seconds": 0, "requests_per_second": None}
    made = PinterestAds.model_validate({**usual, "compare_totals": False, **settings})
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def pinterest() -> PinterestAds:
    """It takes reports as they come; test_totals.py has them compared with the account's days."""
    return connector()


@pytest.fixture
def october() -> Unit:
    """October 2026 of an account in dollars, asked on 15 December."""
    account = Account(id=ACCOUNT_ID, name="Demo Shop", currency="USD", timezone="UTC")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
