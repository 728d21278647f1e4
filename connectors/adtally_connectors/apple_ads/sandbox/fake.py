"""The Apple Ads Platform API, faked for the sandbox: as strict as the real one, and as moody.

Source: Apple Ads Platform API 1.0, "Calling the Apple Ads Platform API", "Rate Limits", "ErrorResponse"; read
2026-11. Once in a life of the fake a token expires early, a request is throttled, hardly any request is left,
one fails inside, and one is answered with an error and the status of success.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import parse_qsl

from adtally import world

from . import entities, keys, rows
from .envelope import Refusal, decoded, invalid, refused

ROOT = "/v1/"
TOKEN_PATH = "/auth/oauth2/token"
EARLY_EXPIRY, THROTTLED, RATIONED, BROKEN, PARTIAL = 9, 13, 17, 21, 27
LIMIT = 600
CONTEXT = re.compile(r"adAccountId=(\d+)")
REPORT = re.compile(r"reports/(apps|business-brands)/(\w+)/query")


class AppleAdsFake:
    """Answers for every account of the world that runs on Apple Ads."""

    needs: ClassVar[tuple[str, ...]] = ("jwt", "cryptography")

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("apple_ads")}
        self._lock = threading.Lock()
        self._asked = self._tokens = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return keys.table()

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request, with what is left of the limit."""
        if request.path == TOKEN_PATH:
            return self._token(request)
        if not request.path.startswith(ROOT):
            return world.Reply(404, b"404 page not found", {"Content-Type": "text/plain"})
        asked = 0
        try:
            asked = self._count(request.headers.get("authorization", ""))
            reply = _mood(asked) or self._endpoint(request)
        except Refusal as refusal:
            reply = refused(refusal)
        left = {THROTTLED: 0, RATIONED: 3}.get(asked, LIMIT - asked % (LIMIT // 2))
        limits = {"RateLimit-Limit": LIMIT, "RateLimit-Remaining": left, "RateLimit-Reset": 1}
        told = {name: str(number) for name, number in limits.items()}
        return world.Reply(reply.status, reply.body, {**reply.headers, **told})

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        is_form = request.headers.get("content-type", "") == "application/x-www-form-urlencoded"
        if request.method != "POST" or not is_form:
            return world.json_reply({"error": "invalid_request"}, status=400)
        secret = form.pop("client_secret", "")
        if form.get("grant_type") != "client_credentials":
            return world.json_reply({"error": "unsupported_grant_type"}, status=400)
        if form.get("client_id") != keys.CLIENT_ID or not keys.is_signed(secret):
            return world.json_reply({"error": "invalid_client"}, status=400)
        if form.get("scope") != "searchadsorg":
            return world.json_reply({"error": "invalid_scope"}, status=400)
        with self._lock:
            self._tokens += 1
            token = f"sandbox-apple-token-{self._tokens}"
        told = {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "searchadsorg"}
        return world.json_reply(told)

    def _count(self, header: str) -> int:
        """Which request this is of those with a good token."""
        scheme, _, token = header.partition(" ")
        number = token.removeprefix("sandbox-apple-token-")
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known and scheme == "Bearer"
            asked = self._asked
        if not known or scheme != "Bearer":
            raise Refusal(401, "The access token is missing or not valid.")
        if number == "1" and asked > EARLY_EXPIRY:
            raise Refusal(401, "The access token has expired.")
        return asked

    def _endpoint(self, request: world.Request) -> world.Reply:
        path = request.path.removeprefix(ROOT)
        if request.query:
            raise invalid(f"Unknown parameters: {', '.join(sorted(request.query))}.")
        if request.method == "GET":
            return world.json_reply({"result": self._read(path, request)})
        kind, _, verb = path.partition("/")
        if verb == "query" and kind in entities.KINDS:
            account = self._open(request)
            return world.json_reply(entities.listing(account, kind, decoded(request, entities.Query)))
        if (found := REPORT.fullmatch(path)) and found[2] in rows.LEVELS:
            account = self._open(request)
            asked = decoded(request, rows.Asked)
            if found[1] != "apps":
                raise Refusal(403, "The ad account does not run on Apple Maps.")
            return world.json_reply(rows.report(found[2], asked, account, self.world))
        raise Refusal(404, "The resource was not found.")

    def _read(self, path: str, request: world.Request) -> object:
        """What is asked for with GET."""
        org_id = int(next(iter(self.accounts.values())).manager_id)
        if path == "me":
            return {"orgId": org_id, "userId": 55}
        if path == "acls":
            return {
                "acls": [
                    {
                        "adAccount": {"id": int(number), "name": account.name, "orgId": org_id},
                        "roles": ["API Account Read Only"],
                    }
                    for number, account in self.accounts.items()
                ]
            }
        kind, _, number = path.partition("/")
        if kind == "ad-accounts":
            if self._context(request).account_id != number:
                raise Refusal(403, "X-AP-Context names another ad account.")
            return entities.ad_account(self.accounts[number])
        raise Refusal(404, "The resource was not found.")

    def _context(self, request: world.Request) -> world.Account:
        """The account on whose behalf something is asked."""
        found = CONTEXT.fullmatch(request.headers.get("x-ap-context", ""))
        if found is None:
            raise invalid("X-AP-Context: adAccountId is required.", "MISSING_REQUIRED_FIELD")
        account = self.accounts.get(found[1])
        if account is None:
            raise Refusal(403, "No role on this ad account.")
        return account

    def _open(self, request: world.Request) -> world.Account:
        account = self._context(request)
        if account.access == "denied":
            raise Refusal(403, "No role on this ad account.")
        return account


def _mood(asked: int) -> world.Reply | None:
    """What some requests get instead of an answer."""
    if asked == THROTTLED:
        raise Refusal(429, "Request quota exceeded.")
    if asked == BROKEN:
        raise Refusal(500, "Internal error.")
    if asked == PARTIAL:
        error = {"code": "INTERNAL", "message": "Some data could not be read."}
        return world.json_reply({"result": None, "pagination": None, "error": error})
    return None
