"""What CM360 answers, in small: files of reports, placements, documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ORIGIN = "https://dfareporting.googleapis.com"
HOST = f"{ORIGIN}/dfareporting/v5/userprofiles/42"
TOKEN = "https://oauth2.googleapis.com/token"
ADVERTISER, OWNER = "5511", "77001"

Json: TypeAlias = Mapping[str, object]

COLUMNS = (
    *("Date", "Placement ID", "Placement", "Impressions", "Active View: Measurable Impressions"),
    *("Active View: Viewable Impressions", "Clicks", "Video Plays", "Video Completions"),
    *("Rich Media Interactions", "Click-through Conversions", "View-through Conversions"),
)
COUNTS = ("impressions", "measurable", "viewable", "clicks", "plays", "completions", "interactions")
CONVERSIONS = ("clicked", "seen")


def cells(day: str = "2026-10-05", placement: str = "3300101", /, **counts: str) -> list[str]:
    """A row of a report; what is not named is 0."""
    named = {"impressions": "31840", "clicks": "41"} | counts
    assert named.keys() <= {*COUNTS, *CONVERSIONS}
    return [day, placement, "Home 970x250", *(named.get(name, "0") for name in (*COUNTS, *CONVERSIONS))]


def total(*rows: list[str]) -> list[str]:
    """The last line, as the sums of whole numbers."""
    sums = [
        sum(int(cell) for cell in column if cell != "-")
        for column in zip(*(r[3:] for r in rows), strict=True)
    ]
    return ["Grand Total:", "---", "---", *map(str, sums)]


def sheet(
    *rows: list[str],
    zone: str = "America/New_York",
    owner: str = OWNER,
    columns: tuple[str, ...] = COLUMNS,
    filters: int = 1,
    last: list[str] | None = None,
) -> str:
    """A whole file; ``last`` is the last line, else what the rows add up to."""
    about = [
        ["adtally"],
        [],
        ["Date/Time Generated", "12/15/26 7:00 AM"],
        ["Report Time Zone", zone],
        ["Account ID", owner],
        ["Date Range", "10/1/26 - 10/31/26"],
        *[["Advertiser", f"Equals: Demo ({number})"] for number in range(filters)],
        ["MRC Accredited Metrics", '"Impressions(Desktop Display, Mobile Video)"'],
        [],
        ["Report Fields"],
    ]
    ending = ([total(*rows)] if rows else []) if last is None else [last]
    return "".join(",".join(line) + "\n" for line in [*about, list(columns), *rows, *ending])


def placement(number: str = "3300101", /, **changes: object) -> Json:
    """A placement as CM360 tells it, booked at 12.50 per thousand; ``price`` changes its schedule."""
    settings = {
        "id": number,
        "name": "Zeitung_Home_970x250",
        "campaignId": "220011",
        "advertiserId": ADVERTISER,
        "siteId": "7701",
        "externalId": "pub-7",
        "paymentSource": "PLACEMENT_AGENCY_PAID",
        "compatibility": "DISPLAY",
        "activeStatus": "PLACEMENT_STATUS_ACTIVE",
        "pricingSchedule": schedule(),
    }
    return settings | changes


def schedule(*periods: Json, **changes: object) -> Json:
    settings = {
        "pricingType": "PRICING_TYPE_CPM",
        "startDate": "2026-10-01",
        "endDate": "2026-10-31",
        "capCostOption": "CAP_COST_CUMULATIVE",
        "flighted": False,
        "pricingPeriods": list(periods or (period(),)),
    }
    return settings | changes


def period(first: str = "2026-10-01", last: str = "2026-10-31", nanos: int = 12_500_000_000) -> Json:
    return {"startDate": first, "endDate": last, "units": "1000000", "rateOrCostNanos": str(nanos)}


def group(number: str = "440001", /, **changes: object) -> Json:
    """A package at 9.00 per thousand."""
    settings = {
        "id": number,
        "name": "Package",
        "campaignId": "220011",
        "advertiserId": ADVERTISER,
        "placementGroupType": "PLACEMENT_PACKAGE",
        "activeStatus": "PLACEMENT_STATUS_ACTIVE",
        "pricingSchedule": schedule(period(nanos=9_000_000_000)),
    }
    return settings | changes


def bill(**changes: object) -> Json:
    """An invoice over 1,000 and a tax of 100 for ad serving in October."""
    document = {
        "id": "5012345678",
        "invoiceType": "INVOICE_TYPE_INVOICE",
        "currencyCode": "USD",
        "issueDate": "2026-11-02",
        "dueDate": "2026-12-02",
        "serviceStartDate": "2026-10-01",
        "serviceEndDate": "2026-10-31",
        "subtotalAmountMicros": "1000000000",
        "totalTaxAmountMicros": "100000000",
        "totalAmountMicros": "1100000000",
        "purchaseOrderNumber": "PO-7",
        "paymentsAccountId": "1111-2222-3333",
        "campaign_summaries": [fee("220011", 700_000_000), fee("220012", 300_000_000)],
        "pdfUrl": "https://dfareporting.example.test/5012345678.pdf",
    }
    return document | changes


def fee(campaign: str, micros: int) -> Json:
    tax = micros // 10
    return {
        "campaignId": campaign,
        "billingInvoiceCode": "NORD",
        "preTaxAmountMicros": str(micros),
        "taxAmountMicros": str(tax),
        "totalAmountMicros": str(micros + tax),
    }
