"""The answers of the Admin API, as far as they are read.

Source: Shopify GraphQL Admin API 2026-10, objects Order, CustomerJourneySummary, CustomerVisit, Refund, Count
and AppInstallation (read 2026-11). Amounts are decimal text in the shop's and in the buyer's currency; only
the shop's is asked for.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, Protocol, TypeAlias, TypeVar

from msgspec import Meta, Struct

Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


Data = TypeVar("Data")
Node = TypeVar("Node")


class Bucket(Part, frozen=True):
    """What is left of the points that this app may use in this shop."""

    currently_available: float = 0
    restore_rate: float = 0


class Cost(Part, frozen=True):
    requested_query_cost: float = 0
    throttle_status: Bucket | None = None


class Warned(Part, frozen=True):
    message: str = ""


class Understood(Part, frozen=True):
    """How a filter was read; a field that Shopify does not know is left out of it with a warning."""

    warnings: tuple[Warned, ...] = ()


class Extensions(Part, frozen=True):
    cost: Cost | None = None
    search: tuple[Understood, ...] = ()


class Reply(Wire, Generic[Data]):
    data: Data
    extensions: Extensions | None = None


class PageInfo(Wire):
    has_next_page: bool
    end_cursor: str | None = None


class Page(Wire, Generic[Node]):
    page_info: PageInfo
    nodes: list[Node]


class Few(Part, Generic[Node], frozen=True):
    """The first ones of a list, in one piece."""

    nodes: tuple[Node, ...] = ()


class Scope(Wire):
    handle: str


class Installation(Wire):
    access_scopes: list[Scope]


class Shop(Wire):
    name: str
    myshopify_domain: str
    currency_code: str
    iana_timezone: str


class ShopSeen(Wire):
    shop: Shop
    current_app_installation: Installation


class Count(Wire):
    count: int
    precision: str = ""


class Expected(Wire):
    """How many orders fit the filter, and what the app may read."""

    orders_count: Count
    current_app_installation: Installation


class Money(Wire):
    amount: Decimal
    currency_code: str


class Bag(Wire):
    shop_money: Money


class Utm(Part, frozen=True):
    campaign: str | None = None


class Visit(Part, frozen=True):
    """One session in the online store; what is no visit comes as an empty object."""

    occurred_at: Instant | None = None
    landing_page: str | None = None
    utm_parameters: Utm | None = None


class Moments(Part, frozen=True):
    count: int


class Journey(Part, frozen=True):
    ready: bool = False
    moments_count: Moments | None = None
    last_visit: Visit | None = None
    moments: Few[Visit] | None = None


class TaxLine(Part, frozen=True):
    price_set: Bag


class ShippingLine(Part, frozen=True):
    tax_lines: tuple[TaxLine, ...] = ()


class Keyed(Protocol):
    """A row of a list, by which one that moved to the next page is known again."""

    @property
    def id(self) -> str: ...


class Origin(Wire, kw_only=True):
    """An order, as far as it says where it came from."""

    id: str
    created_at: Instant
    test: bool
    taxes_included: bool
    cancelled_at: Instant | None = None
    source_name: str | None = None
    customer_journey_summary: Journey | None = None


class Order(Origin, kw_only=True):
    subtotal_price_set: Bag
    total_tax_set: Bag | None = None
    display_financial_status: str | None = None
    edited: bool = False
    shipping_lines: Few[ShippingLine] = Few()


class Refund(Wire):
    id: str
    total_refunded_set: Bag
    created_at: Instant | None = None
    processed_at: Instant | None = None


class Refunded(Wire):
    """An order with its refunds."""

    id: str
    updated_at: Instant
    refunds: list[Refund]


class Orders(Wire, Generic[Node]):
    orders: Page[Node]


class RefundLine(Wire):
    total_tax_set: Bag


class RefundShipping(Part, frozen=True):
    subtotal_amount_set: Bag
    tax_amount_set: Bag


class Transaction(Part, frozen=True):
    status: str = ""


class RefundParts(Wire):
    id: str
    order: Origin
    refund_line_items: Page[RefundLine]
    refund_shipping_lines: Few[RefundShipping] = Few()
    transactions: Few[Transaction] = Few()


class RefundSeen(Wire):
    refund: RefundParts


class FaultExtensions(Part, frozen=True):
    code: str = ""
    request_id: str = ""


class Fault(Wire):
    message: str = ""
    extensions: FaultExtensions = FaultExtensions()


class Refusal(Wire):
    """A refusal: a list of errors in an answer of GraphQL, one sentence in any other."""

    errors: list[Fault] | str = ""
    extensions: Extensions | None = None
