"""The cost of campaigns by hour.

Source: API v13, "Reports" (aggregation, time zones), 2024-11-06; read 2026-11. Hours come by Pacific time, in
two days where the account's day is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adtally import HourlyCost, Unit, hour_start, local_day

from . import sheet
from .counts import micros
from .queries import PACIFIC_IANA


def to_hours(rows: Iterable[sheet.Row], unit: Unit) -> Iterator[HourlyCost]:
    """One record per campaign and hour of the unit's days; an hour that the clock repeats is one row."""
    for row in rows:
        if row.day is None or row.hour is None:
            continue
        hour, span = hour_start(row.day, row.hour, PACIFIC_IANA)
        if local_day(hour, unit.account.timezone) in unit.window:
            yield HourlyCost(
                hour=hour,
                campaign_id=row.ids["CampaignId"],
                span_hours=span,
                currency=row.told["CurrencyCode"] or "",
                impressions=sheet.count(row.told["Impressions"]),
                clicks=sheet.count(row.told["Clicks"]),
                cost_micros=micros(row.told["Spend"]),
            )
