"""What is asked of Google: parameters of lists, and what a report is about.

Source: Display & Video 360 API v4 (contract of 2026-10-21), Bid Manager API v2 (contract of 2025-11-26), and
"Filters & metrics" of the latter; read 2026-11. Names of metrics are no enum there: those that a refusal
names are left out. Lists leave archived things out unless these are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from adtally import Window

ARCHIVED = 'entityStatus="ENTITY_STATUS_ARCHIVED"'
LIST_SIZE, ORDERS_SIZE = 200, 100
"""The largest pages: of lists, and of insertion orders."""

ACCOUNT = ("FILTER_DATE", "FILTER_ADVERTISER")
CAMPAIGN = (*ACCOUNT, "FILTER_MEDIA_PLAN")
AD_GROUP = (*CAMPAIGN, "FILTER_LINE_ITEM")
AD = (*AD_GROUP, "FILTER_CREATIVE_ID")

IMPRESSIONS, CLICKS = "METRIC_IMPRESSIONS", "METRIC_CLICKS"
COST = "METRIC_BILLABLE_COST_ADVERTISER"
REFUND = "METRIC_REFUND_BILLABLE_COST_ADVERTISER_CURRENCY"
BILLABLE_IMPRESSIONS = "METRIC_BILLABLE_IMPRESSIONS"
MEASURABLE = "METRIC_ACTIVE_VIEW_MEASURABLE_IMPRESSIONS"
VIEWABLE = "METRIC_ACTIVE_VIEW_VIEWABLE_IMPRESSIONS"
ENGAGEMENTS = "METRIC_ENGAGEMENTS"
PLAYS, COMPLETIONS = "METRIC_RICH_MEDIA_VIDEO_PLAYS", "METRIC_RICH_MEDIA_VIDEO_COMPLETIONS"
TRUEVIEW = "METRIC_TRUEVIEW_VIEWS"
CONVERSIONS = "METRIC_TOTAL_CONVERSIONS"
INVALID_CLICKS = "METRIC_INVALID_CLICKS"
AFTER_CLICK, AFTER_VIEW = "METRIC_LAST_CLICKS", "METRIC_LAST_IMPRESSIONS"
VALUE_AFTER_CLICK, VALUE_AFTER_VIEW = "METRIC_CM360_POST_CLICK_REVENUE", "METRIC_CM360_POST_VIEW_REVENUE"

FRACTIONS = {COST, REFUND, CONVERSIONS, AFTER_CLICK, AFTER_VIEW, VALUE_AFTER_CLICK, VALUE_AFTER_VIEW}
"""Metrics that are amounts, or counts that may be fractions: micros here."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is asked for: always ``needed``; of the others those that Google takes.

    Where a refusal names none, ``doubtful`` ones go first: their names are not confirmed for v2.
    """

    needed: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def optional(self) -> tuple[str, ...]:
        return (*self.wanted, *self.doubtful)

    def without(self, left_out: frozenset[str]) -> tuple[str, ...]:
        return (*self.needed, *(name for name in self.optional if name not in left_out))

    def next_out(self, named: frozenset[str], left_out: frozenset[str]) -> frozenset[str]:
        """What to leave out besides, after a refusal that names these metrics; nothing = it is no use.

        A needed metric that is named is not asked for less.
        """
        if named & {*self.needed}:
            return frozenset()
        if known := named & {*self.optional}:
            return known - left_out
        return frozenset(self.doubtful) - left_out or frozenset(self.wanted) - left_out


DELIVERY = Metrics(
    needed=(IMPRESSIONS, CLICKS, COST),
    wanted=(
        *(BILLABLE_IMPRESSIONS, MEASURABLE, VIEWABLE, ENGAGEMENTS, PLAYS, COMPLETIONS, TRUEVIEW),
        CONVERSIONS,
    ),
    doubtful=(REFUND, INVALID_CLICKS),
)
RESULTS = Metrics(needed=(AFTER_CLICK, AFTER_VIEW), doubtful=(VALUE_AFTER_CLICK, VALUE_AFTER_VIEW))
"""The value is refused for advertisers without a link to Campaign Manager 360."""


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of one advertiser by day and thing."""

    partner_id: str
    account_id: str
    groups: tuple[str, ...]
    metrics: Metrics
    window: Window
    campaigns: tuple[str, ...] = ()
    """Only these; () = all."""

    @property
    def key(self) -> str:
        """By what its id is remembered: a report about other columns is another one."""
        asked = (self.groups, self.metrics, self.campaigns)
        return f"report {sha256(repr(asked).encode()).hexdigest()[:16]}"

    def columns(self, left_out: frozenset[str]) -> tuple[str, ...]:
        """The columns of its file, in order."""
        return (*self.groups, *self.metrics.without(left_out))

    def query(self, left_out: frozenset[str]) -> dict[str, object]:
        """The body that saves it as a query."""
        filters = [("FILTER_PARTNER", self.partner_id), ("FILTER_ADVERTISER", self.account_id)]
        filters += [("FILTER_MEDIA_PLAN", campaign_id) for campaign_id in self.campaigns]
        return {
            "metadata": {
                "title": f"adtally {self.account_id} {self.window}",
                "format": "CSV",
                "sendNotification": False,
                "dataRange": {
                    "range": "CUSTOM_DATES",
                    "customStartDate": _day(self.window.first_day),
                    "customEndDate": _day(self.window.last_day),
                },
            },
            "params": {
                "type": "STANDARD",
                "groupBys": self.groups,
                "filters": [{"type": kind, "value": value} for kind, value in filters],
                "metrics": self.metrics.without(left_out),
            },
            "schedule": {"frequency": "ONE_TIME"},
        }


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}
