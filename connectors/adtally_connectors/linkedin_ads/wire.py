"""The answers of the LinkedIn Marketing API, as far as they are read.

Source: LinkedIn Marketing API 202607, "Ad Accounts", "Campaign Groups", "Campaigns", "Creatives", "Conversion
Tracking" and "Metrics Available" (views of 2026, read 2026-11). Money is decimal text, counts are JSON
integers, instants are milliseconds. What an answer leaves out is not offered and stays None.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

from .restli import parted

Row = TypeVar("Row")


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Refusal(Wire):
    """What a refusal says of itself; older resources have no ``code``."""

    message: str | None = None
    code: str | int | None = None
    service_error_code: int | None = None


class Metadata(Part, frozen=True):
    next_page_token: str | None = None


class Link(Wire):
    rel: str
    href: str


class Paging(Part, frozen=True):
    links: tuple[Link, ...] = ()


class Page(Wire, Generic[Row]):
    """One page: lists that are searched have a token for the next one, others a link."""

    elements: list[Row]
    metadata: Metadata = Metadata()
    paging: Paging = Paging()


class Money(Wire):
    amount: Decimal
    currency_code: str = ""


class Schedule(Part, frozen=True):
    start: int | None = None
    end: int | None = None


class Account(Wire):
    id: int
    currency: str
    name: str = ""
    status: str = ""
    serving_statuses: list[str] = []
    test: bool = False
    total_budget: Money | None = None
    total_budget_ends_at: int | None = None


class CampaignGroup(Wire):
    """Our campaign."""

    id: int
    name: str = ""
    status: str = ""
    objective_type: str | None = None
    daily_budget: Money | None = None
    total_budget: Money | None = None
    run_schedule: Schedule = Schedule()


class Campaign(Wire):
    """Our ad group."""

    id: int
    campaign_group: str
    name: str = ""
    status: str = ""
    type: str | None = None
    format: str | None = None
    objective_type: str | None = None
    cost_type: str | None = None
    unit_cost: Money | None = None
    optimization_target_type: str | None = None
    daily_budget: Money | None = None
    total_budget: Money | None = None
    run_schedule: Schedule = Schedule()

    @property
    def group_id(self) -> str:
        return parted(self.campaign_group)[1]


class Creative(Wire):
    """Our ad; its id is a URN."""

    id: str
    campaign: str
    name: str | None = None
    intended_status: str = ""


class Rule(Wire):
    """What counts as a conversion."""

    id: int
    name: str = ""
    type: str | None = None


class Day(Wire):
    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        date(self.year, self.month, self.day)  # what is no day is refused with its place in the answer


class DateRange(Wire):
    start: Day
    end: Day


class ReportRow(Wire):
    date_range: DateRange
    pivot_values: list[str]

    @property
    def day(self) -> date:
        start = self.date_range.start
        return date(start.year, start.month, start.day)

    @property
    def ids(self) -> dict[str, str]:
        """The ids that the row is about, by kind; the order of the pivots does not matter."""
        return dict(map(parted, self.pivot_values))

    @property
    def key(self) -> tuple[object, ...]:
        return self.day, *self.pivot_values


class DeliveryRow(ReportRow):
    """The names of these fields are the metrics that are asked for."""

    impressions: int | None = None
    clicks: int | None = None
    total_engagements: int | None = None
    video_views: int | None = None
    video_completions: int | None = None
    sends: int | None = None
    one_click_leads: int | None = None
    external_website_conversions: int | None = None
    conversion_value_in_local_currency: Decimal | None = None
    cost_in_local_currency: Decimal | None = None


class RuleRow(ReportRow):
    """Conversions by the rule that counts them."""

    external_website_conversions: int | None = None
    external_website_post_click_conversions: int | None = None
    external_website_post_view_conversions: int | None = None
    conversion_value_in_local_currency: Decimal | None = None


class ActionRow(RuleRow):
    """What people did: some things are parts of others. Impressions tell whether all rows came."""

    impressions: int | None = None
    landing_page_clicks: int | None = None
    company_page_clicks: int | None = None
    card_clicks: int | None = None
    action_clicks: int | None = None
    ad_unit_clicks: int | None = None
    text_url_clicks: int | None = None
    download_clicks: int | None = None
    subscription_clicks: int | None = None
    reactions: int | None = None
    comments: int | None = None
    comment_likes: int | None = None
    shares: int | None = None
    follows: int | None = None
    other_engagements: int | None = None
    sends: int | None = None
    opens: int | None = None
    video_starts: int | None = None
    video_views: int | None = None
    video_completions: int | None = None
    full_screen_plays: int | None = None
    document_completions: int | None = None
    one_click_leads: int | None = None
    one_click_lead_form_opens: int | None = None
    qualified_leads: int | None = None
    valid_work_email_leads: int | None = None
    lead_generation_mail_contact_info_shares: int | None = None
    lead_generation_mail_interested_clicks: int | None = None
    talent_leads: int | None = None
    job_applications: int | None = None
    job_apply_clicks: int | None = None
    registrations: int | None = None
