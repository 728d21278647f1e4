"""Changes of status, budget, flight and bid from the activity log.

Source: "Ad Activity", Marketing API v26. The kind of event says what it is about: the log's own object types
keep old names (CAMPAIGN is an ad set, ADGROUP an ad).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adtally import Account, Change, Window

from . import wire
from .activities import Extra, extra, micros, text

Level: TypeAlias = Literal["account", "campaign", "ad_group", "ad"]

EVENTS: dict[str, tuple[Level, str]] = {
    "ad_account_update_status": ("account", "status"),
    "ad_account_update_spend_limit": ("account", "spend_cap_micros"),
    "ad_account_remove_spend_limit": ("account", "spend_cap_micros"),
    "ad_account_reset_spend_limit": ("account", "lifetime_spent_micros"),
    "account_spending_limit_reached": ("account", "spend_cap_reached"),
    "update_campaign_run_status": ("campaign", "status"),
    "update_campaign_budget": ("campaign", "budget_micros"),
    "update_campaign_group_spend_cap": ("campaign", "spend_cap_micros"),
    "update_ad_set_run_status": ("ad_group", "status"),
    "update_ad_set_budget": ("ad_group", "budget_micros"),
    "update_ad_set_spend_cap": ("ad_group", "spend_cap_micros"),
    "update_ad_set_duration": ("ad_group", "flight"),
    "update_campaign_schedule": ("ad_group", "flight"),
    "update_ad_set_bidding": ("ad_group", "bid_micros"),
    "update_ad_set_bid_strategy": ("ad_group", "bid_strategy"),
    "update_ad_set_optimization_goal": ("ad_group", "optimization_goal"),
    "update_ad_run_status": ("ad", "status"),
    "update_ad_run_status_to_be_set_after_review": ("ad", "status"),
}
"""What each event changes: the level, and the field as the ledger or the platform calls it."""


def to_changes(events: Iterable[wire.Activity], window: Window, account: Account) -> Iterator[Change]:
    """The changes on the window's days; several events of one second and field are one change."""
    clock = ZoneInfo(account.timezone)
    found: dict[tuple[Level, str, datetime, str], Change] = {}
    for event in events:
        at = wire.instant(event.event_time)
        if event.event_type not in EVENTS or at.astimezone(clock).date() not in window:
            continue
        level, field = EVENTS[event.event_type]
        told = extra(event)
        old, new = _value(told, "old_value", field, account), _value(told, "new_value", field, account)
        if old and old == new:
            continue
        key = (level, event.object_id or account.id, at, field)
        known = found.get(key)
        if known is None:
            found[key] = Change(level=key[0], entity_id=key[1], at=at, field=field, old=old, new=new)
        else:  # the log is told newest first, but nothing says that within a second
            found[key] = replace(known, new=new) if known.new == old else replace(known, old=old)
    yield from found.values()


def _value(told: Extra, name: str, field: str, account: Account) -> str:
    """A value as the ledger has it: amounts in micros, anything else in the platform's words."""
    amount = micros(told, name, account.currency) if field.endswith("_micros") else None
    return text(told, name) if amount is None else str(amount)
