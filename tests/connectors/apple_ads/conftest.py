"""An Apple that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import requests
import responses

from adtally import Account, Unit, Window
from adtally_connectors.apple_ads import AppleAds

from .builders import ACCOUNT, ROOT, TOKEN, Json, client


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def query(self, kind: str, *rows: Json, total: int | None = None, offset: int = 0) -> None:
        """One page of a list."""
        place = {"offset": offset, "pageSize": 1000, "totalCount": len(rows) if total is None else total}
        self.answer(f"{kind}/query", {"result": list(rows), "pagination": place, "error": None})

    def report(
        self,
        *rows: Json,
        level: str = "campaigns",
        product: str = "apps",
        grand: Json | None = None,
        total: int | None = None,
        offset: int = 0,
    ) -> None:
        """One page of a report."""
        place = {"offset": offset, "pageSize": 200, "totalCount": len(rows) if total is None else total}
        result: dict[str, object] = {"rows": list(rows)}
        if grand is not None:
            result["summary"] = {"grandTotal": grand}
        path = f"reports/{product}/{level}/query"
        self.answer(path, {"result": result, "pagination": place, "error": None})

    def answer(
        self, path: str, document: Json, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.mock.post(f"{ROOT}/{path}", json=document, status=status, headers=headers)

    def refuse(
        self,
        status: int,
        path: str = "campaigns/query",
        *,
        times: int = 1,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Refusals as Apple writes them."""
        error = {"code": f"CODE_{status}", "message": "told by Apple", "details": []}
        for _ in range(times):
            self.answer(path, {"error": error}, status=status, headers=headers)

    def asked_of(self, path: str) -> list[Json]:
        """The bodies of each call of a path."""
        calls = (call.request for call in self.mock.calls)
        return [json.loads(str(_text(call))) for call in calls if call.url == f"{ROOT}/{path}"]

    def filters_of(self, path: str) -> list[list[tuple[str, str, object]]]:
        """Field, operator and value of the filters of each call of a path."""
        bodies = self.asked_of(path)
        return [[(one["field"], one["operator"], one["value"]) for one in body["filters"]] for body in bodies]


def _text(request: requests.PreparedRequest) -> str:
    return request.body.decode() if isinstance(request.body, bytes) else str(request.body)


@pytest.fixture
def api() -> Iterator[Api]:
    """Apple, which gives one token."""
    with responses.RequestsMock() as mock:
        mock.post(TOKEN, json={"access_token": "tok_1", "token_type": "Bearer", "expires_in": 3600})
        yield Api(mock)


@pytest.fixture
def apple() -> AppleAds:
    return client()


@pytest.fixture
def unit() -> Callable[..., Unit]:
    """Makes units of an account in New York, asked on 10 November 2026."""

    def make(first: str = "2026-11-07", last: str = "2026-11-08", *campaigns: str, **changes: str) -> Unit:
        known = {"id": str(ACCOUNT), "currency": "USD", "timezone": "America/New_York"}
        account = Account(**(known | changes))  # type: ignore[arg-type]
        window = Window(date.fromisoformat(first), date.fromisoformat(last))
        return Unit(account, window, date(2026, 11, 10), campaigns=campaigns)

    return make
