"""The cost of campaigns by hour, and that of an account by country.

Source: breakdowns ``hourly_stats_aggregated_by_advertiser_time_zone`` and ``country`` of "Insights",
Marketing API v26; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from adtally import ContractError, CountryCost, HourlyCost, hour_start, to_micros

from . import wire

HOUR = re.compile(r"([01]\d|2[0-3]):00:00 - \1:59:59")
COUNTRY = re.compile("[A-Z]{2}")


def to_hours(pages: Iterable[Sequence[wire.HourRow]], timezone: str) -> Iterator[HourlyCost]:
    """One record per campaign and hour of the account's clock, which is one row where the clock repeats it.

    Raises ContractError for a row that costs and names no hour.
    """
    for row in chain.from_iterable(pages):
        told = HOUR.fullmatch(row.hour)
        if told is None:
            if row.hour or row.spend or row.impressions:
                raise ContractError(
                    f"insights: {row.hour!r} of campaign {row.campaign_id} is no hour of a day"
                )
            continue
        hour, span = hour_start(row.date_start, int(told[1]), timezone)
        yield HourlyCost(
            hour=hour,
            campaign_id=row.campaign_id,
            span_hours=span,
            currency=row.account_currency,
            impressions=row.impressions,
            cost_micros=None if row.spend is None else to_micros(row.spend),
        )


def to_countries(pages: Iterable[Sequence[wire.CountryRow]], month: date) -> Iterator[CountryCost]:
    """One record per country; what Meta has no code for, such as ``unknown``, is nowhere that is known."""
    costs: dict[tuple[str, str], list[int | None]] = {}
    for row in chain.from_iterable(pages):
        country = row.country if COUNTRY.fullmatch(row.country) else ""
        cost = None if row.spend is None else to_micros(row.spend)
        costs.setdefault((country, row.account_currency), []).append(cost)
    for (country, currency), parts in costs.items():
        told = [part for part in parts if part is not None]
        whole = sum(told) if len(told) == len(parts) else None
        yield CountryCost(month=month, country=country, currency=currency, cost_micros=whole)
