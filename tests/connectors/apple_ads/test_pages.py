"""Pages to the last row: what is missing, doubled or endless is never taken for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TimedOut, TransientError, Unit
from adtally_connectors.apple_ads import AppleAds

from .builders import campaign, counted, row

if TYPE_CHECKING:
    from .conftest import Api

REPORT = "reports/apps/campaigns/query"
FULL = counted("1.00", 10, 1)
Units = Callable[..., Unit]


def campaigns(apple: AppleAds, unit: Units) -> list[str]:
    return [record.campaign_id for record in apple.campaign_daily(unit("2026-11-07", "2026-11-07"))]


@pytest.fixture
def three(api: Api) -> Api:
    """Three campaigns are there to be asked for."""
    api.query("campaigns", *(campaign(number) for number in (1, 2, 3)))
    return api


def test_pages_are_followed_by_the_rows_that_came(three: Api, apple: AppleAds, unit: Units) -> None:
    grand = counted("3.00", 30, 3)
    three.report(row(1, total=FULL), row(2, total=FULL), total=3, grand=grand)
    three.report(row(3, total=FULL), total=3, offset=2, grand=grand)

    assert campaigns(apple, unit) == ["1", "2", "3"]
    assert [asked["pagination"]["offset"] for asked in three.asked_of(REPORT)] == [0, 2]


def test_lists_ask_for_their_total_and_are_followed_too(api: Api, apple: AppleAds, unit: Units) -> None:
    api.query("campaigns", campaign(1), total=2)
    api.query("campaigns", campaign(2), total=2, offset=1)

    assert [one.campaign_id for one in apple.campaigns(unit())] == ["1", "2"]
    asked = api.asked_of("campaigns/query")
    assert asked[0]["pagination"] == {"offset": 0, "pageSize": 1000, "fetchTotalCount": True}
    assert asked[1]["pagination"]["offset"] == 1


def test_without_a_total_a_page_that_is_not_full_is_the_last(api: Api, apple: AppleAds, unit: Units) -> None:
    for numbers, offset in (((1, 2), 0), ((3,), 2)):
        rows = [campaign(number) for number in numbers]
        api.answer("campaigns/query", {"result": rows, "pagination": {"offset": offset, "pageSize": 2}})

    assert [one.campaign_id for one in apple.campaigns(unit())] == ["1", "2", "3"]


def test_a_total_that_is_told_once_counts_to_the_end(three: Api, apple: AppleAds, unit: Units) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=3)
    three.answer(REPORT, {"result": {"rows": []}, "pagination": {"offset": 2}})

    with pytest.raises(TransientError, match="rows are missing: 2 of 3 came"):
        campaigns(apple, unit)


def test_full_pages_without_a_new_row_are_not_followed_without_end(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    for _ in range(2):
        api.answer("campaigns/query", {"result": [campaign(1)], "pagination": {"pageSize": 1}})

    with pytest.raises(ContractError, match="never end"):
        list(apple.campaigns(unit()))


def test_an_empty_page_before_the_total_is_no_end(three: Api, apple: AppleAds, unit: Units) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=3)
    three.report(total=3, offset=2)

    with pytest.raises(TransientError, match="rows are missing: 2 of 3 came"):
        campaigns(apple, unit)


def test_a_row_that_came_in_before_the_others_meanwhile_is_missing(
    three: Api, apple: AppleAds, unit: Units
) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=4)
    three.report(row(2, total=FULL), row(3, total=FULL), total=4, offset=2)

    with pytest.raises(TransientError, match="rows are missing: 3 of 4 came"):
        campaigns(apple, unit)


def test_a_list_that_becomes_shorter_while_it_is_read_is_asked_for_again_later(
    three: Api, apple: AppleAds, unit: Units
) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=4)
    three.report(row(3, total=FULL), total=3, offset=2)

    with pytest.raises(TransientError, match="became shorter"):
        campaigns(apple, unit)


def test_more_rows_than_apple_counts_are_refused(three: Api, apple: AppleAds, unit: Units) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=1)

    with pytest.raises(ContractError, match="too many rows: 2 came, the platform counts 1"):
        campaigns(apple, unit)


def test_another_page_than_was_asked_for_is_refused(three: Api, apple: AppleAds, unit: Units) -> None:
    three.report(row(1, total=FULL), row(2, total=FULL), total=3)
    three.report(row(1, total=FULL), total=3, offset=0)

    with pytest.raises(ContractError, match="the page at 0 came where the one at 2 was asked for"):
        campaigns(apple, unit)


def test_days_for_which_apple_takes_too_long_are_for_core_to_split(
    three: Api, apple: AppleAds, unit: Units
) -> None:
    for _ in range(2):
        three.answer(REPORT, {"error": {"code": "TIMEOUT", "message": "slow"}}, status=504)

    with pytest.raises(TimedOut):
        campaigns(apple, unit)
