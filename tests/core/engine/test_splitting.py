"""What a platform cannot answer at once: halves of a unit, and reports that are made later."""

from collections.abc import Iterable, Iterator
from datetime import date

from adtally.calendar import Window
from adtally.connector import Unit
from adtally.errors import (
    TooLarge,
    TransientError,
)
from adtally.ledger import Ledger
from adtally.records import Delivery

from .north import (
    FIRST,
    Platform,
    configured,
    every_day,
    failure,
    rows,
    sync,
)


def test_too_large_unit_is_split_down_to_what_the_platform_can_answer(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.window.days > 2:
            raise TooLarge("more than 2 days")
        yield from every_day(unit)

    platform = Platform(daily=daily)

    run = sync(ledger, configured(platform), last_day=date(2026, 9, 30))

    assert platform.days_asked == [
        "2026-09-24..2026-09-30",
        "2026-09-24..2026-09-26",
        "2026-09-24..2026-09-24",
        "2026-09-25..2026-09-26",
        "2026-09-27..2026-09-30",
        "2026-09-27..2026-09-28",
        "2026-09-29..2026-09-30",
    ]
    assert run.failures == []
    assert len(rows(ledger, "delivery", "day")) == 7
    assert ("2026-09-24", "2026-09-30") in rows(ledger, "units", "first_day", "last_day")


def test_unit_that_proves_too_large_after_half_of_it_came_begins_again(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        for number, record in enumerate(every_day(unit)):
            if number == 2:
                raise TooLarge("more than 2 rows")
            yield record

    run = sync(ledger, configured(Platform(daily=daily)), last_day=date(2026, 9, 30))

    assert run.failures == []
    assert rows(ledger, "delivery", "day", "cost_micros") == [
        (str(day), 1_000_000) for day in Window(FIRST, date(2026, 9, 30))
    ]
    assert ("campaign_daily", 7) in rows(ledger, "units", "report", "rows")


def test_day_that_is_too_large_by_itself_is_a_failure(ledger: Ledger) -> None:
    def daily(_: Unit) -> Iterable[Delivery]:
        raise TooLarge("always")

    run = sync(ledger, configured(Platform(daily=daily)), last_day=FIRST)

    assert run.failures == [failure("TooLarge", "always", "2026-09-24..2026-09-24")]


def test_report_that_is_made_later_is_collected_after_a_failure(ledger: Ledger) -> None:
    ordered, collected = list[str](), list[str]()

    def order() -> str:
        ordered.append("r-7")
        return "r-7"

    def daily(unit: Unit) -> Iterator[Delivery]:
        collected.append(unit.remember("report_id", order))
        if len(collected) == 1:
            raise TransientError("not ready yet")
        yield from every_day(unit)

    for run_id in ("r1", "r2"):
        sync(ledger, configured(Platform(daily=daily)), last_day=date(2026, 9, 30), run_id=run_id)

    assert (ordered, collected) == (["r-7"], ["r-7", "r-7"])
    assert [text for (text,) in rows(ledger, "units", "remembered") if text != "{}"] == []
