"""A Snapchat that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, ORGANIZATION_ID, PACIFIC, ROOT, TOKEN, Json, stat


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def token(self, text: str = "token-1", **more: object) -> None:
        self.mock.post(TOKEN, json={"access_token": text, "expires_in": 1800, "token_type": "Bearer", **more})

    def listed(self, path: str, *rows: Json, following: str = "") -> None:
        """One page of a list, whose items carry its singular."""
        name = path.rpartition("/")[2]
        items = [{"sub_request_status": "SUCCESS", name.removesuffix("s"): row} for row in rows]
        self.answer(path, {name: items, "paging": {"next_link": following} if following else {}})

    def of_account(self, kind: str, *rows: Json, following: str = "") -> None:
        self.listed(f"adaccounts/{ACCOUNT_ID}/{kind}", *rows, following=following)

    def stats(
        self,
        told: Json,
        *,
        owner: str = f"adaccounts/{ACCOUNT_ID}",
        following: str = "",
        status: str = "success",
    ) -> None:
        items = [{"sub_request_status": status, "timeseries_stat": told}]
        paging = {"next_link": following} if following else {}
        self.answer(f"{owner}/stats", {"timeseries_stats": items, "paging": paging})

    def broken_down(self, level: str, *parts: Json, following: str = "", **changes: object) -> None:
        """Stats of the account by what is below it."""
        self.stats(stat(breakdown_stats={level: list(parts)}, **changes), following=following)

    def answer(self, path: str, document: Json) -> None:
        known = {"request_status": "SUCCESS", "request_id": "rq-0"}
        self.mock.get(f"{ROOT}/{path}", json={**known, **document})

    def refuse(self, path: str, status: int, code: str = "", message: str = "told by Snapchat") -> None:
        body = {"request_status": "ERROR", "request_id": "rq-1", "debug_message": message, "error_code": code}
        self.mock.get(f"{ROOT}/{path}", json=body, status=status)

    @property
    def calls(self) -> list[responses.Call]:
        """The calls, but for those that fetch a token."""
        return [call for call in self.mock.calls if call.request.url != TOKEN]

    def asked_of(self, end: str) -> list[dict[str, str]]:
        """The parameters of each call of a path that ends so."""
        urls = [urlsplit(str(call.request.url)) for call in self.calls]
        return [dict(parse_qsl(url.query)) for url in urls if url.path.endswith(end)]


@pytest.fixture
def bare() -> Iterator[Api]:
    """Without an access token."""
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def api(bare: Api) -> Api:
    bare.token()
    return bare


@pytest.fixture
def snapchat() -> SnapchatAds:
    """It takes stats as they come; test_totals.py has them compared with the account's."""
    return connector(compare_totals=False)


def connector(**settings: object) -> SnapchatAds:
    secrets = {"client_secret": SecretStr("hush"), "refresh_token": SecretStr("refresh-1")}
    made = SnapchatAds.model_validate({"client_id": "id", **secrets, **settings})
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def october() -> Unit:
    """Four weeks of October 2026 of an account in Los Angeles, asked on 15 December."""
    account = Account(
        id=ACCOUNT_ID, name="Demo Shop", currency="USD", timezone=PACIFIC, manager_id=ORGANIZATION_ID
    )
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 28)), date(2026, 12, 15))
