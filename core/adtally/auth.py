"""How a request is signed: a fixed header, or an OAuth 2 access token that is renewed when it expires."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

import msgspec
import requests
from pydantic import SecretStr

from .answer import witness
from .errors import AuthError, ConfigError, ContractError

EARLY_SECONDS = 60

noted_tokens: ContextVar[set[str] | None] = ContextVar("noted_tokens", default=None)
"""Where this thread notes the tokens that it is given and signs with, for who keeps them out of a file."""


class Auth(Protocol):
    """Signs a prepared request; ``renew`` says whether asking again may help."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest: ...

    def renew(self) -> bool: ...


class HeaderAuth:
    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request

    def renew(self) -> bool:
        return False


def header_auth(name: str, secret: SecretStr, *, prefix: str = "") -> Auth:
    """Auth that sets one header to ``prefix`` + the secret."""
    return HeaderAuth({name: prefix + secret.get_secret_value()})


class Token(msgspec.Struct):
    """An OAuth 2 token answer (RFC 6749, section 5.1)."""

    access_token: str
    expires_in: float = 3600
    refresh_token: str = ""


class TokenFile:
    """Refresh tokens that a platform rotated: kept in a file of mode 0600 for the next run.

    Keyed by connector and a hash of the configured token, so that a token changed in the configuration wins.
    """

    _lock = threading.Lock()

    def __init__(self, path: Path, connector: str) -> None:
        self.path, self.connector = path, connector

    def read(self, configured: str) -> str:
        """The newest token for this configured one; the configured one itself if none was rotated."""
        with self._lock:
            return self._load().get(self._key(configured), configured)

    def write(self, configured: str, rotated: str) -> None:
        with self._lock:
            tokens = self._load()
            tokens[self._key(configured)] = rotated
            fresh = self.path.with_name(self.path.name + ".new")
            try:
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    json.dump(tokens, file, indent=1)
                fresh.replace(self.path)
            except OSError as error:
                raise ConfigError(
                    f"{self.path}: the rotated token cannot be kept ({error.strerror})"
                ) from error

    def _load(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except msgspec.DecodeError as error:
            raise ConfigError(f"{self.path}: not a token file; move it away and sync again") from error
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read ({error.strerror})") from error

    def _key(self, configured: str) -> str:
        return f"{self.connector}:{hashlib.sha256(configured.encode()).hexdigest()[:16]}"


class OAuth2:
    """Bearer tokens from ``fetch``, one fetch for however many threads found the old token expired."""

    def __init__(self, fetch: Callable[[], Token], *, now: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._now = fetch, now
        self._lock = threading.Lock()
        self._used = threading.local()
        self._token = ""
        self._expires = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        with self._lock:
            if not self._token or self._now() > self._expires - EARLY_SECONDS:
                self._take()
            self._used.token = self._token
        _note(self._used.token)
        request.headers["Authorization"] = f"Bearer {self._used.token}"
        return request

    def renew(self) -> bool:
        """Fetch a new token unless another thread has already replaced the one this thread used."""
        with self._lock:
            if self._token == getattr(self._used, "token", ""):
                self._take()
            return True

    def _take(self) -> None:
        token = self._fetch()
        self._token, self._expires = token.access_token, self._now() + token.expires_in


class Asks(Protocol):
    """The part of ``Http`` that a token request needs."""

    def post(self, path: str, *, decode: type[Token], data: Mapping[str, str], signed: bool) -> Token: ...


def oauth2_refresh(
    http: Asks,
    token_url: str,
    *,
    client_id: str,
    client_secret: SecretStr | None,
    refresh_token: SecretStr,
    token_file: TokenFile | None = None,
    extra: Mapping[str, str] | None = None,
) -> Auth:
    """Auth by the refresh-token grant (RFC 6749, section 6); a rotated refresh token goes to ``token_file``.

    Raises AuthError when the platform no longer accepts the refresh token.
    """
    configured = refresh_token.get_secret_value()
    current = token_file.read(configured) if token_file else configured

    def fetch() -> Token:
        nonlocal current
        form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "refresh_token": current,
            **(extra or {}),
        }
        if client_secret is not None:
            form["client_secret"] = client_secret.get_secret_value()
        token = _ask(http, token_url, form)
        _note(current, token.refresh_token)
        if token.refresh_token and token.refresh_token != current:
            current = token.refresh_token
            if token_file:
                token_file.write(configured, current)
        return token

    return OAuth2(fetch)


def oauth2_service_account(http: Asks, token_url: str, *, key: SecretStr, scope: str) -> Auth:
    """Auth by a Google service account (RFC 7523): ``key`` is the JSON key or the path of its file.

    Needs PyJWT with cryptography: ``pip install 'adtally[google_ads]'``.
    """
    try:
        import jwt  # noqa: PLC0415 - an extra, loaded only by who signs
    except ImportError as error:
        raise ConfigError("service_account needs: pip install 'adtally[google_ads]'") from error
    text = key.get_secret_value()
    try:
        account = msgspec.json.decode(text if text.lstrip().startswith("{") else Path(text).read_bytes())
        email, private_key = account["client_email"], account["private_key"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        raise ConfigError("service_account: neither a JSON key with client_email nor a path to one") from None

    def fetch() -> Token:
        now = int(time.time())
        claims = {"iss": email, "scope": scope, "aud": token_url, "iat": now, "exp": now + 3600}
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assertion = jwt.encode(claims, private_key, algorithm="RS256")
        return _ask(http, token_url, {"grant_type": grant, "assertion": assertion})

    return OAuth2(fetch)


def _note(*tokens: str) -> None:
    if (noted := noted_tokens.get()) is not None:
        noted.update(tokens)


def _ask(http: Asks, token_url: str, form: Mapping[str, str]) -> Token:
    """A token; what it was asked for with and what came back are nobody's to see."""
    watching = witness.set(None)
    try:
        return http.post(token_url, decode=Token, data=form, signed=False)
    except ContractError as error:
        if error.status in (400, 401, 403):
            raise AuthError("the refresh token is not accepted: sign in again and replace it") from error
        raise
    except AuthError as error:
        raise AuthError("the client is not accepted: check client_id and client_secret") from error
    finally:
        witness.reset(watching)
