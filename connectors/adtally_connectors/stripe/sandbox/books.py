"""The account's books out of the world: what its campaigns sold, and all that is sold beside them.

Source: docs.stripe.com/metadata, /payments/capture-later and /refunds; read 2026-11. An advertiser writes a
campaign on the charge, on its intent afterwards, or on the Checkout Session.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from adtally import world

from .envelope import Json
from .objects import Books, Sale, units

DAY_SECONDS, NOON = 86_400, 43_200
SESSION_SECONDS = 86_400
"""How long a session may be open."""
PLACES = 3
"""On the charge, on the intent, on the session."""
SHIPPING = 495
REFUNDS = {"pending": "pending", "failed": "failed", "cancelled": "canceled"}
DISPUTES = {"won": "won", "lost": "lost", "cancelled": "warning_closed"}
HELD_DAYS, DEBIT_DAYS = 7, 5
"""How long an authorisation holds, and a bank debit takes."""
HOSTILE = "=cmd|'/c calc'!A1\r\n<script>\u202egnp.exe</script>"
UNSET = {"utm_id": "(not set)", "utm_source": HOSTILE, "utm_campaign": "None", "gclid": ""}


def written(played: world.World) -> Books:
    """The books of an account; equal for equal worlds."""
    books = Books()
    proofs = [one for one in played.evidence if one.connector == "stripe" and one.day <= played.today]
    sales = {proof.record_id: proof for proof in proofs if proof.kind == "payment"}
    for sale in sales.values():
        _payment(books, sale, played)
    for proof in proofs:
        if proof.kind in ("refund", "dispute"):
            _return(books, proof, sales[proof.refers_to], played)
    day = played.first_day
    while day <= played.today:
        _noise(books, day, played)
        day += timedelta(days=1)
    return books


def _payment(books: Books, proof: world.Proof, played: world.World) -> None:
    metadata = _metadata(proof)
    value = units(proof.value_micros or 0, proof.currency)
    place = _number(played.seed, proof.record_id) % PLACES
    tax = value * 8 // 100
    made, number = _second(played, proof.day, proof.record_id), proof.record_id
    plain = Sale(number, made, value, proof.currency, proof.status)
    if place == 0:
        books.pay(replace(plain, metadata=metadata))
    elif place == 1:
        books.pay(replace(plain, amount=value + tax, later=metadata, tax=tax))
    else:
        charge = books.pay(replace(plain, amount=value + tax + SHIPPING))
        begun = made - _number(played.seed, f"{number} begun") % SESSION_SECONDS
        books.check_out(charge, begun, metadata, tax=tax, shipping=SHIPPING)


def _return(books: Books, proof: world.Proof, sale: world.Proof, played: world.World) -> None:
    """A refund or dispute of what it refers to: of all of it, tax included, or of a part."""
    charge = books.charges[sale.record_id]
    is_whole = sale.value_micros == proof.value_micros
    amount = int(str(charge["amount"])) if is_whole else units(proof.value_micros or 0, proof.currency)
    made = _second(played, proof.day, proof.record_id)
    if proof.kind == "refund":
        status = REFUNDS.get(proof.status, "succeeded")
        books.refund(proof.record_id, made, charge, amount, status=status)
    else:
        status = DISPUTES.get(proof.status, "needs_response")
        books.dispute(proof.record_id, made, charge, amount, status=status)


def _metadata(proof: world.Proof) -> dict[str, str]:
    found = {"order_id": proof.refers_to} if proof.refers_to else {}
    if proof.key_kind == "utm_id":
        found |= {"utm_id": proof.campaign_id, "utm_source": "ads", "utm_medium": "cpc"}
    return found


def _noise(books: Books, day: date, played: world.World) -> None:
    """A day's other payments: organic, attempted, authorised only, in instalments, abroad."""
    age = (played.today - day).days

    def number(kind: str, prefix: str = "ch") -> str:
        return f"{prefix}_{kind}{day:%m%d}"

    def at(kind: str) -> int:
        return _second(played, day, f"{kind}{day}")

    def sale(kind: str, status: str = "paid", prefix: str = "ch") -> Sale:
        cents = 1_900 + _number(played.seed, f"{kind}{day} paid") % 23_000
        return Sale(number(kind, prefix), at(kind), cents, status=status)

    organic = sale("organic")
    charge = books.pay(organic)
    intent = str(charge["payment_intent"])
    books.pay(
        replace(
            organic, number=number("failed"), created=organic.created - 30, status="failed", intent=intent
        )
    )
    held = sale("held", "held" if age < HELD_DAYS else "cancelled")
    authorised = books.pay(held)
    if age >= HELD_DAYS:
        books.refund(number("let", "re"), held.created + 3600, authorised, held.amount, status="succeeded")
    books.pay(replace(sale("abroad"), currency="JPY", metadata=UNSET))
    books.pay(sale("debit", "pending" if age < DEBIT_DAYS else "paid", "py"))
    for kind in ("deposit", "rest"):
        books.pay(replace(sale(kind), metadata={"order_id": f"W{day:%m%d}"}))
    books.pay(replace(sale("click"), metadata={"gclid": f"sandbox-click-{day}"}))
    part = books.pay(replace(sale("part"), amount=20_000, captured=12_000))
    release = number("part", "re")
    books.refund(release, at("part"), part, 8_000, status="succeeded", category="partial_capture_reversal")
    books.pay(replace(sale("renewal"), amount=5_120, currency="KWD"))
    books.pass_by(number("trial", "cs"), at("trial"), status="complete")
    books.pass_by(number("left", "cs"), at("left"), status="open" if age < 1 else "expired")
    if day.day % 3 == 0:
        _give_back(books, charge, day, number("some", "re"), at("some"))
    if day.day % 10 == 0:
        books.dispute(number("inquiry", "dp"), at("some"), charge, 1_000, status="warning_under_review")


def _give_back(books: Books, charge: Json, day: date, number: str, made: int) -> None:
    """A part of an organic sale goes back on its own day, or fails to."""
    later = max(made, int(str(charge["created"])))
    books.refund(number, later, charge, 700, status="failed" if day.day == 15 else "succeeded")


def _second(played: world.World, day: date, what: str) -> int:
    """An instant of the day in UTC; today it is noon."""
    length = NOON if day == played.today else DAY_SECONDS
    begins = int(datetime.combine(day, time(), UTC).timestamp())
    return begins + _number(played.seed, what) % length


def _number(seed: int, what: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}/stripe/{what}".encode(), digest_size=6).digest())
