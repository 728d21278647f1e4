"""Stripe's objects, as far as the sandbox tells them.

Source: schemas Charge, PaymentIntent, Checkout Session, Refund, Dispute, BalanceTransaction in stripe-python
16.1.0; read 2026-11. What may be expanded is its id here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .envelope import Json

UNITS = {"JPY": 1_000_000, "KRW": 1_000_000, "KWD": 1_000}
"""Micros of the smallest unit; 10,000 elsewhere."""
HOLDER = {"name": "Sandbox Buyer", "email": "buyer@example.test", "phone": None, "address": None}


@dataclass(frozen=True, slots=True)
class Sale:
    """What is paid, or is to be: ``status`` is paid, refunded, cancelled, held, pending, failed or test."""

    number: str
    created: int
    amount: int
    currency: str = "USD"
    status: str = "paid"
    captured: int = 0
    """0 = all of it."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    later: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was written on the intent after the charge was made."""
    tax: int | None = None
    intent: str = ""


@dataclass(slots=True)
class Books:
    """All objects of an account, by their ids."""

    charges: dict[str, Json] = field(default_factory=dict[str, Json])
    intents: dict[str, Json] = field(default_factory=dict[str, Json])
    sessions: dict[str, Json] = field(default_factory=dict[str, Json])
    refunds: dict[str, Json] = field(default_factory=dict[str, Json])
    disputes: dict[str, Json] = field(default_factory=dict[str, Json])
    ledger: dict[str, Json] = field(default_factory=dict[str, Json])

    def pay(self, sale: Sale) -> Json:
        """The charge of a sale, and its intent."""
        intent_id = sale.intent or f"pi_{sale.number}"
        told = {"tax": {"total_tax_amount": sale.tax}} if sale.tax is not None else {}
        currency = sale.currency.lower()
        self.intents[intent_id] = {
            "id": intent_id,
            "object": "payment_intent",
            "amount": sale.amount,
            "amount_details": {"tip": {}, **told},
            "created": sale.created,
            "currency": currency,
            "metadata": {**sale.metadata, **sale.later},
            "status": "succeeded",
        }
        is_taken = sale.status in ("paid", "refunded", "test")
        taken = (sale.captured or sale.amount) if is_taken else 0
        is_back = sale.status in ("refunded", "cancelled")
        row = self._booked(sale.number, sale.created, taken, currency, "charge") if taken else None
        self.charges[sale.number] = {
            "id": sale.number,
            "object": "charge",
            "amount": sale.amount,
            "amount_captured": taken,
            "amount_refunded": sale.amount if is_back else 0,
            "balance_transaction": row,
            "billing_details": HOLDER,
            "captured": is_taken,
            "created": sale.created,
            "currency": currency,
            "disputed": False,
            "livemode": sale.status != "test",
            "metadata": dict(sale.metadata),
            "outcome": {"network_status": "approved_by_network", "type": "authorized"},
            "paid": sale.status not in ("failed", "pending"),
            "payment_intent": intent_id,
            "refunded": is_back,
            "status": {"failed": "failed", "pending": "pending"}.get(sale.status, "succeeded"),
            "transfer_data": None,
        }
        return self.charges[sale.number]

    def check_out(
        self, charge: Json, created: int, metadata: Mapping[str, str], *, tax: int, shipping: int
    ) -> None:
        """The session that the charge came from."""
        number = f"cs_live_{charge['id']}"
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "amount_total": charge["amount"],
            "client_reference_id": None,
            "created": created,
            "currency": charge["currency"],
            "customer_details": HOLDER,
            "metadata": dict(metadata),
            "mode": "payment",
            "payment_intent": charge["payment_intent"],
            "payment_status": "paid",
            "status": "complete",
            "total_details": {"amount_discount": 0, "amount_shipping": shipping, "amount_tax": tax},
        }

    def pass_by(self, number: str, created: int, *, status: str) -> None:
        """A session without a payment: left open, or a trial that costs nothing."""
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "amount_total": 0,
            "created": created,
            "currency": "usd",
            "metadata": {},
            "mode": "subscription",
            "payment_intent": None,
            "payment_status": "no_payment_required" if status == "complete" else "unpaid",
            "status": status,
            "total_details": {"amount_discount": 0, "amount_shipping": None, "amount_tax": 0},
        }

    def refund(
        self, number: str, created: int, charge: Json, amount: int, *, status: str, category: str = "refund"
    ) -> None:
        currency = str(charge["currency"])
        if status == "succeeded" and category == "refund":
            before = int(str(charge["amount_refunded"]))
            charge["amount_refunded"] = min(before + amount, int(str(charge["amount"])))
        self.refunds[number] = {
            "id": number,
            "object": "refund",
            "amount": amount,
            "balance_transaction": self._booked(number, created, -amount, currency, category),
            "charge": charge["id"],
            "created": created,
            "currency": currency,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "reason": "requested_by_customer" if category == "refund" else None,
            "status": status,
        }

    def dispute(self, number: str, created: int, charge: Json, amount: int, *, status: str) -> None:
        charge["disputed"] = True
        self.disputes[number] = {
            "id": number,
            "object": "dispute",
            "amount": amount,
            "balance_transactions": [],
            "charge": charge["id"],
            "created": created,
            "currency": charge["currency"],
            "livemode": True,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "reason": "fraudulent",
            "status": status,
        }

    def _booked(self, source: str, created: int, amount: int, currency: str, category: str) -> str:
        number = f"txn_{source}"
        fee = max(0, amount * 29 // 1000)
        self.ledger[number] = {
            "id": number,
            "object": "balance_transaction",
            "amount": amount,
            "created": created,
            "currency": currency.lower(),
            "exchange_rate": None,
            "fee": fee,
            "net": amount - fee,
            "reporting_category": category,
            "source": source,
            "status": "available",
        }
        return number


def units(micros: int, currency: str) -> int:
    return micros // UNITS.get(currency, 10_000)
