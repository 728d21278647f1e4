"""One entry of the account's activity log: who it is about is plain, what it says is JSON inside text.

Source: "Ad Activity", Marketing API v26, which does not document ``extra_data``. By what users of the API
have published (2026), a value stands there as text or number, or inside an object under its own name; amounts
are whole numbers in units of ``offsets``. Times are UTC. The log goes back some 90 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

import msgspec

from adtally import to_micros

from . import wire
from .offsets import from_units

Extra: TypeAlias = Mapping[str, msgspec.Raw]

DAYS_KEPT = 90


def extra(activity: wire.Activity) -> Extra:
    """What the entry says, by name; nothing if it says nothing that can be read."""
    return _object(activity.extra_data) or {}


def text(told: Extra, name: str) -> str:
    """One value as text; "" where the entry does not have it."""
    raw = told.get(name)
    if raw is None:
        return ""
    inside = _object(raw)
    if inside is not None:
        return text(inside, name)
    try:
        return msgspec.json.decode(raw, type=str | None) or ""
    except msgspec.DecodeError:
        return bytes(raw).decode()


def micros(told: Extra, name: str, currency: str) -> int | None:
    """One amount in micros: a whole number counts in units of ``offsets``, a decimal one is major units."""
    try:
        amount = Decimal(text(told, name))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    return to_micros(amount) if amount != amount.to_integral_value() else from_units(amount, currency)


def _object(raw: msgspec.Raw | str | None) -> Extra | None:
    try:
        return msgspec.json.decode(raw or "{}", type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return None
