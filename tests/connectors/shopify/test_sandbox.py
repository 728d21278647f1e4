"""The sandbox's shop is as strict and as moody as the real one."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

import pytest

from adtally import world
from adtally_connectors.shopify import queries
from adtally_connectors.shopify.sandbox import ShopifyFake
from adtally_connectors.shopify.sandbox.graphql import Reader
from adtally_connectors.shopify.sandbox.prices import Price, bag

from ..trials import played

TOKEN, GRAPHQL = "/admin/oauth/access_token", "/admin/api/2026-10/graphql.json"
FORM = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-shopify-client",
    "client_secret": "sandbox-shopify-client-secret",
}
OCTOBER = "created_at:>='2026-10-01T00:00:00+02:00' created_at:<'2026-11-01T00:00:00+01:00'"
LIST = """query($q: String!, $n: Int!, $after: String) {
  orders(query: $q, first: $n, after: $after, sortKey: CREATED_AT) {
    pageInfo { hasNextPage endCursor } nodes { id createdAt updatedAt }
  }
}"""


class Client:
    """Somebody who asks the fake directly, of a shop without campaigns."""

    def __init__(self) -> None:
        self.fake = ShopifyFake(replace(played(), evidence=()))
        self.token = ""

    def sign_in(self, kind: str = "application/x-www-form-urlencoded", **changes: str) -> world.Reply:
        body = urlencode({**FORM, **changes}).encode()
        reply = self.fake.answer(world.Request("POST", TOKEN, {}, {"content-type": kind}, body))
        self.token = json.loads(reply.body).get("access_token", "")
        return reply

    def send(self, body: bytes, path: str = GRAPHQL, **changes: str) -> world.Reply:
        headers = {"x-shopify-access-token": self.token, "content-type": "application/json", **changes}
        return self.fake.answer(world.Request("POST", path, {}, headers, body))

    def ask(self, document: str, **variables: object) -> dict[str, object]:
        reply = self.send(json.dumps({"query": document, "variables": variables}).encode())
        assert reply.status == 200
        found: dict[str, object] = json.loads(reply.body)
        return found

    def listed(self, query: str, size: int = 100, after: str | None = None) -> Mapping[str, object]:
        answer = self.ask(LIST, q=query, n=size, after=after)
        found: dict[str, dict[str, object]] = answer["data"]  # type: ignore[assignment]
        return found["orders"]


@pytest.fixture
def client() -> Client:
    found = Client()
    found.sign_in()
    return found


def code(answer: dict[str, object]) -> str:
    [error] = cast("list[dict[str, dict[str, str]]]", answer["errors"])
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"client_secret": "wrong"},
        {"grant_type": "password"},
        {"kind": "application/json"},
    ],
)
def test_a_token_is_given_only_for_the_right_grant(changes: dict[str, str]) -> None:
    assert Client().sign_in(**changes).status == 400


@pytest.mark.parametrize(
    ("changes", "path", "status"),
    [
        ({"x-shopify-access-token": "made-up"}, GRAPHQL, 401),
        ({"content-type": "application/graphql"}, GRAPHQL, 415),
        ({}, "/admin/api/2026-10/orders.json", 404),
        ({}, "/admin/api/v1/graphql.json", 404),
    ],
)
def test_who_is_not_signed_in_or_asks_elsewhere_is_refused(
    client: Client, changes: dict[str, str], path: str, status: int
) -> None:
    body = json.dumps({"query": queries.SHOP}).encode()

    assert client.send(body, path, **changes).status == status


def test_another_version_is_answered_by_the_one_that_there_is(client: Client) -> None:
    reply = client.send(json.dumps({"query": queries.SHOP}).encode(), GRAPHQL.replace("2026-10", "2024-01"))

    assert (reply.status, reply.headers["X-Shopify-API-Version"]) == (200, "2026-10")


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        ("query { shop { email } }", {}, "undefinedField"),
        ("query { customers(first: 1) { nodes { id } } }", {}, "undefinedField"),
        ("query { shop }", {}, "selectionMismatch"),
        ("query { shop(id: 1) { name } }", {}, "argumentNotAccepted"),
        ("query { orders { nodes { id } } }", {}, "BAD_REQUEST"),
        ("query { orders(first: 251) { nodes { id } } }", {}, "BAD_REQUEST"),
        ('query { orders(first: 1, after: "x") { nodes { id } } }', {}, "BAD_REQUEST"),
        ("query { orders(first: 1, status: any) { nodes { id } } }", {}, "argumentNotAccepted"),
        ("query { orders(first: 1, sortKey: MOON) { nodes { id } } }", {}, "argumentLiteralsIncompatible"),
        ("query($q: String!) { orders(query: $q, first: 1) { nodes { id } } }", {}, "INVALID_VARIABLE"),
        ("query { orders(query: $q, first: 1) { nodes { id } } }", {"q": ""}, "variableNotDefined"),
        ("query { shop { name } }", {"q": ""}, "variableNotDefined"),
        ("mutation { shop { name } }", {}, "parseError"),
        ("query { shop { name }", {}, "parseError"),
        ("query { shop { name } } }", {}, "parseError"),
        ("query { shop { name ~ } }", {}, "parseError"),
        ("query { orders(first: 250) { nodes { id totalTaxSet { shopMoney { amount } } "
         "netPaymentSet { shopMoney { amount } } } } }", {}, "MAX_COST_EXCEEDED"),
    ],
)  # fmt: skip
def test_a_query_that_is_none_is_refused(
    client: Client, document: str, variables: dict[str, object], expected: str
) -> None:
    assert code(client.ask(document, **variables)) == expected


def test_a_body_that_is_no_query_is_refused(client: Client) -> None:
    for body in (b"{}", b"query { shop { name } }", b'{"query": "", "variable": {}}'):
        assert code(json.loads(client.send(body).body)) in ("BAD_REQUEST", "THROTTLED")


def test_what_the_connector_asks_costs_less_than_is_allowed() -> None:
    asked: list[tuple[str, dict[str, object]]] = [
        (queries.ORDERS, {"query": "", "first": queries.ORDERS_SIZE}),
        (queries.REFUNDED, {"query": "", "first": queries.REFUNDED_SIZE}),
        (queries.REFUND, {"id": "x", "first": queries.LINES}),
        (queries.EXPECTED, {"query": ""}),
    ]

    costs = [sum(field.cost for field in Reader(document, given).fields()) for document, given in asked]

    assert max(costs) <= 1000


def test_pages_follow_each_other_in_order(client: Client) -> None:
    first = client.listed(OCTOBER, 60)
    info: dict[str, object] = first["pageInfo"]  # type: ignore[assignment]
    second = client.listed(OCTOBER, 250, str(info["endCursor"]))

    rows: list[dict[str, str]] = [*first["nodes"], *second["nodes"]]  # type: ignore[misc]
    created = [row["createdAt"] for row in rows]
    assert created == sorted(created)
    assert len({row["id"] for row in rows}) == len(rows)
    assert min(created) >= "2026-09-30T22:00:00Z"
    assert max(created) < "2026-10-31T23:00:00Z"
    assert second["pageInfo"] == {"hasNextPage": False, "endCursor": f"eyJ{len(rows)}"}


def test_orders_are_counted_up_to_the_limit(client: Client) -> None:
    def count(limit: str) -> object:
        document = f"query($q: String!) {{ ordersCount(query: $q{limit}) {{ count precision }} }}"
        data: dict[str, object] = client.ask(document, q=OCTOBER)["data"]  # type: ignore[assignment]
        return data["ordersCount"]

    rows: list[object] = client.listed(OCTOBER, 250)["nodes"]  # type: ignore[assignment]
    assert count(", limit: null") == {"count": len(rows), "precision": "EXACT"}
    assert count(", limit: 5") == {"count": 5, "precision": "AT_LEAST"}


def test_a_filter_that_is_not_understood_is_left_out_with_a_warning(client: Client) -> None:
    answer = client.ask(LIST, q="made_at:>='2026-10-01' created_at:>='soon'", n=250, after=None)

    extensions: dict[str, list[dict[str, list[dict[str, str]]]]] = answer["extensions"]  # type: ignore[assignment]
    [search] = extensions["search"]
    assert [warning["field"] for warning in search["warnings"]] == ["made_at", "created_at"]


def test_an_instant_without_an_offset_is_one_of_the_shops_clock(client: Client) -> None:
    without = client.listed("created_at:>='2026-10-31T00:00:00' created_at:<'2026-11-01T00:00:00'")

    with_one = client.listed("created_at:>='2026-10-30T23:00:00Z' created_at:<'2026-10-31T23:00:00Z'")
    assert without["nodes"] == with_one["nodes"] != []


def test_once_it_throttles_once_it_fails_and_once_a_token_expires_early(client: Client) -> None:
    refused: list[object] = []
    for _ in range(30):
        reply = client.send(json.dumps({"query": queries.SHOP}).encode())
        answer = json.loads(reply.body)
        if reply.status == 401:
            refused.append(401)
            client.sign_in()
        elif "errors" in answer:
            refused.append(code(answer))

    assert refused == ["THROTTLED", "INTERNAL_SERVER_ERROR", 401]


def test_amounts_are_written_without_trailing_zeros() -> None:
    def text(micros: int) -> object:
        found: dict[str, str] = bag(micros, "EUR")["shopMoney"]  # type: ignore[assignment]
        return found["amount"]

    assert [text(84_000_000), text(84_500_000), text(10_000), text(0)] == ["84.0", "84.5", "0.01", "0.0"]
    price = Price(100_000_000, 11_900_000)
    assert (price.subtotal, price.tax, price.total) == (119_000_000, 20_900_000, 130_900_000)
