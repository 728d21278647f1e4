"""What the user decided about judging: tolerances, and the prices to compare pricing models by."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..records import Model
from .tolerance import Tolerance


class Rules(Struct, frozen=True, kw_only=True):
    money_match: Tolerance = Tolerance(minor_units=100, relative_ppm=1_000)
    """For amounts against amounts: a document and what was delivered."""
    rate_match: Tolerance = Tolerance(minor_units=100, relative_ppm=5_000)
    """For amounts against rate x count."""
    rates: Mapping[str, Mapping[Model, int]] = {}
    """By currency and model: micros a unit (per 1,000 for cpm, vcpm); for cps the share of revenue in ppm."""
