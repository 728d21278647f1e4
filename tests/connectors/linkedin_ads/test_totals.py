"""Rows of days that rest have as many impressions as LinkedIn counts in the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from adtally import ContractError, TransientError, Unit
from adtally_connectors.linkedin_ads import LinkedInAds

from .builders import ACCOUNT_ID, campaign, group_urn, row

if TYPE_CHECKING:
    from .conftest import Api

ACCOUNT_URN = f"urn:li:sponsoredAccount:{ACCOUNT_ID}"


@pytest.fixture
def comparing() -> LinkedInAds:
    connector = LinkedInAds(access_token=SecretStr("tok_x"), requests_per_second=None)
    connector.http.sleep = lambda _: None
    return connector


def arrange(api: Api, *impressions: int, total: int | None) -> None:
    api.campaigns(campaign())
    days = [f"2026-10-{5 + number:02}" for number in range(len(impressions))]
    api.report(*(row(day, group_urn(), impressions=n) for day, n in zip(days, impressions, strict=True)))
    if total is not None:
        api.report(row("2026-10-05", ACCOUNT_URN, impressions=total))


def test_rows_that_make_up_the_total_come(api: Api, comparing: LinkedInAds, october: Unit) -> None:
    arrange(api, 5, 7, total=12)

    assert [record.impressions for record in comparing.campaign_daily(october)] == [5, 7]
    assert "fields=dateRange,pivotValues,impressions" in api.asked_of("rest/adAnalytics")[-1]


@pytest.mark.parametrize(
    ("total", "error", "says"),
    [
        (13, TransientError, "rows are missing: 12 of 13 impressions came; sync again"),
        (11, ContractError, "too many rows: 12 impressions came, the platform counts 11"),
    ],
)
def test_rows_that_do_not_are_refused(
    api: Api, comparing: LinkedInAds, october: Unit, total: int, error: type[Exception], says: str
) -> None:
    arrange(api, 5, 7, total=total)

    with pytest.raises(error, match=says):
        list(comparing.campaign_daily(october))


def test_days_that_still_move_are_not_compared(api: Api, comparing: LinkedInAds, october: Unit) -> None:
    arrange(api, 5, total=None)
    soon = replace(october, today=date(2026, 11, 2))

    assert [record.impressions for record in comparing.campaign_daily(soon)] == [5]
