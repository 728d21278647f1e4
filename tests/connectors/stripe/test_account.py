"""The key and its account: who it is, its clock and currency, also where the key may not read that."""

import pytest
from pydantic import SecretStr, ValidationError

from adtally import Account, AuthError, ContractError, DeniedError
from adtally_connectors.stripe import Stripe

from .builders import Json, refusal
from .conftest import Api


def told(**changes: object) -> Json:
    settings: dict[str, object] = {
        "id": "acct_demo",
        "object": "account",
        "default_currency": "eur",
        "business_profile": {"name": "Demo GmbH"},
        "settings": {"dashboard": {"display_name": "Demo", "timezone": "Europe/Berlin"}},
    }
    return settings | changes


def test_the_account_tells_its_clock_and_currency(api: Api, stripe: Stripe) -> None:
    api.answer("account", told())

    assert list(stripe.accounts()) == [
        Account(id="acct_demo", name="Demo", currency="EUR", timezone="Europe/Berlin")
    ]


@pytest.mark.parametrize(
    ("changes", "name", "zone"),
    [
        ({"settings": {"dashboard": {"timezone": "Etc/UTC"}}}, "Demo GmbH", "UTC"),
        ({"settings": {"dashboard": {"timezone": None}}}, "Demo GmbH", "UTC"),
        ({"settings": None}, "Demo GmbH", "UTC"),
        ({"settings": None, "business_profile": None}, "", "UTC"),
    ],
)
def test_without_a_zone_days_are_those_of_utc(
    api: Api, stripe: Stripe, changes: dict[str, object], name: str, zone: str
) -> None:
    api.answer("account", told(**changes))

    [account] = stripe.accounts()

    assert (account.name, account.timezone) == (name, zone)


def test_the_refusal_names_the_account_and_the_balance_its_currency(api: Api, stripe: Stripe) -> None:
    api.deny("account")
    api.answer("balance", {"object": "balance", "available": [{"amount": 7, "currency": "usd"}]})

    assert list(stripe.accounts()) == [Account(id="acct_demo", currency="USD", timezone="UTC")]


def test_a_refusal_that_names_no_account_is_told(api: Api, stripe: Stripe) -> None:
    api.answer("account", refusal("Requests from your IP address are not allowed."), status=403)

    with pytest.raises(DeniedError, match="IP address"):
        list(stripe.accounts())


def test_a_balance_without_funds_is_refused(api: Api, stripe: Stripe) -> None:
    api.answer("account", told(default_currency=None))
    api.answer("balance", {"object": "balance", "available": []})

    with pytest.raises(ContractError, match="no funds in any currency"):
        list(stripe.accounts())


def test_a_bad_key_lists_nothing(api: Api, stripe: Stripe) -> None:
    api.answer("account", refusal("Invalid API Key provided: rk_live_****XyZ9"), status=401)

    with pytest.raises(AuthError, match="make a new restricted key") as caught:
        list(stripe.accounts())
    assert "XyZ9" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "says"),
    [("sk_demo_key", "a secret key may move money"), ("pk_demo_key", "a publishable key sees no metadata")],
)
def test_only_restricted_keys_are_taken(key: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says) as caught:
        Stripe(api_key=SecretStr(key))
    assert key not in str(caught.value)


def test_sales_are_final_after_a_week_and_only_evidence_is_told() -> None:
    assert {
        one.name: (one.max_days, one.restated_days, dict(one.final_after)) for one in Stripe.declared()
    } == {
        name: (7, restated, {"cost": 7, "clicks": 7, "conversions": 7})
        for name, restated in {"payments": 35, "refunds": 35, "disputes": 120}.items()
    }
    assert {kind.__name__ for one in Stripe.declared() for kind in one.records} == {"Evidence"}
