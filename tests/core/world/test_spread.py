"""The days of the world in parts: by hour and by country, adding up to the micro."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import hours, local_day
from adtally.world import Row, World, by_hour, country_costs
from adtally.world.model import COUNTS
from adtally.world.spread import split

ROW = Row(date(2026, 11, 1), "g1", "a1", impressions=1_234, clicks=71, cost_micros=45_670_000)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
AMOUNTS = st.integers(0, 10**12)
WEIGHTS = st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any)


@given(AMOUNTS, WEIGHTS, st.sampled_from([1, 10_000, 1_000_000]))
def test_parts_add_up_and_are_multiples_of_the_step(total: int, weights: list[int], step: int) -> None:
    parts = split(total, weights, step)

    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert all(part >= 0 for part in parts)
    assert all(part % step == 0 for part in parts[:-1])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2026, 11, 1), date(2026, 3, 29)])
def test_hours_follow_each_other_through_the_accounts_day(zone: str, day: date) -> None:
    parts = list(by_hour(replace(ROW, day=day), zone, 10_000))

    assert len(parts) == hours(day, zone)
    assert {local_day(hour, zone) for hour, _ in parts} == {day}
    assert all((after - before).total_seconds() == 3600 for (before, _), (after, _) in pairwise(parts))
    assert {name: sum(getattr(part, name) for _, part in parts) for name in COUNTS} == {
        name: getattr(ROW, name) for name in COUNTS
    }
    assert all(part.cost_micros % 10_000 == 0 for _, part in parts)


def test_evenings_are_busier_than_nights() -> None:
    costs = {hour: part.cost_micros for hour, part in by_hour(ROW, "UTC")}

    assert costs[datetime(2026, 11, 1, 20, tzinfo=UTC)] > 5 * costs[datetime(2026, 11, 1, 3, tzinfo=UTC)] > 0


def test_countries_of_every_account_add_up_to_its_days() -> None:
    world = World.build(seed=7)
    for account in world.accounts:
        if account.platform not in ("google_ads", "meta_ads"):
            continue
        rows = [row for campaign in account.campaigns for row in world.days[campaign.campaign_id]]

        costs = country_costs(account, rows)

        assert sum(costs.values()) == sum(row.cost_micros for row in rows)
        assert costs.get("AT", 0) > 0 or account.currency != "EUR" or not rows
