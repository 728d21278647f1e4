"""Whether a request is signed by who it says: OAuth 1.0a with HMAC-SHA1, over exactly what was sent.

Source: "Creating a signature" of X's OAuth 1.0a pages, RFC 5849; read 2026-11. The check is oauthlib's, on
the request as it came in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import parse_qsl, unquote

from adtally import world

from .envelope import Refusal

CONSUMER, CONSUMER_SECRET = "sandbox-x-consumer", "sandbox-x-consumer-secret"
TOKEN, TOKEN_SECRET = "sandbox-x-token", "sandbox-x-token-secret"
LIFETIME = 300
"""Seconds that a timestamp may be off."""


class Verify(Protocol):
    """The part of oauthlib that is used."""

    def __call__(self, request: Sent, client_secret: str, resource_owner_secret: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as oauthlib reads it: all its parameters, decoded."""

    uri: str
    http_method: str
    params: list[tuple[str, str]]
    signature: str


class Signatures:
    """Knows the nonces that were used."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def check(self, request: world.Request, url: str) -> None:
        """Refuse a request that is not signed, wrongly, twice with one nonce, or at another time than now."""
        header = request.headers.get("authorization", "")
        told = _told(header)
        sound = (
            header.startswith("OAuth ")
            and told.get("oauth_consumer_key") == CONSUMER
            and told.get("oauth_token") == TOKEN
            and told.get("oauth_signature_method") == "HMAC-SHA1"
            and told.get("oauth_version", "1.0") == "1.0"
            and self._is_fresh(told)
            and _is_signed(request, url, told)
        )
        if not sound:
            raise Refusal(401, "UNAUTHORIZED_ACCESS", "This request is not properly authenticated")

    def _is_fresh(self, told: Mapping[str, str]) -> bool:
        nonce, at = told.get("oauth_nonce", ""), told.get("oauth_timestamp", "")
        with self._lock:
            if not nonce or nonce in self._used:
                return False
            self._used.add(nonce)
        return at.isdigit() and abs(time.time() - int(at)) <= LIFETIME


def _is_signed(request: world.Request, url: str, told: Mapping[str, str]) -> bool:
    oauthlib = import_module("oauthlib.oauth1.rfc5849.signature")  # an extra: the sandbox runs without it
    verify = cast("Verify", oauthlib.verify_hmac_sha1)
    query = parse_qsl(request.raw_query, keep_blank_values=True)
    signed = [(name, value) for name, value in told.items() if name != "oauth_signature"]
    sent = Sent(url, request.method, [*query, *signed], told.get("oauth_signature", ""))
    return verify(sent, CONSUMER_SECRET, TOKEN_SECRET)


def _told(header: str) -> dict[str, str]:
    """The parameters of an Authorization header; none where it is not one of OAuth."""
    pairs = (part.strip().partition("=") for part in header.removeprefix("OAuth ").split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}
