"""The faults that stand in the lines of a bill: a wrong product, a wrong campaign, a wrong count.

The total of the second and third is right, so that nothing but their own check can see them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..money import minor, rounded
from .bills import taxed
from .desk import Desk, is_direct
from .paper import Bill, BillLine
from .prices import LEAST_MINOR_UNITS, MONEY_PPM, tolerance

COUNTED_UNITS = ("impressions", "viewable_impressions", "clicks", "video_views", "engagements")
LINES_BY_API = ("google", "meta", "amazon")
"""Connectors whose bills name campaigns."""
COUNTED_BY_API = ("google", "amazon")
"""Those whose bills also say how often."""


def plant_counts(desk: Desk) -> None:
    """Lines whose quantity does not give their amount, and lines whose quantity was not reported."""
    _product(desk)
    _quantity(desk)


def _product(desk: Desk) -> None:
    """A line one minor unit beyond its quantity times its price, and one that is rounded the long way."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda bill: is_direct(bill) and any(map(_has_price(desk), bill.lines)))
        unit = minor(bill.currency)
        lines = {line: _exact(line) for line in bill.lines if _has_price(desk)(line)}
        line = (
            max(lines, key=lambda line: -lines[line] % unit) if kind == "decoy" else desk.rng.choice([*lines])
        )
        amount = (-(-lines[line] // unit) + (kind == "fault")) * unit
        printed = taxed(
            tuple(replace(other, amount_micros=amount) if other is line else other for other in bill.lines),
            desk.members(bill)[0],
            bill.service,
        )
        desk.put(bill, replace(bill, lines=printed))
        number = bill.lines.index(line) + 1
        note = "a unit beyond quantity times price" if kind == "fault" else "quantity times price, rounded up"
        subject = f"{bill.subject}/{number}"
        desk.say("invoice-line-arithmetic", bill, kind, note, subject=subject, diff=amount - lines[line])


def _has_price(desk: Desk) -> Callable[[BillLine], bool]:
    return lambda line: (
        line.kind == "media" and bool(line.unit_price_micros) and line.campaign_id not in desk.guilty
    )


def _exact(line: BillLine) -> int:
    return rounded((line.unit_price_micros or 0) * (line.quantity or 0), line.per)


def shift_lines(desk: Desk) -> None:
    """Money of a large campaign on the line of a small one: too much there, too little here to be noticed."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda bill: bill.connector in LINES_BY_API and bool(_pairs(desk, bill)))
        small, large = desk.rng.choice(_pairs(desk, bill))
        moved = _moved(bill) - (kind == "decoy") * minor(bill.currency)
        shift = {small.campaign_id: moved, large.campaign_id: -moved}
        lines = tuple(
            replace(line, amount_micros=line.amount_micros + shift[line.campaign_id])
            if line in (small, large)
            else line
            for line in bill.lines
        )
        desk.put(bill, replace(bill, lines=lines))
        note = f"{moved} micros of {large.campaign_name} stand on the line of {small.campaign_name}"
        subject = desk.of_campaign(bill, small)
        desk.say("invoice-line-vs-campaign-spend", bill, kind, note, subject=subject, diff=moved)


def _moved(bill: Bill) -> int:
    """One minor unit more than a small campaign may differ by."""
    return (LEAST_MINOR_UNITS + 1) * minor(bill.currency)


def _pairs(desk: Desk, bill: Bill) -> list[tuple[BillLine, BillLine]]:
    """Lines of one account that could be confused: a small one, and one in which it would not be noticed."""
    lines = desk.media(bill)
    least = LEAST_MINOR_UNITS * minor(bill.currency)
    allowed = {line: tolerance(line.amount_micros, bill.currency, ppm=MONEY_PPM) for line in lines}
    return [
        (small, large)
        for small in lines
        for large in lines
        if small.account_id == large.account_id
        and allowed[small] == least < allowed[large]
        and desk.campaign(small).agreement is None
        and not desk.campaign(small).remnant
    ]


def _quantity(desk: Desk) -> None:
    """More units than were reported, for an amount that is right."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda bill: bool(_countable(desk, bill)))
        line = desk.rng.choice(_countable(desk, bill))
        counted = line.quantity or 0
        more = counted * MONEY_PPM // 1_000_000 + (kind == "fault")
        printed = replace(line, quantity=counted + more, unit_price_micros=None)
        desk.put(
            bill, replace(bill, lines=tuple(printed if other is line else other for other in bill.lines))
        )
        at_risk = rounded(more * line.amount_micros, counted + more) if kind == "fault" else None
        note = f"{more} {line.unit} more than the {counted} that were reported"
        subject = desk.of_campaign(bill, line)
        desk.say("billed-quantity-vs-reported", bill, kind, note, subject=subject, at_risk=at_risk)


def _countable(desk: Desk, bill: Bill) -> list[BillLine]:
    """Lines with a count so large that one unit more or less is beyond or inside the tolerance."""
    if bill.connector not in COUNTED_BY_API and not is_direct(bill):
        return []
    return [line for line in desk.media(bill) if line.unit in COUNTED_UNITS and (line.quantity or 0) >= 1_000]
