"""Shopify's Admin API, faked for the sandbox: as strict as the real one, and as moody.

Source: Shopify GraphQL Admin API 2026-10, guides "API limits", "Response codes" and "Using the client
credentials grant"; read 2026-11. Once in a life of the fake a token expires early, a query is throttled, and
one fails inside.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

from adtally import world

from . import filters
from .graphql import Given, Mistake, Reader, Rows, cut_out
from .nodes import node, refund_node
from .orders import CURRENCY, SHOP, TIMEZONE, orders

CLIENT = {"client_id": "sandbox-shopify-client", "client_secret": "sandbox-shopify-client-secret"}
TOKEN = "sandbox-shopify-token-"
TOKEN_PATH, FORM = "/admin/oauth/access_token", "application/x-www-form-urlencoded"
PATH = re.compile(r"/admin/api/(\d{4}-\d{2}|unstable)/graphql\.json")
VERSION = "2026-10"
EARLY_EXPIRY, THROTTLED, BROKEN = 14, 4, 7
"""Which question of all is the one."""
SCOPES = ("read_orders", "read_all_orders")
MOST_POINTS, BUCKET, RESTORED = 1000, 2000.0, 100.0
SORTS = {"CREATED_AT", "ID", "UPDATED_AT", "PROCESSED_AT"}
REFUSED = "[API] Invalid API key or access token (unrecognized login or wrong password)"


class Asked(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    query: str
    variables: dict[str, object] = {}
    operation_name: str | None = None


class ShopifyFake:
    """Answers for the one shop of the world."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.orders = sorted(orders(played), key=lambda one: (one.created, one.order_id))
        self.nodes = {one.order_id: node(one) for one in self.orders}
        self.refunds = {
            one.refund_id: refund_node(one, self.nodes[order.order_id])
            for order in self.orders
            for one in order.refunds
        }
        self._lock = threading.Lock()
        self._asked = self._tokens = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {"shop": SHOP, **CLIENT, "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in Shopify's own form."""
        if request.path == TOKEN_PATH:
            return self._token(request)
        version = PATH.fullmatch(request.path)
        if version is None or request.method != "POST" or request.query:
            return world.json_reply({"errors": "Not Found"}, status=404)
        with self._lock:
            self._asked += 1
            asked, tokens = self._asked, self._tokens
        token = request.headers.get("x-shopify-access-token", "")
        known = {f"{TOKEN}{number}" for number in range(1, tokens + 1)}
        if token not in known or (token == f"{TOKEN}1" and asked > EARLY_EXPIRY):
            return world.json_reply({"errors": REFUSED}, status=401)
        if request.headers.get("content-type") != "application/json":
            return world.json_reply({"errors": "Unsupported Media Type"}, status=415)
        head = {"X-Shopify-API-Version": VERSION, "X-Request-Id": f"sandbox-{asked}"}
        return world.json_reply(self._graphql(request.body, asked), headers=head)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if request.method != "POST" or request.headers.get("content-type") != FORM:
            return world.json_reply({"error": "invalid_request"}, status=400)
        if form.get("grant_type") != "client_credentials":
            return world.json_reply({"error": "unsupported_grant_type"}, status=400)
        if any(form.get(name) != value for name, value in CLIENT.items()):
            return world.json_reply({"error": "application_cannot_be_found"}, status=400)
        with self._lock:
            self._tokens += 1
            token = f"{TOKEN}{self._tokens}"
        granted = {"access_token": token, "scope": ",".join(SCOPES), "expires_in": 86399}
        return world.json_reply(granted)

    def _graphql(self, body: bytes, number: int) -> dict[str, object]:
        """The document of the answer; a refusal is one, too."""
        cost, warnings = 0, list[object]()
        try:
            asked = msgspec.json.decode(body, type=Asked)
            fields = Reader(asked.query, asked.variables).fields()
            cost = sum(field.cost for field in fields)
            self._be_moody(number, cost)
            data = cut_out(fields, self._roots(warnings), "QueryRoot")
        except msgspec.DecodeError as error:
            return _refused(Mistake("BAD_REQUEST", f"Bad request: {error}"), cost, number)
        except Mistake as mistake:
            return _refused(mistake, cost, number)
        extensions = {"cost": _cost(cost, BUCKET - cost), **({"search": warnings} if warnings else {})}
        return {"data": data, "extensions": extensions}

    def _be_moody(self, number: int, cost: int) -> None:
        if cost > MOST_POINTS:
            told = f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST_POINTS})."
            raise Mistake("MAX_COST_EXCEEDED", told)
        if number == THROTTLED:
            raise Mistake("THROTTLED", "Throttled")
        if number == BROKEN:
            told = f"Internal error. Looks like something went wrong on our end. Request ID: {number}"
            raise Mistake("INTERNAL_SERVER_ERROR", told)

    def _roots(self, warnings: list[object]) -> dict[str, object]:
        def picked(given: Given) -> list[object]:
            asked = filters.read(str(given.get("query") or ""), TIMEZONE)
            if asked.warnings:
                warnings.append({"path": ["orders"], "query": given["query"], "warnings": asked.warnings})
            fitting = [one for one in self.orders if asked.fits(one.created, one.updated)]
            sort = given.get("sortKey", "PROCESSED_AT")
            if sort not in SORTS:
                raise Mistake("argumentLiteralsIncompatible", f"sortKey has an invalid value ({sort}).")
            if sort == "ID":
                fitting.sort(key=lambda one: one.order_id)
            elif sort == "UPDATED_AT":
                fitting.sort(key=lambda one: one.updated)
            return [self.nodes[one.order_id] for one in fitting]

        def refund(given: Given) -> object:
            return self.refunds.get(str(given.get("id")).removeprefix("gid://shopify/Refund/"))

        def counted(given: Given) -> object:
            count = len(picked({"query": given.get("query")}))
            limit = given.get("limit", 10_000)
            most = limit if isinstance(limit, int) else count
            return {"count": min(count, most), "precision": "EXACT" if count <= most else "AT_LEAST"}

        def listed(given: Given) -> object:
            return Rows(picked(given))

        scopes = [{"handle": handle} for handle in SCOPES]
        return {
            "shop": {
                "name": "Lindenhof",
                "myshopifyDomain": SHOP,
                "currencyCode": CURRENCY,
                "ianaTimezone": TIMEZONE,
            },
            "currentAppInstallation": {"accessScopes": scopes},
            "orders": listed,
            "ordersCount": counted,
            "refund": refund,
        }


def _cost(requested: int, available: float) -> dict[str, object]:
    bucket = {"maximumAvailable": BUCKET, "currentlyAvailable": available, "restoreRate": RESTORED}
    return {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": bucket}


def _refused(mistake: Mistake, cost: int, number: int) -> dict[str, object]:
    """A refusal comes with HTTP 200; to be throttled in the sandbox costs no time."""
    about = {"code": mistake.code}
    if mistake.code == "INTERNAL_SERVER_ERROR":
        about["requestId"] = f"sandbox-{number}"
    error = {"message": mistake.message, "extensions": about}
    available = float(cost) if mistake.code == "THROTTLED" else BUCKET
    return {"errors": [error], "extensions": {"cost": _cost(cost, available)}}
