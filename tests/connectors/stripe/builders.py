"""What Stripe answers, in small: charges, refunds, disputes, sessions, lists of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from adtally import Evidence

HOST = "https://api.stripe.com"
ACCOUNT = "acct_demo"
KEY = "rk_demo_key_of_a_test"

Json: TypeAlias = Mapping[str, object]


def at(text: str) -> int:
    """Seconds since 1970 of an instant such as ``2026-10-05T12:00``, in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOON = at("2026-10-05T12:00")


def charge(number: str = "ch_1", /, **changes: object) -> Json:
    """A captured payment over 119.00 dollars, at noon of 5 October."""
    settings: dict[str, object] = {
        "id": number,
        "object": "charge",
        "amount": 11_900,
        "amount_captured": 11_900,
        "amount_refunded": 0,
        "billing_details": {"name": "A Buyer", "email": "buyer@example.test"},
        "captured": True,
        "created": NOON,
        "currency": "usd",
        "disputed": False,
        "livemode": True,
        "metadata": {},
        "paid": True,
        "payment_intent": intent(),
        "refunded": False,
        "status": "succeeded",
        "transfer_data": None,
    }
    assert changes.keys() <= settings.keys()
    return settings | changes


def intent(number: str = "pi_1", /, **changes: object) -> Json:
    settings: dict[str, object] = {"id": number, "object": "payment_intent", "metadata": {}}
    return settings | changes


def checkout(**changes: object) -> Json:
    """The completed session of the intent; 19.00 of its 119.00 are tax, 5.00 are shipping."""
    settings: dict[str, object] = {
        "id": "cs_1",
        "object": "checkout.session",
        "amount_total": 11_900,
        "created": NOON - 300,
        "currency": "usd",
        "metadata": {},
        "payment_intent": "pi_1",
        "status": "complete",
        "total_details": {"amount_discount": 0, "amount_shipping": 500, "amount_tax": 1_900},
    }
    return settings | changes


def refund(number: str = "re_1", /, **changes: object) -> Json:
    """35.00 dollars of the payment, given back at noon."""
    settings: dict[str, object] = {
        "id": number,
        "object": "refund",
        "amount": 3_500,
        "balance_transaction": {"id": "txn_2", "reporting_category": "refund"},
        "charge": charge(payment_intent="pi_1"),
        "created": NOON,
        "currency": "usd",
        "metadata": {},
        "payment_intent": intent(),
        "status": "succeeded",
    }
    return settings | changes


def dispute(number: str = "dp_1", /, **changes: object) -> Json:
    """All of the payment, contested at noon."""
    settings: dict[str, object] = {
        "id": number,
        "object": "dispute",
        "amount": 11_900,
        "charge": charge(payment_intent="pi_1"),
        "created": NOON,
        "currency": "usd",
        "livemode": True,
        "metadata": {},
        "payment_intent": intent(),
        "status": "needs_response",
    }
    return settings | changes


def listed(*rows: Json, has_more: bool = False) -> Json:
    return {"object": "list", "url": "/v1/some", "has_more": has_more, "data": list(rows)}


def refusal(message: str = "told by Stripe", *, code: str = "", kind: str = "invalid_request_error") -> Json:
    return {"error": {"type": kind, "message": message, **({"code": code} if code else {})}}


def shown(record: Evidence, *names: str) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in names)
