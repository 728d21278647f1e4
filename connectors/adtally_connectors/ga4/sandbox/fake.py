"""The GA4 Data API, faked for the sandbox: as strict as the real one, and as moody.

Source: GA4 Data API v1beta, runReport; Google's token endpoint; read 2026-11. Once in a life of the fake a
token expires early, a request is too much at once, and one fails inside.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import cache
from urllib.parse import parse_qsl

from adtally import world

from . import envelope
from .envelope import Refusal, invalid, refused
from .reports import report
from .visits import PROPERTIES, Visits, visits

CLIENT = {
    "client_id": "sandbox-ga4-client",
    "client_secret": "sandbox-ga4-client-secret",
    "refresh_token": "sandbox-ga4-refresh-token",
}
TOKEN = "sandbox-ga4-token-"
THROTTLED, BROKEN, EARLY_EXPIRY = 5, 9, 12
PATH = re.compile(r"/v1beta/properties/([^/:]+):(\w+)")


class Ga4Fake:
    """Answers for every property of the world."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self._visits = cache(self._counted)
        self._lock = threading.Lock()
        self._asked = self._tokens = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {**CLIENT, "property_ids": list(PROPERTIES), "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        try:
            return self._token(request) if request.path == "/token" else self._api(request)
        except Refusal as refusal:
            return refused(refusal)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        if request.method != "POST" or form.get("grant_type") != "refresh_token":
            return world.json_reply({"error": "unsupported_grant_type"}, status=400)
        if any(form.get(name) != CLIENT[name] for name in ("client_id", "client_secret")):
            return world.json_reply({"error": "invalid_client"}, status=401)
        if form.get("refresh_token") != CLIENT["refresh_token"]:
            told = "Token has been expired or revoked."
            return world.json_reply({"error": "invalid_grant", "error_description": told}, status=400)
        with self._lock:
            self._tokens += 1
            token = f"{TOKEN}{self._tokens}"
        return world.json_reply({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _api(self, request: world.Request) -> world.Reply:
        path = PATH.fullmatch(request.path)
        if path is None or (request.method, path[2]) != ("POST", "runReport"):
            raise Refusal(404, "The requested URL was not found on this server.")
        self._check_token(request.headers.get("authorization", ""))
        if not path[1].isdigit():
            raise invalid(f"Invalid property ID: {path[1]}. A numeric Property ID is required.")
        if path[1] not in PROPERTIES:
            raise Refusal(403, "User does not have sufficient permissions for this property.")
        if request.query or request.headers.get("content-type") != "application/json":
            raise invalid("Invalid request: a body of JSON and no parameters are expected.")
        asked = envelope.asked(request.body)
        counted, source = self._visits(path[1]), PROPERTIES[path[1]]
        return world.json_reply(report(asked, counted, source, self.world.today))

    def _check_token(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        number = token.removeprefix(TOKEN)
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known
            asked = self._asked
        if scheme != "Bearer" or not known or (number == "1" and asked > EARLY_EXPIRY):
            raise Refusal(401, "Request had invalid authentication credentials.")
        if asked == THROTTLED:
            raise Refusal(429, "Exhausted concurrent requests quota. Please send requests sequentially.")
        if asked == BROKEN:
            raise Refusal(503, "The service is currently unavailable.")

    def _counted(self, property_id: str) -> list[Visits]:
        return visits(self.world, property_id)
