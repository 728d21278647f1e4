"""What goes back, and what is contested: on its own day, of which payment, on which base."""

from datetime import date

import pytest

from adtally import ContractError, Evidence, Unit
from adtally_connectors.stripe import Stripe

from .builders import ACCOUNT, at, charge, checkout, dispute, intent, refund, shown
from .conftest import SESSIONS, Api, back, contested

KEYED = {"utm_id": "20990001", "order_id": "1001"}


def test_a_refund_comes_whole(api: Api, stripe: Stripe, week: Unit) -> None:
    sold = charge(created=at("2026-07-01T09:00"), metadata=KEYED, payment_intent="pi_1")

    record = back(api, stripe, week, refund(charge=sold))

    assert record == Evidence(
        source_id=ACCOUNT,
        record_id="re_1",
        kind="refund",
        day=date(2026, 10, 5),
        key_kind="utm_id",
        key_value="20990001",
        status="refunded",
        refers_to="ch_1",
        quantity_micros=1_000_000,
        value_micros=35_000_000,
        currency="USD",
        timezone="UTC",
        evidence_class="E3",
        flags="gross",
    )
    [asked] = api.asked("refunds")
    assert (asked["created[gte]"], asked["created[lt]"]) == (
        *(str(at("2026-10-01T00:00")), str(at("2026-10-08T00:00"))),
    )
    assert api.asked(SESSIONS) == [{"payment_intent": "pi_1", "limit": "1"}]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "refunded"),
        ({"status": "pending"}, "pending"),
        ({"status": "requires_action"}, "pending"),
        ({"status": "failed"}, "failed"),
        ({"status": "canceled"}, "cancelled"),
        ({"balance_transaction": {"id": "t", "reporting_category": "partial_capture_reversal"}}, "cancelled"),
        ({"balance_transaction": None}, "refunded"),
        ({"balance_transaction": "txn_2"}, "refunded"),
        ({"charge": charge(captured=False, refunded=True, payment_intent="pi_1")}, "cancelled"),
        ({"charge": charge(livemode=False, payment_intent="pi_1")}, "test"),
    ],
    ids=[
        *("done", "pending", "requires action", "failed later", "cancelled", "part never captured"),
        *("no ledger row yet", "ledger row not expanded", "authorisation let go", "test mode"),
    ],
)
def test_a_refund_counts_by_its_status(
    api: Api, stripe: Stripe, week: Unit, changes: dict[str, object], status: str
) -> None:
    assert back(api, stripe, week, refund(**changes)).status == status


@pytest.mark.parametrize("status", [None, "blessed"])
def test_an_unknown_status_of_a_refund_is_pending(
    api: Api, stripe: Stripe, week: Unit, status: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert back(api, stripe, week, refund(status=status)).status == "pending"
    assert "refund re_1 has the unknown status" in caplog.text


@pytest.mark.parametrize(
    ("amount", "details", "value", "flags"),
    [
        (11_900, {"amount_tax": 1_900, "amount_shipping": 500}, 95_000_000, ""),
        (3_500, {"amount_tax": 1_900, "amount_shipping": 500}, 35_000_000, "gross"),
        (3_500, {"amount_tax": 0, "amount_shipping": 0}, 35_000_000, ""),
        (11_900, None, 119_000_000, "gross"),
    ],
    ids=["all of it", "a part", "a part of what has no tax", "no tax told"],
)
def test_what_goes_back_is_on_the_base_of_the_sale_where_that_is_told(
    *, api: Api, stripe: Stripe, week: Unit, amount: int, details: object, value: int, flags: str
) -> None:
    record = back(api, stripe, week, refund(amount=amount), checkout(total_details=details))

    assert shown(record, "value_micros", "flags") == (value, flags)


def test_the_key_of_a_refund_may_stand_on_the_session(api: Api, stripe: Stripe, week: Unit) -> None:
    record = back(api, stripe, week, refund(), checkout(metadata=KEYED))

    assert shown(record, "key_kind", "key_value") == ("utm_id", "20990001")


def test_a_refund_of_no_charge_refers_to_nothing(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page("refunds", refund(charge=None, payment_intent=None))

    [record] = stripe.refunds(week)

    assert shown(record, "refers_to", "value_micros", "status") == ("", 35_000_000, "refunded")


def test_a_charge_that_is_not_expanded_is_still_referred_to(api: Api, stripe: Stripe, week: Unit) -> None:
    record = back(api, stripe, week, refund(charge="ch_7", payment_intent="pi_1"))

    assert shown(record, "refers_to", "flags") == ("ch_7", "gross")


def test_the_session_of_an_intent_is_asked_for_once(api: Api, stripe: Stripe, week: Unit) -> None:
    api.page("refunds", refund("re_2"), refund("re_1"))
    api.page(SESSIONS)

    assert len(list(stripe.refunds(week))) == 2
    assert len(api.asked(SESSIONS)) == 1


def test_without_the_permission_no_session_is_asked_for_again(
    api: Api, stripe: Stripe, week: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.page("refunds", refund("re_2"), refund("re_1", payment_intent=intent("pi_2")))
    api.deny(SESSIONS)

    assert [one.record_id for one in stripe.refunds(week)] == ["re_2", "re_1"]
    assert len(api.asked(SESSIONS)) == 1
    assert caplog.text.count("Checkout Sessions are left out") == 1


def test_a_session_of_another_intent_is_refused(api: Api, stripe: Stripe, week: Unit) -> None:
    with pytest.raises(ContractError, match="cs_1 is not of pi_1"):
        back(api, stripe, week, refund(), checkout(payment_intent="pi_9"))


@pytest.mark.parametrize(
    ("native", "status"),
    [
        ("needs_response", "open"),
        ("under_review", "open"),
        ("appeal_under_review", "open"),
        ("warning_needs_response", "open"),
        ("warning_under_review", "open"),
        ("warning_closed", "cancelled"),
        ("prevented", "cancelled"),
        ("won", "won"),
        ("lost", "lost"),
    ],
)
def test_a_dispute_is_open_until_it_is_won_or_lost(
    api: Api, stripe: Stripe, week: Unit, native: str, status: str
) -> None:
    record = contested(api, stripe, week, dispute(status=native), checkout(metadata=KEYED))

    assert shown(record, "kind", "status", "refers_to", "value_micros", "key_value") == (
        *("dispute", status, "ch_1", 95_000_000, "20990001"),
    )


def test_an_unknown_status_of_a_dispute_is_open(
    api: Api, stripe: Stripe, week: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    assert contested(api, stripe, week, dispute(status="blessed")).status == "open"
    assert "dispute dp_1 has the unknown status 'blessed'" in caplog.text


def test_a_dispute_in_test_mode_is_a_test(api: Api, stripe: Stripe, week: Unit) -> None:
    assert contested(api, stripe, week, dispute(livemode=False)).status == "test"


def test_a_dispute_in_another_currency_has_its_own_amount(api: Api, stripe: Stripe, week: Unit) -> None:
    record = contested(api, stripe, week, dispute(currency="jpy", amount=11_900), checkout())

    assert shown(record, "value_micros", "currency", "flags") == (11_900_000_000, "JPY", "gross")


@pytest.mark.parametrize("report", ["refunds", "disputes"])
def test_a_row_of_another_day_is_refused(api: Api, stripe: Stripe, week: Unit, report: str) -> None:
    row = refund if report == "refunds" else dispute
    api.page(report, row("re_9", created=at("2026-10-08T00:00")))

    with pytest.raises(ContractError, match="was created on 2026-10-08"):
        list(stripe.fetch({one.name: one for one in stripe.declared()}[report], week))
