"""How much a payment is: Stripe's units as micros, and what is left of it without tax and shipping.

Source: docs.stripe.com/currencies; schemas Charge, PaymentIntent.amount_details and Checkout Session
.total_details in stripe-python 16.1.0 (read 2026-11). The units are Stripe's own and not those of ISO 4217:
krona of Iceland come with two decimals, ariary of Madagascar without. Shillings of Uganda stand in both of
Stripe's lists.
"""

from __future__ import annotations

from typing import NamedTuple

from adtally import to_micros

from . import wire

WHOLE, CENTS, THOUSANDTHS = 1_000_000, 10_000, 1_000
"""Micros in Stripe's unit."""
WITHOUT_DECIMALS = frozenset(
    (
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF"),
        *("XOF", "XPF"),
    )
)
THREE_DECIMALS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
EITHER = "UGX"
"""With two decimals that are 00, or without."""


class Amount(NamedTuple):
    """Stripe's units; ``is_net``: without tax and shipping, by Stripe's own word."""

    units: int
    is_net: bool


def in_micros(units: int, currency: str) -> int | None:
    """Micros of the amount; None where Stripe's unit of the currency cannot be told."""
    if currency == EITHER:
        return None if units % 100 == 0 and units else to_micros(units, scale=WHOLE)
    if currency in WITHOUT_DECIMALS:
        return to_micros(units, scale=WHOLE)
    return to_micros(units, scale=THOUSANDTHS if currency in THREE_DECIMALS else CENTS)


def sold(charge: wire.Charge, intent: wire.Intent | None, checkout: wire.Checkout | None) -> Amount:
    """What was paid, or is to be, at the time of sale: later refunds do not change it.

    Of a part that was captured nobody says how much of it is tax.
    """
    taken, beside = _taken(charge), _beside(charge, intent, checkout)
    if beside is None or taken != charge.amount:
        return Amount(taken, is_net=False)
    return Amount(taken - beside, is_net=True)


def returned(
    units: int, charge: wire.Charge | None, intent: wire.Intent | None, checkout: wire.Checkout | None
) -> Amount:
    """What of it went back: all of it on the base of the sale, a part of it as it is told."""
    if charge is None:
        return Amount(units, is_net=False)
    sale, taken = sold(charge, intent, checkout), _taken(charge)
    if units == taken:
        return sale
    return Amount(units, is_net=sale.is_net and sale.units == taken)


def _taken(charge: wire.Charge) -> int:
    is_done = charge.captured and charge.status == "succeeded"
    return charge.amount_captured if is_done else charge.amount


def _beside(charge: wire.Charge, intent: wire.Intent | None, checkout: wire.Checkout | None) -> int | None:
    """Tax, shipping and tip in the amount; None where the tax is not told, or of another amount."""
    details = (intent.amount_details if intent else None) or wire.AmountDetails()
    tax = details.tax.total_tax_amount if details.tax else None
    shipping = details.shipping.amount if details.shipping else None
    tip = details.tip.amount if details.tip else None
    if checkout and checkout.total_details and _is_of(checkout, charge):
        tax, shipping = checkout.total_details.amount_tax, checkout.total_details.amount_shipping
    if tax is None:
        return None
    beside = tax + (shipping or 0) + (tip or 0)
    return beside if 0 <= beside <= charge.amount else None


def _is_of(checkout: wire.Checkout, charge: wire.Charge) -> bool:
    """Whether the session is about the same amount: customers may pay in a currency of their own."""
    return (checkout.amount_total, checkout.currency) == (charge.amount, charge.currency)
