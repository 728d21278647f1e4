"""What is asked of TikTok: parameters of lists and reports.

Source: API v1.3, "Run a synchronous report", "Create an asynchronous report task", "Get campaigns", "Get ad
groups", "Get ads" (read 2026-11). In a GET, lists and objects are JSON text. Lists and reports leave deleted
things out unless ``STATUS_ALL`` is asked for, and TopView ones unless they are asked for alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from adtally import Window

from . import wire

LIST_SIZE, TOP_VIEW_SIZE, BILLING_SIZE = 1000, 100, 50
"""The largest pages: of lists and reports, of TopView lists, of billing."""
ACCOUNTS_AT_ONCE, CAMPAIGNS_AT_ONCE = 100, 100
"""Accounts told in one answer, and campaigns that a report can be filtered by."""
TOP_VIEW = "RESERVATION_TOP_VIEW"

ACCOUNT_FIELDS = wire.Advertiser.__struct_fields__
CAMPAIGN_FIELDS = wire.Campaign.__struct_fields__
AD_GROUP_FIELDS = wire.AdGroup.__struct_fields__
AD_FIELDS = wire.Ad.__struct_fields__

PARENTS = ("campaign_id", "adgroup_id")
DELIVERY = tuple(name for name in wire.DeliveryMetrics.__struct_fields__ if name not in PARENTS)
HOURS = wire.HourMetrics.__struct_fields__
SYNCHRONOUS_ONLY = {"billed_cost"}


@dataclass(frozen=True, slots=True)
class Level:
    """One grain in TikTok's words; the filter on status has another name at each, "" = it has none."""

    data_level: str
    dimension: str
    status: str
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Rows by thing and time of one account: for several at once TikTok drops the decimals of money."""

    account_id: str
    level: Level
    metrics: tuple[str, ...]
    window: Window
    campaigns: tuple[str, ...] = ()
    """Only these; () = all."""
    by: Literal["stat_time_day", "stat_time_hour"] = "stat_time_day"
    """Hours are told for one day a request."""


ACCOUNT = Level("AUCTION_ADVERTISER", "advertiser_id", "", ())
CAMPAIGN = Level("AUCTION_CAMPAIGN", "campaign_id", "campaign_status", ())
AD_GROUP = Level("AUCTION_ADGROUP", "adgroup_id", "adgroup_status", PARENTS[:1])
AD = Level("AUCTION_AD", "ad_id", "ad_status", PARENTS)


def as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def listing(account_id: str, fields: Sequence[str] = (), *, top_view: bool = False) -> dict[str, object]:
    """Things of an account in every state, by default with all fields; TopView ones alone or not at all."""
    filtering: dict[str, object] = {"primary_status": "STATUS_ALL"}
    if top_view:
        filtering["buying_types"] = [TOP_VIEW]
    return {
        "advertiser_id": account_id,
        "fields": as_json(fields) if fields else None,
        "filtering": as_json(filtering),
    }


def by_pages(query: Report, *, top_view: bool = False) -> dict[str, object]:
    """A report for pages, of things in every state; TopView rows come alone or not at all."""
    wanted = {
        query.level.status: ["STATUS_ALL"],
        "buying_type": [TOP_VIEW] if top_view else [],
        "campaign_ids": query.campaigns,
    }
    filtering = [_within(field, values) for field, values in wanted.items() if field and values]
    return {
        "advertiser_id": query.account_id,
        "report_type": "BASIC",
        "data_level": query.level.data_level,
        "dimensions": as_json([query.level.dimension, query.by]),
        "metrics": as_json([*query.level.parents, *query.metrics]),
        "start_date": query.window.first_day,
        "end_date": query.window.last_day,
        "filtering": as_json(filtering) if filtering else None,
    }


def by_task(query: Report) -> dict[str, object]:
    """The same report as a task: without filters on status and ``billed_cost``, which tasks do not know."""
    metrics = (name for name in query.metrics if name not in SYNCHRONOUS_ONLY)
    body: dict[str, object] = {
        "advertiser_id": query.account_id,
        "report_type": "BASIC",
        "data_level": query.level.data_level,
        "dimensions": [query.level.dimension, query.by],
        "metrics": [*query.level.parents, *metrics],
        "start_date": str(query.window.first_day),
        "end_date": str(query.window.last_day),
        "output_format": "CSV_DOWNLOAD",
        "enable_report_title_translation": False,
    }
    if query.campaigns:
        body["filtering"] = [_within("campaign_ids", query.campaigns)]
    return body


def _within(field: str, values: Sequence[str]) -> dict[str, str]:
    return {"field_name": field, "filter_type": "IN", "filter_value": as_json(values)}
