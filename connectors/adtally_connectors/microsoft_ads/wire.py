"""The JSON answers of the Bing Ads API, as far as they are read.

Source: API v13 as REST (OpenAPI models of the SDK 13.0.30.1, October 2026; read 2026-11). Ids of 64 bits are
text, amounts JSON numbers in major units. What an answer leaves out or calls null is not told and stays None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Wire(Struct, gc=False, rename="pascal"):
    """The reader's side only: unknown keys are ignored."""


class Problem(Wire):
    """One entry of a fault; its text has two names."""

    code: int = 0
    error_code: str | None = None
    message: str | None = None
    detail: str | None = None
    details: str | None = None


class Fault(Wire):
    """A refusal in either of its shapes, and what a list answers about the parts that it leaves out."""

    tracking_id: str | None = None
    errors: list[Problem | None] | None = None
    operation_errors: list[Problem | None] | None = None
    batch_errors: list[Problem | None] | None = None
    partial_errors: list[Problem | None] | None = None

    @property
    def problems(self) -> list[Problem]:
        lists = (self.errors, self.operation_errors, self.batch_errors, self.partial_errors)
        return [problem for problems in lists for problem in problems or () if problem]


class User(Wire):
    id: str


class Me(Wire):
    user: User


class Account(Wire):
    id: str
    currency_code: str
    time_zone: str
    name: str | None = None
    parent_customer_id: str | None = None
    account_life_cycle_status: str | None = None
    payment_method_type: str | None = None


class Accounts(Wire):
    accounts: list[Account] | None = None

    @property
    def rows(self) -> list[Account]:
        return self.accounts or []


class Bid(Wire):
    amount: Decimal | None = None


class Rate(Wire):
    rate_amount: Bid | None = None


class Day(Wire):
    day: int
    month: int
    year: int

    @property
    def date(self) -> date:
        return date(self.year, self.month, self.day)


class BiddingScheme(Wire):
    """The bid strategy; ``Type`` is a short name or that of the whole class."""

    type: str | None = None
    inherited_bid_strategy_type: str | None = None
    max_cpc: Bid | None = None
    manual_cpc: Decimal | None = None
    manual_cpi: Decimal | None = None
    target_cpa: Decimal | None = None
    target_roas: Decimal | None = None
    target_ad_position: str | None = None
    target_impression_share: Decimal | None = None
    target_cost_per_sale: Decimal | None = None
    commission_rate: Decimal | None = None
    max_percent_cpc: Decimal | None = None


class Campaign(Wire):
    id: str
    name: str | None = None
    status: str | None = None
    campaign_type: str | None = None
    marketing_objective: str | None = None
    daily_budget: Decimal | None = None
    budget_type: str | None = None
    budget_id: str | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    bidding_scheme: BiddingScheme | None = None
    bid_strategy_id: str | None = None
    is_deal_campaign: bool | None = None


class Campaigns(Wire):
    campaigns: list[Campaign | None] | None = None


class AdGroup(Wire):
    id: str
    name: str | None = None
    status: str | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    cpc_bid: Bid | None = None
    cpm_bid: Bid | None = None
    cpv_bid: Bid | None = None
    mcpa_bid: Bid | None = None
    commission_rate: Rate | None = None
    percent_cpc_bid: Rate | None = None


class AdGroups(Wire):
    ad_groups: list[AdGroup | None] | None = None


class Ad(Wire):
    """An ad; what it is called by depends on its type."""

    id: str
    status: str | None = None
    title: str | None = None
    title_part1: str | None = None
    business_name: str | None = None


class Ads(Wire):
    ads: list[Ad | None] | None = None


class Goal(Wire):
    id: str
    name: str | None = None
    type: str | None = None
    goal_category: str | None = None
    exclude_from_bidding: bool | None = None


class Goals(Wire):
    conversion_goals: list[Goal | None] | None = None


class Ordered(Wire):
    report_request_id: str


class ReportStatus(Wire):
    status: str
    report_download_url: str | None = None


class Polled(Wire):
    report_request_status: ReportStatus
