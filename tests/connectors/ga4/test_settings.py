"""Which properties there are, and what their clock and currency is."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr, ValidationError

from adtally import Account, ContractError, DeniedError
from adtally_connectors.ga4 import Ga4

from .builders import ORIGIN, refusal, report
from .conftest import Api

KEY = '{"client_email": "a@b.example", "private_key": "..."}'


def connector(*property_ids: str) -> Ga4:
    found = Ga4(
        client_id="client",
        client_secret=SecretStr("hush"),
        refresh_token=SecretStr("1//refresh"),
        property_ids=property_ids,
        requests_per_second=None,
    )
    found.http.sleep = lambda _: None
    return found


def glance(api: Api, number: str, currency: str = "EUR", zone: str = "Europe/Berlin") -> None:
    page = {"metadata": {"currencyCode": currency, "timeZone": zone}, "rowCount": 1}
    rows = [{"metricValues": [{"value": "12"}]}]
    headers = {"metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}]}
    api.mock.post(f"{ORIGIN}/v1beta/properties/{number}:runReport", json={**page, **headers, "rows": rows})


def denied(api: Api, number: str) -> None:
    body = refusal(403, "PERMISSION_DENIED", "no access")
    api.mock.post(f"{ORIGIN}/v1beta/properties/{number}:runReport", json=body, status=403)


def test_each_property_is_an_account_with_its_clock_and_currency(api: Api) -> None:
    glance(api, "111")
    glance(api, "222", "USD", "America/Los_Angeles")

    assert list(connector("111", "properties/222", "111").accounts()) == [
        Account(id="111", currency="EUR", timezone="Europe/Berlin"),
        Account(id="222", currency="USD", timezone="America/Los_Angeles"),
    ]
    assert api.bodies[0] == {
        "dateRanges": [{"startDate": "yesterday", "endDate": "today"}],
        "metrics": [{"name": "sessions"}],
        "limit": "1",
    }


def test_a_property_that_may_not_be_read_is_passed_over_and_named(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    denied(api, "111")
    glance(api, "222")

    with caplog.at_level(logging.WARNING):
        assert [one.id for one in connector("111", "222").accounts()] == ["222"]
    assert "property 111 is passed over: no access: in GA4, give" in caplog.text


def test_where_no_property_may_be_read_the_refusal_is_told(api: Api) -> None:
    denied(api, "111")
    denied(api, "222")

    with pytest.raises(DeniedError, match="Viewer"):
        list(connector("111", "222").accounts())


@pytest.mark.parametrize(("currency", "zone"), [("", "Europe/Berlin"), ("EUR", "")])
def test_a_property_without_clock_or_currency_is_refused(api: Api, currency: str, zone: str) -> None:
    glance(api, "111", currency, zone)

    with pytest.raises(ContractError, match="property 111"):
        list(connector("111").accounts())


def test_a_property_without_traffic_is_an_account(api: Api) -> None:
    api.mock.post(
        f"{ORIGIN}/v1beta/properties/111:runReport",
        json={**report(), "metricHeaders": [{"name": "sessions"}]},
    )

    assert [one.currency for one in connector("111").accounts()] == ["EUR"]


@pytest.mark.parametrize("property_ids", [(), ("G-ABC123",), ("",), ("12a",), ("٣",), ("accounts/123",)])
def test_what_is_no_number_of_a_property_is_refused_with_a_hint(property_ids: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="property_ids"):
        connector(*property_ids)


@pytest.mark.parametrize(
    "fields", [{"client_id": "a", "client_secret": "b"}, {"service_account": KEY, "client_id": "a"}, {}]
)
def test_settings_that_cannot_work_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Ga4.model_validate({"property_ids": ["1"], **fields})


def test_a_service_account_alone_is_enough() -> None:
    one = Ga4.model_validate({"property_ids": ["1"], "service_account": KEY})

    assert one.client_id == ""
    assert one.auth() is not None
    assert one.scopes == "https://www.googleapis.com/auth/analytics.readonly"
