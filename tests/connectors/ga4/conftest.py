"""A GA4 that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Evidence, Unit, Window
from adtally_connectors.ga4 import Ga4

from .builders import PROPERTY, REPORT, REST, TOKEN, UTM, Json, refusal, report


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def token(self) -> None:
        self.mock.post(TOKEN, json={"access_token": "token-2", "expires_in": 3599, "token_type": "Bearer"})

    def page(self, page: Json) -> None:
        self.mock.post(REPORT, json=page)

    def reports(self, google: Json | None = None, utm: Json | None = None, rest: Json | None = None) -> None:
        """All three reports of a unit; what is not given is empty."""
        for page in (
            google or report(),
            utm or report(columns=UTM),
            rest or report(columns=REST),
        ):
            self.page(page)

    def refuse(
        self,
        status: int,
        name: str,
        message: str = "told by Google",
        *reasons: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.mock.post(REPORT, json=refusal(status, name, message, *reasons), status=status, headers=headers)

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
def ga4() -> Ga4:
    connector = Ga4(
        client_id="client",
        client_secret=SecretStr("hush"),
        refresh_token=SecretStr("1//refresh"),
        property_ids=(PROPERTY,),
        requests_per_second=None,
    )
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of a property in Berlin, asked on 15 December."""
    account = Account(id=PROPERTY, currency="EUR", timezone="Europe/Berlin")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))


def told(ga4: Ga4, unit: Unit) -> list[Evidence]:
    return list(ga4.sessions_daily(unit))
