"""OAuth 2 access tokens, renewed when they expire, by each grant that a platform asks for."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec
import requests
from pydantic import SecretStr

from .answer import witness
from .auth import Auth, note
from .errors import AuthError, ConfigError, ContractError
from .tokens import TokenFile

EARLY_SECONDS = 60
BEARER = "Authorization"
"""The header of bearer tokens (RFC 6750, section 2.1)."""
REFUSED = {"refresh_token": "the refresh token is not accepted: sign in again and replace it"}
"""What a refused grant means; others are refused for what the client says of itself."""
NO_CLIENT = "the client is not accepted: check client_id and its secret or key"


class Token(msgspec.Struct):
    """An OAuth 2 token answer (RFC 6749, section 5.1); some refuse with status 200 and ``error``."""

    access_token: str = ""
    expires_in: float = 3600
    refresh_token: str = ""
    error: str = ""


class OAuth2:
    """Access tokens from ``fetch``, one fetch for however many threads found the old token expired.

    They go into the header Authorization as bearer tokens, into any other ``header`` as they are.
    """

    def __init__(
        self,
        fetch: Callable[[], Token],
        *,
        header: str = BEARER,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch, self._header, self._now = fetch, header, now
        self._lock = threading.Lock()
        self._used = threading.local()
        self._token = ""
        self._expires = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        with self._lock:
            if not self._token or self._now() > self._expires - EARLY_SECONDS:
                self._take()
            self._used.token = self._token
        note(self._used.token)
        prefix = "Bearer " if self._header == BEARER else ""
        request.headers[self._header] = f"{prefix}{self._used.token}"
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

    def post(
        self,
        path: str,
        *,
        decode: type[Token],
        data: Mapping[str, str],
        headers: Mapping[str, str] | None,
        signed: bool,
    ) -> Token: ...


def oauth2_refresh(
    http: Asks,
    token_url: str,
    *,
    client_id: str,
    client_secret: SecretStr | None,
    refresh_token: SecretStr,
    token_file: TokenFile | None = None,
    basic: bool = False,
    scope: str = "",
) -> Auth:
    """Auth by the refresh-token grant (RFC 6749, section 6); a rotated refresh token goes to ``token_file``.

    The client names itself in the form, or with ``basic`` by HTTP Basic. Raises AuthError when the platform
    no longer accepts the refresh token.
    """
    configured = refresh_token.get_secret_value()
    current = token_file.read(configured) if token_file else configured
    secret = client_secret.get_secret_value() if client_secret else ""
    client = {"client_id": client_id} | ({"client_secret": secret} if secret else {})
    wish = {"scope": scope} if scope else {}

    def fetch() -> Token:
        nonlocal current
        form = {"grant_type": "refresh_token", "refresh_token": current, **({} if basic else client), **wish}
        token = _ask(http, token_url, form, f"{client_id}:{secret}" if basic else "")
        note(current, token.refresh_token)
        if token.refresh_token and token.refresh_token != current:
            current = token.refresh_token
            if token_file:
                token_file.write(configured, current)
        return token

    return OAuth2(fetch)


def oauth2_client_credentials(
    http: Asks,
    token_url: str,
    *,
    client_id: str,
    client_secret: Callable[[], str],
    scope: str = "",
    header: str = BEARER,
) -> Auth:
    """Auth by the client-credentials grant (RFC 6749, section 4.4); each fetch asks for the secret anew."""

    def fetch() -> Token:
        secret = client_secret()
        note(secret)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        return _ask(http, token_url, form | ({"scope": scope} if scope else {}))

    return OAuth2(fetch, header=header)


def oauth2_service_account(http: Asks, token_url: str, *, key: SecretStr, scope: str, extra: str) -> Auth:
    """Auth by a Google service account (RFC 7523): ``key`` is the JSON key or the path of its file.

    ``extra`` is what brings PyJWT with cryptography. Raises ConfigError without it, and for an unusable key.
    """
    text = key.get_secret_value()
    try:
        account = msgspec.json.decode(text if text.lstrip().startswith("{") else Path(text).read_bytes())
        email, private_key = account["client_email"], SecretStr(account["private_key"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise ConfigError("service_account: neither a JSON key with client_email nor a path to one") from None

    def fetch() -> Token:
        now = int(time.time())
        claims = {"iss": email, "scope": scope, "aud": token_url, "iat": now, "exp": now + 3600}
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assertion = signed_jwt(private_key, claims, algorithm="RS256", extra=extra)
        return _ask(http, token_url, {"grant_type": grant, "assertion": assertion})

    return OAuth2(fetch)


def signed_jwt(
    key: SecretStr,
    claims: Mapping[str, object],
    *,
    algorithm: str,
    extra: str,
    headers: Mapping[str, str] | None = None,
) -> str:
    """A JSON Web Token (RFC 7519) signed with ``key``: a private key as PEM text, or the path of its file.

    ``extra`` is what brings PyJWT with cryptography. Raises ConfigError without it, and for an unusable key.
    """
    try:
        import jwt  # noqa: PLC0415 - an extra, loaded only by who signs
    except ImportError as error:
        raise ConfigError(f"signing needs: pip install 'adtally[{extra}]'") from error
    text = key.get_secret_value()
    try:
        pem = text if "PRIVATE KEY" in text else Path(text).read_text(encoding="ascii")
        return jwt.encode(dict(claims), pem, algorithm=algorithm, headers=dict(headers or {}))
    except (OSError, ValueError, TypeError, jwt.PyJWTError):
        raise ConfigError(
            f"the private key is neither a PEM text for {algorithm} nor a path to one"
        ) from None


def _ask(http: Asks, token_url: str, form: Mapping[str, str], basic: str = "") -> Token:
    """A token; what it was asked for with and what came back are nobody's to see."""
    watching = witness.set(None)
    head = {"Authorization": f"Basic {b64encode(basic.encode()).decode()}"} if basic else None
    try:
        token = http.post(token_url, decode=Token, data=form, headers=head, signed=False)
    except ContractError as error:
        if error.status in (400, 401, 403):
            raise AuthError(REFUSED.get(form["grant_type"], NO_CLIENT)) from error
        raise
    except AuthError as error:
        raise AuthError(NO_CLIENT) from error
    finally:
        witness.reset(watching)
    if not token.access_token:
        raise AuthError(REFUSED.get(form["grant_type"], NO_CLIENT), code=token.error[:100])
    return token
