"""What is asked of Pinterest: parameters of lists and reports.

Source: API v5, OpenAPI document 5.23.0 (read 2026-11). Lists leave archived things out unless every state is
asked for, one parameter each. Reports count days by UTC, which is said in each question, and leave out rows
of nothing but zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from msgspec.structs import fields

from adtally import Unit, Window

from . import wire

Days: TypeAlias = Literal[0, 1, 7, 14, 30, 60]
ReportTime: TypeAlias = Literal["TIME_OF_AD_ACTION", "TIME_OF_CONVERSION"]
Format: TypeAlias = Literal["JSON", "CSV"]

LIST_SIZE, CAMPAIGNS_AT_ONCE = 250, 500
"""The largest page of a list, and the campaigns that a report can be filtered by."""
RECENT_DAYS = 89
"""How old the first day of what is answered at once may be."""
LATEST_DUE = timedelta(days=120)
"""How long after the service month a document may be due."""
STATES = ("ACTIVE", "PAUSED", "ARCHIVED")
EVERY_STATE = f"?{urlencode([('entity_statuses', state) for state in STATES])}"
UTC_DAYS = {"granularity": "DAY", "reporting_timezone": "PINTEREST_TIME_ZONE"}


@dataclass(frozen=True, slots=True)
class Level:
    """One grain in Pinterest's words: an ad is a PIN_PROMOTION."""

    name: str
    ids: tuple[str, ...]
    """What a row has to name, from the campaign down."""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name.upper() for name in ("ad_account_id", *self.ids))


ACCOUNT = Level("ADVERTISER", ())
CAMPAIGN = Level("CAMPAIGN", ("campaign_id",))
AD_GROUP = Level("AD_GROUP", ("campaign_id", "ad_group_id"))
AD = Level("PIN_PROMOTION", ("campaign_id", "ad_group_id", "ad_id"))
NO_METRICS = {"DATE", *AD.columns}


@dataclass(frozen=True, slots=True)
class Attribution:
    """Which conversions are counted, and on which day."""

    click_window_days: Days
    engagement_window_days: Days
    view_window_days: Days
    conversion_report_time: ReportTime

    @property
    def params(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def longest(self) -> int:
        return max(self.click_window_days, self.engagement_window_days, self.view_window_days)

    def named(self, *parts: Literal["click", "engagement", "view"]) -> str:
        """``30d_click,1d_view,ad_action``: the windows of these actions, and the day of what."""
        windows = [f"{getattr(self, f'{part}_window_days')}d_{part}" for part in parts]
        return ",".join([*windows, self.conversion_report_time.removeprefix("TIME_OF_").lower()])


def columns(level: Level, shape: type[wire.Row]) -> list[str]:
    """The ids of the level, and every metric that the shape has."""
    names = (field.encode_name for field in fields(shape))
    return [*level.columns, *(name for name in names if name not in NO_METRICS)]


def at_once(window: Window, attribution: Attribution, shape: type[wire.Row]) -> dict[str, object]:
    """The account's own days, as an answer without a wait."""
    return {
        "start_date": window.first_day,
        "end_date": window.last_day,
        "columns": ",".join(columns(ACCOUNT, shape)),
        **UTC_DAYS,
        **attribution.params,
    }


def report(
    level: Level, unit: Unit, shape: type[wire.Row], attribution: Attribution, report_format: Format
) -> dict[str, object]:
    """A report that is made ready, of the unit's days and campaigns."""
    body: dict[str, object] = {
        "start_date": str(unit.window.first_day),
        "end_date": str(unit.window.last_day),
        "level": level.name,
        "columns": columns(level, shape),
        "primary_sort": "BY_DATE",
        "report_format": report_format,
        **UTC_DAYS,
        **attribution.params,
    }
    return body | ({"campaign_ids": list(unit.campaigns)} if unit.campaigns else {})


def due(month: Window) -> dict[str, object]:
    """Documents of a service month by when they are due: Pinterest does not filter by their period."""
    return {"start_due_date": month.first_day, "end_due_date": month.last_day + LATEST_DUE}
