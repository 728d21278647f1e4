"""What Microsoft answers, in small: accounts, campaigns, ad groups, files of reports, documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from adtally_connectors.microsoft_ads import queries

ACCOUNT_ID, CUSTOMER_ID = "180001", "5"
REPORTS = "https://reporting.api.bingads.microsoft.com/Reporting/v13/GenerateReport"
CAMPAIGNS = "https://campaign.api.bingads.microsoft.com/CampaignManagement/v13"
CUSTOMERS = "https://clientcenter.api.bingads.microsoft.com/CustomerManagement/v13"
BILLING = "https://clientcenter.api.bingads.microsoft.com/CustomerBilling/v13"
LOGIN = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
FILE = "https://download.example/r/70428694472?sig=x"
TRACKING = "11111111-2222-3333-4444-555555555555"

Json: TypeAlias = Mapping[str, object]
HEAD = {
    "Report Name": "d",
    "Report Time": "10/1/2026,10/31/2026",
    "Time Zone": "(GMT-05:00) Eastern Time (US & Canada)",
    "Last Completed Available Day": "12/15/2026 5:05:00 AM (GMT)",
    "Report Aggregation": "Daily",
    "Report Filter": "",
    "Potential Incomplete Data": "false",
}
FOOT = "@2026 Microsoft Corporation. All rights reserved. "
USUAL = {
    "TimePeriod": "2026-10-20",
    "AccountId": ACCOUNT_ID,
    "CurrencyCode": "USD",
    "CampaignId": "41",
    "Impressions": "1200",
    "Clicks": "60",
    "Spend": "48.30",
    "VideoViews": "0",
    "CompletedVideoViews": "0",
    "ConversionsQualified": "2.50",
    "Revenue": "310.00",
    "LowQualityClicks": "4",
    "Installs": "0",
    "GoalId": "61001",
    "Goal": "Orders",
    "GoalType": "Event",
    "AllConversionsQualified": "2.50",
    "AllRevenue": "310.00",
    "ViewThroughConversionsQualified": "0.00",
    "ViewThroughRevenue": "0.00",
}


def cells(level: queries.Level = queries.CAMPAIGN, /, **changes: str) -> list[str]:
    """A row of a report by day and campaign, or of another level."""
    told = USUAL | changes
    days = ("TimePeriod",) if level.by else ()
    return [told[name] for name in (*days, "AccountId", *level.ids, *level.columns)]


def csv_text(
    *rows: Sequence[str],
    level: queries.Level = queries.CAMPAIGN,
    head: Mapping[str, str] | None = None,
    columns: Sequence[str] = (),
    foot: str | None = FOOT,
) -> str:
    """The text of a file, which says how many rows it has unless ``head`` says otherwise."""
    said = {**HEAD, "Rows": str(len(rows)), **(head or {})}
    days = ("TimePeriod",) if level.by else ()
    lines = [
        *([f"{name}: {value}"] for name, value in said.items() if value != "left out"),
        [],
        columns or (*days, "AccountId", *level.ids, *level.columns),
        *rows,
        *([[], [foot]] if foot is not None else []),
    ]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("70428694472.csv", text.encode("utf-8-sig"))
    return packed.getvalue()


def account(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    settings = {
        "Id": number,
        "Name": "Shop US",
        "Number": "F1190001",
        "ParentCustomerId": CUSTOMER_ID,
        "CurrencyCode": "USD",
        "TimeZone": "EasternTimeUSCanada",
        "AccountLifeCycleStatus": "Active",
        "PaymentMethodType": None,
        "BillingThresholdAmount": None,
    }
    return settings | changes


def campaign(number: str = "41", /, **changes: object) -> Json:
    """A campaign as Microsoft tells it, charged by click."""
    settings = {
        "Id": number,
        "Name": "Brand, US",
        "Status": "Active",
        "CampaignType": "Search",
        "MarketingObjective": None,
        "DailyBudget": 50.5,
        "BudgetType": "DailyBudgetStandard",
        "BudgetId": None,
        "BiddingScheme": {"Type": "EnhancedCpc"},
        "BidStrategyId": None,
        "StartDate": {"Day": 20, "Month": 8, "Year": 2026},
        "EndDate": None,
    }
    return settings | changes


def ad_group(number: str = "51", /, **changes: object) -> Json:
    settings = {
        "Id": number,
        "Name": "Shoes",
        "Status": "Active",
        "CpcBid": {"Amount": 0.45},
        "CpmBid": None,
        "BiddingScheme": {"Type": "InheritFromParent", "InheritedBidStrategyType": "EnhancedCpc"},
        "StartDate": None,
        "EndDate": None,
    }
    return settings | changes


def document(**changes: object) -> Json:
    """An invoice over 1,412.55 of 1 November."""
    told = {
        "AccountId": ACCOUNT_ID,
        "AccountName": "Shop US",
        "AccountNumber": "F1190001",
        "Amount": 1412.55,
        "CurrencyCode": "USD",
        "DocumentDate": "2026-11-01T00:00:00",
        "DocumentId": "990001",
        "CustomerId": 5,
        "CampaignId": None,
        "DocumentNumber": "E0400TEST1",
    }
    return told | changes


def order(number: str = "700", /, **changes: object) -> Json:
    told = {
        "Id": number,
        "AccountId": ACCOUNT_ID,
        "Name": "Autumn",
        "PurchaseOrder": "PO-77",
        "StartDate": "2026-09-01T00:00:00",
        "EndDate": "2026-12-31T00:00:00",
        "SpendCapAmount": 9000.0,
        "BudgetRemaining": 1250.25,
        "Status": "Active",
        "IsUnlimited": False,
        "IsEndless": False,
    }
    return told | changes
