"""What is asked of the Marketing API: fields, states, and the parameters of insights.

Source: facebook-business 26.0.3 (API v26.0, read 2026-11). Without a filter on the effective status, edges
and insights leave out what was archived or deleted and yet spent money, so every status is named each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from adtally import Window

Level: TypeAlias = Literal["account", "campaign", "adset", "ad"]

OF_CAMPAIGNS = ("ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")
OF_AD_SETS = (*OF_CAMPAIGNS, "CAMPAIGN_PAUSED")
OF_ADS = (
    *(*OF_AD_SETS, "ADSET_PAUSED", "DISAPPROVED"),
    *("PENDING_REVIEW", "PENDING_BILLING_INFO", "PREAPPROVED"),
)
STATES: dict[Level, tuple[str, ...]] = {
    "account": (),
    "campaign": OF_CAMPAIGNS,
    "adset": OF_AD_SETS,
    "ad": OF_ADS,
}
"""What to ask for so that nothing is left out; the total of an account holds what is in whatever state."""
GONE = ("DELETED", "ARCHIVED")

ACCOUNTS = "account_id,name,currency,timezone_name,account_status,business"
# These need more than the right to read ads.
PAYMENT = "is_prepay_account,extended_credit_invoice_group,funding_source_details"
BALANCES = "balance,amount_spent,spend_cap"

CAMPAIGNS = "id,name,effective_status,objective,start_time,stop_time,daily_budget,lifetime_budget"
AD_SETS = "id,campaign_id,name,effective_status,start_time,end_time,daily_budget,lifetime_budget"
ADS = "id,adset_id,campaign_id,name,effective_status"
CAMPAIGN_TERMS = "id,buying_type,bid_strategy,bid_constraints"
AD_SET_TERMS = (
    "id,campaign_id,billing_event,optimization_goal,bid_strategy,bid_amount,bid_constraints,"
    "start_time,created_time"
)
BILLING_EVENTS = "id,campaign_id,billing_event"

ACTIVITIES = "event_time,event_type,object_id,object_type,extra_data"
INVOICES = (
    "id,invoice_id,type,invoice_date,due_date,billing_period,currency,amount,billed_amount_details,"
    "ad_account_ids,payment_status,download_uri"
)

IDS: dict[Level, str] = {
    "account": "",
    "campaign": "campaign_id,",
    "adset": "campaign_id,adset_id,",
    "ad": "campaign_id,adset_id,ad_id,",
}
COUNTS = (
    "account_currency,impressions,clicks,inline_link_clicks,spend,actions,action_values,"
    "video_thruplay_watched_actions,video_p100_watched_actions"
)
HOURS = "campaign_id,account_currency,impressions,spend"
COUNTRIES = "account_currency,impressions,spend"
ACTIONS = "impressions,actions,action_values,conversions,conversion_values,outbound_clicks"

# What is charged per action counts the actions of one day after a click ("Cost per action ads", 2025-11-11).
BILLED_WINDOWS = ("default", "1d_click")
# 7d_view and 28d_view are no longer returned since 2026-01-12.
WINDOWS = ("default", "1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")


def entities(level: Level, fields: str) -> dict[str, str]:
    """The parameters for all campaigns, ad sets or ads in whatever state."""
    return {"fields": fields, "effective_status": _json(STATES[level])}


def delivery(level: Level, window: Window, campaigns: Sequence[str] = ()) -> dict[str, str]:
    """The parameters for delivery by day, of these campaigns alone where any are named."""
    return _daily(level, window, f"{IDS[level]}{COUNTS}", BILLED_WINDOWS, campaigns)


def actions(window: Window, campaigns: Sequence[str] = ()) -> dict[str, str]:
    """The parameters for what people did by ad and day, of these campaigns alone where any are named.

    By ad, since Meta at times leaves conversions out of the rows of campaigns (airbytehq/airbyte#68689).
    """
    return _daily("ad", window, f"{IDS['ad']}{ACTIONS}", WINDOWS, campaigns)


def hours(window: Window) -> dict[str, str]:
    """The parameters for the cost of campaigns by the hours of the account's clock."""
    asked = _insights("campaign", window, HOURS, STATES["campaign"])
    return asked | {
        "time_increment": "1",
        "breakdowns": _json(["hourly_stats_aggregated_by_advertiser_time_zone"]),
    }


def countries(window: Window) -> dict[str, str]:
    """The parameters for the account's cost of the whole window by country."""
    return _insights("account", window, COUNTRIES, ()) | {"breakdowns": _json(["country"])}


def spent(level: Level, window: Window) -> dict[str, str]:
    """The parameters for the names of what spent within the window and is archived or deleted."""
    return _insights(level, window, f"{IDS[level]}{level}_name", GONE)


def activities(first_day: date, before: date) -> dict[str, str]:
    """The parameters for the log from ``first_day`` to just before another day.

    Without bounds Meta answers for one week only.
    """
    return {"fields": ACTIVITIES, "since": str(first_day), "until": str(before)}


def invoices(month: Window, following: date) -> dict[str, str]:
    """The parameters for the documents of a billing period; ``following`` is the first day after it.

    Without an end Meta takes the day of asking.
    """
    return {"fields": INVOICES, "start_date": str(month.first_day), "end_date": str(following)}


def _daily(
    level: Level, window: Window, fields: str, windows: tuple[str, ...], campaigns: Sequence[str]
) -> dict[str, str]:
    return _insights(level, window, fields, STATES[level], campaigns) | {
        "time_increment": "1",
        "action_attribution_windows": _json(windows),
        "action_report_time": "impression",  # beside the cost that earned it
        "use_unified_attribution_setting": "true",  # the default window of each ad set, as the Ads Manager
    }


def _insights(
    level: Level, window: Window, fields: str, states: Sequence[str], campaigns: Sequence[str] = ()
) -> dict[str, str]:
    asked = {
        "level": level,
        "fields": fields,
        "time_range": _json({"since": str(window.first_day), "until": str(window.last_day)}),
    }
    wanted = {f"{level}.effective_status": states, "campaign.id": campaigns}
    filtering = [
        {"field": field, "operator": "IN", "value": values} for field, values in wanted.items() if values
    ]
    return asked | ({"filtering": _json(filtering)} if filtering else {})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
