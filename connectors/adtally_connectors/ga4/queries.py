"""What is asked of GA4: three reports that share all sessions between them, so that none is counted twice.

Source: Data API v1beta, runReport: dimensions, metrics, FilterExpression (read in the official Python client
0.23.3, 2026-11). Session scope only: dimensions without the prefix follow the property's attribution model.
Metrics of the name ``advertiserAd*`` are the biller's own numbers and are never asked for.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from adtally import Window

KeyKind: TypeAlias = Literal["campaign_id", "utm_id", "name"]

DATE = "date"
CUSTOMER, CAMPAIGN = "sessionGoogleAdsCustomerId", "sessionGoogleAdsCampaignId"
UTM_ID, SOURCE_MEDIUM = "sessionManualCampaignId", "sessionSourceMedium"
SESSIONS, ENGAGED, PURCHASES, REVENUE = METRICS = (
    *("sessions", "engagedSessions"),
    *("ecommercePurchases", "purchaseRevenue"),
)
PAGE_ROWS = 100_000
"""GA4 gives up to 250,000."""


def _empty(dimension: str) -> dict[str, object]:
    """Holds where the dimension is ``(not set)`` or empty."""
    return {"filter": {"fieldName": dimension, "emptyFilter": {}}}


def _not(expression: dict[str, object]) -> dict[str, object]:
    return {"notExpression": expression}


def _all(*expressions: dict[str, object]) -> dict[str, object]:
    return {"andGroup": {"expressions": list(expressions)}}


class Share(NamedTuple):
    """A part of all sessions: those with the best key of this kind, by day and key."""

    key_kind: KeyKind
    keys: tuple[str, ...]
    chosen: dict[str, object]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (DATE, *self.keys)


SHARES = (
    Share("campaign_id", (CUSTOMER, CAMPAIGN), _not(_empty(CAMPAIGN))),
    Share("utm_id", (UTM_ID,), _all(_empty(CAMPAIGN), _not(_empty(UTM_ID)))),
    Share("name", (SOURCE_MEDIUM,), _all(_empty(CAMPAIGN), _empty(UTM_ID))),
)
"""Each filter takes what the ones before leave: whatever counts as empty, a session is in exactly one."""


def report(share: Share, window: Window) -> dict[str, object]:
    """One report without its page; one range of days, for overlapping ones would count twice."""
    return {
        "dateRanges": [{"startDate": str(window.first_day), "endDate": str(window.last_day)}],
        "dimensions": [{"name": name} for name in share.dimensions],
        "metrics": [{"name": name} for name in METRICS],
        "dimensionFilter": share.chosen,
        "orderBys": [{"dimension": {"dimensionName": name}} for name in share.dimensions],
        "keepEmptyRows": False,
    }


def page(body: dict[str, object], offset: int) -> dict[str, object]:
    """The same from a row on; numbers of 64 bits are text."""
    return {**body, "limit": str(PAGE_ROWS), "offset": str(offset)}


def glance() -> dict[str, object]:
    """The cheapest report: it proves the access, and its metadata tell the currency and the clock."""
    return {
        "dateRanges": [{"startDate": "yesterday", "endDate": "today"}],
        "metrics": [{"name": SESSIONS}],
        "limit": "1",
    }
