"""Stripe: what is asked of its API, and the records that come of it.

Source: stripe-python 16.1.0, API version 2026-10-28.endive, read 2026-11. docs/platforms/stripe.md tells the
mapping and the oddities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from pydantic import PositiveFloat, SecretStr, field_validator

from adtally import (
    Account,
    AdtallyError,
    Answer,
    Auth,
    Connector,
    ContractError,
    DeniedError,
    Evidence,
    Unit,
    header_auth,
    pulls,
)

from . import queries, wire
from .evidence import to_dispute, to_payment, to_refund
from .refusals import account_in, to_error
from .search import Checkouts, of_days

UTC = "UTC"
SAME_AS_UTC = ("Etc/UTC", "Etc/GMT", "GMT", "")

# Sales are final after a week: refunds and disputes come as records of their own days.
daily = partial(pulls, Evidence, max_days=7, final_after={"cost": 7, "clicks": 7, "conversions": 7})


class Stripe(Connector):
    """One Stripe account, read with a restricted key."""

    name = "stripe"
    answers_name_people = True

    base_url: str = "https://api.stripe.com"
    api_version: str = "2026-10-28.endive"
    """Sent with each request: without it the account's own version would shape the answers."""
    api_key: SecretStr
    requests_per_second: PositiveFloat | None = 5
    """Far below the 25 that Stripe allows one endpoint: the shop's own requests come first."""

    @field_validator("api_key")
    @classmethod
    def _is_restricted(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value().startswith("pk_"):
            raise ValueError("a publishable key sees no metadata: make a restricted key (rk_...)")
        if key.get_secret_value().startswith("sk_"):
            raise ValueError("a secret key may move money: make a restricted key (rk_...) that only reads")
        return key

    def auth(self) -> Auth:
        return header_auth("Authorization", self.api_key, prefix="Bearer ")

    def headers(self) -> Mapping[str, str]:
        return {"Stripe-Version": self.api_version}

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """The key's own account.

        Most restricted keys may not read it: then the refusal names it, its balance tells the currency, and
        days are those of UTC.
        """
        try:
            told = self.http.get("/v1/account", decode=wire.Account)
        except DeniedError as error:
            if not (account_id := account_in(error)):
                raise
            told = wire.Account(id=account_id)
        dashboard = (told.settings and told.settings.dashboard) or wire.Dashboard()
        business = told.business_profile or wire.Profile()
        zone = dashboard.timezone or ""
        yield Account(
            id=told.id,
            name=dashboard.display_name or business.name or "",
            currency=(told.default_currency or self._balance_currency()).upper(),
            timezone=UTC if zone in SAME_AS_UTC else zone,
        )

    # An authorisation is captured or let go within 30 days, a bank debit is paid or fails within 14.
    @daily(restated_days=35)
    def payments(self, unit: Unit) -> Iterator[Evidence]:
        """Yield every charge, also those that failed or were never captured, as their status says."""
        checkouts = Checkouts(self.http, unit.account.id)
        checkouts.read(unit)
        for row in of_days(self.http, "/v1/charges", wire.Page[wire.Charge], unit, queries.OF_CHARGES):
            yield to_payment(row, checkouts.known(row.payment_intent), unit.account)

    # A refund fails within a month, if it does.
    @daily(restated_days=35)
    def refunds(self, unit: Unit) -> Iterator[Evidence]:
        """Yield every refund that was made on these days, of whichever payment."""
        checkouts = Checkouts(self.http, unit.account.id)
        for row in of_days(self.http, "/v1/refunds", wire.Page[wire.Refund], unit, queries.OF_REFUNDS):
            yield to_refund(row, checkouts.asked(row.payment_intent), unit.account)

    # The cardholder's bank decides within three months.
    @daily(restated_days=120)
    def disputes(self, unit: Unit) -> Iterator[Evidence]:
        """Yield every dispute that began on these days, of whichever payment."""
        checkouts = Checkouts(self.http, unit.account.id)
        for row in of_days(self.http, "/v1/disputes", wire.Page[wire.Dispute], unit, queries.OF_DISPUTES):
            yield to_dispute(row, checkouts.asked(row.payment_intent), unit.account)

    def _balance_currency(self) -> str:
        told = self.http.get("/v1/balance", decode=wire.Balance)
        if not told.available:
            raise ContractError("/v1/balance: no funds in any currency are told")
        return told.available[0].currency
