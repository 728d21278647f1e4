"""The answers of the Display & Video 360 API and of the Bid Manager API, as far as they are read.

Source: Display & Video 360 API v4 (contract of 2026-10-21), Bid Manager API v2 (contract of 2025-11-26); read
2026-11. 64-bit numbers, ids among them, are JSON text; money is micros; a list that is empty is left out.
"""

from __future__ import annotations

import datetime
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from adtally import ContractError


class Keyed(Protocol):
    """A row with an identity, by which one that moved to the next page is known again."""

    @property
    def key(self) -> str: ...


Row = TypeVar("Row")


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Day(Part, frozen=True):
    year: int
    month: int
    day: int

    @property
    def date(self) -> datetime.date:
        """The day. Raises ContractError for one that the calendar does not have."""
        try:
            return datetime.date(self.year, self.month, self.day)
        except ValueError as error:
            raise ContractError(f"no day: {self.year}-{self.month}-{self.day}") from error


class Days(Part, frozen=True):
    """From the first day to the last one; either may be open."""

    start_date: Day | None = None
    end_date: Day | None = None

    @property
    def first_day(self) -> datetime.date | None:
        return self.start_date.date if self.start_date else None

    @property
    def last_day(self) -> datetime.date | None:
        return self.end_date.date if self.end_date else None


class Page(Wire, Generic[Row]):
    """One page; Google names the list after what is in it."""

    advertisers: list[Row] = []
    campaigns: list[Row] = []
    insertion_orders: list[Row] = []
    line_items: list[Row] = []
    creatives: list[Row] = []
    invoices: list[Row] = []
    next_page_token: str = ""

    @property
    def rows(self) -> list[Row]:
        orders = self.campaigns or self.insertion_orders or self.line_items
        return self.advertisers or orders or self.creatives or self.invoices


class GeneralConfig(Wire):
    currency_code: str
    time_zone: str


class Advertiser(Wire):
    advertiser_id: str
    general_config: GeneralConfig
    partner_id: str = ""
    display_name: str = ""
    entity_status: str = ""

    @property
    def key(self) -> str:
        return self.advertiser_id


class CampaignGoal(Part, frozen=True):
    campaign_goal_type: str = ""


class CampaignFlight(Part, frozen=True):
    planned_dates: Days = Days()


class CampaignBudget(Part, frozen=True):
    budget_id: str = ""
    budget_unit: str = ""
    budget_amount_micros: int | None = None


class Campaign(Wire):
    campaign_id: str
    display_name: str = ""
    entity_status: str = ""
    campaign_goal: CampaignGoal = CampaignGoal()
    campaign_flight: CampaignFlight = CampaignFlight()
    campaign_budgets: tuple[CampaignBudget, ...] = ()

    @property
    def key(self) -> str:
        return self.campaign_id


class BudgetSegment(Part, frozen=True):
    budget_amount_micros: int | None = None
    date_range: Days = Days()
    description: str = ""


class OrderBudget(Part, frozen=True):
    budget_unit: str = ""
    budget_segments: tuple[BudgetSegment, ...] = ()


class InsertionOrder(Wire):
    insertion_order_id: str
    display_name: str = ""
    entity_status: str = ""
    insertion_order_type: str = ""
    budget: OrderBudget = OrderBudget()

    @property
    def key(self) -> str:
        return self.insertion_order_id


class Flight(Part, frozen=True):
    """Without days of its own the line item runs as long as its insertion order."""

    date_range: Days = Days()


class LineItemBudget(Part, frozen=True):
    budget_unit: str = ""
    max_amount: int | None = None


class Pacing(Part, frozen=True):
    pacing_period: str = ""
    daily_max_micros: int | None = None


class FixedBid(Part, frozen=True):
    bid_amount_micros: int | None = None


class GoalBid(Part, frozen=True):
    """A bid that Google sets, by itself or towards a goal."""

    performance_goal_type: str = ""
    performance_goal_amount_micros: int | None = None
    max_average_cpm_bid_amount_micros: int | None = None


class TypedBid(Part, frozen=True):
    """A bid of YouTube or Demand Gen."""

    type: str = ""
    value: int | None = None


class BidStrategy(Part, frozen=True):
    fixed_bid: FixedBid | None = None
    maximize_spend_auto_bid: GoalBid | None = None
    performance_goal_auto_bid: GoalBid | None = None
    youtube_and_partners_bid: TypedBid | None = None
    demand_gen_bid: TypedBid | None = None


class RevenueModel(Part, frozen=True):
    """What the agency charges its client; Google bills by something else."""

    markup_type: str = ""
    markup_amount: int | None = None


class LineItem(Wire):
    line_item_id: str
    campaign_id: str
    insertion_order_id: str = ""
    display_name: str = ""
    entity_status: str = ""
    line_item_type: str = ""
    reservation_type: str = ""
    flight: Flight = Flight()
    budget: LineItemBudget = LineItemBudget()
    pacing: Pacing = Pacing()
    bid_strategy: BidStrategy = BidStrategy()
    partner_revenue_model: RevenueModel = RevenueModel()
    creative_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.line_item_id


class Creative(Wire):
    creative_id: str
    display_name: str = ""
    entity_status: str = ""

    @property
    def key(self) -> str:
        return self.creative_id


class Query(Wire):
    query_id: str


class ReportKey(Wire):
    query_id: str
    report_id: str


class ReportStatus(Part, frozen=True):
    state: str = ""


class ReportMetadata(Part, frozen=True):
    status: ReportStatus = ReportStatus()
    google_cloud_storage_path: str = ""
    report_data_start_date: Day | None = None
    report_data_end_date: Day | None = None


class Report(Wire):
    key: ReportKey
    metadata: ReportMetadata = ReportMetadata()


class Reason(Part, frozen=True):
    """One reason in the older style."""

    reason: str = ""


class Detail(Part, frozen=True):
    """A reason, the quota that it is about, or how long to wait."""

    reason: str = ""
    metadata: dict[str, str] = {}
    retry_delay: str = ""


class Fault(Part, frozen=True):
    message: str = ""
    status: str = ""
    errors: tuple[Reason, ...] = ()
    details: tuple[Detail, ...] = ()


class Refusal(Wire):
    error: Fault = Fault()
