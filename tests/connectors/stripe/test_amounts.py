"""Stripe's units as micros: they are not those of ISO 4217."""

import pytest

from adtally import Unit
from adtally_connectors.stripe import Stripe
from adtally_connectors.stripe.amounts import in_micros

from .builders import charge, shown
from .conftest import Api, paid


@pytest.mark.parametrize(
    ("units", "currency", "micros"),
    [
        (11_900, "USD", 119_000_000),
        (11_900, "EUR", 119_000_000),
        (5_120, "KWD", 5_120_000),
        (5_120, "BHD", 5_120_000),
        (500, "JPY", 500_000_000),
        (500, "KRW", 500_000_000),
        (500, "MGA", 500_000_000),
        (500, "XPF", 500_000_000),
        (500, "ISK", 5_000_000),
        (1_045, "HUF", 10_450_000),
        (1_045, "TWD", 10_450_000),
        (501, "UGX", 501_000_000),
        (500, "UGX", None),
        (0, "UGX", 0),
    ],
)
def test_a_unit_is_stripes_own(units: int, currency: str, micros: int | None) -> None:
    assert in_micros(units, currency) == micros


def test_currencies_come_in_lower_case(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(currency="jpy", amount=500, amount_captured=500))

    assert shown(record, "value_micros", "currency") == (500_000_000, "JPY")
