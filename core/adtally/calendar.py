"""Days as an account counts them, and the fixed grid of windows that units are cut from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import ContractError

EPOCH = date(1970, 1, 1).toordinal()
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Inclusive days in the account's time zone."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise ValueError(f"a window ends before it starts: {self}")

    def __str__(self) -> str:
        return f"{self.first_day}..{self.last_day}"

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __iter__(self) -> Iterator[date]:
        return (self.first_day + timedelta(days=n) for n in range(self.days))

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def overlap(self, other: Window) -> Window | None:
        """The days in both, or None."""
        first, last = max(self.first_day, other.first_day), min(self.last_day, other.last_day)
        return Window(first, last) if first <= last else None

    def span(self, other: Window) -> Window:
        """The smallest window that holds both."""
        return Window(min(self.first_day, other.first_day), max(self.last_day, other.last_day))

    def halves(self) -> tuple[Window, Window]:
        """Two windows that cover the same days once; only for windows of two days or more."""
        middle = self.first_day + timedelta(days=self.days // 2)
        return Window(self.first_day, middle - DAY), Window(middle, self.last_day)


def to_ordinal(day: date) -> int:
    """Days since 1970-01-01, as the ledger stores them."""
    return day.toordinal() - EPOCH


def from_ordinal(ordinal: int) -> date:
    return date.fromordinal(ordinal + EPOCH)


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone. Raises ContractError for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ContractError(
            f"unknown time zone {name!r}: expected an IANA name such as Europe/Berlin"
        ) from error


def local_day(instant: datetime, timezone: str) -> date:
    """The day that an aware instant falls on in that zone."""
    return instant.astimezone(zone(timezone)).date()


def day_start(day: date, timezone: str) -> datetime:
    """The UTC instant at which the day begins there; a midnight that DST skips begins at the skip."""
    return datetime.combine(day, time.min, tzinfo=zone(timezone)).astimezone(UTC)


def hour_start(day: date, hour: int, timezone: str) -> tuple[datetime, int]:
    """The UTC instant at which that hour of the day begins there, and how many hours it is: 1, or 2.

    For platforms that number the hours of a day from 0 to 23: one that the clock repeats is two hours, from
    the first of them on. One that the clock skips begins where the next one does.
    """
    first, again = (
        datetime.combine(day, time(hour, fold=fold), tzinfo=zone(timezone)).astimezone(UTC) for fold in (0, 1)
    )
    return first, max(1, 1 + round((again - first) / timedelta(hours=1)))


def until_midnight(now: datetime, timezone: str) -> float:
    """The seconds until the next day begins there; quotas of a day return then."""
    return (day_start(local_day(now, timezone) + DAY, timezone) - now).total_seconds()


def hours(day: date, timezone: str) -> int:
    """Hours that the day has there: 24, or 23 and 25 where the clock changes."""
    length = day_start(day + DAY, timezone) - day_start(day, timezone)
    return round(length.total_seconds() / 3600)


def instant_text(instant: datetime) -> str:
    """An aware instant as the ledger writes it: UTC, ISO 8601, to the second."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def month(text: str) -> Window:
    """The days of ``"2026-10"``. Raises ValueError for other text."""
    first = date.fromisoformat(f"{text}-01")
    return Window(first, _next_month(first) - DAY)


def month_name(day: date) -> str:
    return f"{day:%Y-%m}"


def months(window: Window) -> Iterator[Window]:
    """The calendar months that the window touches, whole."""
    first = window.first_day.replace(day=1)
    while first <= window.last_day:
        yield Window(first, _next_month(first) - DAY)
        first = _next_month(first)


def month_edges(window: Window) -> Iterator[Window]:
    """The last two and the first two days of neighbouring months, for each pair that the window touches."""
    for month in months(window):
        if month.first_day > window.first_day:
            yield Window(month.first_day - 2 * DAY, month.first_day + DAY)


def cells(window: Window, max_days: int) -> Iterator[Window]:
    """The cells of the fixed grid that the window touches, whole.

    Cell k holds the days [k * max_days, (k + 1) * max_days) since 1970-01-01, so cells never overlap and do
    not depend on the window or on the day of asking.
    """
    start = to_ordinal(window.first_day) // max_days * max_days
    for first in range(start, to_ordinal(window.last_day) + 1, max_days):
        yield Window(from_ordinal(first), from_ordinal(first + max_days - 1))


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
