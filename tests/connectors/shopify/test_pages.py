"""Lists come whole, each order once, end, and cost no more than Shopify allows."""

import pytest

from adtally import ContractError, TransientError, Unit
from adtally_connectors.shopify import Shopify

from .builders import order
from .conftest import Api


def ids(shopify: Shopify, unit: Unit) -> list[str]:
    return [one.record_id for one in shopify.orders(unit)]


def test_pages_are_followed_with_the_same_question_and_an_order_that_moved_counts_once(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    api.expected(3)
    api.page(order("1"), order("2"), cursor="c2")
    api.page(order("2"), order("3"))

    assert ids(shopify, october) == ["1", "2", "3"]
    first, second = api.asked[1:]
    assert second == {**first, "after": "c2"}


def test_orders_that_came_meanwhile_are_taken(api: Api, shopify: Shopify, october: Unit) -> None:
    api.expected(1)
    api.page(order("1"), order("2"))

    assert ids(shopify, october) == ["1", "2"]


def test_fewer_orders_than_shopify_counts_fail(api: Api, shopify: Shopify, october: Unit) -> None:
    api.expected(2)
    api.page(order("1"))

    with pytest.raises(TransientError, match="1 of 2 orders came"):
        ids(shopify, october)


def test_pages_that_never_end_are_refused(api: Api, shopify: Shopify, october: Unit) -> None:
    api.expected(2)
    api.page(order("1"), cursor="c2")
    api.page(order("2"), cursor="c2")

    with pytest.raises(ContractError, match="never end"):
        ids(shopify, october)


def test_a_next_page_without_a_cursor_is_refused(api: Api, shopify: Shopify, october: Unit) -> None:
    api.expected(1)
    api.data({"orders": {"pageInfo": {"hasNextPage": True, "endCursor": None}, "nodes": [order()]}})

    with pytest.raises(ContractError, match="no endCursor"):
        ids(shopify, october)


def test_a_filter_that_shopify_does_not_understand_is_no_filter(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    api.expected(1)
    warning = {"field": "created_at", "message": "Input is not an accepted value.", "code": "invalid_value"}
    api.page(order(), search=[{"path": ["orders"], "warnings": [warning]}])

    with pytest.raises(ContractError, match="does not understand the filter: Input is not"):
        ids(shopify, october)


def test_a_query_that_costs_too_much_is_asked_for_fewer_orders(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    api.expected(2)
    api.refuse("MAX_COST_EXCEEDED")
    api.refuse("MAX_COST_EXCEEDED")
    api.page(order("1"), cursor="c2")
    api.page(order("2"))

    assert ids(shopify, october) == ["1", "2"]
    assert [variables.get("first") for variables in api.asked[1:]] == [20, 10, 5, 5]


def test_a_single_order_that_costs_too_much_is_not_asked_for_for_ever(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    api.expected(1)
    for _ in range(5):
        api.refuse("MAX_COST_EXCEEDED")

    with pytest.raises(ContractError, match="costs too many points"):
        ids(shopify, october)


def test_the_next_query_waits_until_the_bucket_holds_it(api: Api, shopify: Shopify, october: Unit) -> None:
    waits: list[float] = []
    shopify.http.sleep = waits.append
    api.expected(2)
    bucket = {"maximumAvailable": 2000.0, "currentlyAvailable": 100.0, "restoreRate": 50.0}
    api.page(order("1"), cursor="c2", cost={"requestedQueryCost": 700, "throttleStatus": bucket})
    api.page(order("2"))

    assert ids(shopify, october) == ["1", "2"]
    assert [round(wait) for wait in waits] == [12]
