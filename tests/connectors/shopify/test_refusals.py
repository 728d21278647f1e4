"""What a refusal of Shopify means: most of them come with HTTP status 200, some beside data."""

import pytest

from adtally import AdtallyError, AuthError, ContractError, DeniedError, TimedOut, TransientError, Unit
from adtally_connectors.shopify import Shopify

from .builders import GRAPHQL, order
from .conftest import Api

THROTTLED = {
    "requestedQueryCost": 752,
    "actualQueryCost": None,
    "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 120.0, "restoreRate": 100.0},
}


def pulled(shopify: Shopify, unit: Unit) -> int:
    return len(list(shopify.orders(unit)))


def test_throttled_is_asked_again_once_the_bucket_holds_the_query(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    waits: list[float] = []
    shopify.http.sleep = waits.append
    api.refuse("THROTTLED", cost=THROTTLED)
    api.orders()

    assert pulled(shopify, october) == 0
    assert 6 < max(waits) <= 7


@pytest.mark.parametrize(
    ("code", "expected", "says"),
    [
        ("ACCESS_DENIED", DeniedError, "protected customer data"),
        ("INTERNAL_SERVER_ERROR", TransientError, "failed internally"),
        ("TIMEOUT", TimedOut, "in time"),
        ("SHOP_INACTIVE", DeniedError, "closed or frozen"),
        ("undefinedField", ContractError, "refuses the query"),
        ("", ContractError, "refuses the query"),
    ],
)
def test_an_error_means_what_its_code_says(
    api: Api, shopify: Shopify, october: Unit, code: str, expected: type[AdtallyError], says: str
) -> None:
    api.refuse(code, requestId="rq-7")

    with pytest.raises(expected, match=says) as caught:
        pulled(shopify, october)
    assert type(caught.value) is expected
    assert (caught.value.code, caught.value.request_id) == (code, "rq-7")
    assert "told by Shopify" in caught.value.message


def test_of_several_errors_the_first_one_that_is_known_counts(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    codes = ("somethingNew", "ACCESS_DENIED", "INTERNAL_SERVER_ERROR")
    errors = [{"message": code, "extensions": {"code": code}} for code in codes]
    api.mock.post(GRAPHQL, json={"data": None, "errors": errors})

    with pytest.raises(DeniedError) as caught:
        pulled(shopify, october)
    assert caught.value.code == "ACCESS_DENIED"


def test_data_beside_an_error_is_not_used(api: Api, shopify: Shopify, october: Unit) -> None:
    api.expected(1)
    hidden = order(customerJourneySummary=None)
    info = {"hasNextPage": False, "endCursor": None}
    api.refuse("ACCESS_DENIED", {"orders": {"pageInfo": info, "nodes": [hidden]}})

    with pytest.raises(DeniedError):
        pulled(shopify, october)


@pytest.mark.parametrize(
    ("status", "expected", "says"),
    [
        (401, AuthError, "access token is not accepted"),
        (402, DeniedError, "has to pay"),
        (403, DeniedError, "read_orders"),
        (404, AuthError, "correct shop or api_version"),
        (406, ContractError, "refused"),
        (423, DeniedError, "locked"),
        (429, TransientError, "refused for now"),
        (430, TransientError, "for an attack"),
        (500, TransientError, "refused for now"),
        (503, TransientError, "refused for now"),
        (504, TimedOut, "in time"),
        (522, TransientError, "gateway"),
    ],
)
def test_other_refusals_mean_what_their_status_says(
    api: Api, shopify: Shopify, october: Unit, status: int, expected: type[AdtallyError], says: str
) -> None:
    api.status(status, X_Request_Id="rq-8")

    with pytest.raises(expected, match=says) as caught:
        pulled(shopify, october)
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.request_id) == (status, "rq-8")
    assert "told by Shopify" in caught.value.message


def test_a_wait_that_is_told_is_kept(api: Api, shopify: Shopify, october: Unit) -> None:
    waits: list[float] = []
    shopify.http.sleep = waits.append
    api.status(429, Retry_After="9")
    api.orders()

    assert pulled(shopify, october) == 0
    assert 8 < max(waits) <= 9


@pytest.mark.parametrize("body", ["<html>maintenance</html>", "", '{"data": {"orders'])
def test_a_page_of_a_proxy_is_asked_again(api: Api, shopify: Shopify, october: Unit, body: str) -> None:
    api.mock.post(GRAPHQL, body=body)
    api.orders()

    assert pulled(shopify, october) == 0


@pytest.mark.parametrize("body", ['{"data": null}', "{}", '{"data": {}}', '{"data": {"ordersCount": {}}}'])
def test_an_answer_without_its_data_is_refused(api: Api, shopify: Shopify, october: Unit, body: str) -> None:
    api.mock.post(GRAPHQL, body=body)

    with pytest.raises(ContractError, match=r"data|count"):
        pulled(shopify, october)
