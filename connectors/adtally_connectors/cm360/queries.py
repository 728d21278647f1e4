"""What is asked of Campaign Manager 360: parameters of lists, the report on placements, months of issue.

Source: dfareporting v5, revision 20261107; dimensions and metrics of STANDARD reports (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from adtally import Account, Window

LIST_SIZE, GROUPS_SIZE = 1000, 800
"""The largest pages: of lists, and of placement groups."""
STATES = (
    *("PLACEMENT_STATUS_ACTIVE", "PLACEMENT_STATUS_INACTIVE"),
    *("PLACEMENT_STATUS_ARCHIVED", "PLACEMENT_STATUS_PERMANENTLY_ARCHIVED"),
)
EVERY_STATE = urlencode([("activeStatus", state) for state in STATES])
"""Repeats its parameter; whether the list has archived placements without it is not said."""

DATE, PLACEMENT_ID, PLACEMENT = DIMENSIONS = ("dfa:date", "dfa:placementId", "dfa:placement")
METRICS = (
    "dfa:impressions",
    "dfa:activeViewMeasurableImpressions",
    "dfa:activeViewViewableImpressions",
    "dfa:clicks",
    "dfa:richMediaVideoPlays",
    "dfa:richMediaVideoCompletions",
    "dfa:richMediaInteractions",
    "dfa:activityClickThroughConversions",
    "dfa:activityViewThroughConversions",
)
COLUMNS = (*DIMENSIONS, *METRICS)
"""The columns of the file, in the order in which they are asked for."""


def placement_report(account: Account, window: Window, campaigns: tuple[str, ...]) -> dict[str, object]:
    """A report by day and placement of one advertiser, or only of some of its campaigns."""
    filters = [_equals("dfa:advertiser", account.id)]
    filters += [_equals("dfa:campaign", campaign_id) for campaign_id in campaigns]
    return {
        "name": f"adtally {account.id} {window}",
        "type": "STANDARD",
        "format": "CSV",
        "accountId": account.manager_id,
        "criteria": {
            "dateRange": {"startDate": str(window.first_day), "endDate": str(window.last_day)},
            "dimensions": [{"name": name} for name in DIMENSIONS],
            "metricNames": METRICS,
            "dimensionFilters": filters,
        },
    }


def issue_months(month: Window, until: date) -> Iterator[date]:
    """The first day of each month in which documents of a service month may be issued."""
    first = month.first_day.replace(day=1)
    while first <= until:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def _equals(dimension: str, number: str) -> dict[str, str]:
    return {"dimensionName": dimension, "id": number, "matchType": "EXACT"}
