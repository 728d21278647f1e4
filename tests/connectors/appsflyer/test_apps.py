"""Accounts are the apps that are named; settings that cannot work are refused."""

import logging

import pytest
from pydantic import ValidationError

from adtally import Account, ContractError, DeniedError, TransientError
from adtally_connectors.appsflyer import AppsFlyer

from .builders import APPS, app
from .conftest import Api, connector


def test_an_account_is_an_app_in_its_own_currency_and_clock(api: Api) -> None:
    api.listed(
        app(),
        app("com.example.other"),
        app("com.example.bare", name="", currency="", time_zone=None),
        total=3,
    )

    found = list(connector(app_ids=["com.example.bare", "id123456789"]).accounts())

    assert found == [
        Account(id="id123456789", name="Demo", currency="EUR", timezone="Europe/Paris"),
        Account(id="com.example.bare", name="com.example.bare", currency="USD", timezone="UTC"),
    ]
    assert api.asked(APPS) == [{"limit": "1000", "offset": "0"}]


def test_pages_are_followed_by_how_many_came(api: Api, appsflyer: AppsFlyer) -> None:
    api.listed(app("a.b"), app("a.c"), total=3)
    api.listed(app("a.c"), app(), total=3)

    assert [one.id for one in appsflyer.accounts()] == ["id123456789"]
    assert [one["offset"] for one in api.asked(APPS)] == ["0", "2"]


@pytest.mark.parametrize(
    ("pages", "error", "says"),
    [
        ([[app(), app("a.b")], [app(), app("a.b")]], ContractError, "never end"),
        ([[app()], []], TransientError, "1 of 3 apps came"),
        ([[app(), app("a.b"), app("a.c"), app("a.d")]], ContractError, "too many rows"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(
    api: Api, appsflyer: AppsFlyer, pages: list[list[dict[str, object]]], error: type[Exception], says: str
) -> None:
    for page in pages:
        api.listed(*page, total=3)

    with pytest.raises(error, match=says):
        list(appsflyer.accounts())


def test_an_app_that_the_token_does_not_see_is_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.listed(app(), total=1)

    with caplog.at_level(logging.WARNING):
        found = list(connector(app_ids=["id123456789", "com.example.gone"]).accounts())

    assert len(found) == 1
    assert "com.example.gone is passed over" in caplog.text


def test_a_token_that_sees_none_of_the_apps_is_refused(api: Api, appsflyer: AppsFlyer) -> None:
    api.listed(app("com.example.other"))

    with pytest.raises(DeniedError, match="check app_ids and api_token"):
        list(appsflyer.accounts())


@pytest.mark.parametrize(
    "ids", [[], ["all"], ["123456789"], ["id1,id2"], ["../secrets"], [""], ["com.example/app"]]
)
def test_what_is_no_app_id_is_refused(ids: list[str]) -> None:
    with pytest.raises(ValidationError, match=r"app"):
        connector(app_ids=ids)


def test_an_app_that_is_named_twice_is_one() -> None:
    assert connector(app_ids=[" id1 ", "id1", "com.example.app"]).app_ids == ("id1", "com.example.app")


def test_days_change_as_long_as_fraud_is_found() -> None:
    found = {
        one.name: (one.max_days, one.restated_days, dict(one.final_after)) for one in AppsFlyer.declared()
    }

    final = {"cost": 7, "clicks": 7, "conversions": 7}
    assert found == dict.fromkeys(("counts_daily", "fraud_daily", "retargeting_daily"), (31, 38, final))
