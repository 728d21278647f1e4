"""Days are the account's own: one whose clock is ahead of UTC loses none around midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adtally import Delivery, Unit, Window
from adtally.engine.jobs import Wishes, plan_job
from adtally.ledger import Ledger
from adtally.registry import Configured
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import ACCOUNT_ID, REPORT, advertiser, row

if TYPE_CHECKING:
    from .conftest import Api

FIRST = date(2026, 11, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened


def planned(api: Api, tiktok: TikTokAds, ledger: Ledger, zone: str, now: str) -> list[Unit]:
    """The units of ``campaign_daily`` that a sync at this instant fetches for an account in the zone."""
    api.answer("oauth2/advertiser/get", {"advertiser_id": ACCOUNT_ID})
    api.answer("advertiser/info", advertiser(display_timezone=zone))
    [account] = tiktok.accounts()
    daily = [report for report in tiktok.reports() if report.name == "campaign_daily"]
    configured = Configured("tiktok", tiktok, (), ("campaign",))
    job = plan_job(ledger, configured, account, daily, Wishes(first_day=FIRST), datetime.fromisoformat(now))
    return [Unit(account, unit.window, job.today) for _, unit, _ in job.units]


@pytest.mark.parametrize(
    ("zone", "now", "last"),
    [
        ("Pacific/Auckland", "2026-11-09T10:59:59+00:00", date(2026, 11, 8)),
        ("Pacific/Auckland", "2026-11-09T11:00:00+00:00", date(2026, 11, 9)),
        ("Asia/Tokyo", "2026-11-09T14:59:59+00:00", date(2026, 11, 8)),
        ("Asia/Tokyo", "2026-11-09T15:00:00+00:00", date(2026, 11, 9)),
        ("Asia/Tokyo", "2026-11-09T23:59:59+00:00", date(2026, 11, 9)),
        ("Asia/Tokyo", "2026-11-10T00:00:00+00:00", date(2026, 11, 9)),
        ("America/New_York", "2026-11-10T04:59:59+00:00", date(2026, 11, 8)),
        ("America/New_York", "2026-11-10T05:00:00+00:00", date(2026, 11, 9)),
    ],
)
def test_a_day_is_asked_for_as_soon_as_it_is_over_at_the_account(
    api: Api, tiktok: TikTokAds, ledger: Ledger, zone: str, now: str, last: date
) -> None:
    units = planned(api, tiktok, ledger, zone, now)

    days = [day for unit in units for day in unit.window]
    assert days == list(Window(FIRST, last))


def test_the_day_that_utc_still_calls_today_is_fetched_whole(
    api: Api, tiktok: TikTokAds, ledger: Ledger
) -> None:
    fetched: list[Delivery] = []

    for unit in planned(api, tiktok, ledger, "Pacific/Auckland", "2026-11-09T11:00:00+00:00"):
        api.groups()
        api.report(*(row(day=str(day)) for day in unit.window))
        fetched += tiktok.campaign_daily(unit)

    assert [record.day for record in fetched] == list(Window(FIRST, date(2026, 11, 9)))
    assert max(asked["end_date"] for asked in api.asked_of(REPORT)) == "2026-11-09"
    assert not any("multi_adv_report_in_utc_time" in asked for asked in api.asked)
