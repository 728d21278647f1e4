"""Apple's totals against what they are the totals of: a row's days, and a report's rows.

Source: Apple Ads Platform API 1.0, ``totalMetrics`` and ``GRAND_TOTAL`` (read 2026-11). Counts agree to the
unit; money is told in two decimals, so that each part may be off by the smallest printed amount.
"""

from __future__ import annotations

from adtally import TransientError, minor, to_micros

from . import wire


class Tally:
    """The sum of parts; a number that one of them does not tell is not compared."""

    def __init__(self, currency: str) -> None:
        self._rounding = minor(currency)
        self._parts = 0
        self._sums: dict[str, int | None] = {"impressions": 0, "taps": 0, "localSpend": 0}

    def add(self, told: wire.Metrics | None) -> None:
        self._parts += 1
        for name, number in _numbers(told).items():
            known = self._sums[name]
            self._sums[name] = None if known is None or number is None else known + number

    def compare(self, total: wire.Metrics | None, what: str) -> None:
        """Raise TransientError if the parts are not the total."""
        for name, number in _numbers(total).items():
            known = self._sums[name]
            if known is None or number is None:
                continue
            slack = self._rounding * self._parts if name == "localSpend" else 0
            if abs(known - number) > slack:
                raise TransientError(f"{what} do not add up to Apple's total of {name}: sync again")


def _numbers(told: wire.Metrics | None) -> dict[str, int | None]:
    told = told or wire.Metrics()
    spend = told.local_spend
    return {
        "impressions": told.impressions,
        "taps": told.taps,
        "localSpend": None if spend is None else to_micros(spend.amount),
    }
