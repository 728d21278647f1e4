"""The cost of campaigns by hour, and that of an account by country.

Source: ``Segments.hour``, ``UserLocationView`` and ``GeoTargetConstant`` of Google Ads API v26; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from adtally import CountryCost, HourlyCost, hour_start

from . import wire


def to_hours(rows: Iterable[wire.HourRow], timezone: str) -> Iterator[HourlyCost]:
    """One record per campaign and hour of the account's clock; one that is repeated is one row."""
    for row in rows:
        hour, span = hour_start(row.segments.date, row.segments.hour, timezone)
        yield HourlyCost(
            hour=hour,
            campaign_id=row.campaign.id,
            span_hours=span,
            impressions=row.metrics.impressions,
            clicks=row.metrics.clicks,
            cost_micros=row.metrics.cost_micros,
        )


def to_countries(
    rows: Iterable[wire.CountryRow], month: date, places: Callable[[Sequence[str]], Iterable[wire.PlaceRow]]
) -> Iterator[CountryCost]:
    """One record per country; ``places`` tells the countries of ids. "" is nowhere that is known."""
    by_id: dict[str, list[int | None]] = {}
    for row in rows:
        by_id.setdefault(row.user_location_view.country_criterion_id, []).append(row.metrics.cost_micros)
    asked = sorted(number for number in by_id if number.strip("0"))
    found = places(asked) if asked else ()
    codes = {place.geo_target_constant.id: place.geo_target_constant.country_code for place in found}
    costs: dict[str, list[int | None]] = {}
    for number, parts in by_id.items():
        costs.setdefault(codes.get(number, ""), []).extend(parts)
    for country, parts in costs.items():
        told = [part for part in parts if part is not None]
        whole = sum(told) if len(told) == len(parts) else None
        yield CountryCost(month=month, country=country, cost_micros=whole)
