"""The Reddit Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: Reddit Ads API v3 and Reddit's token endpoint as noted by clients of 2026; read 2026-11. Once in a
life of the fake a token expires early, a request is throttled, and a report fails.
"""

from __future__ import annotations

import binascii
import re
import threading
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import parse_qsl

from adtally import world

from . import entities, rows
from .envelope import PAGE, Refusal, check_names, page, refused, sent

ROOT, TOKENS = "/api/v3/", "/api/v1/access_token"
CLIENT, SECRET, REFRESH = "sandbox-client", "sandbox-client-secret", "sandbox-refresh-token"
ROTATED = f"{REFRESH}-2"
"""What takes the refresh token's place; the old one stays good, as for who asks at the same time."""
TOKEN = "sandbox-access-token-"
AGENT = re.compile(r"[^:\s]+:[^:\s]+:v\S+ \(by /u/[\w-]+\)")
EARLY_EXPIRY, THROTTLED, FAILING = 25, 12, 20
"""By the number of the request; after the last one the first report fails."""
BLOCKED = world.Reply(
    403, b"<html><body>Blocked by network policy.</body></html>", {"Content-Type": "text/html"}
)
POOLS = {
    "reports": ("ads-reporting", 60),
    "funding_instruments": ("ads-funding-instruments", 30),
    **dict.fromkeys(("me", "businesses"), ("ads-business-manager", 100)),
}
OTHERS = ("ads-campaign-management-read", 400)


class RedditAdsFake:
    """Answers for every account of the world that runs on Reddit."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("reddit_ads")}
        self.nodes = {
            kind: {
                str(node["id"]): node for account in self.accounts.values() for node in of_account(account)
            }
            for kind, of_account in entities.KINDS.items()
        }
        self._lock = threading.Lock()
        self._asked = self._tokens = 0
        self._failed = False

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "reddit_user": "sandbox",
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        if not AGENT.fullmatch(request.headers.get("user-agent", "")):
            return BLOCKED
        try:
            if request.path == TOKENS:
                return self._token(request)
            number = self._checked(request)
            parts = self._parts(request)
            found = self._endpoint(request, parts)
        except Refusal as refusal:
            return refused(refusal)
        return world.json_reply(found, headers=_limits(parts[-1], number))

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        if (
            request.method != "POST"
            or _basic(request.headers.get("authorization", "")) != f"{CLIENT}:{SECRET}"
        ):
            return world.json_reply({"message": "Unauthorized", "error": 401}, status=401)
        if form.get("grant_type") != "refresh_token":
            return world.json_reply({"error": "unsupported_grant_type"})
        if form.get("refresh_token") not in (REFRESH, ROTATED):
            return world.json_reply({"error": "invalid_grant"})
        with self._lock:
            self._tokens += 1
            token = f"{TOKEN}{self._tokens}"
        return world.json_reply(
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": 86400,
                "scope": "adsread",
                "refresh_token": ROTATED,
            }
        )

    def _checked(self, request: world.Request) -> int:
        """The number of the request, of a token that is good and while nothing is wrong."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        number = token.removeprefix(TOKEN)
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            if scheme.lower() != "bearer" or not known:
                raise Refusal(401, "Unauthorized")
            self._asked += 1
            asked = self._asked
            fails = asked > FAILING and request.path.endswith("/reports") and not self._failed
            self._failed |= fails
        if number == "1" and asked > EARLY_EXPIRY:
            raise Refusal(401, "Unauthorized")
        if asked == THROTTLED:
            limits = {"RateLimit-Policy": '"ads-all";q=400;w=60', "RateLimit": '"ads-all";r=0;t=0'}
            raise Refusal(429, "Too Many Requests", headers=limits)
        if fails:
            raise Refusal(503, "Failed to load ad account data")
        return asked

    def _parts(self, request: world.Request) -> list[str]:
        if not request.path.startswith(ROOT):
            raise Refusal(410 if request.path.startswith("/api/v2") else 404, "Not Found")
        return request.path.removeprefix(ROOT).split("/")

    def _endpoint(self, request: world.Request, parts: list[str]) -> object:
        given = {name: value for name, value in request.query.items() if name not in PAGE}
        found: object
        match request.method, parts:
            case "GET", ["me"]:
                found = {"data": {"id": "t2_sandbox", "reddit_username": "sandbox", "type": "MEMBER"}}
            case "GET", ["me", "businesses"]:
                check_names(given, ())
                found = _paged(self._businesses(), request, most=700)
            case "GET", ["businesses", business_id, "ad_accounts"]:
                check_names(given, ())
                found = _paged(self._of_business(business_id)[:1], request)
            case "POST", ["businesses", business_id, "ad_accounts", "query"]:
                check_names(given, ())
                check_names(sent(request), ())
                found = _paged(self._of_business(business_id), request)
            case "GET", ["ad_accounts", account_id]:
                check_names(request.query, ())
                found = {"data": entities.ad_account(self._open(account_id))}
            case "GET", ["ad_accounts", account_id, "funding_instruments"]:
                found = _paged(entities.instruments(self._open(account_id), self.world, given), request)
            case "GET", ["ad_accounts", account_id, kind] if kind in entities.KINDS:
                found = _paged(entities.listing(self._open(account_id), kind, given), request)
            case "POST", ["ad_accounts", account_id, "reports"]:
                check_names(given, ())
                found = self._report(self._open(account_id), request)
            case "GET", [kind, number] if number in self.nodes.get(kind, {}):
                check_names(request.query, ())
                found = {"data": self.nodes[kind][number]}
            case _:
                raise Refusal(404, "Not Found")
        return found

    def _businesses(self) -> list[dict[str, str]]:
        ids = dict.fromkeys(account.manager_id for account in self.accounts.values())
        return [{"id": business_id, "name": "Lindenhof"} for business_id in ids]

    def _of_business(self, business_id: str) -> list[entities.Node]:
        found = [account for account in self.accounts.values() if account.manager_id == business_id]
        if not found:
            raise Refusal(404, "Not Found")
        return [entities.ad_account(account) for account in found]

    def _open(self, account_id: str) -> world.Account:
        account = self.accounts.get(account_id)
        if account is None:
            raise Refusal(404, "Not Found")
        if account.access == "denied":
            raise Refusal(403, "You do not have access to this ad account.")
        return account

    def _report(self, account: world.Account, request: world.Request) -> object:
        asked = rows.query(sent(request), self.world.today)
        found, pagination = page(rows.report(asked, account, self.world), request)
        updated = f"{self.world.today}T11:40:00Z"
        return {"data": {"metrics": found, "metrics_updated_at": updated}, "pagination": pagination}


def _paged(
    found: list[entities.Node] | list[dict[str, str]], request: world.Request, *, most: int = 1000
) -> object:
    shown, pagination = page(found, request, most=most)
    return {"data": shown, "pagination": pagination}


def _limits(kind: str, number: int) -> dict[str, str]:
    """The quota that the request used up a part of; here, never all of it."""
    name, quota = POOLS.get(kind, OTHERS)
    left = quota - number % (quota // 2)
    return {"RateLimit-Policy": f'"{name}";q={quota};w=60', "RateLimit": f'"{name}";r={left};t=34'}


def _basic(header: str) -> str:
    scheme, _, text = header.partition(" ")
    try:
        return b64decode(text, validate=True).decode() if scheme == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
