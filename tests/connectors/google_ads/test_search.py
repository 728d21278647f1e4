"""Pages to the last row: what is missing, doubled, endless or too slow is never taken for an answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TimedOut, TooLarge, TransientError, Unit, Window
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

DAY = date(2026, 10, 20)


def row(campaign: str = "501") -> dict[str, object]:
    return {
        "campaign": {"id": campaign},
        "metrics": {"costMicros": "1000000"},
        "segments": {"date": "2026-10-20"},
    }


def campaigns(google: GoogleAds, unit: Unit) -> list[str]:
    return [record.campaign_id for record in google.campaign_daily(unit)]


@pytest.mark.parametrize("code", ["EXPIRED_PAGE_TOKEN", "INVALID_PAGE_TOKEN"])
def test_a_dead_page_token_asks_for_the_unit_again_and_not_for_the_page(
    api: Api, google: GoogleAds, october: Unit, code: str
) -> None:
    api.search(row(), token="old")
    api.refuse(f"requestError.{code}")

    records = google.campaign_daily(october)

    assert next(records).campaign_id == "501"
    with pytest.raises(TransientError, match="sync again"):
        next(records)
    assert len(api.calls) == 2


def test_a_query_that_stays_too_slow_is_for_core_to_split(api: Api, google: GoogleAds, october: Unit) -> None:
    api.refuse("internalError.DEADLINE_EXCEEDED", status=504, times=2)

    with pytest.raises(TimedOut, match="took too long"):
        list(google.campaign_daily(october))


def test_too_many_named_campaigns_are_for_core_to_split(api: Api, google: GoogleAds, october: Unit) -> None:
    api.refuse("queryError.FILTER_HAS_TOO_MANY_VALUES")

    with pytest.raises(TooLarge, match="so many campaigns"):
        list(google.campaign_daily(october.within(Window(DAY, DAY), ("501", "502"))))


def test_as_many_rows_as_google_counts_are_the_answer(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(row("501"), row("502"), token="t1", total=3)
    api.search(row("503"), total=3)

    assert campaigns(google, october) == ["501", "502", "503"]


def test_rows_that_google_counts_and_does_not_send_are_missing(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row("501"), row("502"), token="t1", total=5)
    api.search(row("503"), total=5)

    with pytest.raises(TransientError, match="rows are missing: 3 of 5 came"):
        campaigns(google, october)


def test_an_account_that_is_missing_from_the_list_is_not_passed_over(api: Api, google: GoogleAds) -> None:
    api.mock.get(
        "https://googleads.googleapis.com/v26/customers:listAccessibleCustomers",
        json={"resourceNames": ["customers/1112223334"]},
    )
    client = {"id": "1112223334", "currencyCode": "EUR", "timeZone": "Europe/Berlin"}
    api.search({"customerClient": client}, total=2)

    with pytest.raises(TransientError, match="rows are missing: 1 of 2 came"):
        google.check()


def test_more_rows_than_google_counts_are_refused(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(row("501"), row("501"), total=1)

    with pytest.raises(ContractError, match="too many rows: 2 came, the platform counts 1"):
        campaigns(google, october)


def test_a_page_token_that_comes_twice_ends_the_reading(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(row("501"), token="t1")
    api.search(row("502"), token="t2")
    api.search(row("503"), token="t1")

    with pytest.raises(ContractError, match="never end: the page token t1 came twice"):
        campaigns(google, october)


def test_a_few_empty_pages_are_read_over(api: Api, google: GoogleAds, october: Unit) -> None:
    for number in range(10):
        api.search(token=f"t{number}")
    api.search(row("501"), total=1)

    assert campaigns(google, october) == ["501"]


def test_empty_pages_without_end_are_refused(api: Api, google: GoogleAds, october: Unit) -> None:
    for number in range(11):
        api.search(token=f"t{number}")

    with pytest.raises(ContractError, match="never end: 11 empty ones in a row"):
        campaigns(google, october)


def test_a_query_with_a_limit_is_not_counted(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()

    assert list(google.changes(october.within(Window(DAY, DAY)))) == []
    assert [list(body) for body in api.bodies] == [["query"]]
