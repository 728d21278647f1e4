"""How far a printed figure may be from the exact one, in micros; limits are inclusive."""

from __future__ import annotations

from msgspec import Struct

from ..money import MICROS, minor


class Tolerance(Struct, frozen=True, kw_only=True):
    """An absolute and a relative limit, of which the larger counts.

    ``minor_units`` are smallest printed amounts of the currency (100 = USD 1.00, JPY 100); ``relative_ppm``
    is a share of the expected amount (1% = 10,000 ppm).
    """

    minor_units: int
    relative_ppm: int

    def micros(self, expected: int, currency: str, rounding: int = 0) -> int:
        """The largest difference that is still in tolerance; ``rounding`` is an allowance in micros."""
        relative = abs(expected) * self.relative_ppm // MICROS
        return max(self.minor_units * minor(currency), relative, rounding)


def allowance(figures: int, currency: str) -> int:
    """What ``figures`` rounded figures may lose together in micros, whichever way each was rounded.

    Each is off by less than one minor unit, truncation included, when compared with its exact value.
    """
    return figures * (minor(currency) - 1)
