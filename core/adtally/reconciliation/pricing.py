"""Pricing models: which count each one bills, and what a count costs at a rate.

Formulas: cpm and vcpm R(rate * impressions, 1000), cpa R(rate * conversions_micros, 1e6), cps by share
R(revenue * share_ppm, 1e6), flat R(price * days, days of the flight), all others rate * count. Derived prices
are null where the divisor is 0 or unknown; shares are whole ppm, floored.
"""

from __future__ import annotations

from typing import NamedTuple

from ..calendar import Window
from ..connector import MetricGroup
from ..money import MICROS, rounded
from ..records import Model
from .facts import Counts, Rate


class Basis(NamedTuple):
    """What a model charges for: a field of Counts, how many of it one price buys, and its finality."""

    column: str
    per: int
    unit: str
    """One of it, in words."""
    group: MetricGroup


BASES: dict[Model, Basis] = {
    "cpm": Basis("impressions", 1_000, "impression", "clicks"),
    "vcpm": Basis("viewable_impressions", 1_000, "viewable impression", "clicks"),
    "cpc": Basis("clicks", 1, "click", "clicks"),
    "cpv": Basis("video_views", 1, "view", "clicks"),
    "cpcv": Basis("video_completions", 1, "completed view", "clicks"),
    "cpe": Basis("engagements", 1, "engagement", "clicks"),
    "cpl": Basis("leads", 1, "lead", "conversions"),
    "cpi": Basis("installs", 1, "install", "conversions"),
    "cpa": Basis("conversions_micros", MICROS, "conversion", "conversions"),
    "cps": Basis("purchases", 1, "purchase", "conversions"),
    "cpsend": Basis("billable_units", 1, "send", "clicks"),
    "cpr": Basis("billable_units", 1, "result", "conversions"),
}
BY_SHARE = Basis("revenue_micros", MICROS, "net revenue", "conversions")
PER_VIEW: frozenset[Model] = frozenset(["cpm", "vcpm", "flat"])
"""Models that charge for being shown, whatever people do."""
BILLED_UNITS: dict[str, Basis] = {
    "impressions": BASES["cpm"],
    "viewable_impressions": BASES["vcpm"],
    "clicks": BASES["cpc"],
    "video_views": BASES["cpv"],
    "engagements": BASES["cpe"],
    "leads": BASES["cpl"],
    "installs": BASES["cpi"],
    "conversions": BASES["cpa"],
}
"""The count that each unit word of an invoice line names."""


def basis_of(rate: Rate) -> Basis | None:
    """The count that the rate applies to; None for flat and dynamic prices, which no count decides."""
    return BY_SHARE if rate.share_ppm is not None else BASES.get(rate.model)


def price_of(rate: Rate) -> int | None:
    """Micros, or ppm of net revenue for a share; None if nobody said."""
    return rate.rate_micros if rate.share_ppm is None else rate.share_ppm


def counted(basis: Basis, counts: Counts) -> int | None:
    """Units of the basis; conversions and revenue in micros. None if the platform does not say."""
    count: int | None = getattr(counts, basis.column)
    return count


def units(model: Model, counts: Counts) -> int | None:
    """Billable units of the model; None if the count is unknown or the model bills none (flat, dynamic)."""
    basis = BASES.get(model)
    return None if basis is None else counted(basis, counts)


def interactions(counts: Counts) -> int | None:
    """The main action of the ad's format; clicks where the platform names none."""
    return counts.clicks if counts.interactions is None else counts.interactions


def charge(rate: Rate, counts: Counts, window: Window) -> int | None:
    """What the counts cost at the rate, in micros.

    A flat price is spread over the days of its flight, and ``window`` pays for its own days of it. None,
    never 0, if the count, the price or the flight of a flat price is unknown, or the price is dynamic.
    """
    price = price_of(rate)
    if price is None:
        return None
    if rate.model == "flat":
        if rate.flight is None:
            return None
        days = window.overlap(rate.flight)
        return rounded(price * days.days, rate.flight.days) if days else 0
    basis = basis_of(rate)
    count = None if basis is None else counted(basis, counts)
    return None if basis is None or count is None else rounded(price * count, basis.per)


def effective(micros: int | None, units: int | None, per: int = 1) -> int | None:
    """The average price: R(micros * per, units). None where a side is unknown or there are no units."""
    return None if micros is None or not units else rounded(micros * per, units)


def share_ppm(part: int | None, whole: int | None) -> int | None:
    return None if part is None or not whole else part * MICROS // whole


def break_even_ctr_ppm(cpm: int, cpc: int) -> int | None:
    """The click rate above which paying per 1,000 impressions is cheaper than per click."""
    return rounded(cpm * MICROS, 1_000 * cpc) if cpc else None


def derived(counts: Counts, cost: int | None) -> dict[str, int]:
    """Average prices and rates that the counts allow, by name with their unit; the others are absent."""
    conversions = counts.conversions_micros
    found = {
        "ecpm_micros": effective(cost, counts.impressions, 1_000),
        "ecpc_micros": effective(cost, counts.clicks),
        "ecpa_micros": effective(cost, conversions, MICROS),
        "ctr_ppm": share_ppm(counts.clicks, counts.impressions),
        "cvr_ppm": None if conversions is None or not counts.clicks else conversions // counts.clicks,
        "vtr_ppm": share_ppm(counts.video_views, counts.impressions),
        "roas_ppm": share_ppm(counts.revenue_micros, cost),
    }
    return {name: value for name, value in found.items() if value is not None}
