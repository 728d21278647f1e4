"""The clock beside the bills: what days lose and gain when they are counted in another time zone."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from .coverage_facts import Coverage


class EdgeHours(Struct, frozen=True, kw_only=True):
    """The hours at one end of an account's days that another zone counts to other days."""

    account_id: str
    first: datetime
    until: datetime
    """Exclusive."""
    enters: bool
    """Whether the bill's days have these hours and the account's own days have not."""
    hours: int = 0
    """Rows of hours that lie in them as a whole."""
    micros: int | None = 0
    """What those rows cost; None where one of them does not say."""
    cut_micros: int = 0
    """What the rows cost that lie in them only in part, such as half hours; which part, nobody can say."""
    day_micros: int | None = None
    """What the whole days cost that these hours belong to: no clock moves more. None = not known."""


class EdgeShift(Struct, frozen=True, kw_only=True):
    """What a bill's own zone moves over the edges of its days."""

    zones: tuple[str, ...]
    """The zones that the bills name; with more than one nobody can say which clock holds."""
    own_zones: tuple[str, ...]
    """The zones of the accounts, in which delivery is reported."""
    named_by: str
    """The bill that names the zone."""
    assumed: bool = False
    """The bills at hand name none; another bill of the account does. Then nothing is moved."""
    edges: tuple[EdgeHours, ...] = ()
    unequal_days: int = 0
    """Days at the edges whose hours do not add up to the day's own cost, beyond rounding."""
    coverage: Coverage = Coverage()
    """Of the hours."""

    @property
    def known(self) -> bool:
        """Whether every hour that moves is known, and fits the days."""
        told = all(edge.micros is not None for edge in self.edges)
        one_clock = len(self.zones) == 1 and bool(self.edges)
        return one_clock and told and not self.unequal_days and self.coverage.complete

    @property
    def hours_micros(self) -> int:
        """What the hours add to the delivered cost, those that leave taken off; 0 unless all is known."""
        if not self.known:
            return 0
        return sum((edge.micros or 0) * (1 if edge.enters else -1) for edge in self.edges)

    @property
    def moved_micros(self) -> int:
        """The part of a documented bridge that the clock is: 0 unless the bills at hand name the zone."""
        return 0 if self.assumed else self.hours_micros

    @property
    def cut_micros(self) -> int:
        """How far the moved money may be off, because the zones cut rows in two."""
        return 0 if self.assumed or not self.known else sum(abs(edge.cut_micros) for edge in self.edges)

    @property
    def bound_micros(self) -> int | None:
        """The most that any clock may move over these edges; None where a day's cost is not known."""
        days = [edge.day_micros for edge in self.edges]
        return None if None in days else sum(abs(day or 0) for day in days)
