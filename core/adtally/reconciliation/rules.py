"""What the user decided about judging: tolerances, limits, and the prices to compare pricing models by."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from ..records import Model
from .rate_tables import Surcharge, TaxRate
from .tolerance import Tolerance


class Rules(Struct, frozen=True, kw_only=True):
    money_match: Tolerance = Tolerance(minor_units=100, relative_ppm=1_000)
    """For amounts against amounts: a document and what was delivered."""
    rate_match: Tolerance = Tolerance(minor_units=100, relative_ppm=5_000)
    """For amounts against rate x count."""
    invoice_lag_days: int = 10
    """Days after a month's end within which its bill usually comes."""
    alpha: Decimal = Decimal("0.01")
    """The share of false findings that the statistical checks of a month may have; between 0 and 1."""
    effect_ratio: Decimal = Decimal(1)
    """Waste only where the rate is at most this share of the usual one."""
    session_floor: Decimal = Decimal("0.80")
    """The share of billed clicks that arrives as sessions at least."""
    rates: Mapping[str, Mapping[Model, int]] = {}
    """By currency and model: micros a unit (per 1,000 for cpm, vcpm); for cps the share of revenue in ppm."""
    surcharges: tuple[Surcharge, ...] = ()
    """What platforms add for countries: the user's rows and the shipped ones."""
    taxes: tuple[TaxRate, ...] = ()
