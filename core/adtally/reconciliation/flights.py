"""When a campaign may run: as agreed, else as its own settings say, which anyone can edit later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..calendar import Window
from .facts import FlightDays
from .terms import Agreed, governing


@dataclass(frozen=True, slots=True)
class Flight:
    """The days on which a campaign may run; ``window`` is the flight to name, ``windows`` are all of them."""

    source: str
    window: Window
    windows: tuple[Window, ...]

    def __contains__(self, day: date) -> bool:
        return any(day in window for window in self.windows)

    def holds(self, month: Window) -> bool:
        """Whether the campaign may run on every day of the month."""
        return any(window.overlap(month) == month for window in self.windows) or all(
            day in self for day in month
        )


def flight_of(
    agreed: Sequence[Agreed], first_day: date | None, last_day: date | None, month: Window
) -> Flight | None:
    """The flight of a campaign with these agreements and these settings of its own.

    Of several agreed flights the one nearest to the month is named, and a day inside any of them is inside.
    On a day whose rate comes from an agreement without a flight the contract sets no limit. None: nobody
    says when it may run.
    """
    flights = [(number, agreement.flight.window) for number, agreement in agreed if agreement.flight]
    if flights:
        number, nearest = min(flights, key=lambda flight: _days_between(flight[1], month))
        windows = (*(window for _, window in flights), *_unlimited(agreed, month))
        return Flight(f"agreement {number}", nearest, windows)
    if first_day is None and last_day is None:
        return None
    first, last = first_day or date.min, last_day or date.max
    return Flight("campaign settings", Window(first, last), (Window(first, last),)) if first <= last else None


def flight_days(flight: Flight, month: Window, costs: Mapping[date, int]) -> FlightDays:
    """The flight beside what the campaign cost, in micros by day, on the days of the month outside it."""
    outside = tuple((day, costs[day]) for day in month if costs.get(day) and day not in flight)
    return FlightDays(window=flight.window, source=flight.source, outside=outside)


def _unlimited(agreed: Sequence[Agreed], month: Window) -> Iterable[Window]:
    if all(agreement.flight for _, agreement in agreed):
        return
    for day in month:
        found = governing(agreed, day)
        if found and found[1].flight is None:
            yield Window(day, day)


def _days_between(window: Window, month: Window) -> int:
    return max(0, (month.first_day - window.last_day).days, (window.first_day - month.last_day).days)
