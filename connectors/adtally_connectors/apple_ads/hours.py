"""The cost of campaigns by hour.

Source: Apple Ads Platform API 1.0, "TimeRange", granularity HOURLY (read 2026-11).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from adtally import ContractError, HourlyCost, Unit, hour_start, to_micros

from . import wire
from .counts import METRICS
from .totals import Tally

HOUR = re.compile(r"(\d{4}-\d\d-\d\d) ([01]\d|2[0-3])")


def to_hours(pages: Iterable[list[wire.ReportRow]], unit: Unit) -> Iterator[HourlyCost]:
    """One record per campaign and hour of the account's clock in which something was counted.

    An hour that the clock repeats is one record of two hours, or two if Apple tells it twice. Raises
    ContractError for a row without hours, and TransientError for hours that do not add up to its total.
    """
    for page in pages:
        for row in page:
            if row.granular_metrics is None:
                raise ContractError(f"report: the row of {row.metadata.id} has no hours")
            told = [hour for hour in row.granular_metrics if _has_numbers(hour)]
            tally = Tally(unit.account.currency)
            for hour in told:
                tally.add(hour)
            tally.compare(row.total_metrics, f"the hours of {row.metadata.id}")
            yield from _records(row.metadata.id, told, unit.account.timezone)


def _records(campaign_id: int, told: Iterable[wire.Metrics], timezone: str) -> Iterator[HourlyCost]:
    hours = list(told)
    often, seen = Counter(hour.date for hour in hours), Counter[str | None]()
    for hour in hours:
        begins, span = hour_start(*_time(hour.date), timezone)
        if often[hour.date] == span > 1:
            begins, span = begins + timedelta(hours=seen[hour.date]), 1
        seen[hour.date] += 1
        spend = hour.local_spend
        yield HourlyCost(
            hour=begins,
            campaign_id=str(campaign_id),
            span_hours=span,
            currency=spend.iso if spend else "",
            impressions=hour.impressions,
            clicks=hour.taps,
            cost_micros=to_micros(spend.amount) if spend else None,
        )


def _has_numbers(hour: wire.Metrics) -> bool:
    return any(getattr(hour, name) is not None for name in METRICS)


def _time(text: str | None) -> tuple[date, int]:
    told = HOUR.fullmatch(text or "")
    if told is None:
        raise ContractError(f"report: not an hour: {text!r}")
    return date.fromisoformat(told[1]), int(told[2])
