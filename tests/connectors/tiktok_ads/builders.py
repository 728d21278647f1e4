"""What TikTok answers, in small: rows of reports, ad groups, documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://business-api.tiktok.com/open_api/v1.3"
ACCOUNT_ID = "7011111111111111111"
CENTER_ID = "6900000000000000001"
REPORT = "report/integrated/get"

Json: TypeAlias = Mapping[str, object]


def row(
    campaign: str = "1780000000000000001",
    day: str = "2026-10-20",
    *,
    ad_group: str = "",
    ad: str = "",
    **metrics: str,
) -> Json:
    """A row of a report by day and campaign, or by the ad group or ad that is named."""
    told = {"spend": "42.17", "impressions": "10310", "clicks": "118"} | metrics
    ids = {"ad_id": ad} if ad else {"adgroup_id": ad_group} if ad_group else {"campaign_id": campaign}
    return {"dimensions": {"stat_time_day": f"{day} 00:00:00", **ids}, "metrics": told}


def group(number: str = "1785000000000000001", /, **changes: object) -> Json:
    """An ad group as TikTok tells it, charged by click."""
    settings = {
        "adgroup_id": number,
        "campaign_id": "1780000000000000001",
        "adgroup_name": "Shoes",
        "billing_event": "CPC",
        "optimization_goal": "CLICK",
        "bid_type": "BID_TYPE_NO_BID",
        "bid_price": 0.0,
        "conversion_bid_price": 0.0,
        "deep_bid_type": None,
        "rf_purchased_type": None,
    }
    return settings | changes


def advertiser(number: str = ACCOUNT_ID, /, **changes: object) -> Json:
    settings = {
        "advertiser_id": number,
        "name": "Demo Shop",
        "currency": "USD",
        "timezone": "Etc/GMT+5",
        "display_timezone": "America/New_York",
        "status": "STATUS_ENABLE",
        "owner_bc_id": CENTER_ID,
        "balance": 5325.43,
    }
    return settings | changes


def bill(**changes: object) -> Json:
    """An invoice over 1,000 and a tax of 100."""
    document = {
        "invoice_id": "900001",
        "serial_number": "TTUS26100001",
        "invoice_type": "RECON",
        "status": "APPROVED",
        "send_date": "2026-11-05",
        "due_date": "2026-12-05",
        "currency_code": "USD",
        "amount": 1100.0,
        "amount_excluding_tax": 1000.0,
        "total_tax_amount": 100.0,
        "tax_type1": "Sales tax",
        "tax_rate1": 10.0,
        "tax_amount1": 100.0,
        "pay_status": "UNPAID",
        "unpaid_amount": 1100.0,
        "overdue_status": "NO",
        "billing_group_id": "55",
        "account_name": "Demo Shop",
        "negative_invoice_ids": [],
        "positive_invoice_ids": [],
    }
    return document | changes


def transaction(kind: str = "BILL_PAYMENT", /, **changes: object) -> Json:
    """A payment of 55 of which 5 are tax."""
    moved = {
        "transaction_id": "300001",
        "account_id": ACCOUNT_ID,
        "amount": 55.0,
        "subtotal": 50.0,
        "tax_amount": 5.0,
        "currency": "USD",
        "amount_type": "POSITIVE",
        "transaction_type": kind,
        "billing_type": "CASH",
        "timezone": "UTC-05:00",
        "create_time": "2026-10-07 23:30:00",
        "invoice_id": None,
    }
    return moved | changes
