"""Charges as payments: which of them brought money, on which day, how much, and for which order."""

from datetime import date

import pytest

from adtally import ContractError, Evidence, Unit
from adtally_connectors.stripe import Stripe

from .builders import ACCOUNT, NOON, at, charge, checkout, intent, shown
from .conftest import SESSIONS, Api, paid, unit


def test_a_payment_comes_whole(api: Api, stripe: Stripe, week: Unit) -> None:
    metadata = {"order_id": "1001", "utm_source": "google", "utm_id": "20990001"}

    records = paid(api, stripe, week, charge(metadata=metadata))

    assert records == [
        Evidence(
            source_id=ACCOUNT,
            record_id="ch_1",
            kind="payment",
            day=date(2026, 10, 5),
            key_kind="utm_id",
            key_value="20990001",
            status="paid",
            refers_to="1001",
            quantity_micros=1_000_000,
            value_micros=119_000_000,
            currency="USD",
            timezone="UTC",
            evidence_class="E3",
            flags="gross",
        )
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "paid"),
        ({"amount_refunded": 3_500}, "paid"),
        ({"amount_refunded": 11_900, "refunded": True}, "refunded"),
        ({"disputed": True}, "paid"),
        ({"captured": False, "amount_captured": 0}, "pending"),
        ({"captured": False, "amount_captured": 0, "refunded": True}, "cancelled"),
        ({"status": "pending", "captured": False, "paid": False}, "pending"),
        ({"status": "pending", "captured": True, "amount_captured": 0, "paid": False}, "pending"),
        ({"status": "failed", "captured": False, "paid": False}, "failed"),
        ({"livemode": False}, "test"),
        ({"livemode": False, "status": "failed"}, "test"),
    ],
    ids=[
        *("captured", "partly refunded", "refunded in full", "disputed", "authorised only", "let go"),
        *("bank debit", "bank debit that counts as captured", "failed", "test mode", "failed in test mode"),
    ],
)
def test_only_captured_money_is_paid(
    api: Api, stripe: Stripe, week: Unit, changes: dict[str, object], status: str
) -> None:
    [record] = paid(api, stripe, week, charge(**changes))

    assert shown(record, "status", "value_micros") == (status, 119_000_000)


def test_of_the_attempts_of_one_intent_one_is_paid(api: Api, stripe: Stripe, week: Unit) -> None:
    declined = {"status": "failed", "captured": False, "paid": False}

    records = paid(
        *(api, stripe, week, charge("ch_3"), charge("ch_2", **declined), charge("ch_1", **declined))
    )

    assert [shown(one, "record_id", "status") for one in records] == [
        ("ch_3", "paid"),
        ("ch_2", "failed"),
        ("ch_1", "failed"),
    ]


def test_charges_of_one_order_refer_to_it(api: Api, stripe: Stripe, week: Unit) -> None:
    order = {"order_id": "1001"}

    records = paid(
        *(api, stripe, week),
        charge("ch_2", metadata=order, payment_intent=intent("pi_2")),
        charge("ch_1", metadata=order),
    )

    assert [one.refers_to for one in records] == ["1001", "1001"]
    assert {(one.key_kind, one.key_value) for one in records} == {("order_id", "1001")}


def test_of_a_partial_capture_the_captured_part_counts(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(amount_captured=7_000), sessions=(checkout(),))

    assert shown(record, "status", "value_micros", "flags") == ("paid", 70_000_000, "gross")


def test_a_later_refund_does_not_change_the_value(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(amount_refunded=11_900, refunded=True), sessions=(checkout(),))

    assert shown(record, "status", "value_micros") == ("refunded", 95_000_000)


def test_without_tax_and_shipping_by_the_session(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(), sessions=(checkout(),))

    assert shown(record, "value_micros", "flags") == (95_000_000, "")


def test_without_tax_shipping_and_tip_by_the_intent(api: Api, stripe: Stripe, week: Unit) -> None:
    parts = {"tax": {"total_tax_amount": 900}, "shipping": {"amount": 500}, "tip": {"amount": 500}}

    [record] = paid(api, stripe, week, charge(payment_intent=intent(amount_details=parts)))

    assert shown(record, "value_micros", "flags") == (100_000_000, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_total": 10_000},
        {"currency": "eur"},
        {"total_details": None},
        {"total_details": {"amount_tax": None, "amount_shipping": 500}},
        {"total_details": {"amount_tax": 12_000, "amount_shipping": 0}},
        {"total_details": {"amount_tax": -1, "amount_shipping": 0}},
    ],
    ids=["other amount", "other currency", "no details", "no tax", "more than all", "negative"],
)
def test_a_tax_that_is_not_of_the_charge_is_not_taken_off(
    api: Api, stripe: Stripe, week: Unit, changes: dict[str, object]
) -> None:
    [record] = paid(api, stripe, week, charge(), sessions=(checkout(**changes),))

    assert shown(record, "value_micros", "flags") == (119_000_000, "gross")


def test_fees_and_settlement_are_not_read(api: Api, stripe: Stripe, week: Unit) -> None:
    row = {
        **charge(currency="eur"),
        "balance_transaction": {"amount": 13_000, "net": 12_600, "currency": "usd"},
    }

    [record] = paid(api, stripe, week, row)

    assert shown(record, "value_micros", "currency") == (119_000_000, "EUR")


def test_a_sale_for_a_connected_account_is_marked(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(transfer_data={"destination": "acct_seller"}))

    assert record.flags == "gross destination"


def test_trials_and_open_sessions_are_no_payments(api: Api, stripe: Stripe, week: Unit) -> None:
    sessions = (checkout(payment_intent=None, amount_total=0, metadata={"utm_id": "20990001"}),)

    assert paid(api, stripe, week, sessions=sessions) == []


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("UTC", "2026-10-01T00:00", "2026-10-08T00:00"),
        ("America/Los_Angeles", "2026-10-01T07:00", "2026-10-08T07:00"),
        ("Asia/Kolkata", "2026-09-30T18:30", "2026-10-07T18:30"),
    ],
)
def test_days_are_asked_for_by_the_accounts_clock(
    api: Api, stripe: Stripe, zone: str, first: str, last: str
) -> None:
    records = paid(
        *(api, stripe, unit(zone)),
        charge("ch_2", created=at(last) - 1, payment_intent=None),
        charge("ch_1", created=at(first), payment_intent=None),
    )

    [asked] = api.asked("charges")
    assert (asked["created[gte]"], asked["created[lt]"]) == (str(at(first)), str(at(last)))
    assert asked["expand[0]"] == "data.payment_intent"
    assert [(one.day, one.timezone) for one in records] == [
        (date(2026, 10, 7), zone),
        (date(2026, 10, 1), zone),
    ]
    [of_sessions] = api.asked(SESSIONS)
    assert of_sessions["status"] == "complete"
    assert int(of_sessions["created[gte]"]) <= at(first) - 24 * 3600


@pytest.mark.parametrize("created", ["2026-09-30T23:59", "2026-10-08T00:00"])
def test_a_charge_of_another_day_is_refused(api: Api, stripe: Stripe, week: Unit, created: str) -> None:
    with pytest.raises(ContractError, match=r"ch_1 was created on 2026-.*not asked for"):
        paid(api, stripe, week, charge(created=at(created)))


def test_an_unknown_status_is_pending_and_logged(
    api: Api, stripe: Stripe, week: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    [record] = paid(api, stripe, week, charge(status="blessed"))

    assert record.status == "pending"
    assert "charge ch_1 has the unknown status 'blessed'" in caplog.text


@pytest.mark.parametrize("name", ["amount", "amount_captured", "created", "captured", "livemode", "currency"])
def test_what_a_charge_lacks_is_named(api: Api, stripe: Stripe, week: Unit, name: str) -> None:
    row = {key: value for key, value in charge().items() if key != name}

    with pytest.raises(ContractError, match=f"`{name}`"):
        paid(api, stripe, week, row)


def test_nothing_personal_is_told(api: Api, stripe: Stripe, week: Unit) -> None:
    [record] = paid(api, stripe, week, charge(created=NOON))

    assert "buyer" not in repr(record).lower()


def test_without_the_permission_payments_come_without_sessions(
    api: Api, stripe: Stripe, week: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.deny(SESSIONS)
    api.page("charges", charge(metadata={"utm_id": "20990001"}))

    [record] = stripe.payments(week)

    assert shown(record, "key_value", "flags") == ("20990001", "gross")
    assert "Checkout Sessions are left out" in caplog.text
    assert "rak_some_read" in caplog.text
