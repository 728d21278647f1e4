"""The rows of a report against the account's own days, which Pinterest tells apart from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from adtally import check_count

from . import wire

Row = TypeVar("Row", bound=wire.Row)


@dataclass(slots=True)
class Tally:
    """What some rows add up to; not known once one of them does not tell."""

    rows: int = 0
    cost: Decimal = wire.ZERO
    impressions: int = 0
    is_known: bool = True

    def add(self, row: wire.Row) -> None:
        self.rows += 1
        if row.spend_in_micro_dollar is None or row.impression_1 is None:
            self.is_known = False
            return
        self.cost += row.spend_in_micro_dollar
        self.impressions += row.impression_1


def compared(rows: Iterable[Row], own_days: Callable[[], Iterable[wire.Row]]) -> Iterator[Row]:
    """The rows, which make up the account's own days; these are asked for after the last of them.

    A micro of each row may be lost to rounding. Raises TransientError for less and ContractError for more.
    """
    came, told = Tally(), Tally()
    for row in rows:
        came.add(row)
        yield row
    for day in own_days():
        told.add(day)
    if not (came.is_known and told.is_known):
        return
    check_count(came.impressions, told.impressions, "impressions")
    if abs(came.cost - told.cost) > came.rows:
        check_count(int(came.cost), int(told.cost), "micros of cost")
