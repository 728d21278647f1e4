"""What Amazon answers, in small: rows of reports, campaigns, documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://advertising-api.amazon.com"
TOKEN_URL = "https://api.amazon.com/auth/o2/token"
REPORTS = f"{HOST}/reporting/reports"
FILES = "https://offline-report-storage.example.test"
PROFILE, AGENCY, ADVERTISER = "3012345678901234", "3012345678900000", "5830000000000000001"
CAMPAIGN = 281474976710001

Json: TypeAlias = Mapping[str, object]


def row(day: str = "2026-10-01", /, **columns: object) -> Json:
    """A row of a sponsored report by day and campaign."""
    told = {"date": day, "campaignId": CAMPAIGN, "campaignBudgetCurrencyCode": "EUR"}
    return told | {"impressions": 1532, "clicks": 12, "cost": 8.46} | columns


def dsp_row(day: str = "2026-10-01", /, **columns: object) -> Json:
    told = {"date": day, "advertiserId": int(ADVERTISER), "orderId": 576460000000001, "orderCurrency": "EUR"}
    return told | {"impressions": 4000, "clicks": 3, "totalCost": 14.2} | columns


def campaign(number: object = str(CAMPAIGN), /, **changes: object) -> Json:
    return {"campaignId": number, "name": "DE | Kaffee", "state": "ENABLED"} | changes


def profile(number: str = PROFILE, kind: str = "seller", /, **changes: object) -> Json:
    told: Json = {
        "profileId": int(number),
        "countryCode": "DE",
        "currencyCode": "EUR",
        "timezone": "Europe/Berlin",
        "accountInfo": {"id": "ENTITY1", "type": kind, "name": "Demo Shop", "validPaymentMethod": True},
    }
    return {**told, **changes}


def money(amount: float, currency: str = "EUR") -> Json:
    return {"amount": amount, "currencyCode": currency}


def summary(**changes: object) -> Json:
    """A paid invoice over 500 and a tax of 95."""
    told: Json = {
        "id": "DE0099ABC-12",
        "status": "PAID_IN_FULL",
        "fromDate": "20261001",
        "toDate": "20261014",
        "invoiceDate": "20261014",
        "dueDate": "20261114",
        "amountDue": money(595.0),
        "taxAmountDue": money(95.0),
        "remainingAmountDue": money(0.0),
        "taxRate": 0.19,
    }
    return {**told, **changes}


def line(**changes: object) -> Json:
    """600 clicks of a Sponsored Products campaign."""
    told: Json = {
        "name": "DE | Kaffee",
        "campaignId": CAMPAIGN,
        "campaignName": "DE | Kaffee",
        "programName": "SPONSORED PRODUCT",
        "priceType": "CPC",
        "costEventType": "CLICKS",
        "costEventCount": 600,
        "costPerUnit": 0.7,
        "cost": money(420.0),
    }
    return {**told, **changes}


def display_line(**changes: object) -> Json:
    told: Json = {
        "name": "DE | Display reach",
        "campaignId": 281474976710055,
        "campaignName": "DE | Display reach",
        "programName": "SPONSORED DISPLAY",
        "priceType": "CPM",
        "costEventType": "IMPRESSIONS",
        "costEventCount": 20000,
        "costPerUnit": 4.25,
        "cost": money(85.0),
    }
    return {**told, **changes}


def adjustment(amount: float) -> Json:
    return {"accountingDate": "20261010", "amount": money(amount), "comments": "Invalid traffic"}


def document(head: Json | None = None, **parts: object) -> Json:
    """The document of ``summary``: two lines of 505 in all, an adjustment of -5, and the tax."""
    tax = {"taxName": "VAT", "taxRate": 0.19, "taxAmount": money(95.0), "taxedJurisdictionName": "DE"}
    told: Json = {
        "invoiceSummary": head or summary(),
        "invoiceLines": [line(), display_line()],
        "adjustments": [adjustment(-5.0)],
        "promotions": [],
        "taxDetail": {"taxBreakups": [tax]},
    }
    return {**told, **parts}
