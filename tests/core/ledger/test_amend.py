"""Cells that were noted with windows of another length, or by a clock that was ahead."""

from datetime import date, timedelta

from adtally.calendar import Window, from_ordinal, to_ordinal
from adtally.ledger import Ledger
from adtally.ledger.amend import amend_cells
from adtally.ledger.keys import Feed
from adtally.ledger.units import Attempt, Cell, read_cells, record_done, record_failure

from .feeds import NOON, feed, report

TODAY = NOON.date()
BEGIN = from_ordinal(to_ordinal(date(2026, 8, 1)) // 28 * 28)
"""A day on which cells of 7, of 14 and of 28 days begin."""


def window(first: int, last: int) -> Window:
    """Days counted from BEGIN."""
    return Window(BEGIN + timedelta(days=first), BEGIN + timedelta(days=last))


def of_length(ledger: Ledger, max_days: int) -> Feed:
    return feed(ledger, report(max_days=max_days))


def came(ledger: Ledger, into: Feed, days: Window, *, on: date = TODAY) -> None:
    """Note the days as fetched, in the cell that their first day lies in."""
    at = NOON + (on - TODAY)
    record_done(ledger.conn, attempt(into, days, on), 1, at.date())


def attempt(into: Feed, days: Window, on: date = TODAY) -> Attempt:
    cell = to_ordinal(days.first_day) // into.report.max_days * into.report.max_days
    at = NOON + (on - TODAY)
    return Attempt(into.feed, cell, days, f"run of {on}", at, at)


def cells(ledger: Ledger, into: Feed) -> dict[date, Cell]:
    return {from_ordinal(cell): state for cell, state in read_cells(ledger.conn, into.feed).items()}


def times(ledger: Ledger) -> list[tuple[object, ...]]:
    """When each cell was done the first time, the last time, and at least a day before that."""
    return ledger.conn.execute(
        "SELECT date(first_done_at, 'unixepoch'), date(done_at, 'unixepoch'), "
        "date(previous_done_at, 'unixepoch'), date(anchor_done_at, 'unixepoch') FROM unit_cells ORDER BY cell"
    ).fetchall()


def done(days: Window, on: date = TODAY) -> Cell:
    return Cell("done", days, on, {}, "")


def test_longer_cells_are_cut_and_each_part_keeps_what_is_known(ledger: Ledger) -> None:
    into = of_length(ledger, 28)
    came(ledger, into, window(3, 20), on=TODAY - timedelta(days=2))
    came(ledger, into, window(3, 20))

    amend_cells(ledger.conn, of_length(ledger, 7), TODAY, NOON)

    assert cells(ledger, into) == {
        BEGIN: done(window(3, 6)),
        window(7, 7).first_day: done(window(7, 13)),
        window(14, 14).first_day: done(window(14, 20)),
    }
    assert times(ledger) == [("2026-10-10", "2026-10-12", "2026-10-10", "2026-10-12")] * 3


def test_shorter_cells_become_one_that_is_known_as_the_least_settled_of_them(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    came(ledger, into, window(0, 6), on=TODAY - timedelta(days=5))
    came(ledger, into, window(7, 13), on=TODAY)
    came(ledger, into, window(14, 17), on=TODAY - timedelta(days=3))

    amend_cells(ledger.conn, of_length(ledger, 28), TODAY, NOON)

    assert cells(ledger, into) == {BEGIN: done(window(0, 17), TODAY - timedelta(days=5))}
    assert times(ledger) == [("2026-10-12", "2026-10-07", None, None)]


def test_cell_with_a_failed_part_is_to_be_asked_for_again(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    for first in (0, 7):
        came(ledger, into, window(first, first + 6))
    record_failure(ledger.conn, attempt(into, window(7, 13)), "failed", "cut")

    amend_cells(ledger.conn, of_length(ledger, 14), TODAY, NOON)

    assert cells(ledger, into) == {BEGIN: Cell("failed", window(0, 13), TODAY, {}, "cut")}


def test_cell_knows_no_gaps_so_the_newest_part_is_kept(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    came(ledger, into, window(0, 6))
    came(ledger, into, window(14, 20))

    amend_cells(ledger.conn, of_length(ledger, 28), TODAY, NOON)

    assert cells(ledger, into) == {BEGIN: done(window(14, 20))}


def test_cells_that_never_came_are_dropped_unless_they_lie_on_the_grid(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    for first in (0, 7, 28):
        record_failure(ledger.conn, attempt(into, window(first, first + 6)), "failed", "cut")

    amend_cells(ledger.conn, of_length(ledger, 28), TODAY, NOON)

    assert cells(ledger, into) == {
        BEGIN: Cell("failed", None, None, {}, "cut"),
        window(28, 28).first_day: Cell("failed", None, None, {}, "cut"),
    }


def test_cells_on_the_grid_are_not_touched(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    came(ledger, into, window(0, 6))
    record_failure(ledger.conn, attempt(into, window(7, 13)), "denied", "not permitted")
    before = ledger.conn.execute("SELECT * FROM unit_cells").fetchall()
    changes = ledger.conn.total_changes

    amend_cells(ledger.conn, into, TODAY, NOON)

    assert ledger.conn.execute("SELECT * FROM unit_cells").fetchall() == before
    assert ledger.conn.total_changes == changes


def test_cells_of_a_clock_that_was_ahead_count_as_asked_for_too_early(ledger: Ledger) -> None:
    into = of_length(ledger, 7)
    came(ledger, into, window(0, 6))
    came(ledger, into, window(7, 13), on=TODAY + timedelta(days=30))

    amend_cells(ledger.conn, into, TODAY, NOON)

    assert cells(ledger, into) == {
        BEGIN: done(window(0, 6)),
        window(7, 7).first_day: done(window(7, 13), on=window(7, 7).first_day),
    }
    assert times(ledger) == [
        ("2026-10-12", "2026-10-12", None, "2026-10-12"),
        ("2026-10-12", "2026-10-12", None, None),
    ]
