import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from adtally.reconciliation.statistics import (
    log_binomial_tail,
    poisson_upper_limit,
    probability_text,
    rejections,
)

ALPHA = Decimal("0.01")
THOUSANDTH = Fraction(1, 1000)

probabilities = st.floats(1e-12, 1.0)


def logs(*values: float) -> list[float]:
    return sorted(map(math.log, values))


@given(st.integers(1, 60), st.data())
def test_binomial_tail_is_the_exact_sum(trials: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, trials))
    rate = Fraction(data.draw(st.integers(1, 999)), 1000)
    exact = sum(math.comb(trials, i) * rate**i * (1 - rate) ** (trials - i) for i in range(count + 1))

    assert math.isclose(math.exp(log_binomial_tail(count, trials, rate)), exact, rel_tol=1e-11)


@pytest.mark.parametrize(
    ("trials", "count", "text"),
    [
        (10_000, 0, "4.517e-5"),
        (2_000, 0, "0.1352"),
        (50_000, 30, "1.587e-3"),
        (50_000, 38, "0.04729"),
        (4_602, 0, "0.01001"),
        (4_603, 0, "9.999e-3"),
        (1_000_000_000, 0, "1.683e-434512"),
        (50_000, 50_000, "1"),
    ],
)
def test_probability_is_told_to_four_digits_however_small(trials: int, count: int, text: str) -> None:
    assert probability_text(log_binomial_tail(count, trials, THOUSANDTH)) == text


def test_rounding_carries_into_the_power_of_ten() -> None:
    assert [probability_text(math.log(p)) for p in (0.00099999, 0.0012346)] == ["1.000e-3", "1.235e-3"]


def test_tail_of_a_billion_trials_is_near_the_normal_one() -> None:
    one_deviation = [log_binomial_tail(count, 10**9, THOUSANDTH) for count in (999_000, 1_001_000)]

    assert [round(math.exp(tail), 3) for tail in one_deviation] == [0.159, 0.842]


@given(st.integers(1, 5_000), st.integers(0, 40), st.integers(1, 999_999))
def test_larger_counts_have_larger_tails(trials: int, count: int, millionths: int) -> None:
    rate = Fraction(millionths, 1_000_000)

    tails = [log_binomial_tail(k, trials, rate) for k in (count, count + 1)]

    assert tails[0] <= tails[1] + 1e-9
    assert tails[1] <= 0


@pytest.mark.parametrize(("count", "limit"), [(0, 2.995732), (1, 4.743865), (10, 16.962219)])
def test_upper_limit_is_the_one_of_the_tables(count: int, limit: float) -> None:
    assert poisson_upper_limit(count) == pytest.approx(limit, abs=1e-6)


@given(st.integers(0, 100))
def test_so_few_events_have_a_chance_of_five_percent_at_the_upper_limit(count: int) -> None:
    limit = poisson_upper_limit(count)

    chance = math.exp(-limit) * sum(limit**i / math.factorial(i) for i in range(count + 1))

    assert math.isclose(chance, 0.05, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("values", "convicting"),
    [
        ((0.001, 0.012, 0.02, 0.3, 0.5), 1),
        ((0.001, 0.0039, 0.0058, 0.3, 0.5), 3),
        ((0.009,), 1),
        ((0.009, 0.5), 0),
        ((), 0),
    ],
)
def test_largest_rank_below_its_threshold_carries_the_smaller_ones(
    values: tuple[float, ...], convicting: int
) -> None:
    assert rejections(logs(*values), ALPHA) == convicting


@given(st.lists(probabilities, min_size=1, max_size=30))
def test_one_test_alone_convicts_wherever_many_do(values: list[float]) -> None:
    tails = logs(*values)
    convicting = rejections(tails, ALPHA)

    assert convicting <= sum(tail <= math.log(ALPHA) for tail in tails)
    assert all(rejections([tail], ALPHA) == 1 for tail in tails[:convicting])


@given(st.lists(probabilities, max_size=30))
def test_hopeless_row_convicts_nobody_else(values: list[float]) -> None:
    assert rejections(logs(*values, 1.0), ALPHA) <= rejections(logs(*values), ALPHA)


@given(st.lists(probabilities, min_size=1, max_size=30))
def test_equal_tails_stand_or_fall_together(values: list[float]) -> None:
    tails = logs(*values, values[0])
    convicting = rejections(tails, ALPHA)
    assume(0 < convicting < len(tails))

    assert tails[convicting - 1] < tails[convicting]
