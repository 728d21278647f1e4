"""Reports of days that rest have as much cost and impressions as the account's own days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TransientError, Unit

from .builders import CAMPAIGN, row
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

ROWS = (row(), row(DATE="2026-10-21"))
COST, SHOWN = 25_000_002, 16_600


def arrange(api: Api) -> None:
    api.groups()
    api.finished(*ROWS)


def asked(api: Api, unit: Unit) -> int:
    arrange(api)
    return len(list(connector(compare_totals=True).campaign_daily(unit)))


@pytest.mark.parametrize("off", [0, 2, -2])
def test_rows_that_make_up_the_total_but_for_rounding_come(api: Api, october: Unit, off: int) -> None:
    api.days({"DATE": "2026-10-20", "SPEND_IN_MICRO_DOLLAR": COST + off, "IMPRESSION_1": SHOWN})

    assert asked(api, october) == 2
    assert api.asked_of("/analytics")[0]["columns"] == ["AD_ACCOUNT_ID,SPEND_IN_MICRO_DOLLAR,IMPRESSION_1"]


@pytest.mark.parametrize(
    ("total", "error", "says"),
    [
        ((COST + 3, SHOWN), TransientError, "rows are missing: 25,000,002 of 25,000,005 micros of cost"),
        ((COST - 3, SHOWN), ContractError, "too many rows: 25,000,002 micros of cost came"),
        ((COST, SHOWN + 1), TransientError, "rows are missing: 16,600 of 16,601 impressions"),
        ((COST, SHOWN - 1), ContractError, "too many rows: 16,600 impressions came"),
    ],
)
def test_rows_that_do_not_are_refused(
    api: Api, october: Unit, total: tuple[int, int], error: type[Exception], says: str
) -> None:
    api.days({"DATE": "2026-10-20", "SPEND_IN_MICRO_DOLLAR": total[0], "IMPRESSION_1": total[1]})

    with pytest.raises(error, match=says):
        asked(api, october)


@pytest.mark.parametrize("today", [date(2026, 11, 3), date(2026, 12, 30)])
def test_days_that_still_move_and_days_too_old_are_not_compared(api: Api, october: Unit, today: date) -> None:
    assert asked(api, replace(october, today=today)) == 2


def test_a_part_of_the_campaigns_is_not_compared(api: Api, october: Unit) -> None:
    assert asked(api, october.within(october.window, (CAMPAIGN,))) == 2


def test_what_is_not_told_is_not_compared(api: Api, october: Unit) -> None:
    api.days({"DATE": "2026-10-20", "SPEND_IN_MICRO_DOLLAR": None})

    assert asked(api, october) == 2


def test_interactions_are_compared_too(api: Api, october: Unit) -> None:
    api.finished(*ROWS)
    api.days()

    with pytest.raises(ContractError, match="too many rows"):
        list(connector(compare_totals=True).conversions(october))
