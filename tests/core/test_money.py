from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from adtally.errors import ContractError
from adtally.money import LARGEST, amount_text, exponents, minor, money_text, rounded, to_micros

WHOLE = st.integers(min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize(
    ("amount", "micros"),
    [
        ("1.429999948", 1_430_000),
        ("0.0000005", 1),
        ("-0.0000005", -1),
        ("0.00000049999", 0),
        (Decimal("1E+3"), 1_000_000_000),
        (" 12 ", 12_000_000),
        (7, 7_000_000),
        ("9223372036854.775807", LARGEST),
    ],
)
def test_amount_becomes_micros_and_a_half_goes_away_from_zero(
    amount: Decimal | int | str, micros: int
) -> None:
    assert to_micros(amount) == micros


def test_scale_says_what_the_wire_counts_in() -> None:
    assert to_micros(1234, scale=10_000) == 12_340_000


@pytest.mark.parametrize(
    "text", ["", "abc", "NaN", "Infinity", "1,5", "1e100", "1e999999", "9223372036854.775808"]
)
def test_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="amount"):
        to_micros(text)


def test_binary_float_is_refused() -> None:
    with pytest.raises(TypeError, match="not exact"):
        to_micros(1.43)  # type: ignore[arg-type]


@given(WHOLE, st.integers(min_value=1, max_value=10**9))
def test_rounding_is_the_nearest_integer_and_mirrors_at_zero(numerator: int, denominator: int) -> None:
    result = rounded(numerator, denominator)

    assert abs(Fraction(numerator, denominator) - result) <= Fraction(1, 2)
    assert rounded(-numerator, denominator) == -result == rounded(numerator, -denominator)


def test_half_is_rounded_away_from_zero() -> None:
    assert [rounded(n, 2) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        rounded(1, 0)


@given(WHOLE)
def test_micros_survive_the_way_through_decimal_text(micros: int) -> None:
    assert to_micros(Decimal(micros).scaleb(-6)) == micros


@pytest.mark.parametrize(
    ("currency", "micros", "text"),
    [
        ("EUR", 1_234_560_000, "EUR\u00a01,234.56"),
        ("JPY", 1_234_000_000, "JPY\u00a01,234"),
        ("KWD", 1_500_000, "KWD\u00a01.500"),
        ("USD", -5_000, "USD\u00a0\u22120.01"),
        ("USD", 0, "USD\u00a00.00"),
    ],
)
def test_money_is_printed_with_its_currencys_decimals(currency: str, micros: int, text: str) -> None:
    assert money_text(micros, currency) == text


def test_more_decimals_can_be_asked_for() -> None:
    assert amount_text(1_234_567, "EUR", decimals=6) == "1.234567"


def test_smallest_printed_amount_follows_iso_4217() -> None:
    assert {code: minor(code) for code in ("USD", "JPY", "KWD")} == {
        "USD": 10_000,
        "JPY": 1_000_000,
        "KWD": 1_000,
    }
    assert all(len(code) == 3 and 0 <= places <= 4 for code, places in exponents().items())


def test_unknown_currency_is_named() -> None:
    with pytest.raises(ContractError, match="'EURO'"):
        minor("EURO")
