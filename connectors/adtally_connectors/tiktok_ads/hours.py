"""The cost of campaigns by hour.

Source: dimension ``stat_time_hour`` of "Run a synchronous report", API v1.3; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adtally import HourlyCost, hour_start

from . import wire
from .counts import count, micros


def to_hours(pages: Iterable[list[wire.HourRow]], timezone: str) -> Iterator[HourlyCost]:
    """One record per campaign and hour of the account's clock; one that is repeated is one row."""
    for page in pages:
        for row in page:
            ids, told = row.dimensions, row.metrics
            hour, span = hour_start(ids.stat_time_hour.date(), ids.stat_time_hour.hour, timezone)
            yield HourlyCost(
                hour=hour,
                campaign_id=ids.campaign_id,
                span_hours=span,
                impressions=count(told.impressions),
                clicks=count(told.clicks),
                cost_micros=micros(told.spend),
            )
