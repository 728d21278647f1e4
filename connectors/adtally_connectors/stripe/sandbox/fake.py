"""The Stripe API, faked for the sandbox: as strict as the real one, and as moody.

Source: stripe-python 16.1.0, API version 2026-10-28.endive; stripe/stripe-node issue 2246 for the refusal of
``/v1/account``; read 2026-11. Once in a life of the fake a request is throttled and one fails inside.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from adtally import world

from .books import written
from .envelope import PAGING, Json, Refusal, check_names, chosen, expansions, page, refused

ACCOUNT, KEY = "acct_trailhead", "rk_sandbox_stripe_key"
MASKED = "rk_sandb*********_key"
VERSION = "2026-10-28.endive"
THROTTLED, BROKEN = 6, 11
NO_ACCOUNT = (
    f"The provided key '{MASKED}' does not have the required permissions for this endpoint on account "
    f"'{ACCOUNT}'. Having the 'rak_accounts_kyc_basic_read' permission would allow this request to continue."
)


class List(NamedTuple):
    """A list: what a row is called, by what it is filtered, and what of a row may be expanded."""

    noun: str
    equal: frozenset[str]
    expanded: frozenset[str] = frozenset()


LISTS = {
    "/v1/charges": List(
        "charge", frozenset(("payment_intent",)), frozenset(("payment_intent", "balance_transaction"))
    ),
    "/v1/refunds": List(
        "refund",
        frozenset(("charge", "payment_intent")),
        frozenset(("charge", "payment_intent", "balance_transaction")),
    ),
    "/v1/disputes": List(
        "dispute", frozenset(("charge", "payment_intent")), frozenset(("charge", "payment_intent"))
    ),
    "/v1/checkout/sessions": List("checkout.session", frozenset(("payment_intent", "status"))),
}


class StripeFake:
    """Answers for one Stripe account."""

    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, played: world.World, *, tells_itself: bool = False) -> None:
        """``tells_itself``: the key may read its account, which most restricted keys may not."""
        self.world, self.tells_itself = played, tells_itself
        books = written(played)
        self._rows = {
            "/v1/charges": _newest_first(books.charges),
            "/v1/refunds": _newest_first(books.refunds),
            "/v1/disputes": _newest_first(books.disputes),
            "/v1/checkout/sessions": _newest_first(books.sessions),
        }
        self._objects = {
            "charge": books.charges,
            "payment_intent": books.intents,
            "balance_transaction": books.ledger,
        }
        self._lock = threading.Lock()
        self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {"api_key": KEY, "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        with self._lock:
            self._asked += 1
            asked = self._asked
        request_id = f"req_sandbox{asked:06}"
        try:
            self._check_key(request.headers.get("authorization", ""))
            self._moods(asked)
            found = self._endpoint(request)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return world.json_reply(found, headers={"Request-Id": request_id, "Stripe-Version": VERSION})

    def _check_key(self, header: str) -> None:
        scheme, _, key = header.partition(" ")
        if scheme != "Bearer" or not key:
            raise Refusal(401, "You did not provide an API key.")
        if key != KEY:
            raise Refusal(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}")

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            raise Refusal(429, "Request rate limit exceeded.", code="rate_limit")
        if asked == BROKEN:
            raise Refusal(500, "An unknown error occurred.")

    def _endpoint(self, request: world.Request) -> Json:
        version = request.headers.get("stripe-version", "")
        if version != VERSION:
            raise Refusal(400, f"Invalid Stripe API version: {version}. The sandbox has {VERSION} only.")
        if request.method != "GET" and request.path in LISTS:
            raise Refusal(403, f"The provided key '{MASKED}' may only read.")
        match request.method, request.path:
            case "GET", "/v1/account":
                return self._account()
            case "GET", "/v1/balance":
                funds: Json = {"amount": 0, "currency": "usd", "source_types": {"card": 0}}
                return {"object": "balance", "available": [funds], "livemode": True, "pending": [funds]}
            case "GET", path if path in LISTS:
                return self._listed(path, request)
            case _:
                raise Refusal(404, f"Unrecognized request URL ({request.method}: {request.path}).")

    def _account(self) -> Json:
        if not self.tells_itself:
            raise Refusal(403, NO_ACCOUNT)
        return {
            "id": ACCOUNT,
            "object": "account",
            "business_profile": {"name": "Trailhead"},
            "default_currency": "usd",
            "settings": {"dashboard": {"display_name": "Trailhead", "timezone": "UTC"}},
        }

    def _listed(self, path: str, request: world.Request) -> Json:
        noun, equal, expandable = LISTS[path]
        check_names(request, {*PAGING, *equal, "created", "expand"})
        fields = expansions(request, expandable)
        rows = chosen(self._rows[path], request.query, equal)
        found, has_more = page(rows, request.query, noun)
        data = [{**row, **{name: self._expanded(name, row) for name in fields}} for row in found]
        return {"object": "list", "url": path, "has_more": has_more, "data": data}

    def _expanded(self, name: str, row: Json) -> Json | None:
        return self._objects[name].get(str(row[name]))


def _newest_first(rows: Mapping[str, Json]) -> list[Json]:
    return sorted(rows.values(), key=lambda row: (-int(str(row["created"])), str(row["id"])))
