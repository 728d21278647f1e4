"""The answers of the Campaign Manager 360 API, as far as they are read.

Source: discovery document of dfareporting v5, revision 20261107 (read 2026-11). Ids and 64-bit numbers are
text. What an answer leaves out is not offered and stays None.
"""

from __future__ import annotations

from datetime import date
from typing import Generic, Protocol, TypeVar

from msgspec import Struct


class Keyed(Protocol):
    """A row of a list, by which one that moved to the next page is known again."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row")


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Page(Wire, Generic[Row]):
    """One page; CM360 names the list after what is in it."""

    advertisers: list[Row] = []
    campaigns: list[Row] = []
    placements: list[Row] = []
    placement_groups: list[Row] = []
    invoices: list[Row] = []
    next_page_token: str | None = None

    @property
    def rows(self) -> list[Row]:
        return self.advertisers or self.campaigns or self.placements or self.placement_groups or self.invoices


class Profile(Wire):
    """One user's way into one account."""

    profile_id: str
    account_id: str


class Account(Wire):
    id: str
    currency_id: str = ""


class Advertiser(Wire):
    id: str
    name: str = ""
    status: str = ""
    suspended: bool | None = None


class Campaign(Wire):
    id: str
    advertiser_id: str = ""
    name: str = ""
    archived: bool | None = None
    start_date: date | None = None
    end_date: date | None = None


class Period(Part, frozen=True):
    """What is booked for some days, and at which price; nanos are 1e-9 of the account's currency."""

    start_date: date | None = None
    end_date: date | None = None
    units: int | None = None
    rate_or_cost_nanos: int | None = None
    pricing_comment: str | None = None


class Schedule(Part, frozen=True):
    pricing_type: str = ""
    start_date: date | None = None
    end_date: date | None = None
    cap_cost_option: str | None = None
    floodlight_activity_id: str | None = None
    pricing_periods: tuple[Period, ...] = ()


class Placement(Wire):
    id: str
    campaign_id: str
    advertiser_id: str = ""
    name: str = ""
    active_status: str = ""
    compatibility: str = ""
    external_id: str | None = None
    payment_source: str | None = None
    placement_group_id: str | None = None
    pricing_schedule: Schedule = Schedule()


class PlacementGroup(Wire):
    """A package or a roadblock; its schedule prices all its placements together."""

    id: str
    campaign_id: str
    advertiser_id: str = ""
    placement_group_type: str = ""
    primary_placement_id: str | None = None
    pricing_schedule: Schedule = Schedule()


class SavedReport(Wire):
    id: str


class Days(Part, frozen=True):
    start_date: date | None = None
    end_date: date | None = None


class File(Wire):
    """One run of a saved report."""

    id: str
    status: str = ""
    date_range: Days = Days()


class Reason(Wire):
    reason: str = ""


class Fault(Wire):
    message: str = ""
    status: str = ""
    errors: list[Reason] = []
    details: list[Reason] = []


class Refusal(Wire):
    error: Fault
