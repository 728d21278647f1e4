"""Days are the account's own, over, and never older than Apple keeps them, whichever clock it counts by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adtally import Account, Window
from adtally.engine.jobs import Wishes, plan_job
from adtally.ledger import Ledger
from adtally.registry import Configured
from adtally_connectors.apple_ads import AppleAds

from .builders import ACCOUNT

DAILY_DAYS = 90


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened


def planned(apple: AppleAds, ledger: Ledger, zone: str, now: datetime, first: date) -> list[Window]:
    """The windows that a sync at this instant asks for."""
    account = Account(id=str(ACCOUNT), currency="USD", timezone=zone)
    daily = [report for report in apple.reports() if report.name == "campaign_daily"]
    configured = Configured("apple", apple, (), ("campaign",))
    job = plan_job(ledger, configured, account, daily, Wishes(first_day=first), now)
    return [unit.window for _, unit, _ in job.units]


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/New_York", "Pacific/Pago_Pago"]
)
@pytest.mark.parametrize("hour", [0, 9, 11, 23])
def test_no_day_lies_in_the_future_or_before_the_last_ninety_by_either_clock(
    apple: AppleAds, ledger: Ledger, zone: str, hour: int
) -> None:
    now = datetime(2026, 11, 10, hour, 59, tzinfo=UTC)

    windows = planned(apple, ledger, zone, now, date(2026, 1, 1))

    at_the_end = now + timedelta(hours=2)
    for clock in (UTC, ZoneInfo(zone)):
        assert max(window.last_day for window in windows) <= now.astimezone(clock).date()
        oldest = at_the_end.astimezone(clock).date() - timedelta(days=DAILY_DAYS - 1)
        assert min(window.first_day for window in windows) >= oldest


def test_the_day_that_utc_still_calls_today_is_asked_for_where_it_is_over(
    apple: AppleAds, ledger: Ledger
) -> None:
    now = datetime(2026, 11, 9, 15, 0, tzinfo=UTC)

    windows = planned(apple, ledger, "Asia/Tokyo", now, date(2026, 11, 1))

    days = [day for window in windows for day in window]
    assert days == list(Window(date(2026, 11, 1), date(2026, 11, 9)))
