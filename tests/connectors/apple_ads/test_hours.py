"""The cost of campaigns by hour, which Apple tells for a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, HourlyCost, TransientError, Unit, Window, local_day, world
from adtally_connectors.apple_ads import AppleAds
from adtally_connectors.apple_ads.sandbox import AppleAdsFake

from ..sandboxed import happened, served_by
from ..trials import played
from .builders import Json, campaign, counted, row

if TYPE_CHECKING:
    from .conftest import Api

MakesUnit = Callable[..., Unit]
REPORT = "reports/apps/campaigns/query"


def told(api: Api, *hours: tuple[str, Json], total: Json | None = None) -> None:
    """One campaign with these hours."""
    api.query("campaigns", campaign())
    node = row(444, total=total)
    node["granularMetrics"] = [{"date": hour, **metrics} for hour, metrics in hours]
    api.report(node)


def test_each_hour_with_numbers_is_one_of_the_accounts_clock(
    api: Api, apple: AppleAds, unit: MakesUnit
) -> None:
    told(api, ("2026-11-07 23", counted("2.40", 50, 6)), ("2026-11-08 00", {}), ("2026-11-08 01", counted()))

    records = list(apple.campaign_hourly(unit()))

    assert records == [
        HourlyCost(
            hour=datetime(2026, 11, 8, 4, tzinfo=UTC),
            campaign_id="444",
            currency="USD",
            impressions=50,
            clicks=6,
            cost_micros=2_400_000,
        ),
        HourlyCost(
            hour=datetime(2026, 11, 8, 6, tzinfo=UTC),
            campaign_id="444",
            currency="USD",
            impressions=5000,
            clicks=160,
            cost_micros=90_400_000,
        ),
    ]
    [asked] = api.asked_of(REPORT)
    assert asked["timeRange"] == {
        "start": "2026-11-07",
        "end": "2026-11-08",
        "timeZone": "ORTZ",
        "granularity": "HOURLY",
    }


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (("01",), [(5, 2)]),
        (("01", "01", "02"), [(5, 1), (6, 1), (7, 1)]),
    ],
    ids=["told once", "told twice"],
)
def test_an_hour_that_the_clock_repeats_is_two_hours_however_it_is_told(
    api: Api, apple: AppleAds, unit: MakesUnit, hours: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    told(api, *((f"2026-11-01 {hour}", counted()) for hour in hours))

    records = apple.campaign_hourly(unit("2026-11-01", "2026-11-01"))

    assert [(record.hour.hour, record.span_hours) for record in records] == expected


def test_hours_that_do_not_add_up_are_asked_for_again(api: Api, apple: AppleAds, unit: MakesUnit) -> None:
    told(api, ("2026-11-07 23", counted("2.40", 50, 6)), total=counted("2.40", 51, 6))

    with pytest.raises(
        TransientError, match="the hours of 444 do not add up to Apple's total of impressions"
    ):
        list(apple.campaign_hourly(unit()))


@pytest.mark.parametrize("text", ["2026-11-07", "2026-11-07 24", "2026-11-07T05"])
def test_what_is_no_hour_is_refused(api: Api, apple: AppleAds, unit: MakesUnit, text: str) -> None:
    told(api, (text, counted()))

    with pytest.raises(ContractError, match="not an hour"):
        list(apple.campaign_hourly(unit()))


def test_a_row_without_hours_is_refused(api: Api, apple: AppleAds, unit: MakesUnit) -> None:
    api.query("campaigns", campaign())
    api.report(row(total=counted()))

    with pytest.raises(ContractError, match="has no hours"):
        list(apple.campaign_hourly(unit()))


def test_hours_of_the_sandbox_are_its_days_to_the_micro() -> None:
    edge = Window(date(2026, 10, 30), date(2026, 11, 2))
    soon = played().on(date(2026, 11, 4))
    with world.serve(soon, fakes={"apple_ads": AppleAdsFake}) as sandbox:
        served = served_by(sandbox, "apple_ads")
        for account_id in ("610000101", "610000102"):
            sums: Counter[tuple[date, str]] = Counter()
            for one in served.told(HourlyCost, "campaign_hourly", account_id, edge):
                day = local_day(one.hour, served.accounts[account_id].timezone)
                sums[day, one.campaign_id] += one.cost_micros or 0

            days: Counter[tuple[date, str]] = Counter()
            for one_campaign, told_row in happened(account_id, edge):
                days[told_row.day, one_campaign.campaign_id] += told_row.cost_micros
            assert +sums == +days
