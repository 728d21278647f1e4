"""How a request is signed: by a fixed header, or each anew with a secret that is never sent (OAuth 1.0a)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Protocol, cast

import requests
from pydantic import SecretStr

from .errors import ConfigError

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


class Signer(Protocol):
    """The part of oauthlib's client that is used."""

    def sign(
        self, uri: str, http_method: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[str, Mapping[str, str], str | None]: ...


class OAuth1:
    """Signs method, URL and form of each request with HMAC-SHA1 (RFC 5849), just as they are sent."""

    def __init__(self, consumer_key: str, consumer_secret: str, token: str, token_secret: str) -> None:
        try:
            from oauthlib.oauth1 import Client  # noqa: PLC0415 - an extra, loaded only by who signs
        except ImportError as error:
            raise ConfigError("OAuth 1.0a needs: pip install 'adtally[x_ads]'") from error
        logging.getLogger("oauthlib").setLevel(logging.INFO)  # below it quotes tokens
        client: object = Client(consumer_key, consumer_secret, token, token_secret)
        self._client = cast("Signer", client)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        is_form = request.headers.get("Content-Type") == "application/x-www-form-urlencoded"
        form = request.body if is_form and isinstance(request.body, str) else None
        _, headers, _ = self._client.sign(str(request.url), str(request.method), form, request.headers)
        request.headers["Authorization"] = headers["Authorization"]
        return request

    def renew(self) -> bool:
        return False


def oauth1(
    *, consumer_key: str, consumer_secret: SecretStr, access_token: SecretStr, token_secret: SecretStr
) -> Auth:
    """Auth by OAuth 1.0a with the tokens of one user. Needs oauthlib: ``pip install 'adtally[x_ads]'``."""
    secrets = (consumer_secret, access_token, token_secret)
    return OAuth1(consumer_key, *(secret.get_secret_value() for secret in secrets))


def note(*tokens: str) -> None:
    """Note tokens that this thread is given or signs with, if somebody wants to know them."""
    if (noted := noted_tokens.get()) is not None:
        noted.update(tokens)
