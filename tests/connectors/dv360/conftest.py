"""A Google that answers what a test arranged, and the way to ask it."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr
from requests import PreparedRequest

from adtally import Account, Unit, Window
from adtally_connectors.dv360 import Dv360

from .builders import ADVERTISER_ID, BID_MANAGER, FILES, HOST, PARTNER_ID, TOKEN, Json

Parts = tuple[int, dict[str, str], str]
FOOTER = "\nReport Time:,2026/11/23 07:14 GMT\nFilter by Advertiser ID:,456\n"
NO_DATA = "No data returned by the reporting service."


class Api:
    """Lists and reports of one advertiser; what is arranged as a refusal comes first."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        self.lists: defaultdict[str, list[Json]] = defaultdict(list)
        self.refusals: defaultdict[str, list[Parts]] = defaultdict(list)
        self.rows: list[Mapping[str, str]] = []
        self.states: list[str] = []
        self.queries: dict[str, Json] = {}
        self.metadata: Json = {}
        self.edit: Callable[[list[list[str]]], list[list[str]]] = lambda lines: lines
        self.text = ""
        self.footer = FOOTER
        mock.post(TOKEN, json={"access_token": "token-1", "expires_in": 3599})
        mock.add_callback("GET", re.compile(re.escape(FILES)), self._file)
        mock.add_callback("GET", re.compile(re.escape(HOST)), self._listed)
        for method in ("GET", "POST", "DELETE"):
            mock.add_callback(method, re.compile(re.escape(BID_MANAGER)), self._report)

    def listed(self, kind: str, *rows: Json, token: str = "", archived: bool = False) -> None:
        """One page of a list, after those that were arranged before."""
        page = {kind: list(rows)} if rows else {}
        self.lists[f"{kind} archived" if archived else kind].append(page | {"nextPageToken": token})

    def tell(self, *rows: Mapping[str, str]) -> None:
        self.rows += rows

    def refuse(
        self,
        status: int,
        kind: str = "campaigns",
        *,
        message: str = "told by Google",
        name: str = "",
        reason: str = "",
        details: tuple[Json, ...] = (),
        headers: Mapping[str, str] | None = None,
        body: str = "",
        times: int = 1,
    ) -> None:
        """Refusals of a list, or of ``create``, ``run``, ``look``, ``delete`` or ``file``."""
        error: dict[str, object] = {"code": status, "message": message, "status": name}
        if reason:
            error["errors"] = [{"reason": reason, "message": message, "domain": "usageLimits"}]
        if details:
            error["details"] = details
        parts = (status, dict(headers or {}), body or json.dumps({"error": error}))
        self.refusals[kind] += [parts] * times

    def asked_of(self, kind: str) -> list[dict[str, str]]:
        """The parameters of each call of a list."""
        calls = [str(call.request.url) for call in self.mock.calls]
        parts = [urlsplit(url) for url in calls if url.startswith(HOST)]
        return [dict(parse_qsl(one.query)) for one in parts if one.path.endswith(f"/{kind}")]

    @property
    def cycle(self) -> list[str]:
        """What was asked about reports, in order: the method and the end of the path."""
        calls = [call.request for call in self.mock.calls]
        return [
            f"{one.method} {str(one.url).removeprefix(BID_MANAGER)}"
            for one in calls
            if str(one.url).startswith((BID_MANAGER, FILES))
        ]

    @property
    def bodies(self) -> list[dict[str, dict[str, object]]]:
        """What was saved as a query, also where it was refused."""
        calls = (call.request for call in self.mock.calls)
        return [json.loads(one.body or "") for one in calls if _is_create(one)]

    def _listed(self, request: PreparedRequest) -> Parts:
        url = urlsplit(str(request.url))
        kind = url.path.rpartition("/")[2]
        if self.refusals[kind]:
            return self.refusals[kind].pop(0)
        given = dict(parse_qsl(url.query))
        name = f"{kind} archived" if "ARCHIVED" in given.get("filter", "") else kind
        if kind == "invoices":
            name = f"invoices {given['issueMonth']}"
        pages = self.lists[name] or [{}]
        return 200, {}, json.dumps(pages.pop(0) if len(pages) > 1 else pages[0])

    def _report(self, request: PreparedRequest) -> Parts:
        method, path = str(request.method), str(request.url).removeprefix(BID_MANAGER)
        kind = {"DELETE": "delete", "GET": "look"}.get(method, "run" if path else "create")
        if self.refusals[kind]:
            return self.refusals[kind].pop(0)
        if kind == "create":
            query_id = str(900_001 + len(self.queries))
            self.queries[query_id] = json.loads(request.body or "")
            return 200, {}, json.dumps({"queryId": query_id})
        if kind == "delete":
            return 200, {}, "{}"
        query_id = path.strip("/").partition(":")[0].partition("/")[0]
        state = "QUEUED" if kind == "run" else self.states.pop(0) if self.states else "DONE"
        metadata: dict[str, object] = {"status": {"state": state, "format": "CSV"}, **self.metadata}
        if state == "DONE":
            metadata.setdefault("googleCloudStoragePath", f"{FILES}{query_id}.csv?sig=abc")
        return 200, {}, json.dumps({"key": {"queryId": query_id, "reportId": "77"}, "metadata": metadata})

    def _file(self, request: PreparedRequest) -> Parts:
        assert "Authorization" not in request.headers
        if self.refusals["file"]:
            return self.refusals["file"].pop(0)
        query = self.queries[str(request.url).removeprefix(FILES).partition(".")[0]]["params"]
        assert isinstance(query, dict)
        groups, metrics = ([_short(name) for name in query[key]] for key in ("groupBys", "metrics"))
        lines = [[*groups, *metrics]]
        lines += [[row.get(name, "0") for name in (*groups, *metrics)] for row in self.rows]
        if self.rows:
            totals = [_total(row.get(name, "0") for row in self.rows) for name in metrics]
            lines.append([*("" for _ in groups), *totals])
        else:
            lines.append([NO_DATA])
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.edit(lines))
        return 200, {"Content-Type": "text/csv"}, self.text or text.getvalue() + self.footer


def _short(name: str) -> str:
    return name.partition("_")[2]


def _total(cells: Iterator[str]) -> str:
    return str(sum((Decimal(cell) for cell in cells if cell not in ("", "-", "Unknown")), Decimal(0)))


def _is_create(request: PreparedRequest) -> bool:
    return request.method == "POST" and request.url == BID_MANAGER


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Api(mock)


def connector(**fields: object) -> Dv360:
    usual = {
        "partner_id": PARTNER_ID,
        "client_id": "id",
        "client_secret": SecretStr("hush-secret"),
        "refresh_token": SecretStr("refresh-1"),
        "poll_seconds": 0,
        "requests_per_second": None,
    }
    made = Dv360.model_validate(usual | fields)
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def dv360() -> Dv360:
    return connector()


@pytest.fixture
def october() -> Unit:
    """October 2026 of an advertiser in Berlin, asked on 15 December."""
    account = Account(id=ADVERTISER_ID, name="Nordwind", currency="EUR", timezone="Europe/Berlin")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
