"""Refunds are records of their own days, whatever the age of their orders."""

from dataclasses import replace
from datetime import date

import pytest

from adtally import ContractError, Evidence, Unit, Window
from adtally_connectors.shopify import Shopify

from .builders import Json, origin, parts, refund, refunded
from .conftest import Api

ADDED = origin(taxesIncluded=False)
"""An order whose prices come without tax."""


def pulled(shopify: Shopify, unit: Unit) -> list[Evidence]:
    return list(shopify.refunds(unit))


def one(api: Api, shopify: Shopify, unit: Unit, told: Json, total: str = "35.7") -> Evidence:
    api.orders(refunded("5001", refund(total=total)))
    api.data(told)
    [found] = pulled(shopify, unit)
    return found


def test_a_refund_refers_to_its_order_and_has_its_key(api: Api, shopify: Shopify, october: Unit) -> None:
    assert one(api, shopify, october, parts("9001", "5.7")) == Evidence(
        source_id="demo-shop.myshopify.com",
        record_id="9001",
        kind="refund",
        day=date(2026, 10, 9),
        key_kind="utm_id",
        key_value="20990001",
        status="refunded",
        refers_to="5001",
        quantity_micros=1_000_000,
        value_micros=30_000_000,
        currency="EUR",
        timezone="Europe/Berlin",
        evidence_class="E3",
    )
    [listed_by] = {str(variables["query"]) for variables in api.asked if "query" in variables}
    assert listed_by == "updated_at:>='2026-09-30T22:00:00Z'"
    assert api.asked[-1] == {"id": "gid://shopify/Refund/9001", "first": 100, "after": None}
    assert api.asked[1]["first"] == 100
    assert "sortKey: ID" in api.documents[1]


@pytest.mark.parametrize(
    ("told", "total", "value", "flags"),
    [
        (parts("9001", "5.7", shipping=("11.9", "1.9")), "47.6", 30_000_000, ""),
        (parts("9001", "5.7", shipping=("10.0", "1.9"), of=ADDED), "47.6", 30_000_000, ""),
        (parts("9001", "2.7", "3.0", of=ADDED), "35.7", 30_000_000, ""),
        (parts("9001"), "5.0", 5_000_000, "with_tax"),
        (parts("9001", shipping=("11.9", "1.9")), "11.9", 0, ""),
        (parts("9001", "5.7"), "3.0", 0, ""),
    ],
    ids=["with shipping", "prices without tax", "two lines", "an amount alone", "shipping alone", "a part"],
)
def test_the_value_is_that_of_the_goods_if_the_refund_tells(
    api: Api, shopify: Shopify, october: Unit, told: Json, total: str, value: int, flags: str
) -> None:
    found = one(api, shopify, october, told, total)

    assert (found.value_micros, found.flags) == (value, flags)


def test_a_refund_of_many_lines_is_read_to_the_end(api: Api, shopify: Shopify, october: Unit) -> None:
    api.orders(refunded("5001", refund()))
    api.data(parts("9001", "2.7", cursor="c2"))
    api.data(parts("9001", "3.0"))

    assert [found.value_micros for found in pulled(shopify, october)] == [30_000_000]
    assert api.asked[-1]["after"] == "c2"


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (("SUCCESS",), "refunded"),
        (("FAILURE", "SUCCESS"), "refunded"),
        (("PENDING",), "pending"),
        (("AWAITING_RESPONSE", "FAILURE"), "pending"),
        (("FAILURE", "ERROR"), "failed"),
        ((), "refunded"),
    ],
)
def test_the_transactions_say_whether_it_was_paid_out(
    api: Api, shopify: Shopify, october: Unit, states: tuple[str, ...], status: str
) -> None:
    assert one(api, shopify, october, parts("9001", "5.7", states=states)).status == status


def test_the_refund_of_a_test_order_is_a_test(api: Api, shopify: Shopify, october: Unit) -> None:
    assert one(api, shopify, october, parts("9001", "5.7", of=origin(test=True))).status == "test"


def test_refunds_of_other_days_and_without_money_are_passed_over(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    unit = replace(october, window=Window(date(2026, 10, 9), date(2026, 10, 20)))
    refunds = [
        refund("1", at="2026-10-08T21:59:59Z"),
        refund("2", at="2026-10-20T22:00:00Z"),
        refund("3", total="0.0"),
        refund("4", at=None),
        refund("4", at=None),
    ]
    api.orders(refunded("5001", *refunds), refunded("5002"))
    api.data(parts("4", "5.7"))

    assert [(found.record_id, found.day) for found in pulled(shopify, unit)] == [("4", date(2026, 10, 20))]


def test_a_refund_of_no_time_is_refused(api: Api, shopify: Shopify, october: Unit) -> None:
    api.orders(refunded("5001", {**refund(at=None), "processedAt": None}))

    with pytest.raises(ContractError, match="has no createdAt"):
        pulled(shopify, october)


def test_an_order_that_was_not_updated_since_is_refused(api: Api, shopify: Shopify, october: Unit) -> None:
    api.orders(refunded("5001", updated="2026-09-30T21:59:59Z"))

    with pytest.raises(ContractError, match="which was not asked for"):
        pulled(shopify, october)


@pytest.mark.parametrize("told", [parts("7777", "5.7"), parts("9001", "5.7", of=origin("6001"))])
def test_another_refund_than_the_one_asked_for_is_refused(
    api: Api, shopify: Shopify, october: Unit, told: Json
) -> None:
    api.orders(refunded("5001", refund()))
    api.data(told)

    with pytest.raises(ContractError, match=r"was not asked for"):
        pulled(shopify, october)


def test_an_app_that_sees_only_sixty_days_is_told_what_is_missing(
    api: Api, shopify: Shopify, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.expected(0, "read_orders")
    api.page()

    assert pulled(shopify, october) == []
    assert "refunds of older orders are not seen" in caplog.text
