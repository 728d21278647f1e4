"""The answers of the Stripe API, as far as they are read: no names, mails, phones or card data.

Source: stripe-python 16.1.0, API version 2026-10-28.endive (read 2026-11). Amounts are whole numbers of the
currency's smallest unit and positive; instants are seconds since 1970. What may be expanded is an id or the
object itself.
"""

from __future__ import annotations

from typing import Generic, Literal, Protocol, TypeVar

from msgspec import Struct


class Dated(Protocol):
    """A row of a list: its id is the cursor, its instant says on which day it counts."""

    @property
    def id(self) -> str: ...

    @property
    def created(self) -> int: ...


class Paid(Dated, Protocol):
    """A row about money."""

    @property
    def currency(self) -> str: ...


Row = TypeVar("Row")


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Page(Wire, Generic[Row]):
    object: Literal["list"]
    data: list[Row]
    has_more: bool


class Profile(Wire):
    name: str | None = None


class Dashboard(Wire):
    display_name: str | None = None
    timezone: str | None = None


class AccountSettings(Wire):
    dashboard: Dashboard | None = None


class Account(Wire):
    id: str
    default_currency: str | None = None
    business_profile: Profile | None = None
    settings: AccountSettings | None = None


class Funds(Wire):
    currency: str


class Balance(Wire):
    available: list[Funds]


class Tax(Wire):
    total_tax_amount: int | None = None


class Part(Wire):
    amount: int | None = None


class AmountDetails(Wire):
    tax: Tax | None = None
    shipping: Part | None = None
    tip: Part | None = None


class Intent(Wire):
    """A PaymentIntent: the attempts to be paid once."""

    id: str
    metadata: dict[str, str] | None = None
    amount_details: AmountDetails | None = None


class TotalDetails(Wire):
    amount_tax: int | None = None
    amount_shipping: int | None = None


class Checkout(Wire):
    """A Checkout Session; its metadata stay on it."""

    id: str
    created: int
    payment_intent: str | None = None
    currency: str | None = None
    amount_total: int | None = None
    total_details: TotalDetails | None = None
    metadata: dict[str, str] | None = None


class TransferData(Wire):
    destination: str | None = None


class Charge(Wire):
    """One attempt to take money; ``captured`` says whether it was taken, ``paid`` does not."""

    id: str
    created: int
    amount: int
    amount_captured: int
    currency: str
    status: str
    captured: bool
    refunded: bool
    livemode: bool
    payment_intent: Intent | str | None = None
    transfer_data: TransferData | None = None
    metadata: dict[str, str] | None = None


class LedgerRow(Wire):
    """A balance transaction."""

    reporting_category: str | None = None


class Refund(Wire):
    id: str
    created: int
    amount: int
    currency: str
    status: str | None = None
    charge: Charge | str | None = None
    payment_intent: Intent | str | None = None
    balance_transaction: LedgerRow | str | None = None
    metadata: dict[str, str] | None = None


class Dispute(Wire):
    id: str
    created: int
    amount: int
    currency: str
    status: str
    livemode: bool
    charge: Charge | str | None = None
    payment_intent: Intent | str | None = None
    metadata: dict[str, str] | None = None


class Error(Wire):
    type: str | None = None
    code: str | None = None
    message: str | None = None
    param: str | None = None


class Refusal(Wire):
    error: Error
