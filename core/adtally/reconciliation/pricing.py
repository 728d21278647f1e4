"""Pricing models: which count each one bills, and what a count costs at a rate.

Formulas: cpm and vcpm R(rate * impressions, 1000), cpa R(rate * conversions_micros, 1e6), cps by share
R(revenue * share_ppm, 1e6), flat R(price * days, days of the flight), all others rate * count. A price in
steps is the sum of its steps, each by its own rate, over all units of the month. Derived prices are null
where the divisor is 0 or unknown; shares are whole ppm, floored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..calendar import Window
from ..connector import MetricGroup
from ..money import MICROS, rounded
from ..records import Model
from .facts import Counts, Period, Rate, RateTier


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


class Step(NamedTuple):
    """Units that one price is for, and what they cost in micros."""

    price: int
    units: int
    micros: int


def basis_of(rate: Rate) -> Basis | None:
    """The count that the rate applies to; None for flat and dynamic prices, which no count decides."""
    shares = (rate.share_ppm, *(tier.share_ppm for tier in rate.tiers))
    return BASES.get(rate.model) if all(share is None for share in shares) else BY_SHARE


def price_of(rate: Rate) -> int | None:
    """Micros, or ppm of net revenue for a share; in steps that of the first one. None if nobody said."""
    if rate.tiers:
        return _price(rate.tiers[0].rate_micros, rate.tiers[0].share_ppm)
    return _price(rate.rate_micros, rate.share_ppm)


def _price(rate_micros: int | None, share_ppm: int | None) -> int | None:
    return rate_micros if share_ppm is None else share_ppm


def steps_of(rate: Rate, basis: Basis, count: int) -> list[Step]:
    """The steps of the price that the count reaches, with its units in each; one for a plain price.

    A count below zero is all in the first step. Raises ValueError if the price is unknown.
    """
    scale = MICROS if basis.per == MICROS else 1
    found, rest, begin = list[Step](), count, 0
    for tier in rate.tiers or (RateTier(rate_micros=rate.rate_micros, share_ppm=rate.share_ppm),):
        price = _price(tier.rate_micros, tier.share_ppm)
        if price is None:
            raise ValueError("the price of a step is not known")
        units = rest if tier.up_to is None else min(rest, (tier.up_to - begin) * scale)
        found.append(Step(price, units, rounded(price * units, basis.per)))
        rest, begin = rest - units, tier.up_to or begin
        if rest <= 0:
            break
    return found


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
    if basis is None or count is None:
        return None
    return sum(step.micros for step in steps_of(rate, basis, count))


def chargeable(periods: Iterable[Period]) -> list[Period]:
    """The periods as they are charged: those of one price in steps add up, all others stand alone.

    Steps count a whole month. An added-up period spans the days of its parts and has the one count that the
    price is for.
    """
    found = list[Period]()
    for period in periods:
        rate = period.rate
        same = [n for n, other in enumerate(found) if rate and rate.tiers and other.rate == rate]
        basis = basis_of(rate) if rate else None
        if not same or basis is None:
            found.append(period)
            continue
        other = found[same[0]]
        parts = [counted(basis, one.counts) for one in (other, period)]
        count = None if None in parts else sum(part or 0 for part in parts)
        found[same[0]] = Period(
            window=other.window.span(period.window), counts=Counts(**{basis.column: count}), rate=rate
        )
    return found


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
