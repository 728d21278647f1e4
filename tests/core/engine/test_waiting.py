"""A report that the platform still prepares is no failure of it: it is told, and collected later."""

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from adtally.connector import Unit
from adtally.engine.status import WAITING, read_status
from adtally.errors import AdtallyError, DeadlineError, NotReady
from adtally.ledger import Ledger
from adtally.records import Delivery

from .north import NOON, Platform, configured, every_day, rows, sync
from .test_status import ALL, TODAY, Daily, signs

DAYS = ["2026-09-24..2026-09-30", "2026-10-01..2026-10-07", "2026-10-08..2026-10-11"]


class Kitchen:
    """Takes orders; nothing is ready until it is told so."""

    def __init__(self, error: AdtallyError) -> None:
        self.error: AdtallyError | None = error
        self.ordered = list[str]()

    def daily(self, unit: Unit) -> Iterable[Delivery]:
        unit.remember("report_id", lambda: self._order(unit))
        if self.error:
            raise self.error
        yield from every_day(unit)

    def _order(self, unit: Unit) -> str:
        self.ordered.append(str(unit.window))
        return f"r-{len(self.ordered)}"


@pytest.fixture
def unready() -> Kitchen:
    return Kitchen(NotReady("a report is still being prepared"))


def waiting(ledger: Ledger) -> list[tuple[str, str]]:
    return [(t.status, str(t.first_day)) for t in read_status(ledger, ALL, TODAY).troubles]


def test_many_reports_that_are_not_ready_do_not_stop_the_connector(ledger: Ledger, unready: Kitchen) -> None:
    run = sync(ledger, configured(Platform(daily=unready.daily), kind=Daily))

    assert unready.ordered == DAYS
    assert [failure.error for failure in run.failures] == ["NotReady"] * 3
    assert (run.units.failed, run.started) == (3, 1)


def test_what_is_still_to_come_stands_in_status(ledger: Ledger, unready: Kitchen) -> None:
    sync(ledger, configured(Platform(daily=unready.daily), kind=Daily))

    status = read_status(ledger, ALL, TODAY)

    assert signs(status).count("?") > signs(status).count("x") == 0
    [trouble] = status.troubles
    assert (trouble.status, trouble.message) == ("waiting", "a report is still being prepared")
    assert (trouble.first_day, trouble.retry) == (date(2026, 9, 24), "adtally sync north --account 1")


def test_the_next_run_collects_what_was_ordered(ledger: Ledger, unready: Kitchen) -> None:
    sync(ledger, configured(Platform(daily=unready.daily), kind=Daily))
    unready.error = None

    run = sync(ledger, configured(Platform(daily=unready.daily), kind=Daily), run_id="r2")

    assert unready.ordered == DAYS
    assert (run.failures, waiting(ledger)) == ([], [])
    assert [text for (text,) in rows(ledger, "units", "remembered") if text != "{}"] == []


def test_what_the_deadline_left_in_the_making_is_told_too(ledger: Ledger) -> None:
    kitchen = Kitchen(DeadlineError("the run's deadline came first"))

    sync(ledger, configured(Platform(daily=kitchen.daily), kind=Daily))

    [trouble] = read_status(ledger, ALL, TODAY).troubles
    assert (trouble.status, trouble.message) == ("waiting", WAITING)


def test_days_that_are_stored_stay_while_a_newer_report_of_them_is_prepared(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        yield from every_day(unit)

    sync(ledger, configured(Platform(daily=daily), kind=Daily))
    before = signs(read_status(ledger, ALL, TODAY))
    kitchen = Kitchen(DeadlineError("the run's deadline came first"))

    sync(ledger, configured(Platform(daily=kitchen.daily), kind=Daily), run_id="r2", now=NOON)

    assert signs(read_status(ledger, ALL, TODAY)) == before
    assert waiting(ledger) == [("waiting", "2026-10-08")]
