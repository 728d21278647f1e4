"""A Stripe that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Evidence, Unit, Window
from adtally_connectors.stripe import Stripe

from .builders import ACCOUNT, HOST, KEY, Json, listed, refusal

SESSIONS = "checkout/sessions"
DENIED = refusal(
    "The provided key 'rk_live_*****demo' does not have the required permissions for this endpoint on "
    "account 'acct_demo'. Having the 'rak_some_read' permission would allow this request to continue."
)


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def answer(
        self, path: str, document: Json, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.mock.get(f"{HOST}/v1/{path}", json=document, status=status, headers=headers)

    def page(self, path: str, *rows: Json, has_more: bool = False) -> None:
        self.answer(path, listed(*rows, has_more=has_more))

    def deny(self, path: str) -> None:
        self.answer(path, DENIED, status=403)

    def payments(self, *charges: Json, sessions: tuple[Json, ...] = ()) -> None:
        """What a unit of payments asks for."""
        self.page(SESSIONS, *sessions)
        self.page("charges", *charges)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The parameters of each call of a path."""
        urls = [urlsplit(str(call.request.url)) for call in self.mock.calls]
        return [dict(parse_qsl(url.query)) for url in urls if url.path == f"/v1/{path}"]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def stripe() -> Stripe:
    connector = Stripe(api_key=SecretStr(KEY), requests_per_second=None)
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def week() -> Unit:
    """The first seven days of October 2026 in UTC, asked on 10 November."""
    return unit("UTC")


def unit(timezone: str) -> Unit:
    account = Account(id=ACCOUNT, currency="USD", timezone=timezone)
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 7)), date(2026, 11, 10))


def paid(
    api: Api, stripe: Stripe, asked: Unit, *charges: Json, sessions: tuple[Json, ...] = ()
) -> list[Evidence]:
    """What is told of these charges."""
    api.payments(*charges, sessions=sessions)
    return list(stripe.payments(asked))


def back(api: Api, stripe: Stripe, asked: Unit, row: Json, *sessions: Json) -> Evidence:
    """What is told of one refund, whose session is asked for."""
    api.page("refunds", row)
    api.page(SESSIONS, *sessions)
    [record] = stripe.refunds(asked)
    return record


def contested(api: Api, stripe: Stripe, asked: Unit, row: Json, *sessions: Json) -> Evidence:
    """What is told of one dispute, whose session is asked for."""
    api.page("disputes", row)
    api.page(SESSIONS, *sessions)
    [record] = stripe.disputes(asked)
    return record
