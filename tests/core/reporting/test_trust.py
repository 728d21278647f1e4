"""What status prints about how far the numbers can be trusted, at 80 columns."""

import io
from datetime import date

from msgspec.structs import replace
from rich.console import Console

from adtally.engine.day_states import Drift, Expiring, GapVerdict, GrainGap, MetricDrift, Status
from adtally.reporting import terminal

from .builders import HOSTILE, UNIT, status


def printed(state: Status) -> str:
    stream = io.StringIO()
    terminal.print_status(Console(file=stream, width=80, color_system=None), state)
    return stream.getvalue()


def expiring(report: str, *, days: int = 5) -> Expiring:
    return Expiring(
        connector="google",
        platform="google_ads",
        account_id="123",
        report=report,
        first_day=date(2026, 8, 1),
        last_day=date(2026, 8, 5),
        days=days,
        counts={"denied": days} if report == "ad_daily" else {"missing": days},
        retention_days=95,
        stops_on=date(2026, 11, 5),
        retry="adtally sync google --account 123 --first-day 2026-08-01 --last-day 2026-08-05",
    )


def gap(
    account_id: str = "1",
    *,
    grain: str = "ad",
    month: str = "2026-10",
    verdict: GapVerdict = "lacking",
    says: str = "ads have EUR 120.00 less cost than the campaigns",
) -> GrainGap:
    return GrainGap(
        connector="google",
        platform="google_ads",
        account_id=account_id,
        month=month,
        currency="EUR",
        grain=grain,
        days=31,
        rows=40,
        campaign_rows=31,
        cost_micros=0,
        campaign_cost_micros=120 * UNIT,
        cost_gap_micros=-120 * UNIT,
        cost_bound_micros=200_000,
        impressions=None,
        campaign_impressions=None,
        impressions_gap=None,
        clicks=None,
        campaign_clicks=None,
        clicks_gap=None,
        verdict=verdict,
        says=says,
        cause="campaigns without ads are the cause",
        retry="",
    )


def drift(
    platform: str = "google_ads",
    *,
    cost: int | None = None,
    clicks: int | None = None,
    conversions: int | None = None,
    watched: int | None = 31,
    warning: str = "",
) -> Drift:
    metrics = (
        MetricDrift(metric="cost", final_after=3, moved_until_days=cost, ages=()),
        MetricDrift(metric="clicks", final_after=3, moved_until_days=clicks, ages=()),
        MetricDrift(metric="conversions", final_after=30, moved_until_days=conversions, ages=()),
    )
    return Drift(
        platform=platform, restated_days=30, watched_until_days=watched, metrics=metrics, warning=warning
    )


def test_days_that_are_soon_lost_come_with_the_last_chance_and_the_command() -> None:
    retention = (expiring("campaign_daily"), expiring("ad_daily"), expiring("changes", days=2))

    text = printed(replace(status(), retention=retention))

    assert (
        """
Soon lost
  google/123 3 reports, 1–5 Aug: 5 days not permitted, never asked; from 5 Nov
  2026 the platform no longer answers for the first
  run: adtally sync google --account 123 --first-day 2026-08-01 --last-day
  2026-08-05
"""
        in text
    )


def test_sums_are_counted_and_the_unexplained_ones_come_first() -> None:
    account = gap(grain="account", says="the account's own total has EUR 1.00 more cost than the campaigns")
    account = replace(account, verdict="unexplained", cause="rows are missing", retry="adtally sync google")
    sums = (gap(month="2026-09"), gap(), gap("2", verdict="equal"), account)

    text = printed(replace(status(), sums=sums))

    assert text.endswith(
        """
Sums  4 compared with their campaigns, by account, grain and month: 1 not
      explained, 2 short, 1 equal
  google/1 Oct 2026, 31 days: the account's own total has EUR 1.00 more cost
  than the campaigns: rows are missing
  then: adtally sync google
  google/1 Oct 2026, 31 days: ads have EUR 120.00 less cost than the campaigns
  Short: campaigns without ads are the cause.
"""
    )


def test_many_gaps_are_counted() -> None:
    sums = tuple(gap(str(number)) for number in range(7))

    text = printed(replace(status(), sums=sums))

    assert "  2 more: adtally status --json\n" in text


def test_drift_is_a_table_beside_what_adtally_assumes() -> None:
    google = drift(cost=3, clicks=0, conversions=29, warning="Google Ads still changed numbers.")

    text = printed(replace(status(), drift=(google, drift("meta_ads", watched=None))))

    assert text.endswith(
        """
Numbers moved until day           cost      clicks conversions   asked again
Google Ads                       3 (3)       0 (3)     29 (30)       30 days
Meta                             – (3)       – (3)      – (30)       30 days
in brackets: final after; – no day was fetched twice
  Google Ads still changed numbers.
"""
    )


def test_names_from_platforms_are_spelled_out() -> None:
    text = printed(replace(status(), sums=(gap(HOSTILE),), retention=(expiring(HOSTILE),)))

    assert "\u202e" not in text
    assert "\x1b" not in text
