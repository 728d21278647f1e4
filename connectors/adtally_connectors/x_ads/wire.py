"""The answers of the X Ads API, as far as they are read.

Source: X Ads API v12 (github.com/xdevplatform/docs, ``x-ads-api``, snapshot of 2026-08-22; read 2026-11). Ids
are text in base 36. Amounts are whole micros in every currency. What an answer leaves out is not offered and
stays None; of metrics, null is zero.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct


class Keyed(Protocol):
    """A row with an id, by which one that moved to the next page is known again."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row")
Numbers: TypeAlias = list[int | None] | None
"""A metric by period."""


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Page(Wire, Generic[Row]):
    data: list[Row]
    next_cursor: str | None = None


class Account(Wire):
    id: str
    timezone: str
    name: str | None = None
    business_id: str | None = None
    approval_status: str | None = None
    deleted: bool = False


class FundingInstrument(Wire):
    id: str
    currency: str
    type: str = ""
    credit_limit_local_micro: int | None = None
    credit_remaining_local_micro: int | None = None
    funded_amount_local_micro: int | None = None
    io_header: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    created_at: datetime | None = None
    able_to_fund: bool | None = None


class Campaign(Wire):
    id: str
    name: str | None = None
    funding_instrument_id: str | None = None
    purchase_order_number: str | None = None
    daily_budget_amount_local_micro: int | None = None
    total_budget_amount_local_micro: int | None = None
    entity_status: str | None = None
    effective_status: str | None = None
    deleted: bool = False


class LineItem(Wire):
    id: str
    campaign_id: str
    name: str | None = None
    currency: str | None = None
    objective: str | None = None
    goal: str | None = None
    product_type: str | None = None
    placements: list[str] | None = None
    pay_by: str | None = None
    bid_strategy: str | None = None
    bid_amount_local_micro: int | None = None
    target_cpa_local_micro: int | None = None
    daily_budget_amount_local_micro: int | None = None
    total_budget_amount_local_micro: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    entity_status: str | None = None
    effective_status: str | None = None
    deleted: bool = False


class Promoted(Wire):
    """A promoted post, or the promoted account of a line item that aims at followers."""

    id: str
    line_item_id: str
    entity_status: str | None = None
    effective_status: str | None = None
    deleted: bool = False


class ActiveEntity(Wire):
    """Whose metrics changed, the times that the changes are about, and where the ads were shown."""

    entity_id: str
    activity_start_time: datetime
    activity_end_time: datetime
    placements: list[str]


class ActiveEntities(Wire):
    data: list[ActiveEntity]


class Job(Wire):
    """A report that X prepares. Its number is read from the text: it exceeds what a float holds."""

    id_str: str
    status: str
    url: str | None = None


class CreatedJob(Wire):
    data: Job


class Series(Wire):
    metrics: dict[str, Numbers | dict[str, Numbers]]
    segment: dict[str, str] | None = None


class EntityStats(Wire):
    id: str
    id_data: list[Series]


class Resolved(Wire):
    """The instants that X read the asked days as."""

    start_time: datetime
    end_time: datetime
    entity: str = ""
    granularity: str = ""


class Request(Wire):
    params: Resolved


class Stats(Wire):
    """The file of a report."""

    time_series_length: int
    data: list[EntityStats]
    request: Request


class Refusal(Wire):
    code: str | int = ""
    message: str | None = None
    parameter: str | None = None


class Refusals(Wire):
    errors: list[Refusal] = []
