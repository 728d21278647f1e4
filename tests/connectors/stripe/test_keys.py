"""What the advertiser wrote beside a payment, as its key."""

import pytest

from adtally import Unit, hashed
from adtally_connectors.stripe import Stripe

from .builders import charge, checkout, intent, shown
from .conftest import Api, paid


@pytest.mark.parametrize(
    ("metadata", "kind", "value"),
    [
        ({"utm_id": "20990001", "gclid": "c1", "order_id": "1001"}, "utm_id", "20990001"),
        ({"gclid": "c1", "fbclid": "c2", "order_id": "1001"}, "click_id", hashed("c1")),
        ({"fbclid": "c2", "order_id": "1001"}, "click_id", hashed("c2")),
        ({"ttclid": "c3"}, "click_id", hashed("c3")),
        ({"msclkid": "c4"}, "click_id", hashed("c4")),
        ({"wbraid": "c5"}, "click_id", hashed("c5")),
        ({"order_id": "1001", "utm_campaign": "Autumn"}, "order_id", "1001"),
        ({"utm_campaign": "Autumn"}, "name", ""),
        ({}, "name", ""),
        ({"UTM_ID": " 20990001 "}, "utm_id", "20990001"),
    ],
)
def test_the_best_key_wins(
    *, api: Api, stripe: Stripe, week: Unit, metadata: dict[str, str], kind: str, value: str
) -> None:
    [record] = paid(api, stripe, week, charge(metadata=metadata))

    assert shown(record, "key_kind", "key_value") == (kind, value)
    assert record.refers_to == metadata.get("order_id", "")


@pytest.mark.parametrize(
    "text", ["", " ", "(not set)", "(other)", "None", "N/A", "null", "undefined", "\x00"]
)
def test_what_says_nothing_is_no_key(api: Api, stripe: Stripe, week: Unit, text: str) -> None:
    [record] = paid(api, stripe, week, charge(metadata=dict.fromkeys(("utm_id", "gclid", "order_id"), text)))

    assert shown(record, "key_kind", "key_value", "refers_to") == ("name", "", "")


def test_hostile_text_is_cut_and_cleaned(api: Api, stripe: Stripe, week: Unit) -> None:
    metadata = {"utm_id": "20\r\n99\x1b[31m\u202e" + "9" * 490, "order_id": "A\t1\u2028" + "0" * 490}

    [record] = paid(api, stripe, week, charge(metadata=metadata))

    assert record.key_value == ("2099[31m" + "9" * 490)[:200]
    assert record.refers_to == ("A1" + "0" * 490)[:200]


def test_click_ids_are_told_apart_beyond_the_cut(api: Api, stripe: Stripe, week: Unit) -> None:
    clicks = ["x" * 300 + end for end in "ab"]

    records = paid(
        *(api, stripe, week),
        *(
            charge(f"ch_{number}", metadata={"fbclid": click}, payment_intent=None)
            for number, click in enumerate(clicks)
        ),
    )

    assert [one.key_value for one in records] == [hashed(click) for click in clicks]


@pytest.mark.parametrize("place", ["charge", "intent", "session"])
def test_metadata_is_read_wherever_it_stays(api: Api, stripe: Stripe, week: Unit, place: str) -> None:
    told = {"utm_id": "20990001", "order_id": "1001"}
    of_charge, of_intent, of_session = (
        told if place == one else {} for one in ("charge", "intent", "session")
    )

    [record] = paid(
        *(api, stripe, week, charge(metadata=of_charge, payment_intent=intent(metadata=of_intent))),
        sessions=(checkout(metadata=of_session),),
    )

    assert shown(record, "key_kind", "key_value", "refers_to") == ("utm_id", "20990001", "1001")


def test_the_charge_is_asked_first_and_the_session_last(api: Api, stripe: Stripe, week: Unit) -> None:
    row = charge(
        metadata={"utm_id": "(not set)", "order_id": "of the charge"},
        payment_intent=intent(metadata={"utm_id": "2", "order_id": "of the intent"}),
    )

    [record] = paid(api, stripe, week, row, sessions=(checkout(metadata={"utm_id": "3"}),))

    assert shown(record, "key_value", "refers_to") == ("2", "of the charge")


def test_the_clients_reference_is_no_order(api: Api, stripe: Stripe, week: Unit) -> None:
    session = {**checkout(), "client_reference_id": "customer-7"}

    [record] = paid(api, stripe, week, charge(), sessions=(session,))

    assert shown(record, "key_kind", "refers_to") == ("name", "")


def test_the_renewal_of_a_subscription_has_no_key(api: Api, stripe: Stripe, week: Unit) -> None:
    first = checkout(payment_intent="pi_first", metadata={"utm_id": "20990001"})

    [record] = paid(api, stripe, week, charge(payment_intent=intent("pi_renewal")), sessions=(first,))

    assert shown(record, "key_kind", "key_value") == ("name", "")
