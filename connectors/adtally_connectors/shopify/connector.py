"""Shopify: what is asked of its Admin API, and the records that come of it.

Source: Shopify GraphQL Admin API 2026-10, read 2026-11. docs/platforms/shopify.md tells the mapping and the
oddities.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Self, cast

from pydantic import SecretStr, field_validator, model_validator

from adtally import (
    Account,
    AdtallyError,
    Answer,
    Auth,
    AuthError,
    ConfigError,
    Connector,
    ContractError,
    Evidence,
    Unit,
    header_auth,
    oauth2_client_credentials,
    pulls,
)

from . import queries, wire
from .refunds import days_refunds, parts, to_refund
from .refusals import to_error
from .sales import to_order
from .search import ask, listed

log = logging.getLogger(__name__)

HOST = "https://{shop}.myshopify.com"
SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
VERSION = "X-Shopify-API-Version"
RECENT_DAYS = 60
"""Without read_all_orders older orders are left out, silently."""
ALL_ORDERS = "read_all_orders"
HISTORY = (
    f"the app sees only the last {RECENT_DAYS} days of orders: let Shopify grant it {ALL_ORDERS}, or set "
    "first_day later"
)

daily = partial(pulls, Evidence, final_after={"cost": 7, "clicks": 7, "conversions": 7})

HEADER = "X-Shopify-Access-Token"
TOKEN_PATH = "/admin/oauth/access_token"
"""Source: shopify.dev, "Using the client credentials grant" (read 2026-11): such a token lasts 24 hours."""


class Shopify(Connector):
    """One app in one shop."""

    name = "shopify"

    base_url: str = HOST
    api_version: str = "2026-10"
    shop: str
    """The shop's name in its myshopify.com address."""
    access_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")

    @model_validator(mode="before")
    @classmethod
    def _asks_its_shop(cls, given: object) -> object:
        """The shop's own host, unless base_url is set."""
        fields = cast("dict[str, object]", given)
        if isinstance(given, dict) and isinstance(shop := fields.get("shop"), str):
            return {"base_url": HOST.format(shop=_bare(shop)), **fields}
        return fields

    @field_validator("shop")
    @classmethod
    def _is_a_shop(cls, shop: str) -> str:
        if not SHOP.fullmatch(found := _bare(shop)):
            raise ValueError("expected the shop's name, such as demo-shop of demo-shop.myshopify.com")
        return found

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        client = (self.client_id, self.client_secret)
        if any(client) == bool(self.access_token) or (any(client) and not all(client)):
            raise ValueError("set client_id and client_secret, or access_token alone")
        return self

    def auth(self) -> Auth:
        if self.access_token:
            return header_auth(HEADER, self.access_token)
        secret = self.client_secret.get_secret_value
        return oauth2_client_credentials(
            self.http, TOKEN_PATH, client_id=self.client_id, client_secret=secret, header=HEADER
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """The shop itself; its days are those of its own time zone."""
        answer = self.http.ask("POST", self._path, json={"query": queries.SHOP}, as_json=True)
        served = answer.headers.get(VERSION, self.api_version)
        if served != self.api_version:
            told = f"{served[:40]} answers for {self.api_version}"
            log.warning("shopify: version %s: set api_version to one that is supported", told)
        seen = answer.decode(wire.Reply[wire.ShopSeen]).data
        if not _scopes(seen.current_app_installation) & {"read_orders", "write_orders", ALL_ORDERS}:
            raise AuthError("the app has no scope read_orders: grant it and install the app again")
        yield Account(
            id=seen.shop.myshopify_domain,
            name=seen.shop.name,
            currency=seen.shop.currency_code,
            timezone=seen.shop.iana_timezone,
        )

    @daily(max_days=7, restated_days=30)
    def orders(self, unit: Unit) -> Iterator[Evidence]:
        """Yield the orders of all channels that were created on these days, as they stand now."""
        query = queries.created_in(unit.window, unit.account)
        expected = self._expected(query)
        earliest = unit.today - timedelta(days=RECENT_DAYS - 1)
        if ALL_ORDERS not in _scopes(expected.current_app_installation) and unit.window.first_day < earliest:
            raise ConfigError(HISTORY)  # of these days alone: later ones can be read
        decode = wire.Reply[wire.Orders[wire.Order]]
        size, told = queries.ORDERS_SIZE, expected.orders_count.count
        for row in listed(self.http, self._path, queries.ORDERS, query, decode, size=size, told=told):
            record = to_order(row, unit.account)
            if record.day not in unit.window:
                raise ContractError(f"an order of {record.day} came, which was not asked for")
            yield record

    @daily(max_days=31, restated_days=7)
    def refunds(self, unit: Unit) -> Iterator[Evidence]:
        """Yield the refunds of these days, of orders of any age.

        Refunds have no list of their own: every order that was updated since the first day is looked at.
        """
        query = queries.updated_since(unit.window, unit.account)
        expected = self._expected(query)
        if ALL_ORDERS not in _scopes(expected.current_app_installation):
            log.warning("shopify: refunds of older orders are not seen: %s", HISTORY)
        decode = wire.Reply[wire.Orders[wire.Refunded]]
        size, told = queries.REFUNDED_SIZE, expected.orders_count.count
        for row in listed(self.http, self._path, queries.REFUNDED, query, decode, size=size, told=told):
            if queries.is_before(row.updated_at, unit.window, unit.account):
                raise ContractError(f"an order updated at {row.updated_at} came, which was not asked for")
            for day, refund in days_refunds(row, unit.account, unit.window):
                yield to_refund(refund, day, parts(self.http, self._path, row, refund), unit.account)

    def _expected(self, query: str) -> wire.Expected:
        variables: Mapping[str, object] = {"query": query}
        return ask(self.http, self._path, queries.EXPECTED, variables, wire.Reply[wire.Expected])

    @property
    def _path(self) -> str:
        return f"/admin/api/{self.api_version}/graphql.json"


def _bare(shop: str) -> str:
    """The name in ``https://demo-shop.myshopify.com/``."""
    return shop.strip().lower().removeprefix("https://").rstrip("/").removesuffix(".myshopify.com")


def _scopes(installation: wire.Installation) -> set[str]:
    return {scope.handle for scope in installation.access_scopes}
