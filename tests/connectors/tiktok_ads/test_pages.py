"""Pages to the last row: what is missing, doubled, endless or too slow is never taken for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TimedOut, TransientError, Unit
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import REPORT, row

if TYPE_CHECKING:
    from .conftest import Api


def campaigns(tiktok: TikTokAds, unit: Unit) -> list[str]:
    return [record.campaign_id for record in tiktok.campaign_daily(unit)]


def test_pages_are_followed_to_the_last(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row("1"), row("2"), total=3, pages=2)
    api.report(row("3"), page=2, total=3, pages=2)

    assert campaigns(tiktok, october) == ["1", "2", "3"]
    assert [asked["page"] for asked in api.asked_of(REPORT)] == ["1", "2"]


def test_a_row_that_moves_to_the_next_page_comes_once(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row("1"), row("2"), total=3, pages=2)
    api.report(row("2"), row("3"), page=2, total=3, pages=2)

    assert campaigns(tiktok, october) == ["1", "2", "3"]


def test_a_row_that_came_in_before_the_others_meanwhile_is_missing(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row("1"), row("2"), total=3, pages=2)
    api.report(row("2"), row("3"), page=2, total=4, pages=2)

    with pytest.raises(TransientError, match="rows are missing: 3 of 4 came"):
        campaigns(tiktok, october)


def test_a_list_that_becomes_shorter_while_it_is_read_is_asked_for_again_later(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row("1"), row("2"), total=4, pages=2)
    api.report(row("4"), page=2, total=3, pages=2)

    with pytest.raises(TransientError, match="became shorter"):
        campaigns(tiktok, october)


def test_rows_that_tiktok_counts_and_does_not_send_are_missing(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row("1"), total=20)

    with pytest.raises(TransientError, match="rows are missing: 1 of 20 came"):
        campaigns(tiktok, october)


def test_more_rows_than_tiktok_counts_are_refused(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row("1"), row("1"), total=1)

    with pytest.raises(ContractError, match="too many rows: 2 came, the platform counts 1"):
        campaigns(tiktok, october)


def test_another_page_than_was_asked_for_is_refused(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row("1"), total=2, pages=2)
    api.report(row("1"), page=1, total=2, pages=2)

    with pytest.raises(ContractError, match="page 1 came where page 2 was asked for"):
        campaigns(tiktok, october)


def test_pages_without_a_new_row_are_not_followed_without_end(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    for number in range(1, 12):
        api.report(page=number, total=5, pages=number + 1)

    with pytest.raises(ContractError, match="never end: 11 in a row"):
        campaigns(tiktok, october)


@pytest.mark.parametrize("code", [50000, 50002])
def test_days_for_which_tiktok_keeps_failing_are_for_core_to_split(
    api: Api, tiktok: TikTokAds, october: Unit, code: int
) -> None:
    api.groups()
    api.refuse(code, times=2)

    with pytest.raises(TimedOut):
        campaigns(tiktok, october)


def test_a_list_for_which_tiktok_fails_is_asked_for_more_patiently(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.refuse(50000, "campaign/get", times=5)
    for _ in range(2):
        api.answer("campaign/get")

    assert list(tiktok.campaigns(october)) == []
