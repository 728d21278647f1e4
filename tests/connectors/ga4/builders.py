"""What GA4 answers, in small: rows of reports and what it says of a whole report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ORIGIN = "https://analyticsdata.googleapis.com"
PROPERTY = "123456789"
REPORT = f"{ORIGIN}/v1beta/properties/{PROPERTY}:runReport"
TOKEN = "https://oauth2.googleapis.com/token"

Json: TypeAlias = Mapping[str, object]

GOOGLE = ("date", "sessionGoogleAdsCustomerId", "sessionGoogleAdsCampaignId")
UTM = ("date", "sessionManualCampaignId")
REST = ("date", "sessionSourceMedium")
METRICS = ("sessions", "engagedSessions", "ecommercePurchases", "purchaseRevenue")


def row(*keys: str, sessions: str = "41", engaged: str = "0", sold: str = "0", revenue: str = "0") -> Json:
    """One row: the day and its keys, then counts as text."""
    counts = (sessions, engaged, sold, revenue)
    return {
        "dimensionValues": [{"value": text} for text in keys],
        "metricValues": [{"value": text} for text in counts],
    }


def report(
    *rows: Json,
    columns: tuple[str, ...] = GOOGLE,
    count: int | None = None,
    says: Json | None = None,
) -> Json:
    """A page, of as many rows in all as it has itself unless ``count`` says otherwise.

    ``says`` is what the metadata tell of it.
    """
    told: dict[str, object] = {
        "dimensionHeaders": [{"name": name} for name in columns],
        "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in METRICS],
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Berlin", **(says or {})},
        "kind": "analyticsData#runReport",
    }
    number = len(rows) if count is None else count
    return told | ({"rows": list(rows)} if rows else {}) | ({"rowCount": number} if number else {})


def refusal(status: int, name: str, message: str, *reasons: str) -> Json:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": one} for one in reasons]
    return {"error": {"code": status, "message": message, "status": name, "details": details}}
