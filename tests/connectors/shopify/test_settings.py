"""How a shop is reached and signed in to, and what it says of itself."""

import pytest
from pydantic import SecretStr, ValidationError

from adtally import Account, AuthError
from adtally_connectors.shopify import Shopify, queries

from .builders import GRAPHQL, ORIGIN, TOKEN, Json
from .conftest import Api


def shop(*scopes: str) -> Json:
    handles = [{"handle": scope} for scope in scopes or ("read_orders", "read_all_orders")]
    told = {
        "name": "Demo",
        "myshopifyDomain": "demo-shop.myshopify.com",
        "currencyCode": "EUR",
        "ianaTimezone": "Europe/Berlin",
    }
    return {"shop": told, "currentAppInstallation": {"accessScopes": handles}}


@pytest.mark.parametrize(
    "name", ["demo-shop", "demo-shop.myshopify.com", "https://Demo-Shop.myshopify.com/", " demo-shop "]
)
def test_the_shop_is_named_as_people_name_it(name: str) -> None:
    connector = Shopify(shop=name, access_token=SecretStr("shpat_synthetic"))

    assert (connector.shop, connector.base_url) == ("demo-shop", ORIGIN)


def test_another_base_url_takes_the_place_of_the_shops_host() -> None:
    connector = Shopify(shop="demo-shop", access_token=SecretStr("t"), base_url="http://127.0.0.1:1")

    assert connector.http.base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "fields",
    [
        {"shop": "demo.example.com/x", "access_token": "t"},
        {"shop": "", "access_token": "t"},
        {"shop": "demo"},
        {"access_token": "t"},
        {"shop": "demo", "client_id": "c"},
        {"shop": "demo", "client_secret": "s"},
        {"shop": "demo", "client_id": "c", "client_secret": "s", "access_token": "t"},
    ],
)
def test_fields_that_do_not_fit_together_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Shopify.model_validate(fields)


def test_the_account_is_the_shop_with_its_clock_and_currency(api: Api, shopify: Shopify) -> None:
    api.data(shop())

    assert list(shopify.accounts()) == [
        Account(id="demo-shop.myshopify.com", name="Demo", currency="EUR", timezone="Europe/Berlin")
    ]
    [call] = api.mock.calls
    assert call.request.url == GRAPHQL
    assert call.request.headers["X-Shopify-Access-Token"] == "shpat_synthetic"
    assert "Authorization" not in call.request.headers


def test_an_app_that_may_not_read_orders_is_told_so(api: Api, shopify: Shopify) -> None:
    api.data(shop("read_products"))

    with pytest.raises(AuthError, match="no scope read_orders: grant it"):
        list(shopify.accounts())


@pytest.mark.parametrize(("served", "warned"), [("2026-10", False), ("2027-01", True), ("", False)])
def test_another_version_that_answers_is_named(
    api: Api, shopify: Shopify, caplog: pytest.LogCaptureFixture, served: str, warned: bool
) -> None:
    api.data(shop(), version=served)

    assert len(list(shopify.accounts())) == 1
    assert ("set api_version" in caplog.text) is warned


def client() -> Shopify:
    connector = Shopify(shop="demo-shop", client_id="abc123", client_secret=SecretStr("shpss_synthetic"))
    connector.http.sleep = lambda _: None
    return connector


def test_client_credentials_give_a_token_that_is_renewed_once_refused(api: Api) -> None:
    granted = {"scope": "read_orders", "expires_in": 86399}
    for token in ("shpat_one", "shpat_two"):
        api.mock.post(TOKEN, json={"access_token": token, **granted})
    api.status(401, "[API] Invalid API key or access token")
    api.data(shop())

    assert len(list(client().accounts())) == 1
    grants = [call.request for call in api.mock.calls if call.request.url == TOKEN]
    assert "grant_type=client_credentials&client_id=abc123&client_secret=shpss_synthetic" in str(
        grants[0].body
    )
    used = [
        call.request.headers["X-Shopify-Access-Token"]
        for call in api.mock.calls
        if call.request.url == GRAPHQL
    ]
    assert used == ["shpat_one", "shpat_two"]
    assert all("Authorization" not in call.request.headers for call in api.mock.calls)


def test_a_client_that_is_not_accepted_breaks_the_connection(api: Api) -> None:
    api.mock.post(TOKEN, json={"error": "application_cannot_be_found"}, status=400)

    with pytest.raises(AuthError, match="client_id"):
        list(client().accounts())


def test_nothing_about_people_is_asked_for() -> None:
    for document in (queries.SHOP, queries.EXPECTED, queries.ORDERS, queries.REFUNDED, queries.REFUND):
        for word in ("customer {", "email", "phone", "ddress", "clientIp", "note", "firstName", "lastName"):
            assert word not in document
