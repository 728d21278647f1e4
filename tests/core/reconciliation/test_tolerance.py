import pytest

from adtally.reconciliation.tolerance import Tolerance, allowance

MATCH = Tolerance(minor_units=100, relative_ppm=1_000)


@pytest.mark.parametrize(
    ("expected", "currency", "micros"),
    [
        (0, "USD", 1_000_000),
        (999_999_999, "USD", 1_000_000),
        (10_000_000_000, "USD", 10_000_000),
        (-10_000_000_000, "USD", 10_000_000),
        (1_240_000_999, "USD", 1_240_000),
        (0, "JPY", 100_000_000),
        (0, "KWD", 100_000),
    ],
)
def test_the_larger_of_the_absolute_and_the_relative_limit_counts(
    expected: int, currency: str, micros: int
) -> None:
    assert MATCH.micros(expected, currency) == micros


def test_rounding_allowance_counts_where_it_is_larger() -> None:
    none = Tolerance(minor_units=0, relative_ppm=0)

    assert none.micros(1_000_000, "USD", allowance(3, "USD")) == 29_997
    assert MATCH.micros(1_000_000, "USD", allowance(3, "USD")) == 1_000_000


def test_each_rounded_figure_may_lose_less_than_one_minor_unit() -> None:
    assert [allowance(1, currency) for currency in ("USD", "JPY", "KWD")] == [9_999, 999_999, 999]
