"""What is asked of Microsoft: bodies of lists and reports.

Source: API v13 as REST (SDK 13.0.30.1); "SearchAccounts", "GetCampaignsByAccountId", "GetAdsByAdGroupId",
"GetAdGroupsByCampaignId", "GetConversionGoalsByIds", "ReportRequest" and the columns (2024-11-06); read
2026-11. Flags are one text with commas. A list of campaigns without types has Search alone, and no list has
what was deleted: that stands in reports only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from adtally import Window, day_start, local_day

PAGE_SIZE, ORDERS_SIZE = 1000, 100
"""The largest pages: of accounts, of insertion orders."""
PACIFIC, PACIFIC_IANA = "PacificTimeUSCanadaTijuana", "America/Los_Angeles"
"""The clock of hours. Whatever zone is asked for, Microsoft tells them by this one
(BingAds/BingAds-Python-SDK#272), so that this one is asked for."""
HOURS_KEPT = 180
CAMPAIGNS_AT_ONCE = 300
"""Campaigns that a report can be limited to."""
REMEMBERED_DAYS = 1080
"""How far back reports go: 36 months."""

CAMPAIGN_TYPES = "Search, Shopping, DynamicSearchAds, Audience, Hotel, PerformanceMax, App, ObjectiveBased"
WITHOUT_AD_GROUPS = {"PerformanceMax"}
CAMPAIGN_FIELDS = (
    "BidStrategyId, CpvCpmBiddingScheme, MaxConversionValueBiddingScheme, "
    "TargetImpressionShareBiddingScheme, TargetCpaInMaxConversion, CostPerSaleBiddingScheme, ManualCpi, "
    "ManualCpc, LifetimeBudgetFields, MaxConversionValueWithMaxCpc, UnifiedCampaignFields"
)
AD_GROUP_FIELDS = "AdGroupType, CpvBid, CpmBid, CommissionRate, PercentCpcBid, McpaBid"
AD_TYPES = (
    *("AppInstall", "DynamicSearch", "ExpandedText", "Hotel", "Image", "Product"),
    *("ResponsiveAd", "ResponsiveSearch", "Text"),
)
GOAL_TYPES = (
    "Url, Duration, PagesViewedPerVisit, Event, AppInstall, OfflineConversion, InStoreTransaction, "
    "AppDownload"
)
GOAL_FIELDS = "ViewThroughConversionWindowInMinutes, GoalCategory"

ME: Mapping[str, object] = {"UserId": None}
GOALS: Mapping[str, object] = {
    "ConversionGoalIds": None,
    "ConversionGoalTypes": GOAL_TYPES,
    "ReturnAdditionalFields": GOAL_FIELDS,
}

COUNTED = (
    "Impressions",
    "Clicks",
    "Spend",
    "VideoViews",
    "CompletedVideoViews",
    "ConversionsQualified",
    "Revenue",
)
INVALID = ("LowQualityClicks",)
INSTALLS = ("Installs",)
AGGREGATIONS = {"day": "Daily", "hour": "Hourly", "": "Summary"}


@dataclass(frozen=True, slots=True)
class Level:
    """One kind of report: what a row is about, and what it says of that."""

    report: str
    ids: tuple[str, ...]
    columns: tuple[str, ...]
    by: Literal["day", "hour", ""] = "day"


ACCOUNT = Level("AccountPerformance", (), ("CurrencyCode", *COUNTED, *INVALID, *INSTALLS))
CAMPAIGN = Level("CampaignPerformance", ("CampaignId",), ("CurrencyCode", *COUNTED, *INVALID, *INSTALLS))
AD_GROUP = Level("AdGroupPerformance", ("CampaignId", "AdGroupId"), ("CurrencyCode", *COUNTED, *INSTALLS))
AD = Level("AdPerformance", ("CampaignId", "AdGroupId", "AdId"), ("CurrencyCode", *COUNTED))
HOURS = Level(CAMPAIGN.report, CAMPAIGN.ids, ("CurrencyCode", "Impressions", "Clicks", "Spend"), by="hour")
RESULTS = Level(
    "GoalsAndFunnels",
    ("CampaignId", "GoalId", "Goal", "GoalType"),
    ("AllConversionsQualified", "AllRevenue", "ViewThroughConversionsQualified", "ViewThroughRevenue"),
)
EVER_CAMPAIGNS = Level(
    CAMPAIGN.report,
    CAMPAIGN.ids,
    ("CampaignName", "CampaignStatus", "CampaignType", "Impressions"),
    by="",
)
EVER_AD_GROUPS = Level(AD_GROUP.report, AD_GROUP.ids, ("AdGroupName", "Status", "Impressions"), by="")
EVER_ADS = Level(AD.report, AD.ids, ("AdTitle", "AdStatus", "Impressions"), by="")
"""Whatever was shown since reports go back, so that what was deleted has a name."""


@dataclass(frozen=True, slots=True)
class Report:
    """Rows by thing and day of one account, or by thing alone."""

    account_id: str
    level: Level
    window: Window
    zone: str
    campaigns: tuple[str, ...] = ()
    """Only these; () = all."""

    @property
    def columns(self) -> tuple[str, ...]:
        level = self.level
        return (*(("TimePeriod",) if level.by else ()), "AccountId", *level.ids, *level.columns)

    @property
    def body(self) -> Mapping[str, object]:
        campaigns = [{"AccountId": self.account_id, "CampaignId": one} for one in self.campaigns]
        return {
            "ReportRequest": {
                "Type": f"{self.level.report}ReportRequest",
                "ReportName": "adtally",
                "Format": "Csv",
                "FormatVersion": "2.0",
                "ReturnOnlyCompleteData": False,
                "ExcludeReportHeader": False,
                "ExcludeReportFooter": False,
                "ExcludeColumnHeaders": False,
                "Aggregation": AGGREGATIONS[self.level.by],
                "Columns": self.columns,
                "Scope": {"Campaigns": campaigns} if campaigns else {"AccountIds": [self.account_id]},
                "Time": {
                    "CustomDateRangeStart": _parts(self.window.first_day),
                    "CustomDateRangeEnd": _parts(self.window.last_day),
                    "ReportTimeZone": self.zone,
                },
            }
        }


def in_pacific(window: Window, timezone: str) -> Window:
    """The days by the clock of hours that touch the window's days by the account's."""
    end = day_start(window.last_day + timedelta(days=1), timezone) - timedelta(seconds=1)
    return Window(
        local_day(day_start(window.first_day, timezone), PACIFIC_IANA), local_day(end, PACIFIC_IANA)
    )


def ever(today: date) -> Window:
    """All days that reports know."""
    return Window(today - timedelta(days=REMEMBERED_DAYS), today)


def accounts(field: str, value: str) -> Mapping[str, object]:
    """Accounts of a user or of a customer, without their page."""
    return {"Predicates": [_equals(field, value)], "ReturnAdditionalFields": "AccountMode"}


def insertion_orders(account_id: str) -> Mapping[str, object]:
    """Insertion orders of an account, without their page."""
    predicates = [_equals("AccountId", account_id)]
    return {"Predicates": predicates, "ReturnAdditionalFields": "UnlimitedAndEndlessFlags"}


def campaigns(account_id: str) -> Mapping[str, object]:
    return {
        "AccountId": account_id,
        "CampaignType": CAMPAIGN_TYPES,
        "ReturnAdditionalFields": CAMPAIGN_FIELDS,
    }


def ad_groups(campaign_id: str) -> Mapping[str, object]:
    return {"CampaignId": campaign_id, "ReturnAdditionalFields": AD_GROUP_FIELDS}


def ads(ad_group_id: str) -> Mapping[str, object]:
    return {"AdGroupId": ad_group_id, "AdTypes": AD_TYPES}


def documents(account_id: str, window: Window, today: date) -> Mapping[str, object]:
    """Billing documents of these days, and a day more: whether an end counts is not said. null = today."""
    end = window.last_day + timedelta(days=1)
    return {
        "AccountIds": [account_id],
        "StartDate": f"{window.first_day}T00:00:00",
        "EndDate": None if end > today else f"{end}T00:00:00",
        "ReturnInvoiceNumber": True,
    }


def _equals(field: str, value: str) -> Mapping[str, str]:
    return {"Field": field, "Operator": "Equals", "Value": value}


def _parts(day: date) -> Mapping[str, int]:
    return {"Year": day.year, "Month": day.month, "Day": day.day}
