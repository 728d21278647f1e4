"""The answers of the Amazon Ads API, as far as they are read.

Source: OpenAPI documents of profiles, Sponsored Products v3, Sponsored Brands v4, Sponsored Display, Ads API
v1, DSP advertisers and Reporting version 3 (as of 2026-10; read 2026-11). Ids are numbers in older services
and text in newer ones. Money is a JSON number of major units. What an answer leaves out or calls null is not
offered and stays None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

Number: TypeAlias = int | str
"""An id as it comes; ``text`` makes it one of ours."""
Row = TypeVar("Row")


def text(number: Number | None) -> str:
    return "" if number is None else str(number)


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Refusal(Wire):
    """Which of the three names holds the words depends on the age of the service."""

    code: str = ""
    detail: str = ""
    details: str = ""
    message: str = ""
    request_id: str = ""


class AccountInfo(Part, frozen=True):
    type: str = ""
    name: str = ""


class Profile(Wire):
    """One advertiser in one marketplace, or an agency above DSP advertisers."""

    profile_id: Number
    currency_code: str = ""
    timezone: str = ""
    account_info: AccountInfo = AccountInfo()


class Advertiser(Wire):
    """An advertiser of the DSP."""

    advertiser_id: Number
    currency: str
    timezone: str
    name: str = ""


class Advertisers(Wire):
    response: list[Advertiser] = []
    total_results: int | None = None


class Page(Wire, Generic[Row]):
    """One page; Amazon names the list after what is in it."""

    campaigns: list[Row] = []
    ad_groups: list[Row] = []
    product_ads: list[Row] = []
    ads: list[Row] = []
    ad_associations: list[Row] = []
    next_token: str | None = None
    total_results: int | None = None
    total_count: int | None = None

    @property
    def rows(self) -> list[Row]:
        return self.campaigns or self.ad_groups or self.product_ads or self.ads or self.ad_associations

    @property
    def total(self) -> int | None:
        return self.total_results if self.total_count is None else self.total_count


class ProductsBudget(Wire):
    budget: Decimal | None = None
    budget_type: str | None = None


class Money(Part, frozen=True):
    value: Decimal | None = None


class MonetaryBudget(Part, frozen=True):
    monetary_budget: Money = Money()


class BudgetValue(Part, frozen=True):
    monetary_budget_value: MonetaryBudget = MonetaryBudget()


class Budget(Wire):
    """A budget of Ads API v1."""

    budget_value: BudgetValue = BudgetValue()
    recurrence_time_period: str | None = None


class Bidding(Part, frozen=True):
    strategy: str | None = None


class BidSettings(Part, frozen=True):
    bid_strategy: str | None = None


class GoalSettings(Part, frozen=True):
    goal: str | None = None
    kpi: str | None = None


class Optimizations(Part, frozen=True):
    bid_settings: BidSettings = BidSettings()
    goal_settings: GoalSettings = GoalSettings()


class Campaign(Wire):
    """A campaign of any product; days are ``2026-10-01`` or ``20261001``, in Ads API v1 instants."""

    campaign_id: Number
    name: str | None = None
    state: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    start_date_time: str | None = None
    end_date_time: str | None = None
    budget: ProductsBudget | Decimal | None = None
    budget_type: str | None = None
    budgets: list[Budget] = []
    cost_type: str | None = None
    goal: str | None = None
    tactic: str | None = None
    targeting_type: str | None = None
    dynamic_bidding: Bidding = Bidding()
    optimizations: Optimizations = Optimizations()

    @property
    def key(self) -> str:
        return text(self.campaign_id)


class AdGroup(Wire):
    ad_group_id: Number
    campaign_id: Number
    name: str | None = None
    state: str | None = None
    start_date_time: str | None = None
    end_date_time: str | None = None

    @property
    def key(self) -> str:
        return text(self.ad_group_id)


class Ad(Wire):
    """An ad; of the DSP a creative, which an association puts into an ad group."""

    ad_id: Number
    ad_group_id: Number | None = None
    campaign_id: Number | None = None
    name: str | None = None
    ad_name: str | None = None
    asin: str | None = None
    sku: str | None = None
    state: str | None = None

    @property
    def key(self) -> str:
        return text(self.ad_id)


class Association(Wire):
    ad_association_id: Number
    ad_group_id: Number
    ad_id: Number
    state: str | None = None

    @property
    def key(self) -> str:
        return text(self.ad_association_id)


class Filter(Wire):
    field: str = ""
    values: list[str] = []


class Configuration(Part, frozen=True):
    ad_product: str = ""
    group_by: list[str] = []
    columns: list[str] = []
    report_type_id: str = ""
    time_unit: str = ""
    filters: list[Filter] | None = None


class Report(Wire):
    """A report in the making; what is empty was refused, as of a report that runs already."""

    report_id: str = ""
    status: str = ""
    start_date: str = ""
    end_date: str = ""
    configuration: Configuration = Configuration()
    url: str | None = None
    failure_reason: str | None = None
    detail: str = ""


class ReportRow(Wire):
    """A row of a report of any product: the names of these fields are the columns that are asked for."""

    date: date
    campaign_id: Number | None = None
    campaign_name: str | None = None
    ad_group_id: Number | None = None
    ad_id: Number | None = None
    campaign_budget_currency_code: str | None = None
    cost_type: str | None = None
    impressions: int | None = None
    viewable_impressions: int | None = None
    impressions_views: int | None = None
    measurable_impressions: int | None = None
    clicks: int | None = None
    cost: Decimal | None = None
    video5_second_views: int | None = None
    video_complete_views: int | None = None
    purchases: int | None = None
    purchases_clicks: int | None = None
    purchases_views: int | None = None
    purchases1d: int | None = None
    purchases7d: int | None = None
    purchases14d: int | None = None
    purchases30d: int | None = None
    sales: Decimal | None = None
    sales_clicks: Decimal | None = None
    sales1d: Decimal | None = None
    sales7d: Decimal | None = None
    sales14d: Decimal | None = None
    sales30d: Decimal | None = None
    leads: int | None = None
    lead_form_opens: int | None = None
    advertiser_id: Number | None = None
    order_id: Number | None = None
    line_item_id: Number | None = None
    creative_id: Number | None = None
    order_currency: str | None = None
    total_cost: Decimal | None = None
    invalid_click_throughs: int | None = None
    video_ad_start: int | None = None
    video_ad_complete: int | None = None
    off_amazon_purchases: int | None = None
    lead: int | None = None
    sign_up: int | None = None
    mobile_app_first_starts: int | None = None
