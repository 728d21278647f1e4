"""Lists page by page: from the newest row on, each row once, to the last page."""

import pytest

from adtally import ContractError, TransientError, Unit
from adtally_connectors.stripe import Stripe

from .builders import HOST, charge, listed
from .conftest import SESSIONS, Api


def test_pages_are_followed_by_the_last_id(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.page("charges", charge("ch_3"), charge("ch_2"), has_more=True)
    api.page("charges", charge("ch_1"))

    assert [one.record_id for one in stripe.payments(week)] == ["ch_3", "ch_2", "ch_1"]
    first, second = api.asked("charges")
    assert (first["limit"], first.get("starting_after")) == ("100", None)
    assert second == {**first, "starting_after": "ch_2"}


def test_a_row_that_comes_twice_is_told_once(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.page("charges", charge("ch_3"), charge("ch_2"), has_more=True)
    api.page("charges", charge("ch_2"), charge("ch_1"))

    assert [one.record_id for one in stripe.payments(week)] == ["ch_3", "ch_2", "ch_1"]


def test_pages_that_never_end_are_refused(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.page("charges", charge("ch_2"), charge("ch_1"), has_more=True)
    api.page("charges", charge("ch_2"), charge("ch_1"), has_more=True)

    with pytest.raises(ContractError, match="the pages never end"):
        list(stripe.payments(week))


def test_more_after_an_empty_page_is_refused(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.page("charges", has_more=True)

    with pytest.raises(ContractError, match="has_more, and no rows to go on from"):
        list(stripe.payments(week))


@pytest.mark.parametrize("change", [{"object": "charge"}, {"has_more": None}, {"data": None}])
def test_what_is_no_list_is_refused(api: Api, stripe: Stripe, week: Unit, change: dict[str, object]) -> None:
    api.page(SESSIONS)
    api.answer("charges", {**listed(charge()), **change})

    with pytest.raises(ContractError, match=rf"\$\.{next(iter(change))}"):
        list(stripe.payments(week))


def test_a_page_of_html_is_asked_for_again(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.mock.get(f"{HOST}/v1/charges", body="<html>maintenance</html>")
    api.page("charges", charge())

    assert [one.record_id for one in stripe.payments(week)] == ["ch_1"]


def test_html_for_good_is_no_answer(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page(SESSIONS)
    api.mock.get(f"{HOST}/v1/charges", body="<html>maintenance</html>")

    with pytest.raises(TransientError, match="the answer is HTML"):
        list(stripe.payments(week))


def test_the_version_is_pinned_and_the_key_stands_in_a_header(api: Api, stripe: Stripe, week: Unit) -> None:
    api.payments()

    assert list(stripe.payments(week)) == []
    for call in api.mock.calls:
        assert call.request.headers["Stripe-Version"] == "2026-10-28.endive"
        assert call.request.headers["Authorization"] == "Bearer rk_demo_key_of_a_test"
        assert "rk_demo" not in str(call.request.url)
