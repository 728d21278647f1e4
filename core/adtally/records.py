"""The records that connectors yield and the ledger keeps: integers, text, dates.

None means "not offered or not asked", 0 means "the platform says zero". Key fields are never None: ""
means "does not apply at this grain". Core fills in connector, account and fetch time; the columns are
described in docs/ledger.md.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Literal, TypeAlias

from msgspec import Struct

Grain: TypeAlias = Literal["account", "campaign", "ad_group", "ad"]
Level: TypeAlias = Literal["account", "campaign", "ad_group", "ad"]
Model: TypeAlias = Literal[
    "cpm", "vcpm", "cpc", "cpv", "cpcv", "cpe", "cpl", "cpi", "cpa", "cps", "cpsend", "cpr", "dynamic", "flat"
]
RateKind: TypeAlias = Literal["fixed", "cap", "target", "auto"]


def canonical_account(text: str) -> str:
    """The id without dashes and ``act_`` where the rest is digits; any other id as it is."""
    digits = text.strip().removeprefix("act_").replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else text.strip()


def hashed(text: str) -> str:
    """A personal id (mail, phone, click id) as the ledger may keep it: SHA-256 in hex, "" for "".

    Blanks around it and upper case do not matter, so that the lists of two parties can be joined; platforms
    that hand out hashed contacts make them the same way.
    """
    plain = text.strip().lower()
    return sha256(plain.encode()).hexdigest() if plain else ""


class Account(Struct, frozen=True, kw_only=True):
    """Who advertises. ``id`` is canonical: no dashes, no ``act_``."""

    id: str
    name: str = ""
    currency: str
    timezone: str
    status: str = ""
    manager_id: str = ""
    payment: Literal["invoice", "threshold", "prepaid", "unknown"] = "unknown"
    reached_by: str = ""
    """The manager through which these credentials reach the account; known for the run, not stored."""


class Campaign(Struct, frozen=True, kw_only=True):
    campaign_id: str
    name: str = ""
    status: str = ""
    objective: str = ""
    channel: str = ""
    first_day: date | None = None
    last_day: date | None = None
    budget_id: str = ""
    budget_micros: int | None = None
    budget_period: str = ""


class AdGroup(Struct, frozen=True, kw_only=True):
    ad_group_id: str
    campaign_id: str
    name: str = ""
    status: str = ""
    first_day: date | None = None
    last_day: date | None = None
    budget_micros: int | None = None
    budget_period: str = ""


class Ad(Struct, frozen=True, kw_only=True):
    ad_id: str
    ad_group_id: str
    campaign_id: str
    name: str = ""
    status: str = ""


class Change(Struct, frozen=True, kw_only=True):
    """A change of status, budget or flight, as the platform's own log tells it."""

    level: Level
    entity_id: str
    at: datetime
    field: str
    old: str = ""
    new: str = ""
    source: Literal["platform", "observed"] = "platform"


class Terms(Struct, frozen=True, kw_only=True):
    """How one entity is charged, as observed now; core keeps the history of observations."""

    level: Level
    entity_id: str
    campaign_id: str = ""
    first_day: date | None = None
    """The entity's own first day: from there the first observation is assumed valid."""
    model: Model | None = None
    billable_event: str = ""
    rate_micros: int | None = None
    kind: RateKind = "auto"
    native: str = ""


class Delivery(Struct, gc=False, kw_only=True):
    """Impressions, interactions and cost of one entity on one day."""

    day: date
    campaign_id: str = ""
    ad_group_id: str = ""
    ad_id: str = ""
    currency: str = ""
    """"" = the account's."""
    view_definition: str = ""
    impressions: int | None = None
    measurable_impressions: int | None = None
    viewable_impressions: int | None = None
    clicks: int | None = None
    interactions: int | None = None
    engagements: int | None = None
    video_views: int | None = None
    video_completions: int | None = None
    leads: int | None = None
    installs: int | None = None
    conversions_micros: int | None = None
    purchases: int | None = None
    revenue_micros: int | None = None
    invalid_clicks: int | None = None
    billable_units: int | None = None
    cost_micros: int | None = None
    credited_micros: int | None = None


class Interaction(Struct, gc=False, kw_only=True):
    """What people did, by action and attribution; counts may be fractions, so they are micros too."""

    day: date
    campaign_id: str = ""
    ad_group_id: str = ""
    ad_id: str = ""
    action: str
    attribution: str = ""
    kind: Literal["click", "video_view", "engagement", "lead", "install", "purchase", "conversion", "other"]
    quantity_micros: int
    value_micros: int | None = None
    view_through: bool = False
    in_total: bool = False


class HourlyCost(Struct, gc=False, kw_only=True):
    """What one campaign did in one hour, around the ends of months: there the clocks of two parties disagree.

    ``hour`` is the instant at which it begins, in UTC; the account's own hours are no whole ones of UTC where
    its zone is half an hour off, and an hour that the clock repeats is two instants (see ``span_hours``).
    """

    hour: datetime
    campaign_id: str = ""
    span_hours: int = 1
    """2 where the clock repeats an hour and the platform tells both in one row, from the first of them on."""
    currency: str = ""
    """"" = the account's."""
    impressions: int | None = None
    clicks: int | None = None
    cost_micros: int | None = None


class CountryCost(Struct, gc=False, kw_only=True):
    """The cost of an account in one country and service month: what regulatory fees are a share of."""

    month: date
    """Its first day."""
    country: str = ""
    """ISO 3166-1 alpha-2 in upper case; "" = the platform does not know where."""
    currency: str = ""
    """"" = the account's."""
    cost_micros: int | None = None


class Order(Struct, frozen=True, kw_only=True):
    """A signed order, insertion order or account budget."""

    order_id: str
    purchase_order: str = ""
    paid_type: str = ""
    first_day: date | None = None
    last_day: date | None = None
    cap_micros: int | None = None
    units: int | None = None
    model: Model | None = None
    rate_micros: int | None = None
    currency: str = ""


class Balance(Struct, frozen=True, kw_only=True):
    at: datetime
    kind: str
    amount_micros: int
    currency: str = ""


class InvoiceLine(Struct, frozen=True, kw_only=True):
    """The smallest priced row. Lines add up to the total, or to total - tax where no line is a tax."""

    line: str
    invoice_id: str = ""
    """"" = the invoice that holds the line; set where lines come apart from their invoices."""
    account_id: str = ""
    campaign_id: str = ""
    campaign_name: str = ""
    kind: Literal[
        "media",
        "fee",
        "tax",
        "adjustment",
        "credit",
        "promotion",
        "invalid_traffic",
        "overdelivery",
        "rounding",
    ] = "media"
    description: str = ""
    quantity: int | None = None
    unit: str = ""
    per: Literal[1, 1000] = 1
    unit_price_micros: int | None = None
    price_is_average: bool = False
    amount_micros: int
    served_micros: int | None = None
    jurisdiction: str = ""
    rate_ppm: int | None = None
    base_micros: int | None = None
    budget_id: str = ""
    purchase_order: str = ""
    first_day: date | None = None
    last_day: date | None = None
    original_invoice_id: str = ""


class InvoiceAccount(Struct, frozen=True, kw_only=True):
    account_id: str
    amount_micros: int | None = None


class InvoiceLink(Struct, frozen=True, kw_only=True):
    kind: Literal["corrects", "replaces"]
    other_id: str


class Invoice(Struct, frozen=True, kw_only=True):
    """One document. What the buyer owes is positive; a credit memo's total is negative."""

    invoice_id: str
    number: str = ""
    account_id: str = ""
    """The billing account; "" = the unit's account."""
    kind: Literal["invoice", "credit_memo", "charge", "refund", "statement"] = "invoice"
    status: str = ""
    issue_day: date | None = None
    due_day: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    timezone: str = ""
    currency: str
    subtotal_micros: int | None = None
    adjustments_micros: int | None = None
    fees_micros: int | None = None
    tax_micros: int | None = None
    total_micros: int
    purchase_order: str = ""
    url: str = ""
    lines: tuple[InvoiceLine, ...] = ()
    accounts: tuple[InvoiceAccount, ...] = ()
    links: tuple[InvoiceLink, ...] = ()


class Evidence(Struct, frozen=True, kw_only=True):
    """One count or record that somebody else than the biller kept; E0 is the biller's own list, to join by.

    ``refers_to``: of a refund or dispute the sale; of a row of the biller's own list (a lead that it billed,
    a purchase that it claims, a click that it charged) the campaign.
    """

    source_id: str
    record_id: str
    """Order, lead or refund id, hashed where it is personal; of a count the day and the key."""
    kind: str
    """session, click, impression, install, lead, order, payment, purchase, refund, dispute, invalid_click."""
    day: date
    key_kind: Literal["campaign_id", "utm_id", "click_id", "lead_id", "order_id", "name"]
    key_value: str
    status: str = ""
    """accepted, paid, pending, cancelled, test, duplicate, invalid, refunded, failed, open, lost, won.

    "" for counts.
    """
    refers_to: str = ""
    quantity_micros: int | None = None
    value_micros: int | None = None
    currency: str = ""
    timezone: str = ""
    evidence_class: Literal["E0", "E1", "E2", "E3"] = "E2"
    flags: str = ""
    """What weakens it, in words: sampled, thresholded, other_row, truncated, view_through, modelled ..."""


Record: TypeAlias = (
    Campaign
    | AdGroup
    | Ad
    | Change
    | Terms
    | Delivery
    | Interaction
    | HourlyCost
    | CountryCost
    | Order
    | Balance
    | Invoice
    | InvoiceLine
    | Evidence
)
