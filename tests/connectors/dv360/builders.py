"""What Google answers, in small: entities, rows of reports, invoices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ADVERTISER_ID, PARTNER_ID = "456", "123"
HOST = "https://displayvideo.googleapis.com"
BID_MANAGER = "https://doubleclickbidmanager.googleapis.com/v2/queries"
TOKEN = "https://oauth2.googleapis.com/token"
FILES = "https://storage.example.test/recon_"
YOUTUBE = "LINE_ITEM_TYPE_YOUTUBE_AND_PARTNERS_VIEW"

Json: TypeAlias = Mapping[str, object]


def row(campaign: str = "7701", day: str = "2026/10/20", **cells: str) -> dict[str, str]:
    """A row of a report by the names of its columns without FILTER_ or METRIC_; 361.50 for 120,500."""
    told = {
        "DATE": day,
        "ADVERTISER": ADVERTISER_ID,
        "MEDIA_PLAN": campaign,
        "LINE_ITEM": "9901",
        "CREATIVE_ID": "5501",
        "IMPRESSIONS": "120500",
        "CLICKS": "210",
        "BILLABLE_COST_ADVERTISER": "361.500000",
    }
    return told | cells


def days(first: str, last: str = "") -> Json:
    return {"startDate": day(first)} | ({"endDate": day(last)} if last else {})


def day(text: str) -> Json:
    year, month, number = map(int, text.split("-"))
    return {"year": year, "month": month, "day": number}


def advertiser(number: str = ADVERTISER_ID, /, **changes: object) -> Json:
    told = {
        "advertiserId": number,
        "partnerId": PARTNER_ID,
        "displayName": "Nordwind",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "generalConfig": {"currencyCode": "EUR", "timeZone": "Europe/Berlin"},
    }
    return told | changes


def campaign(number: str = "7701", /, **changes: object) -> Json:
    told = {
        "campaignId": number,
        "displayName": "Autumn",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "campaignGoal": {"campaignGoalType": "CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS"},
        "campaignFlight": {"plannedDates": days("2026-10-01", "2026-12-31")},
    }
    return told | changes


def item(number: str = "9901", /, **changes: object) -> Json:
    """A display line item with a fixed bid of 5.00 for 1,000 impressions."""
    told = {
        "lineItemId": number,
        "campaignId": "7701",
        "insertionOrderId": "8801",
        "displayName": "Prospecting",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "lineItemType": "LINE_ITEM_TYPE_DISPLAY_DEFAULT",
        "reservationType": "RESERVATION_TYPE_NOT_GUARANTEED",
        "flight": {"dateRange": days("2026-10-01", "2026-12-31")},
        "budget": {"budgetUnit": "BUDGET_UNIT_CURRENCY", "maxAmount": "2500000000"},
        "bidStrategy": {"fixedBid": {"bidAmountMicros": "5000000"}},
        "creativeIds": ["5501", "5502"],
    }
    return told | changes


def youtube(number: str = "9902", bid: str = "TARGET_CPV", /, **changes: object) -> Json:
    """A YouTube line item with a bid of 0.04."""
    kind = f"YOUTUBE_AND_PARTNERS_BIDDING_STRATEGY_TYPE_{bid}"
    strategy = {"youtubeAndPartnersBid": {"type": kind, "value": "40000"}}
    return item(number, lineItemType=YOUTUBE, bidStrategy=strategy, **changes)


def creative(number: str = "5501", /, **changes: object) -> Json:
    told = {
        "creativeId": number,
        "displayName": "Banner",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
    }
    return told | changes


def order(**changes: object) -> Json:
    """An insertion order of two segments: 1,000 in October and 2,000 in November."""
    segments = [
        {
            "budgetAmountMicros": "1000000000",
            "dateRange": days("2026-10-01", "2026-10-31"),
            "description": "PO-7781",
        },
        {
            "budgetAmountMicros": "2000000000",
            "dateRange": days("2026-11-01", "2026-11-30"),
            "description": "PO-7781",
        },
    ]
    told = {
        "insertionOrderId": "8801",
        "displayName": "Autumn",
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "insertionOrderType": "RTB",
        "kpi": {"kpiType": "KPI_TYPE_CPC", "kpiAmountMicros": "900000"},
        "budget": {"budgetUnit": "BUDGET_UNIT_CURRENCY", "budgetSegments": segments},
    }
    return told | changes


def bill(**changes: object) -> Json:
    """An invoice over 18,250.40 and a tax of 3,467.58."""
    told = {
        "name": "advertisers/456/invoices/5012345678",
        "invoiceId": "5012345678",
        "displayName": "5012345678",
        "invoiceType": "INVOICE_TYPE_INVOICE",
        "currencyCode": "EUR",
        "issueDate": day("2026-10-31"),
        "dueDate": day("2026-11-30"),
        "serviceDateRange": days("2026-10-01", "2026-10-31"),
        "subtotalAmountMicros": "18250400000",
        "totalTaxAmountMicros": "3467576000",
        "totalAmountMicros": "21717976000",
        "purchaseOrderNumber": "PO-7781",
        "pdfUrl": "https://displayvideo.example.test/invoice.pdf",
    }
    return told | changes


def credit(**changes: object) -> Json:
    """A credit of 310.00 and 58.90 of tax for September, with the signs that the live API may have."""
    told = {
        "invoiceId": "5012345700",
        "invoiceType": "INVOICE_TYPE_CREDIT",
        "currencyCode": "EUR",
        "issueDate": day("2026-11-05"),
        "serviceDateRange": days("2026-09-01", "2026-09-30"),
        "subtotalAmountMicros": "-310000000",
        "totalTaxAmountMicros": "-58900000",
        "totalAmountMicros": "-368900000",
        "correctedInvoiceId": "5012340001",
    }
    return told | changes
