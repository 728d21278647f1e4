"""The state of every unit, and the runs that fetched them."""

from datetime import date, timedelta

from adtally.calendar import Window, to_ordinal
from adtally.ledger import Ledger
from adtally.ledger.units import (
    Attempt,
    Cell,
    finish_run,
    read_cells,
    record_done,
    record_failure,
    remember,
    start_run,
)

from .feeds import FIRST, NOON, WEEK, feed, rows

CELL = to_ordinal(FIRST)
PART = Window(FIRST, date(2026, 10, 3))


def attempt(of: int, window: Window = WEEK, *, hours: int = 0) -> Attempt:
    started = NOON + timedelta(hours=hours)
    return Attempt(of, CELL, window, f"r{hours}", started, started + timedelta(minutes=1))


def test_unit_that_came_is_done_and_covered(ledger: Ledger) -> None:
    into = feed(ledger)

    record_done(ledger.conn, attempt(into.feed, PART), 7, NOON.date())

    assert list(ledger.db.query("SELECT * FROM units")) == [
        {
            "connector": "north",
            "report": "campaign_daily",
            "account_id": "1",
            "first_day": "2026-10-01",
            "last_day": "2026-10-03",
            "status": "done",
            "attempts": 1,
            "rows": 7,
            "remembered": "{}",
            "error": "",
            "started_at": "2026-10-12T12:00:00Z",
            "finished_at": "2026-10-12T12:01:00Z",
            "run_id": "r0",
        }
    ]
    assert read_cells(ledger.conn, into.feed) == {CELL: Cell("done", PART, NOON.date(), {}, "")}


def test_unit_that_never_came_covers_nothing(ledger: Ledger) -> None:
    into = feed(ledger)

    record_failure(ledger.conn, attempt(into.feed), "denied", "not permitted")
    record_failure(ledger.conn, attempt(into.feed, PART, hours=1), "failed", "cut")

    assert rows(ledger, "units", "last_day", "status", "attempts", "error", "run_id") == [
        ("2026-10-03", "failed", 2, "cut", "r1")
    ]
    assert read_cells(ledger.conn, into.feed) == {CELL: Cell("failed", None, None, {}, "cut")}


def test_failure_leaves_what_was_covered_and_success_clears_the_error(ledger: Ledger) -> None:
    into = feed(ledger)
    record_done(ledger.conn, attempt(into.feed, PART), 3, NOON.date())

    record_failure(ledger.conn, attempt(into.feed, WEEK, hours=1), "failed", "cut")

    assert read_cells(ledger.conn, into.feed) == {CELL: Cell("failed", PART, NOON.date(), {}, "cut")}

    record_done(ledger.conn, attempt(into.feed, WEEK, hours=2), 4, date(2026, 10, 13))

    assert read_cells(ledger.conn, into.feed) == {CELL: Cell("done", WEEK, date(2026, 10, 13), {}, "")}
    assert rows(ledger, "units", "attempts", "rows", "error", "run_id") == [(3, 4, "", "r2")]


def test_remembered_texts_last_until_the_unit_is_done(ledger: Ledger) -> None:
    into = feed(ledger)

    remember(ledger.conn, into.feed, CELL, WEEK, {"report_id 2026": "r-7"})
    waiting = read_cells(ledger.conn, into.feed)
    record_failure(ledger.conn, attempt(into.feed), "failed", "cut")
    failed = read_cells(ledger.conn, into.feed)
    record_done(ledger.conn, attempt(into.feed), 1, NOON.date())

    assert waiting == {CELL: Cell("waiting", None, None, {"report_id 2026": "r-7"}, "")}
    assert failed == {CELL: Cell("failed", None, None, {"report_id 2026": "r-7"}, "cut")}
    assert read_cells(ledger.conn, into.feed)[CELL].remembered == {}


def test_run_that_never_closed_is_noted_as_interrupted_by_the_next(ledger: Ledger) -> None:
    for number in (1, 2):
        start_run(ledger.conn, f"r{number}", "sync", NOON, "0.1.0")
    finish_run(ledger.conn, "r2", "done", NOON + timedelta(hours=1))

    assert rows(ledger, "runs", "run_id", "command", "started_at", "finished_at", "status", "version") == [
        ("r1", "sync", "2026-10-12T12:00:00Z", None, "interrupted", "0.1.0"),
        ("r2", "sync", "2026-10-12T12:00:00Z", "2026-10-12T13:00:00Z", "done", "0.1.0"),
    ]


def test_fetch_at_least_a_day_older_is_remembered_however_often_a_unit_comes(ledger: Ledger) -> None:
    into = feed(ledger)
    told = list[tuple[int, int | None]]()

    for hours in (0, 6, 23, 24, 30, 47, 49, 100):
        record_done(ledger.conn, attempt(into.feed, hours=hours), 1, NOON.date())
        [(done, previous)] = ledger.conn.execute("SELECT done_at, previous_done_at FROM unit_cells")
        told.append((hours_since_noon(done), None if previous is None else hours_since_noon(previous)))

    assert told == [(0, None), (6, None), (23, None), (24, 0), (30, 0), (47, 0), (49, 24), (100, 49)]


def hours_since_noon(seconds: int) -> int:
    return (seconds - int(NOON.timestamp())) // 3600
