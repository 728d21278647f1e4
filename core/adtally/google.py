"""The two ways into Google's APIs, which its connectors share: a user's consent, or a service account."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import SecretStr, model_validator

from .auth import Auth
from .connector import Connector
from .oauth2 import oauth2_refresh, oauth2_service_account

TOKEN_HOST = "oauth2.googleapis.com"
TOKEN_URL = f"https://{TOKEN_HOST}/token"


class GoogleSignIn(Connector):
    """A connector of one of Google's APIs: its credentials and its signature.

    ``scopes`` are those that the API asks for. A service account needs the extra that bears the connector's
    name. Source: developers.google.com, "Using OAuth 2.0 for Server to Server Applications"; read 2026-11.
    """

    own_hosts: ClassVar[tuple[str, ...]] = (TOKEN_HOST,)
    scopes: ClassVar[str]

    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    service_account: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        user = (self.client_id, self.client_secret, self.refresh_token)
        if any(user) == bool(self.service_account) or (any(user) and not all(user)):
            raise ValueError("set client_id, client_secret and refresh_token, or service_account alone")
        return self

    def auth(self) -> Auth:
        if self.service_account:
            key = self.service_account
            return oauth2_service_account(self.http, TOKEN_URL, key=key, scope=self.scopes, extra=self.name)
        return oauth2_refresh(
            self.http,
            TOKEN_URL,
            client_id=self.client_id,
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
        )
