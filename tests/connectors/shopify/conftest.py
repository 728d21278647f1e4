"""A Shopify that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import cast

import pytest
import responses
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally_connectors.shopify import Shopify

from .builders import GRAPHQL, Json

COST = {
    "requestedQueryCost": 152,
    "actualQueryCost": 34,
    "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 1966.0, "restoreRate": 100.0},
}


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def data(self, data: Json, extensions: Json | None = None, *, version: str = "") -> None:
        body = {"data": data, "extensions": {"cost": COST, **(extensions or {})}}
        headers = {"X-Shopify-API-Version": version} if version else None
        self.mock.post(GRAPHQL, json=body, headers=headers)

    def expected(self, count: int, *scopes: str) -> None:
        """How many orders there are, and what the app may see."""
        handles = [{"handle": scope} for scope in scopes or ("read_orders", "read_all_orders")]
        self.data(
            {
                "ordersCount": {"count": count, "precision": "EXACT"},
                "currentAppInstallation": {"accessScopes": handles},
            }
        )

    def page(self, *rows: Json, cursor: str = "", **extensions: object) -> None:
        info = {"hasNextPage": bool(cursor), "endCursor": cursor or None}
        self.data({"orders": {"pageInfo": info, "nodes": list(rows)}}, extensions)

    def orders(self, *rows: Json) -> None:
        """A list of one page from the count to the end."""
        self.expected(len(rows))
        self.page(*rows)

    def refuse(self, code: str, data: Json | None = None, *, cost: Json = COST, **about: str) -> None:
        """A refusal as Shopify writes it: with HTTP status 200."""
        error = {"message": f"told by Shopify: {code}", "extensions": {"code": code, **about}}
        self.mock.post(GRAPHQL, json={"data": data, "errors": [error], "extensions": {"cost": cost}})

    def status(self, status: int, errors: object = "told by Shopify", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.mock.post(GRAPHQL, json={"errors": errors}, status=status, headers=named)

    @property
    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(call.request.body or b"") for call in self.mock.calls]

    @property
    def asked(self) -> list[dict[str, object]]:
        """The variables of each query that has some."""
        return [cast("dict[str, object]", one["variables"]) for one in self.bodies if "variables" in one]

    @property
    def documents(self) -> list[str]:
        return [str(one["query"]) for one in self.bodies]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def shopify() -> Shopify:
    connector = Shopify(shop="demo-shop", access_token=SecretStr("shpat_synthetic"))
    connector.http.sleep = lambda _: None
    return connector


@pytest.fixture
def october() -> Unit:
    """October 2026 of a shop in Berlin, asked on 15 December."""
    account = Account(id="demo-shop.myshopify.com", name="Demo", currency="EUR", timezone="Europe/Berlin")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 31)), date(2026, 12, 15))
