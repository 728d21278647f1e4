"""Whether the grains of an account agree, and how far rounding explains a gap."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window
from adtally.engine.day_states import GrainGap
from adtally.engine.status import read_status
from adtally.engine.sums import rounding_bound
from adtally.ledger import Ledger
from adtally.money import rounded
from adtally.records import Account, Delivery, Grain

from ..ledger.feeds import ACCOUNT, delivery, feed, report
from .fetches import ONE_DAY, fetched

OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
TODAY = date(2026, 11, 10)
CENT = 10_000


def store(
    ledger: Ledger,
    grain: Grain,
    *records: Delivery,
    window: Window = ONE_DAY,
    on: date = TODAY,
    restated_days: int = 3,
    account: Account = ACCOUNT,
) -> None:
    daily = report(f"{grain}_daily", grain=grain, restated_days=restated_days)
    fetched(ledger, feed(ledger, daily, account=account), records, window=window, on=on)


def gaps(ledger: Ledger, window: Window = OCTOBER) -> tuple[GrainGap, ...]:
    return read_status(ledger, window, TODAY).sums


def test_ads_beside_campaigns_show_what_campaigns_without_ads_spent(ledger: Ledger) -> None:
    store(
        ledger,
        "campaign",
        delivery(campaign_id="search", impressions=100, clicks=5, cost_micros=7_000_000),
        delivery(campaign_id="pmax", impressions=4_000, clicks=12, cost_micros=120_000_000),
    )
    store(ledger, "ad", delivery(campaign_id="search", ad_id="a1", clicks=5, cost_micros=7_000_000))

    assert gaps(ledger) == (
        GrainGap(
            connector="north",
            platform="northwind",
            account_id="1",
            month="2026-10",
            currency="EUR",
            grain="ad",
            days=1,
            rows=1,
            campaign_rows=2,
            cost_micros=7_000_000,
            campaign_cost_micros=127_000_000,
            cost_gap_micros=-120_000_000,
            cost_bound_micros=CENT // 2,
            impressions=100,
            campaign_impressions=4_100,
            impressions_gap=-4_000,
            clicks=5,
            campaign_clicks=17,
            clicks_gap=-12,
            verdict="lacking",
            says="ads have EUR\u00a0120.00 less cost, 4,000 fewer impressions, 12 fewer clicks "
            "than the campaigns",
            cause="campaigns without ads of their own, such as Performance Max, are the normal cause",
            retry="",
        ),
    )


def test_account_total_beyond_rounding_is_not_explained(ledger: Ledger) -> None:
    store(ledger, "account", delivery(campaign_id="", cost_micros=9_000_000))
    store(ledger, "campaign", delivery(cost_micros=8_000_000))

    [gap] = gaps(ledger)

    assert (gap.grain, gap.verdict, gap.cost_gap_micros) == ("account", "unexplained", 1_000_000)
    assert gap.says == "the account's own total has EUR\u00a01.00 more cost than the campaigns"
    assert gap.retry == ("adtally sync north --account 1 --full --first-day 2026-10-01 --last-day 2026-10-01")


def test_parts_beyond_their_whole_are_not_explained(ledger: Ledger) -> None:
    store(ledger, "campaign", delivery(impressions=100, cost_micros=8_000_000))
    store(ledger, "ad_group", delivery(impressions=101, cost_micros=7_000_000))

    [gap] = gaps(ledger)

    assert (gap.verdict, gap.cause) == (
        "unexplained",
        "parts cannot be more than their whole; the two may have been fetched apart",
    )


@pytest.mark.parametrize(
    ("ads", "campaign", "bound", "verdict"),
    [
        pytest.param((10_000, 10_000), 20_000, CENT, "equal", id="equal"),
        pytest.param((10_000, 10_000), 30_000, CENT, "rounding", id="half a cent a row"),
        pytest.param((10_000, 10_000), 40_000, CENT, "lacking", id="more than half a cent a row"),
        pytest.param((10_001, 10_000), 20_000, CENT // 2 + 1, "rounding", id="only campaigns are in cents"),
        pytest.param((10_000, 10_000), 20_001, CENT, "rounding", id="only ads are in cents"),
        pytest.param((10_001, 10_001), 20_005, 1, "lacking", id="both are exact"),
        pytest.param((1_000_000, 2_000_000), 3_000_000, CENT, "equal", id="no step beyond a cent"),
    ],
)
def test_rounding_explains_half_a_step_for_each_finer_row(
    ledger: Ledger, ads: tuple[int, int], campaign: int, bound: int, verdict: str
) -> None:
    store(ledger, "campaign", delivery(campaign_id="c0", cost_micros=campaign))
    store(ledger, "ad", *(ad_row(cost, n) for n, cost in enumerate(ads)))

    [gap] = gaps(ledger)

    assert (gap.cost_gap_micros, gap.cost_bound_micros) == (sum(ads) - campaign, bound)
    assert gap.verdict == verdict


def ad_row(cost: int, number: int) -> Delivery:
    """One of two ads that share the campaign's impressions."""
    return delivery(campaign_id="c0", ad_id=f"a{number}", impressions=50, cost_micros=cost)


@given(
    st.lists(st.lists(st.integers(0, 50_000), min_size=1, max_size=9), min_size=1, max_size=5),
    st.sampled_from(
        [(1, 1), (10, 10), (1_000, 1_000), (10_000, 1), (10_000, 100), (1, 10_000), (100, 10_000)]
    ),
)
def test_rounding_alone_never_exceeds_its_bound(campaigns: list[list[int]], steps: tuple[int, int]) -> None:
    finer = [rounded(cost, steps[0]) * steps[0] for ads in campaigns for cost in ads]
    coarser = [rounded(sum(ads), steps[1]) * steps[1] for ads in campaigns]

    bound = rounding_bound((len(finer), steps[0]), (len(coarser), steps[1]))

    assert abs(sum(finer) - sum(coarser)) <= bound


def test_only_days_that_are_settled_in_both_are_compared(ledger: Ledger) -> None:
    days = Window(date(2026, 10, 1), date(2026, 10, 9))
    rows = [delivery(day) for day in days]
    store(ledger, "campaign", *rows, window=days, on=date(2026, 10, 10))
    store(ledger, "ad", *rows[:3], window=Window(days.first_day, date(2026, 10, 7)))

    assert [(gap.days, gap.cost_gap_micros, gap.verdict) for gap in gaps(ledger)] == [
        (6, -3_000_000, "lacking")  # until 6 October: what is younger may still move in the campaigns
    ]


def test_months_and_currencies_are_never_added_up(ledger: Ledger) -> None:
    days = Window(date(2026, 9, 29), date(2026, 10, 2))
    rows = [
        delivery(date(2026, 9, 29)),
        delivery(date(2026, 9, 30), currency="USD"),
        delivery(date(2026, 10, 1), "c1"),
        delivery(date(2026, 10, 1), "c2", currency="USD"),
        delivery(date(2026, 10, 2)),
    ]
    store(ledger, "campaign", *rows, window=days)
    store(ledger, "ad_group", *rows, window=days)

    found = gaps(ledger, Window(date(2026, 9, 1), date(2026, 10, 31)))

    assert [(gap.month, gap.currency, gap.days, gap.cost_micros) for gap in found] == [
        ("2026-09", "EUR", 2, 1_000_000),
        ("2026-09", "USD", 2, 1_000_000),
        ("2026-10", "EUR", 1, 1_000_000),  # the first has rows in two currencies
    ]


def test_what_one_row_does_not_tell_is_not_compared(ledger: Ledger) -> None:
    store(ledger, "campaign", delivery(clicks=3), delivery(campaign_id="c2", clicks=None))
    store(ledger, "ad", delivery(clicks=3, cost_micros=None))

    [gap] = gaps(ledger)

    assert (gap.campaign_clicks, gap.clicks_gap, gap.cost_gap_micros) == (None, None, None)
    assert (gap.impressions_gap, gap.verdict) == (-100, "lacking")


def test_account_with_one_grain_or_without_campaigns_has_nothing_to_compare(ledger: Ledger) -> None:
    other = Account(id="2", currency="EUR", timezone="UTC")
    store(ledger, "campaign", delivery())
    store(ledger, "ad_group", delivery(), account=other)
    store(ledger, "ad", delivery(), account=other)

    assert gaps(ledger) == ()
