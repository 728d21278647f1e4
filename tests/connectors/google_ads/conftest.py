"""A Google Ads that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypedDict

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.google_ads import GoogleAds

HOST = "https://googleads.googleapis.com/v26"
TOKEN = "https://oauth2.googleapis.com/token"


class RefusalStatus(TypedDict):
    message: str
    details: list[dict[str, object]]


class Refusal(TypedDict):
    error: RefusalStatus


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def token(self, text: str = "token-2") -> None:
        self.mock.post(TOKEN, json={"access_token": text, "expires_in": 3599, "token_type": "Bearer"})

    def search(
        self,
        *results: Mapping[str, object],
        account: str = "1112223334",
        token: str = "",
        total: int | None = None,
    ) -> None:
        page: dict[str, object] = {"results": list(results)} if results else {}
        if token:
            page["nextPageToken"] = token
        if total is not None:
            page["totalResultsCount"] = str(total)
        self.mock.post(f"{HOST}/customers/{account}/googleAds:search", json=page)

    def refuse(
        self,
        code: str,
        *,
        status: int = 400,
        account: str = "1112223334",
        details: dict[str, object] | None = None,
        times: int = 1,
    ) -> None:
        for _ in range(times):
            self.mock.post(
                f"{HOST}/customers/{account}/googleAds:search",
                json=self.refusal(code, details=details),
                status=status,
            )

    def invoices(self, *invoices: Mapping[str, object], account: str = "1112223334") -> None:
        answer = {"invoices": list(invoices)} if invoices else {}
        self.mock.get(f"{HOST}/customers/{account}/invoices", json=answer)

    @staticmethod
    def refusal(code: str, *, details: dict[str, object] | None = None) -> Refusal:
        """A GoogleAdsFailure as REST writes it."""
        kind, _, value = code.partition(".")
        fault = {"errorCode": {kind: value}, "message": f"told by Google: {value}", "details": details or {}}
        failure: dict[str, object] = {
            "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
            "errors": [fault],
            "requestId": "rq-body",
        }
        return {"error": {"message": "Refused.", "details": [failure]}}

    @property
    def calls(self) -> list[responses.Call]:
        """The calls, but for those that fetch a token."""
        return [call for call in self.mock.calls if call.request.url != TOKEN]

    @property
    def bodies(self) -> list[dict[str, str]]:
        return [json.loads(call.request.body) for call in self.calls if call.request.body]

    @property
    def queries(self) -> list[str]:
        return [body["query"] for body in self.bodies]


@pytest.fixture
def bare() -> Iterator[Api]:
    """Without an access token."""
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def api(bare: Api) -> Api:
    bare.token("token-1")
    return bare


@pytest.fixture
def google() -> GoogleAds:
    connector = GoogleAds(
        client_id="id", client_secret=SecretStr("hush"), refresh_token=SecretStr("refresh-1")
    )
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of account 1112223334, reached through manager 9990001112, asked on 15 December."""
    account = Account(
        id="1112223334", name="Shop DE", currency="EUR", timezone="Europe/Berlin", reached_by="9990001112"
    )
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
