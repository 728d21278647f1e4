"""What delivery costs by contract, and where a tolerance ends: kept apart from the checks that it tests.

Formulas: docs/checks.md, expected-charge-vs-billed. Written here a second time on purpose, so that the
truth of the sandbox does not rest on the code that is judged by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..calendar import Window
from ..money import minor, rounded
from ..records import Model
from .model import Agreement, Row, total

UNIT: dict[Model, str] = {
    "cpm": "impressions",
    "vcpm": "viewable_impressions",
    "cpc": "clicks",
    "cpv": "video_views",
    "cpcv": "video_completions",
    "cpe": "engagements",
    "cpl": "leads",
    "cpi": "installs",
    "cpa": "conversions_micros",
    "cps": "purchases",
}
"""The count that each model bills; flat bills days."""

MONEY_PPM = 1_000
RATE_PPM = 5_000
LEAST_MINOR_UNITS = 100


def per(model: Model) -> int:
    return 1000 if model in ("cpm", "vcpm") else 1


def units(model: Model, rows: list[Row]) -> int:
    """Whole billable units of the model; 0 for flat."""
    if model == "flat":
        return 0
    count = total(rows, UNIT[model])
    return count // 1_000_000 if model == "cpa" else count


def charge(agreement: Agreement, rows: list[Row], window: Window) -> int:
    """What these rows may cost by the agreement, in micros."""
    rate, model = agreement.rate_micros, agreement.model
    if model == "flat" and agreement.flight:
        days = agreement.flight.overlap(window)
        return rounded(rate * (days.days if days else 0), agreement.flight.days)
    if agreement.tiers:
        return _in_steps(agreement.tiers, units(model, rows))
    if agreement.share_ppm:
        return rounded(total(rows, "revenue_micros") * agreement.share_ppm, 1_000_000)
    scale = 1_000_000 if model == "cpa" else per(model)
    return rounded(rate * total(rows, UNIT[model]), scale)


def _in_steps(tiers: Sequence[tuple[int | None, int]], count: int) -> int:
    owed = begun = 0
    for up_to, rate in tiers:
        ended = count if up_to is None else min(up_to, count)
        owed += rate * (ended - begun)
        begun = ended
    return owed


def printed(micros: int, currency: str) -> int:
    """The amount as a bill can print it: whole minor units."""
    return rounded(micros, minor(currency)) * minor(currency)


def tolerance(expected_micros: int, currency: str, *, ppm: int) -> int:
    return max(LEAST_MINOR_UNITS * minor(currency), abs(expected_micros) * ppm // 1_000_000)


def edge(expected_micros: int, currency: str, *, ppm: int, beyond: bool) -> int:
    """The largest printable amount that the tolerance still allows, or the next one that it does not."""
    unit = minor(currency)
    inside = (expected_micros + tolerance(expected_micros, currency, ppm=ppm)) // unit * unit
    return inside + unit if beyond else inside


def spread(micros: int, weights: Sequence[int]) -> list[int]:
    """``micros`` in parts that add up to it, in proportion to the weights; all on the first if they are 0."""
    whole = sum(weights)
    if not whole:
        return [micros, *[0] * (len(weights) - 1)]
    parts: list[int] = []
    seen = given = 0
    for weight in weights:
        seen += weight
        parts.append(micros * seen // whole - given)
        given += parts[-1]
    return parts


def unit_price(amount_micros: int, quantity: int, times: int, currency: str) -> int | None:
    """A price that gives the amount to less than a minor unit, or None where no price in micros does."""
    if quantity <= 0:
        return None
    price = rounded(amount_micros * times, quantity)
    off = abs(rounded(price * quantity, times) - amount_micros)
    return price if off < minor(currency) else None
