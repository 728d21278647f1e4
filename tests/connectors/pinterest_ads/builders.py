"""What Pinterest answers, in small: rows of reports, ad groups, documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://api.pinterest.com"
ROOT = f"{HOST}/v5"
TOKEN = f"{ROOT}/oauth/token"
ACCOUNT_ID = "549700000001"
ACCOUNT = f"{ROOT}/ad_accounts/{ACCOUNT_ID}"
CAMPAIGN, GROUP, AD = "626700000001", "2680000000001", "687200000001"
FILE = "https://files.example/abc123.json"
DAY = "2026-10-20"

Json: TypeAlias = Mapping[str, object]


def row(**changes: object) -> Json:
    """A day of a campaign; the id is a number, as it may be. What is zero is left out."""
    told = {
        "DATE": DAY,
        "CAMPAIGN_ID": int(CAMPAIGN),
        "SPEND_IN_MICRO_DOLLAR": 12_500_001,
        "IMPRESSION_1": 8300,
        "CLICKTHROUGH_1": 61,
    }
    return told | changes


def group(number: str = GROUP, /, **changes: object) -> Json:
    """An ad group as Pinterest tells it, charged by click."""
    settings = {
        "id": number,
        "campaign_id": CAMPAIGN,
        "ad_account_id": ACCOUNT_ID,
        "name": "AG 1",
        "status": "ACTIVE",
        "billable_event": "CLICKTHROUGH",
        "bid_strategy_type": "MAX_BID",
        "bid_in_micro_currency": 450_000,
        "budget_type": "DAILY",
        "budget_in_micro_currency": 20_000_000,
        "start_time": 1_790_812_800,
        "end_time": None,
        "type": "adgroup",
    }
    return settings | changes


def document(**changes: object) -> Json:
    """An invoice over 387.50 for October."""
    told = {
        "id": "77001",
        "document_type": "INVOICE",
        "ad_account_id": ACCOUNT_ID,
        "ad_account_name": "Demo",
        "billing_period_start_date": "2026-10-01",
        "billing_period_end_date": "2026-10-31",
        "invoice_due_date": "2026-12-05",
        "amount_net_micro_currency": 387_500_000,
        "amount_discount_micro_currency": 0,
        "amount_tax_micro_currency": 0,
        "amount_billed_micro_currency": 387_500_000,
        "currency": "USD",
        "payment_terms": "NET 30",
        "status": "OPEN",
        "bill_to_country": "US",
    }
    return told | changes
