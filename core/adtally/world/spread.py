"""The days of the world by hour and by country: parts that add up to their day to the micro.

The same for every seed: how busy an hour is depends on the account's clock, and where an account is seen on
its currency. Every part of a cost is a multiple of what the account's rows are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from ..calendar import DAY, day_start, zone
from .model import COUNTS, Account, Row

BUSY = (2, 1, 1, 1, 1, 2, 4, 6, 8, 8, 8, 8, 9, 8, 8, 8, 8, 9, 10, 11, 12, 10, 7, 4)
"""The weight of each hour of the clock."""
MARKETS: dict[str, dict[str, int]] = {
    "EUR": {"AT": 18, "DE": 52, "ES": 11, "FR": 9, "IT": 7, "": 3},
    "USD": {"CA": 9, "GB": 6, "US": 83, "": 2},
    "JPY": {"JP": 97, "": 3},
    "TWD": {"HK": 14, "TW": 86},
    "NZD": {"AU": 21, "NZ": 79},
}
"""The hundredths of an account's cost by country, by its currency; "" is nowhere that is known."""


def by_hour(row: Row, timezone: str, row_micros: int = 1) -> Iterator[tuple[datetime, Row]]:
    """The hours of the row's day, each with the UTC instant at which it begins; 23 or 25 as the clock goes.

    Costs are multiples of ``row_micros``, but for a rest in the last hour.
    """
    begin, end = day_start(row.day, timezone), day_start(row.day + DAY, timezone)
    hours = [begin + timedelta(hours=number) for number in range(round((end - begin) / timedelta(hours=1)))]
    weights = [BUSY[hour.astimezone(zone(timezone)).hour] for hour in hours]
    yield from zip(hours, _parts(row, weights, row_micros), strict=True)


def by_country(account: Account, rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """What was seen in each country on each day of the rows, of the account as a whole."""
    days: dict[object, Row] = {}
    for row in rows:
        whole = days.setdefault(row.day, Row(row.day))
        for name in COUNTS:
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
    shares = MARKETS[account.currency]
    for whole in days.values():
        yield from zip(shares, _parts(whole, [*shares.values()], account.row_micros), strict=True)


def country_costs(account: Account, rows: Iterable[Row]) -> dict[str, int]:
    """The cost of the rows by country, in micros; "" is nowhere that is known."""
    costs: Counter[str] = Counter()
    for country, part in by_country(account, rows):
        costs[country] += part.cost_micros
    return dict(costs)


def _parts(row: Row, weights: Sequence[int], row_micros: int) -> Iterator[Row]:
    """The row once for each weight, every count in proportion to it."""
    counts = {
        name: split(getattr(row, name), weights, row_micros if name == "cost_micros" else 1)
        for name in COUNTS
        if getattr(row, name)
    }
    for number in range(len(weights)):
        part = {name: parts[number] for name, parts in counts.items()}
        yield Row(row.day, row.ad_group_id, row.ad_id, **part)


def split(total: int, weights: Sequence[int], step: int = 1) -> list[int]:
    """The total in parts by weight, each a multiple of ``step`` but for the last; they add up to it."""
    steps, rest = divmod(total, step)
    whole = sum(weights)
    edges = [steps * below // whole for below in accumulate(weights, initial=0)]
    parts = [(after - before) * step for before, after in pairwise(edges)]
    parts[-1] += rest
    return parts
