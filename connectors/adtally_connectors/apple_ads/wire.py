"""The answers of the Apple Ads Platform API, as far as they are read.

Source: Apple Ads Platform API 1.0 and Apple's library apple-ads-platform 1.117.0 (read 2026-11). Ids are JSON
numbers; money is decimal text beside a currency that may be missing; times are UTC without saying so. What an
answer leaves out or calls null is not offered and stays None.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct, field

from adtally import local_day

Row = TypeVar("Row")

CURRENCIES = {"RMB": "CNY"}
"""Apple's own codes, where ISO 4217 has another."""


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Detail(Part, frozen=True):
    code: str = ""
    message: str | None = None


class Fault(Part, frozen=True):
    code: str = ""
    message: str | None = None
    details: list[Detail] | None = None


class Refusal(Wire):
    """What an answer says of its failure: inside ``error``, or by itself."""

    error: Fault | None = None
    code: str = ""
    message: str | None = None


class Pagination(Part, frozen=True):
    """Where a page stands; None where the answer does not say."""

    offset: int | None = None
    page_size: int | None = None
    total_count: int | None = None


class Money(Part, frozen=True):
    amount: Decimal
    currency: str | None = None

    @property
    def iso(self) -> str:
        """The currency by ISO 4217; "" = the account's."""
        return CURRENCIES.get(self.currency or "", self.currency or "")


class Amount(Part, frozen=True):
    """Money one level down, as budgets and caps have it."""

    value: Money | None = None


class AclAccount(Wire):
    id: int
    org_id: int | None = None


class Acl(Wire):
    ad_account: AclAccount


class Acls(Wire):
    acls: list[Acl]


class AclsAnswer(Wire):
    result: Acls


class AdAccount(Wire):
    id: int
    currency: str
    timezone: str
    name: str | None = None
    org_id: int | None = None
    payment_model: str | None = None
    system_status: str | None = None
    system_status_reasons: list[str] | None = None
    product_features: list[str] | None = None


class AdAccountAnswer(Wire):
    result: AdAccount


class Listed(Wire, Generic[Row]):
    """One page of a list."""

    result: list[Row]
    pagination: Pagination = Pagination()


class SharedBudgetAssignment(Wire):
    budget_id: int | None = None


class Campaign(Wire):
    id: int
    ad_account_id: int | None = None
    name: str | None = None
    billing_event: str | None = None
    promoted_object_type: str | None = None
    status: str | None = None
    display_status: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    daily_budget: Amount = Amount()
    shared_budgets: list[SharedBudgetAssignment] | None = None
    deleted: bool | None = None


class BidStrategy(Part, frozen=True):
    bid_strategy_type: str | None = None
    bid_strategy_goal: str | None = None
    bid: Money | None = None


class AdGroup(Wire):
    id: int
    campaign_id: int
    ad_account_id: int | None = None
    name: str | None = None
    pricing_model: str | None = None
    bid_strategy: BidStrategy | None = None
    cpa_cap: Amount | None = None
    status: str | None = None
    display_status: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    deleted: bool | None = None


class Ad(Wire):
    id: int
    campaign_id: int
    ad_group_id: int
    ad_account_id: int | None = None
    name: str | None = None
    status: str | None = None
    display_status: str | None = None
    deleted: bool | None = None


class Keyword(Wire):
    id: int
    campaign_id: int
    ad_group_id: int
    ad_account_id: int | None = None
    bid: Money | None = None


class InvoiceDetail(Part, frozen=True):
    order_number: str | None = None


class SharedBudget(Wire):
    id: int
    value: Money | None = None
    start_time: str | None = None
    end_time: str | None = None
    ad_account_ids: list[int] | None = None
    invoice_detail: InvoiceDetail | None = None


class Taps(Part, frozen=True):
    """How often people did something after a tap."""

    tap: int | None = None


class Metrics(Part, frozen=True):
    """What was counted on a day or in all; App Store reports know installs, those of Maps know actions."""

    date: str | None = None
    local_spend: Money | None = None
    impressions: int | None = None
    taps: int | None = None
    total_installs: int | None = None
    tap_installs: int | None = None
    view_installs: int | None = None
    total_new_downloads: int | None = None
    tap_new_downloads: int | None = None
    view_new_downloads: int | None = None
    total_redownloads: int | None = None
    tap_redownloads: int | None = None
    view_redownloads: int | None = None
    total_pre_orders_placed: int | None = None
    tap_pre_orders_placed: int | None = None
    view_pre_orders_placed: int | None = None
    actions: Taps | None = None
    first_actions: Taps | None = None
    get_directions: Taps | None = None
    tap_url: Taps | None = field(default=None, name="tapURL")
    call: Taps | None = None
    share: Taps | None = None
    get_the_app: Taps | None = None
    gallery_engagement: Taps | None = None


class Metadata(Wire):
    """Whom a row is about."""

    id: int
    campaign_id: int | None = None
    ad_group_id: int | None = None
    ad_account_id: int | None = None


class ReportRow(Wire):
    metadata: Metadata
    total_metrics: Metrics | None = None
    granular_metrics: list[Metrics] | None = None


class Summary(Part, frozen=True):
    grand_total: Metrics | None = None


class Reported(Wire):
    rows: list[ReportRow] | None = None
    summary: Summary | None = None


class Report(Wire):
    """One page of a report."""

    result: Reported
    pagination: Pagination = Pagination()


def instant(text: str) -> datetime:
    """The moment; without an offset it is told in UTC."""
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def first_day(text: str | None, timezone: str) -> date | None:
    """The account's day on which something starts."""
    return local_day(instant(text), timezone) if text else None
