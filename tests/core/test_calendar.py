from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import (
    Window,
    cells,
    day_start,
    from_ordinal,
    hour_start,
    hours,
    instant_text,
    local_day,
    month,
    month_name,
    months,
    to_ordinal,
    until_midnight,
    zone,
)
from adtally.errors import ContractError

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first = draw(DAYS)
    return Window(first, date.fromordinal(first.toordinal() + draw(st.integers(0, 500))))


@given(windows(), st.integers(1, 90))
def test_cells_cover_each_day_of_the_window_exactly_once(window: Window, max_days: int) -> None:
    covered = [day for cell in cells(window, max_days) for day in cell]

    assert len(covered) == len(set(covered))
    assert set(window) <= set(covered)
    assert all(cell.days == max_days and cell.overlap(window) for cell in cells(window, max_days))


@given(windows(), st.integers(1, 90))
def test_a_days_cell_does_not_depend_on_the_window_asked_for(window: Window, max_days: int) -> None:
    [alone] = cells(Window(window.first_day, window.first_day), max_days)

    assert next(cells(window, max_days)) == alone


@given(windows().filter(lambda window: window.days > 1))
def test_halves_cover_the_window_once(window: Window) -> None:
    first, second = window.halves()

    assert [*first, *second] == list(window)


@given(windows())
def test_months_of_a_window_are_whole_and_in_order(window: Window) -> None:
    found = list(months(window))

    assert [one.first_day.day for one in found] == [1] * len(found)
    assert set(window) <= {day for one in found for day in one}
    assert [month(month_name(one.first_day)) for one in found] == found


@given(DAYS)
def test_ordinal_is_days_since_1970_and_back(day: date) -> None:
    assert from_ordinal(to_ordinal(day)) == day
    assert to_ordinal(date(1970, 1, 2)) == 1


def test_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Window(date(2026, 1, 2), date(2026, 1, 1))


def test_windows_overlap_and_span() -> None:
    early, late = month("2026-01"), Window(date(2026, 1, 31), date(2026, 2, 2))

    assert early.overlap(late) == Window(date(2026, 1, 31), date(2026, 1, 31))
    assert early.overlap(month("2026-03")) is None
    assert early.span(late) == Window(date(2026, 1, 1), date(2026, 2, 2))
    assert date(2026, 1, 31) in early
    assert date(2026, 2, 1) not in early
    assert str(late) == "2026-01-31..2026-02-02"


def test_day_of_an_instant_is_the_accounts() -> None:
    instant = datetime(2026, 1, 1, 3, tzinfo=UTC)

    assert [local_day(instant, name) for name in ("UTC", "America/New_York", "Asia/Tokyo")] == [
        date(2026, 1, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
    ]


def test_day_has_23_or_25_hours_where_the_clock_changes() -> None:
    assert [
        hours(day, "Europe/Berlin") for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1))
    ] == [
        23,
        25,
        24,
    ]


def test_day_whose_midnight_does_not_exist_begins_at_the_skip() -> None:
    assert day_start(date(2022, 9, 11), "America/Santiago") == datetime(2022, 9, 11, 4, tzinfo=UTC)


def test_instant_is_written_in_utc_to_the_second() -> None:
    assert (
        instant_text(datetime(2026, 1, 1, 1, 2, 3, 456, tzinfo=zone("Europe/Berlin")))
        == "2026-01-01T00:02:03Z"
    )


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd"])
def test_unknown_time_zone_is_named(name: str) -> None:
    with pytest.raises(ContractError, match="unknown time zone"):
        zone(name)


@pytest.mark.parametrize("text", ["2026", "2026-13", "october"])
def test_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|month must"):
        month(text)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 10, 12, tzinfo=UTC), 20),
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), 0.5),
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),
    ],
    ids=["winter", "summer", "the day of 25 hours"],
)
def test_midnight_is_by_californias_clock(now: datetime, hours: float) -> None:
    assert until_midnight(now, "America/Los_Angeles") == hours * 3600


@pytest.mark.parametrize(
    ("day", "hour", "timezone", "instant", "span"),
    [
        (date(2026, 10, 31), 23, "Europe/Berlin", "2026-10-31T22:00:00Z", 1),
        (date(2026, 11, 1), 0, "Asia/Kolkata", "2026-10-31T18:30:00Z", 1),
        (date(2026, 10, 25), 2, "Europe/Berlin", "2026-10-25T00:00:00Z", 2),
        (date(2026, 10, 25), 3, "Europe/Berlin", "2026-10-25T02:00:00Z", 1),
        (date(2026, 11, 1), 1, "America/New_York", "2026-11-01T05:00:00Z", 2),
        (date(2026, 3, 29), 2, "Europe/Berlin", "2026-03-29T01:00:00Z", 1),
        (date(2026, 3, 29), 3, "Europe/Berlin", "2026-03-29T01:00:00Z", 1),
    ],
)
def test_an_hour_of_the_clock_is_an_instant_and_one_or_two_hours(
    day: date, hour: int, timezone: str, instant: str, span: int
) -> None:
    begins, hours_long = hour_start(day, hour, timezone)

    assert (instant_text(begins), hours_long) == (instant, span)


@given(DAYS, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]))
def test_the_hours_of_the_clock_cover_the_day_once(day: date, timezone: str) -> None:
    spans = dict(hour_start(day, hour, timezone) for hour in range(24))

    assert min(spans) == day_start(day, timezone)
    assert sum(spans.values()) == hours(day, timezone)
