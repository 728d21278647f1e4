"""What a refusal of Stripe's means, and that it never shows the key."""

import pytest

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TimedOut,
    TransientError,
    Unit,
)
from adtally_connectors.stripe import Stripe

from .builders import HOST, charge, listed, refusal
from .conftest import SESSIONS, Api


def refused(api: Api, stripe: Stripe, week: Unit) -> AdtallyError:
    with pytest.raises(AdtallyError) as caught:
        list(stripe.payments(week))
    assert api.asked("charges")
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "expected", "says"),
    [
        (400, "parameter_unknown", ContractError, "Stripe refuses the request: told by Stripe"),
        (401, "api_key_expired", AuthError, "does not accept the key"),
        (402, "card_declined", ContractError, "Stripe refuses the request"),
        (403, "", DeniedError, "the restricted key lacks a permission"),
        (404, "resource_missing", ContractError, "the other mode, live or test"),
        (409, "", TransientError, "try again"),
        (429, "rate_limit", TransientError, "too many requests at once"),
        (429, "lock_timeout", TransientError, "too many requests at once"),
        (400, "rate_limit", TransientError, "too many requests at once"),
        (500, "", TransientError, "refused for now"),
        (503, "", TransientError, "refused for now"),
        (504, "", TimedOut, "no answer in time"),
        (520, "", TransientError, "try again"),
        (200, "", ContractError, "an error in a good answer"),
    ],
)
def test_a_refusal_means_what_its_status_and_code_say(
    *, api: Api, stripe: Stripe, week: Unit, status: int, code: str, expected: type[AdtallyError], says: str
) -> None:
    api.page(SESSIONS)
    api.answer("charges", refusal(code=code), status=status, headers={"Request-Id": "req_7"})

    error = refused(api, stripe, week)

    assert type(error) is expected
    assert says in error.message
    assert (error.status, error.code, error.request_id) == (status, code, "req_7")


@pytest.mark.parametrize("status", [401, 403])
def test_no_part_of_the_key_is_shown(api: Api, stripe: Stripe, week: Unit, status: int) -> None:
    told = (
        "The provided key 'rk_live_51Abc*****\u2022\u2022XyZ9' may not. Having 'rak_charge_read' would help."
    )
    api.page(SESSIONS)
    api.answer("charges", refusal(told), status=status)

    error = str(refused(api, stripe, week))

    assert "XyZ9" not in error
    assert "51Abc" not in error
    assert "The provided key (left out) may not. Having 'rak_charge_read' would help." in error


def test_a_conflict_is_asked_again(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.answer("charges", refusal(), status=409)
    api.page("charges", charge())

    assert len(list(stripe.payments(week))) == 1


def test_stripe_says_itself_what_to_ask_again(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.answer("charges", refusal(), status=400, headers={"Stripe-Should-Retry": "true"})
    api.page("charges", charge())

    assert len(list(stripe.payments(week))) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_named_wait_is_waited_for(api: Api, stripe: Stripe, week: Unit, status: int) -> None:
    waits: list[float] = []
    stripe.http.sleep = waits.append
    api.page(SESSIONS)
    api.answer("charges", refusal(), status=status, headers={"Retry-After": "7"})
    api.page("charges", charge())

    assert len(list(stripe.payments(week))) == 1
    assert max(waits) > 6


def test_a_limit_that_lasts_stops_the_connector(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.answer("charges", refusal(code="rate_limit"), status=429, headers={"Retry-After": "3600"})

    error = refused(api, stripe, week)

    assert isinstance(error, QuotaError)
    assert error.retry_after == 3600


def test_a_gateways_page_is_asked_for_again(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.mock.get(f"{HOST}/v1/charges", body="<html>bad gateway</html>", status=502)
    api.answer("charges", listed(charge()))

    assert len(list(stripe.payments(week))) == 1


@pytest.mark.parametrize("report", ["payments", "refunds", "disputes"])
def test_a_lacking_permission_is_named(api: Api, stripe: Stripe, week: Unit, report: str) -> None:
    if report == "payments":
        api.page(SESSIONS)
    api.deny("charges" if report == "payments" else report)

    with pytest.raises(DeniedError, match="rak_some_read"):
        list(stripe.fetch({one.name: one for one in stripe.declared()}[report], week))


def test_a_key_of_another_form_is_not_shown_either(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.answer("charges", refusal("Invalid API Key provided: hush****XyZ9"), status=401)

    error = str(refused(api, stripe, week))

    assert "Invalid API Key provided: (left out)" in error
    assert "hush" not in error
