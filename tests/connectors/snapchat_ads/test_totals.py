"""Stats of days that rest cost as much as Snapchat tells of the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TransientError, Unit

from .builders import CAMPAIGN, bucket, series, squad, stat
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

DAYS = (date(2026, 10, 20), date(2026, 10, 21))


def arrange(api: Api, *spend: int, total: int | None) -> None:
    api.of_account("adsquads", squad())
    days = (bucket(day, spend=micros) for day, micros in zip(DAYS, spend, strict=True))
    api.broken_down("campaign", series(CAMPAIGN, *days))
    if total is not None:
        api.stats(stat(timeseries=[bucket(DAYS[0], spend=total), bucket(DAYS[1], spend=0)]))


@pytest.mark.parametrize("total", [1_200_000, 1_200_002, 1_199_998])
def test_stats_that_make_up_the_total_but_for_rounding_come(api: Api, october: Unit, total: int) -> None:
    arrange(api, 500_000, 700_000, total=total)

    assert [record.cost_micros for record in connector().campaign_daily(october)] == [500_000, 700_000]
    assert api.asked_of("/stats")[-1]["fields"] == "spend"


@pytest.mark.parametrize(
    ("total", "error", "says"),
    [
        (1_200_003, TransientError, "rows are missing: 1,200,000 of 1,200,003 micros of cost came"),
        (1_199_997, ContractError, "too many rows: 1,200,000 micros of cost came"),
    ],
)
def test_stats_that_do_not_are_refused(
    api: Api, october: Unit, total: int, error: type[Exception], says: str
) -> None:
    arrange(api, 500_000, 700_000, total=total)

    with pytest.raises(error, match=says):
        list(connector().campaign_daily(october))


def test_days_that_still_move_are_not_compared(api: Api, october: Unit) -> None:
    arrange(api, 500_000, 700_000, total=None)
    soon = replace(october, today=date(2026, 10, 30))

    assert [record.cost_micros for record in connector().campaign_daily(soon)] == [500_000, 700_000]
