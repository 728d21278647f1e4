from datetime import date

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window
from adtally.money import rounded
from adtally.reconciliation.facts import Counts
from adtally.reconciliation.pricing import BASES, break_even_ctr_ppm, charge, derived, effective, units
from adtally.records import Model

from .cases import OCTOBER, rate

COUNTS = Counts(
    impressions=10_001,
    viewable_impressions=6_000,
    clicks=200,
    video_views=3_000,
    video_completions=1_000,
    engagements=350,
    leads=12,
    installs=18,
    conversions_micros=4_500_000,
    purchases=7,
    revenue_micros=600_000_000,
    billable_units=90,
)


@pytest.mark.parametrize(
    ("model", "price", "micros"),
    [
        ("cpm", "2.50", 25_002_500),
        ("vcpm", "8", 48_000_000),
        ("cpc", "0.40", 80_000_000),
        ("cpv", "0.02", 60_000_000),
        ("cpcv", "0.05", 50_000_000),
        ("cpe", "0.15", 52_500_000),
        ("cpl", "4", 48_000_000),
        ("cpi", "2.50", 45_000_000),
        ("cpa", "12", 54_000_000),
        ("cps", "3", 21_000_000),
        ("cpsend", "0.10", 9_000_000),
        ("cpr", "0.20", 18_000_000),
    ],
)
def test_each_model_prices_its_own_count(model: Model, price: str, micros: int) -> None:
    assert charge(rate(model, price), COUNTS, OCTOBER) == micros


def test_sale_by_share_is_a_share_of_revenue() -> None:
    assert charge(rate("cps", share_ppm=80_000), COUNTS, OCTOBER) == 48_000_000


def test_flat_price_pays_for_its_own_days_of_the_flight() -> None:
    quarter = Window(date(2026, 10, 1), date(2026, 12, 31))
    whole, part = rate("flat", "920", flight=quarter), Window(date(2026, 12, 30), date(2027, 1, 5))

    assert charge(whole, Counts(), OCTOBER) == 310_000_000
    assert charge(whole, Counts(), part) == 20_000_000
    assert charge(whole, Counts(), Window(date(2027, 1, 1), date(2027, 1, 31))) == 0


@pytest.mark.parametrize("model", BASES)
def test_unknown_count_gives_no_charge_and_never_zero(model: Model) -> None:
    assert charge(rate(model, "1"), Counts(), OCTOBER) is None
    assert units(model, Counts()) is None


def test_unknown_price_flight_or_dynamic_price_gives_no_charge() -> None:
    assert charge(rate("cpc"), COUNTS, OCTOBER) is None
    assert charge(rate("flat", "920"), COUNTS, OCTOBER) is None
    assert charge(rate("dynamic", "1"), COUNTS, OCTOBER) is None


def test_average_price_of_nothing_is_unknown() -> None:
    assert effective(1_000_000, 0) is None
    assert effective(None, 10) is None
    assert derived(Counts(clicks=0, impressions=0), 5) == {}
    assert break_even_ctr_ppm(5_000_000, 0) is None


def test_derived_prices_are_rounded_and_shares_floored() -> None:
    found = derived(Counts(impressions=3, clicks=2, conversions_micros=1_500_000), 2_000_001)

    assert found == {
        "ecpm_micros": 666_667_000,
        "ecpc_micros": 1_000_001,
        "ecpa_micros": 1_333_334,
        "ctr_ppm": 666_666,
        "cvr_ppm": 750_000,
    }


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_rounding_mirrors_the_sign(numerator: int, denominator: int) -> None:
    assert rounded(-numerator, denominator) == -rounded(numerator, denominator)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_charge_of_the_parts_is_the_charge_of_the_whole_but_for_rounding(
    price: int, one: int, other: int
) -> None:
    terms = rate("cpm", None)
    priced = type(terms)(model="cpm", rate_micros=price, source="agreement 1")
    parts = [charge(priced, Counts(impressions=count), OCTOBER) or 0 for count in (one, other)]

    assert abs(sum(parts) - (charge(priced, Counts(impressions=one + other), OCTOBER) or 0)) <= 1
