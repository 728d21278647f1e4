"""What is asked of Apple: bodies of lists and reports.

Source: Apple Ads Platform API 1.0, "TimeRange", "Calling the API" and the query endpoints; apple-ads-platform
1.117.0 (read 2026-11). Lists leave deleted things out unless both states are named. A report needs a filter
on campaigns, also at their own level, so that campaigns are listed first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adtally import Window

IDS_AT_ONCE = 100
"""Campaigns that one question names."""
BY_ID = [{"field": "id", "order": "ASC"}]

APPS, MAPS = "apps", "business-brands"
"""The two products, as paths of reports name them."""


@dataclass(frozen=True, slots=True)
class Level:
    """One grain, as paths name it, and the ids that place a row; the last one is the row's own."""

    path: str
    ids: tuple[str, ...]


CAMPAIGN = Level("campaigns", ("campaign_id",))
AD_GROUP = Level("adgroups", ("campaign_id", "ad_group_id"))
AD = Level("ads", ("campaign_id", "ad_group_id", "ad_id"))


def product(promoted_object_type: str | None) -> str:
    """Whose reports tell the campaign: those of Maps for a brand, else those of the App Store."""
    return MAPS if (promoted_object_type or "").startswith("BUSINESS_BRAND") else APPS


def context(account_id: str) -> dict[str, str]:
    """The header that says on whose behalf something is asked."""
    return {"X-AP-Context": f"adAccountId={account_id}"}


def listing(field: str = "", ids: Sequence[int] = ()) -> dict[str, object]:
    """Things in every state, deleted ones too; with ``field`` only those of these ids."""
    filters: list[object] = [{"field": "deleted", "operator": "IN", "value": [True, False]}]
    if field:
        filters.append({"field": field, "operator": "IN", "value": list(ids)})
    return {"filters": filters, "sorting": BY_ID}


def report(campaigns: Sequence[int], window: Window, *, by_hour: bool = False) -> dict[str, object]:
    """Rows of these campaigns by the account's own days or hours, with the grand total of the question.

    A single day has no granularity: its row is the day.
    """
    days: dict[str, object] = {
        "start": str(window.first_day),
        "end": str(window.last_day),
        "timeZone": "ORTZ",
    }
    if by_hour or window.days > 1:
        days["granularity"] = "HOURLY" if by_hour else "DAILY"
    return {
        "timeRange": days,
        "filters": [
            {"field": "campaignId", "operator": "IN", "value": [str(number) for number in campaigns]}
        ],
        "sorting": BY_ID,
        "options": {"includeRows": ["GRAND_TOTAL"]},
    }
