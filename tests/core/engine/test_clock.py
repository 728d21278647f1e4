"""A clock that jumps: nothing is final because of it, and at any instant one value of a row is believed."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from adtally.calendar import DAY, Window
from adtally.connector import Unit
from adtally.ledger import Ledger
from adtally.records import Delivery

from ..ledger.test_replacement import believed
from .north import FIRST, NOON, UNITS, Platform, configured, rows, sync

HOUR = timedelta(hours=1)


def costs(
    cost_micros: int, *, until: date = date.max, without: str = ""
) -> Callable[[Unit], Iterator[Delivery]]:
    """What a platform tells of each day until then: two campaigns, at this cost."""

    def daily(unit: Unit) -> Iterator[Delivery]:
        for day in unit.window:
            for campaign in ("c1", "c2"):
                if day <= until and campaign != without:
                    yield Delivery(day=day, campaign_id=campaign, cost_micros=cost_micros)

    return daily


def test_what_a_clock_far_ahead_took_for_final_is_asked_for_again(ledger: Ledger) -> None:
    today = NOON.date()
    sync(ledger, configured(Platform(daily=costs(1, until=today))), now=NOON + 60 * DAY, run_id="r1")
    asked = list[list[str]]()
    for number, now in enumerate((NOON, NOON + HOUR, NOON + 7 * DAY, NOON + 61 * DAY)):
        platform = Platform(daily=costs(2, until=now.date() - DAY))
        sync(ledger, configured(platform), now=now, run_id=f"r{number + 2}")
        asked.append(platform.days_asked)

    assert asked[:3] == [UNITS, UNITS[2:], ["2026-10-08..2026-10-14", "2026-10-15..2026-10-18"]]
    assert rows(ledger, "delivery", "day", "campaign_id", "cost_micros") == [
        (str(day), campaign, 2) for day in Window(FIRST, today + 60 * DAY) for campaign in ("c1", "c2")
    ]


def test_clock_that_goes_back_stores_what_came_and_keeps_the_history_in_order(ledger: Ledger) -> None:
    for number, (hours, cost, without) in enumerate(
        [(0, 1, ""), (30, 2, ""), (10, 3, ""), (10, 3, "c2"), (11, 4, ""), (31, 5, "")]
    ):
        platform = Platform(daily=costs(cost, without=without))
        now, run_id = NOON + hours * HOUR, f"r{number}"
        sync(ledger, configured(platform), now=now, run_id=run_id, last_day=FIRST, full=True)

    assert told(ledger, "delivery", "as_of") == [("c1", 5, "19:00"), ("c2", 5, "19:00")]
    assert told(ledger, "delivery_history", "as_of", "superseded_at") == [
        ("c1", 1, "12:00", "18:00"),
        ("c1", 2, "18:00", "18:00"),
        ("c1", 3, "18:00", "18:00"),
        ("c1", 4, "18:00", "19:00"),
        ("c2", 1, "12:00", "18:00"),
        ("c2", 2, "18:00", "18:00"),
        ("c2", 3, "18:00", "18:00"),
        ("c2", 4, "18:00", "19:00"),
    ]
    assert [believed_costs(ledger, NOON + hours * HOUR) for hours in (0, 10, 29, 30, 31)] == [
        [1, 1],
        [1, 1],
        [1, 1],
        [4, 4],
        [5, 5],
    ]


def told(ledger: Ledger, table: str, *instants: str) -> list[tuple[object, ...]]:
    hours = ", ".join(f"substr({name}, 12, 5)" for name in instants)
    found = ledger.conn.execute(f"SELECT campaign_id, cost_micros, {hours} FROM {table} ORDER BY 1, 2")
    return found.fetchall()


def believed_costs(ledger: Ledger, at: datetime) -> list[object]:
    return [cost for _, _, cost in believed(ledger, at)]
