"""What is asked of insights, checked: level, fields, days, attribution windows and filters.

Source: "Insights API" guide and ``AdsInsights`` of facebook-business 26.0.3 (API v26.0), read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from adtally import Window

from .fields import BREAKDOWNS, INSIGHTS, LEVELS, LOWER, OF_INSIGHTS, REPORT_TIMES, STATES, WINDOWS
from .graph import Refusal, check_names, decoded, listed

KEPT_MONTHS = 37
MOST_INCREMENT = 90


class Range(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    until: date


class Condition(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    operator: str
    value: list[str]


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for insights."""

    level: str
    fields: tuple[str, ...]
    window: Window
    increment: int
    """Days of a row; 0 = the whole window in one."""
    windows: tuple[str, ...]
    states: frozenset[str] | None
    """The states that were asked for; None = no filter."""
    campaigns: frozenset[str] | None
    breakdown: str = ""


def query(given: Mapping[str, str], today: date, *, level: str = "account") -> Query:
    """What is asked, or a Refusal."""
    check_names(given, OF_INSIGHTS)
    level = given.get("level", level)
    if level not in LEVELS:
        raise Refusal(1, "An unknown error occurred", subcode=99)
    fields = _fields(given, level)
    window = _range(given, today)
    asked = listed(given, "action_attribution_windows")
    for name in asked:
        if name not in WINDOWS:
            raise Refusal(100, f"(#100) action_attribution_windows: {name!r} is not one of the windows.")
    if given.get("action_report_time", "impression") not in REPORT_TIMES:
        raise Refusal(100, "(#100) Param action_report_time is not valid.")
    breakdown = "".join(listed(given, "breakdowns"))
    if breakdown not in ("", *BREAKDOWNS) or (breakdown == "country" and level != "account"):
        raise Refusal(2, "Invalid breakdown.", subcode=1504041)
    if set(listed(given, "action_breakdowns")) - {"action_type"}:
        raise Refusal(2, "Invalid action breakdown.", subcode=1504041)
    states, campaigns = _filters(given, level)
    increment = _increment(given, window)
    return Query(level, fields, window, increment, tuple(asked), states, campaigns, breakdown)


def _fields(given: Mapping[str, str], level: str) -> tuple[str, ...]:
    text = given.get("fields", "impressions,spend")
    names = listed(given, "fields") if text.startswith("[") else [name.strip() for name in text.split(",")]
    for name in names:
        if name not in INSIGHTS:
            raise Refusal(100, f"(#100) {name} is not valid for fields param.")
        if name.removesuffix("_id").removesuffix("_name") in LOWER.get(level, ()):
            raise Refusal(100, f"(#100) {name} is not available at level {level}.")
    return tuple(dict.fromkeys((*names, "date_start", "date_stop")))


def _range(given: Mapping[str, str], today: date) -> Window:
    value = decoded(given, "time_range")
    if value is None:
        raise Refusal(100, "(#100) Param time_range is needed in the sandbox.")
    try:
        asked = msgspec.convert(value, Range)
    except msgspec.ValidationError as error:
        raise Refusal(100, f"(#100) Param time_range must hold since and until: {error}") from error
    if asked.since > asked.until:
        raise Refusal(100, "(#100) The start date of the time range cannot be after its end.")
    months = (today.year - asked.since.year) * 12 + today.month - asked.since.month
    if months > KEPT_MONTHS:
        raise Refusal(3018, "The start date of the time range cannot be beyond 37 months from today.")
    return Window(asked.since, asked.until)


def _increment(given: Mapping[str, str], window: Window) -> int:
    text = given.get("time_increment", "all_days")
    if text == "all_days":
        return 0
    if not text.isdigit() or not 1 <= int(text) <= MOST_INCREMENT:
        raise Refusal(100, f"(#100) Param time_increment must be 1 to {MOST_INCREMENT} or all_days.")
    return min(int(text), window.days)


def _filters(given: Mapping[str, str], level: str) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The asked states of the level's own things, and the asked campaigns."""
    try:
        conditions = msgspec.convert(decoded(given, "filtering") or [], list[Condition])
    except msgspec.ValidationError as error:
        raise Refusal(100, f"(#100) Param filtering is not valid: {error}") from error
    states = campaigns = None
    for condition in conditions:
        of, _, name = condition.field.partition(".")
        if condition.operator != "IN":
            raise Refusal(100, f"(#100) Operator {condition.operator} is not valid for {condition.field}.")
        values = frozenset(condition.value)
        if name == "effective_status" and of in STATES:
            if of in LOWER.get(level, ()):
                raise Refusal(100, f"(#100) Filtering field {condition.field} is invalid at level {level}.")
            if unknown := sorted(values - STATES[of]):
                raise Refusal(100, f"(#100) {unknown[0]} is no effective status of a {of}.")
            states = values if of == level else states
        elif condition.field == "campaign.id":
            campaigns = values
        else:
            raise Refusal(100, f"(#100) Filtering field {condition.field} is invalid.")
    return states, campaigns
