"""Pages: the next one is where Reddit says, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import AdtallyError, ContractError, TransientError, Unit
from adtally_connectors.reddit_ads import RedditAds

from .builders import ACCOUNT, ACCOUNT_ID, HOST, REPORTS, account, instrument, row
from .conftest import connected

if TYPE_CHECKING:
    from .conftest import Api

INSTRUMENTS = f"{ACCOUNT}/funding_instruments"
NEXT = f"{HOST}/{INSTRUMENTS}?page.size=2&page.token=abc%3D%2B"


def total(day: str, impressions: int | None = None) -> dict[str, object]:
    return {"ad_account_id": ACCOUNT_ID, "date": day, "spend": 1, "impressions": impressions}


def test_the_next_page_is_followed_as_it_is_given(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.listed(INSTRUMENTS, instrument("1"), next_url=NEXT)
    api.listed(INSTRUMENTS, next_url=f"{NEXT}2")
    api.listed(INSTRUMENTS, instrument("2"))

    assert [order.order_id for order in reddit.orders(october)] == ["1", "2"]
    first, second, third = (str(request.url) for request in api.requests)
    assert first == f"{HOST}/{INSTRUMENTS}?page.size=100&mode=ALL"
    assert (second, third) == (NEXT, f"{NEXT}2")


def test_a_report_sends_the_same_body_to_its_next_page(api: Api, reddit: RedditAds, october: Unit) -> None:
    following = f"{HOST}/{REPORTS}?page.size=1000&page.token=abc%3D"
    api.report(total("2026-10-01"), next_url=following)
    api.report(total("2026-10-02"))

    assert [record.day.day for record in reddit.account_daily(october)] == [1, 2]
    first, second = api.requests
    assert (first.method, second.method, second.url) == ("POST", "POST", following)
    assert first.body == second.body
    assert str(first.url).endswith("/reports?page.size=1000")


@pytest.mark.parametrize("pagination", [None, {}, {"next_url": None}, {"next_url": ""}])
def test_the_last_page_names_no_other(
    api: Api, reddit: RedditAds, october: Unit, pagination: dict[str, object] | None
) -> None:
    api.mock.get(f"{HOST}/{INSTRUMENTS}", json={"data": [instrument()], "pagination": pagination})

    assert len(list(reddit.orders(october))) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/api/v3/x?page.token=secret",
        "https://www.reddit.com/api/v3/x?page.token=secret",
        "http://ads-api.reddit.com/api/v3/x?page.token=secret",
        "https://ads-api.reddit.com@elsewhere.example/api/v3/x?page.token=secret",
        "https://ads-api.reddit.com.elsewhere.example/x?page.token=secret",
    ],
)
def test_a_next_page_on_another_host_is_refused(api: Api, reddit: RedditAds, october: Unit, url: str) -> None:
    api.listed(INSTRUMENTS, instrument(), next_url=url)

    with pytest.raises(ContractError, match="another host") as caught:
        list(reddit.orders(october))

    assert "secret" not in str(caught.value)
    assert len(api.requests) == 1


def test_pages_that_come_again_never_end(api: Api, reddit: RedditAds, october: Unit) -> None:
    for _ in range(2):
        api.listed(INSTRUMENTS, instrument(), next_url=NEXT)

    with pytest.raises(ContractError, match="never end"):
        list(reddit.orders(october))


def test_empty_pages_without_end_are_not_followed(api: Api, reddit: RedditAds, october: Unit) -> None:
    for number in range(11):
        api.listed(INSTRUMENTS, next_url=f"{NEXT}{number}")

    with pytest.raises(ContractError, match="empty ones"):
        list(reddit.orders(october))


@pytest.mark.parametrize(
    ("came", "told", "error", "says"),
    [
        (10020, 10021, TransientError, "rows are missing: 10,020 of 10,021"),
        (10020, 10019, ContractError, "too many rows"),
        (10020, 10020, None, ""),
        (None, 10020, None, ""),
        (10020, None, None, ""),
    ],
)
def test_rows_have_as_many_impressions_as_the_account(
    api: Api,
    october: Unit,
    came: int | None,
    told: int | None,
    error: type[AdtallyError] | None,
    says: str,
) -> None:
    api.inventory()
    api.report(row(impressions=came))
    if came is not None:
        api.report(total("2026-10-20", told), total("2026-11-01", 77))

    if error:
        with pytest.raises(error, match=says):
            list(connected().campaign_daily(october))
    else:
        assert len(list(connected().campaign_daily(october))) == 1


def test_days_that_still_move_are_not_compared(api: Api, october: Unit) -> None:
    unit = Unit(october.account, october.window, october.window.last_day)
    api.one(ACCOUNT, account())
    api.report(row(day="2026-10-28"), row(day="2026-10-27", impressions=5))
    api.report(total("2026-10-28", 9), total("2026-10-27", 5))

    assert list(connected().conversions(unit)) == []
    rows, totals = api.asked
    assert (rows["breakdowns"], totals["breakdowns"]) == (["CAMPAIGN_ID", "DATE"], ["AD_ACCOUNT_ID", "DATE"])
    assert (totals["starts_at"], totals["ends_at"]) == (rows["starts_at"], rows["ends_at"])
    assert totals["fields"] == ["IMPRESSIONS"]


def test_a_part_of_the_campaigns_is_compared_with_its_own_total(api: Api, october: Unit) -> None:
    api.inventory()
    api.report(row(impressions=5))
    api.report(total("2026-10-20", 5))

    list(connected().campaign_daily(october.within(october.window, ("1001", "1002"))))

    assert [asked["filter"] for asked in api.asked] == ["campaign:id==1001,campaign:id==1002"] * 2
