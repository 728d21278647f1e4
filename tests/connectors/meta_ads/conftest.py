"""A Marketing API that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from pydantic import SecretStr
from responses import matchers

from adtally import Account, Unit, Window
from adtally_connectors.meta_ads import MetaAds

HOST = "https://graph.facebook.com/v26.0"
RUN = "777000111222333"
Json: TypeAlias = Mapping[str, object]


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    DONE: ClassVar[Json] = {"async_status": "Job Completed", "async_percent_completion": 100}
    FAILED: ClassVar[Json] = {
        "async_status": "Job Failed",
        "async_percent_completion": 0,
        "error_code": -2,
        "error_subcode": 2490547,
        "error_message": "Report failed",
    }

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def edge(
        self,
        path: str,
        *data: Json,
        following: str = "",
        headers: Mapping[str, str] | None = None,
        summary: Json | None = None,
    ) -> None:
        """One page of an edge; ``following`` is the query of the link to the next one."""
        page: dict[str, object] = {"data": list(data), "paging": {"cursors": {"before": "QA", "after": "QB"}}}
        if following:
            page["paging"] = {"next": f"{HOST}/{path}?{following}"}
        if summary is not None:
            page["summary"] = summary
        self.mock.get(f"{HOST}/{path}", json=page, headers=dict(headers or {}))

    @staticmethod
    def row(**changes: object) -> Json:
        """One row of insights as Meta writes it: every number is text."""
        return {
            "account_id": "900100200",
            "account_currency": "EUR",
            "campaign_id": "1201",
            "impressions": "10234",
            "clicks": "310",
            "inline_link_clicks": "190",
            "spend": "57.31",
            "date_start": "2026-10-20",
            "date_stop": "2026-10-20",
            **changes,
        }

    @staticmethod
    def action(kind: str, value: str = "", **windows: str) -> Json:
        """An action stat; windows are written ``c1d="2"`` for ``"1d_click": "2"``."""
        names = {"c1d": "1d_click", "c7d": "7d_click", "c28d": "28d_click", "v1d": "1d_view", "ev1d": "1d_ev"}
        told = {"action_type": kind} | ({"value": value} if value else {})
        return told | {names.get(name, name): count for name, count in windows.items()}

    def insights(
        self, *data: Json, following: str = "", account: str = "900100200", summary: Json | None = None
    ) -> None:
        self.edge(f"act_{account}/insights", *data, following=following, summary=summary)

    def result(self, *data: Json, following: str = "", run: str = RUN, summary: Json | None = None) -> None:
        """One page of a report that is ready, and the question beside it for the summary of all its rows."""
        page = {"data": list(data[:1])} | ({} if summary is None else {"summary": summary})
        one = matchers.query_param_matcher({"limit": "1"}, strict_match=False)
        self.mock.get(f"{HOST}/act_900100200/insights", json=page, match=[one])
        self.edge(f"{run}/insights", *data, following=following)

    def billed_on(self, *events: str, campaign: str = "1201", account: str = "900100200") -> None:
        """The campaign's ad sets, 1301 and so on, with their billing events."""
        rows = [
            {"id": str(number), "campaign_id": campaign, "billing_event": event}
            for number, event in enumerate(events, start=1301)
        ]
        self.edge(f"act_{account}/adsets", *rows)

    def run(self, *states: Json, run: str = RUN) -> None:
        """An asynchronous report that is asked for and goes through these states."""
        self.mock.post(f"{HOST}/act_900100200/insights", json={"report_run_id": run})
        for state in states or (self.DONE,):
            self.mock.get(f"{HOST}/{run}", json={"id": run, **state})

    def refuse(
        self,
        path: str,
        code: int,
        subcode: int = 0,
        *,
        status: int = 400,
        message: str = "told by Meta",
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        **more: object,
    ) -> None:
        fault: dict[str, object] = {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "Axyz",
            **more,
        }
        if subcode:
            fault["error_subcode"] = subcode
        for _ in range(times):
            self.mock.get(f"{HOST}/{path}", json={"error": fault}, status=status, headers=dict(headers or {}))

    @property
    def paths(self) -> list[str]:
        return [urlsplit(str(call.request.url)).path.removeprefix("/v26.0/") for call in self.mock.calls]

    @property
    def asked(self) -> list[dict[str, str]]:
        """The parameters of each call, from the query and the form."""
        return [_parameters(call.request) for call in self.mock.calls]


def _parameters(request: object) -> dict[str, str]:
    body = getattr(request, "body", None)
    text = body.decode() if isinstance(body, bytes) else body or ""
    found = parse_qs(urlsplit(str(getattr(request, "url", ""))).query) | parse_qs(text)
    return {name: value for name, [value] in found.items()}


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def meta() -> MetaAds:
    connector = MetaAds(access_token=SecretStr("hush"), business_id="555000")
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of account 900100200, asked on 15 December."""
    account = Account(id="900100200", name="Shop DE", currency="EUR", timezone="Europe/Berlin")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))


@pytest.fixture
def moving(october: Unit) -> Unit:
    """The same days on 3 November, when their impressions may still change between two questions."""
    return Unit(october.account, october.window, date(2026, 11, 3))
