"""What the clock moves over the edges of a bill's days, as rows of evidence."""

from __future__ import annotations

from collections.abc import Iterator

from ...calendar import instant_text
from ...money import money_text
from ..facts import Delivered
from ..hours_facts import EdgeHours
from ..verdicts import Proof
from .sentences import plural


def hours_proof(delivered: Delivered) -> Iterator[Proof]:
    """The hours that change sides, each end of the days in a row; nothing where they are not known."""
    shift = delivered.shift
    if shift is None or not shift.known:
        return
    for edge in shift.edges:
        micros = (edge.micros or 0) * (1 if edge.enters else -1)
        word = "only in the bill's days" if edge.enters else "only in the account's own days"
        yield _row(delivered, edge, f"{plural(edge.hours, 'row')} of hours {word}", micros)
        if edge.cut_micros:
            yield _row(delivered, edge, "rows of hours that the zones cut in two, not moved", edge.cut_micros)


def bound_proof(delivered: Delivered) -> Iterator[Proof]:
    """The cost of the days at the edges: no clock can move more."""
    for edge in delivered.shift.edges if delivered.shift else ():
        if edge.day_micros is not None:
            yield Proof(
                says="cost of the whole days at this edge: no clock moves more",
                table="delivery",
                key=_key(edge),
                value=money_text(edge.day_micros, delivered.currency),
                as_of=delivered.coverage.as_of,
            )


def _row(delivered: Delivered, edge: EdgeHours, says: str, micros: int) -> Proof:
    return Proof(
        says=says,
        table="delivery_hourly",
        key=_key(edge),
        value=money_text(micros, delivered.currency),
        as_of=delivered.shift.coverage.as_of if delivered.shift else None,
    )


def _key(edge: EdgeHours) -> str:
    return f"{edge.account_id} {instant_text(edge.first)}..{instant_text(edge.until)}"
