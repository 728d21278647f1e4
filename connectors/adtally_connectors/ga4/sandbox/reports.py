"""One report over visits: chosen by the filter, added up by the dimensions, put in order, cut into pages.

Source: GA4 Data API v1beta, runReport and its schema of dimensions and metrics; read 2026-11.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import date, timedelta

from adtally import Window

from .envelope import Asked, Expression, Filter, invalid
from .visits import NOT_SET, Property, Visits

DIMENSIONS: dict[str, Callable[[Visits], str]] = {
    "date": lambda one: f"{one.day:%Y%m%d}",
    "sessionGoogleAdsCustomerId": lambda one: one.customer,
    "sessionGoogleAdsCampaignId": lambda one: one.campaign,
    "sessionManualCampaignId": lambda one: one.utm_id,
    "sessionSourceMedium": lambda one: one.source_medium,
}
METRICS: dict[str, Callable[[Visits], int]] = {
    "sessions": lambda one: one.sessions,
    "engagedSessions": lambda one: one.engaged,
    "ecommercePurchases": lambda one: one.purchases,
    "purchaseRevenue": lambda one: one.revenue_micros,
}
MONEY = "purchaseRevenue"
MOST_DIMENSIONS, MOST_METRICS, MOST_ROWS = 9, 10, 250_000


def report(asked: Asked, counted: list[Visits], source: Property, today: date) -> dict[str, object]:
    """The answer to runReport. Raises Refusal for what GA4 does not know."""
    window = _window(asked, today)
    dimensions, metrics = [one.name for one in asked.dimensions], [one.name for one in asked.metrics]
    _check_names(dimensions, DIMENSIONS, MOST_DIMENSIONS, "dimension")
    _check_names(metrics, METRICS, MOST_METRICS, "metric")
    if not metrics or asked.limit < 1 or asked.offset < 0:
        raise invalid("At least one metric is needed, a positive limit and no negative offset.")
    sums: dict[tuple[str, ...], list[int]] = {}
    for one in counted:
        if one.day in window and _holds(asked.dimension_filter, one):
            added = sums.setdefault(tuple(DIMENSIONS[name](one) for name in dimensions), [0] * len(metrics))
            for place, name in enumerate(metrics):
                added[place] += METRICS[name](one)
    keys = [key for key, added in sums.items() if any(added) or asked.keep_empty_rows]
    for order in reversed(asked.order_bys):
        if order.dimension.dimension_name not in dimensions:
            raise invalid(f"Field {order.dimension.dimension_name} in orderBys is not a dimension.")
        place = dimensions.index(order.dimension.dimension_name)
        keys.sort(key=lambda key, at=place: key[at], reverse=order.desc)  # type: ignore[misc]
    shown = keys[asked.offset : asked.offset + min(asked.limit, MOST_ROWS)]
    found: dict[str, object] = {
        "dimensionHeaders": [{"name": name} for name in dimensions],
        "metricHeaders": [
            {"name": name, "type": "TYPE_CURRENCY" if name == MONEY else "TYPE_INTEGER"} for name in metrics
        ],
        "metadata": {"currencyCode": source.currency, "timeZone": source.timezone},
        "kind": "analyticsData#runReport",
    }
    if keys:
        found["rowCount"] = len(keys)
    if shown:
        found["rows"] = [_row(key, zip(metrics, sums[key], strict=True)) for key in shown]
    return found


def _row(key: tuple[str, ...], counts: zip[tuple[str, int]]) -> dict[str, object]:
    return {
        "dimensionValues": [{"value": text} for text in key],
        "metricValues": [{"value": _money(n) if name == MONEY else str(n)} for name, n in counts],
    }


def _money(micros: int) -> str:
    """The amount as a binary fraction leaves it, such as 118.89999999999999."""
    return repr(math.nextafter(micros / 1_000_000, 0)) if micros else "0"


def _window(asked: Asked, today: date) -> Window:
    if len(asked.date_ranges) != 1:
        raise invalid("The sandbox takes one date range.")
    [days] = asked.date_ranges
    known = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        first, last = (
            known.get(text) or date.fromisoformat(text) for text in (days.start_date, days.end_date)
        )
        return Window(first, last)
    except ValueError:
        raise invalid(f"Invalid date range: {days.start_date} to {days.end_date}.") from None


def _check_names(names: list[str], known: Collection[str], most: int, what: str) -> None:
    for name in names:
        if name not in known:
            raise invalid(f"Field {name} is not a valid {what}.")
    if len(names) > most or len(set(names)) != len(names):
        raise invalid(f"Ask for at most {most} {what}s, each once.")


def _holds(expression: Expression | None, one: Visits) -> bool:
    match expression:
        case None:
            return True
        case Expression(and_group=group, or_group=None, not_expression=None, filter=None) if group:
            return all(_holds(inner, one) for inner in group.expressions)
        case Expression(and_group=None, or_group=group, not_expression=None, filter=None) if group:
            return any(_holds(inner, one) for inner in group.expressions)
        case Expression(and_group=None, or_group=None, not_expression=inner, filter=None) if inner:
            return not _holds(inner, one)
        case Expression(and_group=None, or_group=None, not_expression=None, filter=chosen) if chosen:
            return _fits(chosen, one)
        case _:
            raise invalid("A filter expression has exactly one of andGroup, orGroup, notExpression, filter.")


def _fits(chosen: Filter, one: Visits) -> bool:
    if chosen.field_name not in DIMENSIONS:
        raise invalid(f"Field {chosen.field_name} is not a valid dimension.")
    value = DIMENSIONS[chosen.field_name](one)
    match chosen:
        case Filter(empty_filter=None, in_list_filter=None, string_filter=text) if text:
            if text.match_type != "EXACT":
                raise invalid("The sandbox matches EXACT only.")
            return value == text.value
        case Filter(empty_filter=None, in_list_filter=listed, string_filter=None) if listed:
            return value in listed.values
        case Filter(empty_filter=empty, in_list_filter=None, string_filter=None) if empty is not None:
            return value in ("", NOT_SET)
        case _:
            raise invalid("A filter has exactly one way to match.")
