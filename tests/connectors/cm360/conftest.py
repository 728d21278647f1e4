"""A CM360 that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.cm360 import Cm360

from .builders import ADVERTISER, HOST, OWNER, TOKEN, Json

SAVED, FILE = "900001", "77"


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def token(self) -> None:
        self.mock.post(TOKEN, json={"access_token": "token-2", "expires_in": 3599, "token_type": "Bearer"})

    def listed(self, kind: str, *rows: Json, token: str = "", key: str = "") -> None:
        """One page of a list, which is named ``key`` or as the end of its path."""
        self.mock.get(
            f"{HOST}/{kind}", json={key or kind.rpartition("/")[2]: list(rows), "nextPageToken": token}
        )

    def refuse(
        self,
        reason: str,
        path: str = "campaigns",
        *,
        status: int = 403,
        headers: dict[str, str] | None = None,
    ) -> None:
        fault = {"message": f"told by Google: {reason}", "domain": "global", "reason": reason}
        body = {"error": {"code": status, "message": fault["message"], "errors": [fault]}}
        self.mock.get(f"{HOST}/{path}", json=body, status=status, headers=headers)

    def ordered(self, saved: str = SAVED) -> None:
        """A report is saved and run."""
        self.mock.post(f"{HOST}/reports", json={"id": saved, "kind": "dfareporting#report"})
        self.mock.post(f"{HOST}/reports/{saved}/run", json={"id": FILE, "status": "QUEUED"})

    def state(self, status: str, saved: str = SAVED, days: Json | None = None) -> None:
        """What a look at the file says."""
        told = {"id": FILE, "reportId": saved, "status": status} | ({"dateRange": days} if days else {})
        self.mock.get(f"{HOST}/reports/{saved}/files/{FILE}", json=told)

    def file(self, text: str | bytes, saved: str = SAVED) -> None:
        match = [responses.matchers.query_param_matcher({"alt": "media"})]
        self.mock.get(f"{HOST}/reports/{saved}/files/{FILE}", body=text, match=match)

    def deleted(self, saved: str = SAVED, *, status: int = 204) -> None:
        self.mock.delete(f"{HOST}/reports/{saved}", status=status)

    def report(self, text: str | bytes, *placements: Json) -> None:
        """A report from the list of placements to the end."""
        self.listed("placements", *placements)
        self.ordered()
        self.state("REPORT_AVAILABLE")
        self.file(text)
        self.deleted()

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Method and path of each call, without those that fetch a token."""
        asked = [call.request for call in self.mock.calls if call.request.url != TOKEN]
        return [(str(one.method), str(one.url).partition("?")[0].removeprefix(HOST)) for one in asked]

    def params(self, path: str) -> list[list[tuple[str, str]]]:
        """The parameters of each call of a path."""
        urls = [str(call.request.url) for call in self.mock.calls]
        return [parse_qsl(urlsplit(url).query) for url in urls if url.partition("?")[0] == f"{HOST}/{path}"]

    @property
    def bodies(self) -> list[dict[str, object]]:
        """What was sent as JSON."""
        return [
            json.loads(body) for call in self.mock.calls if (body := call.request.body or b"")[:1] == b"{"
        ]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        found = Api(mock)
        found.token()
        yield found


@pytest.fixture
def cm360() -> Cm360:
    connector = Cm360(
        client_id="client",
        client_secret=SecretStr("hush"),
        refresh_token=SecretStr("1//refresh"),
        profile_id="42",
        timezone="America/New_York",
        poll_seconds=0,
        requests_per_second=None,
    )
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of an advertiser in New York, asked on 15 December."""
    account = Account(
        id=ADVERTISER, name="Demo", currency="USD", timezone="America/New_York", manager_id=OWNER
    )
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
