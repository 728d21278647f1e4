"""Which units are asked for: every wanted day in one cell, final ones never again."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, strategies as st

from adtally.calendar import DAY, Window, cells, local_day, to_ordinal
from adtally.connector import Report
from adtally.engine.plan import Horizon, Planned, plan
from adtally.ledger.units import Cell
from adtally.records import Campaign, Delivery, Invoice, Record

FIRST, TODAY = date(2026, 9, 3), date(2026, 10, 12)
DAILY: tuple[type[Record], ...] = (Delivery,)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo"]
)
INSTANTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def report(
    records: tuple[type[Record], ...] = DAILY,
    *,
    max_days: int = 7,
    restated_days: int = 3,
    retention_days: int | None = None,
) -> Report:
    cadence = {Delivery: "daily", Invoice: "monthly", Campaign: "snapshot"}[records[0]]
    return Report(
        name="campaign_daily",
        records=records,
        cadence=cadence,  # type: ignore[arg-type]
        grain="campaign",
        max_days=max_days,
        restated_days=restated_days,
        final_after={"cost": restated_days, "clicks": restated_days, "conversions": restated_days},
        retention_days=retention_days,
    )


def horizon(
    first_day: date = FIRST, today: date = TODAY, *, last_day: date | None = None, full: bool = False
) -> Horizon:
    return Horizon(first_day, last_day, today, full)


def fetched(known: dict[int, Cell], planned: list[Planned], today: date) -> dict[int, Cell]:
    """The cells as they are after these units came."""
    return known | {unit.cell: Cell("done", unit.covers, today, {}, "") for unit in planned}


def windows(planned: list[Planned]) -> list[str]:
    return [str(unit.window) for unit in planned]


def test_never_synced_account_is_asked_for_every_day_until_yesterday() -> None:
    planned = list(plan(report(), {}, horizon()))

    assert windows(planned) == [
        "2026-09-03..2026-09-09",
        "2026-09-10..2026-09-16",
        "2026-09-17..2026-09-23",
        "2026-09-24..2026-09-30",
        "2026-10-01..2026-10-07",
        "2026-10-08..2026-10-11",
    ]


def test_final_cells_are_not_asked_for_again_and_the_last_one_grows() -> None:
    known = fetched({}, list(plan(report(), {}, horizon())), TODAY)

    days = [windows(list(plan(report(), known, horizon(today=TODAY + n * DAY)))) for n in range(4)]

    assert days == [
        ["2026-10-08..2026-10-11"],
        ["2026-10-08..2026-10-12"],
        ["2026-10-08..2026-10-13"],
        ["2026-10-08..2026-10-14"],
    ]


def test_cell_is_final_once_fetched_after_its_last_day_is_no_longer_restated() -> None:
    cell = Window(date(2026, 10, 1), date(2026, 10, 7))
    key = next(plan(report(), {}, horizon(cell.first_day))).cell

    asked = [
        [
            str(unit.window)
            for unit in plan(report(), {key: Cell("done", cell, done_on, {}, "")}, horizon(cell.first_day))
            if unit.cell == key
        ]
        for done_on in (date(2026, 10, 10), date(2026, 10, 11))
    ]

    assert asked == [["2026-10-01..2026-10-07"], []]


def test_days_that_a_clock_ahead_of_today_has_noted_are_not_taken_for_final() -> None:
    known = fetched({}, list(plan(report(), {}, horizon(today=date(2026, 12, 24)))), date(2026, 12, 24))

    planned = list(plan(report(), known, horizon()))

    assert planned == list(plan(report(), {}, horizon()))
    assert windows(list(plan(report(), fetched(known, planned, TODAY), horizon()))) == [
        "2026-10-08..2026-10-11"
    ]


def test_bills_that_a_clock_ahead_of_today_has_noted_are_not_taken_for_final() -> None:
    bills, first_day = report((Invoice,)), date(2026, 7, 1)
    later = date(2027, 3, 1)
    known = fetched({}, list(plan(bills, {}, horizon(first_day, later))), later)

    assert list(plan(bills, known, horizon(first_day))) == list(plan(bills, {}, horizon(first_day)))


def test_failed_unit_is_asked_for_again_though_its_days_were_final() -> None:
    known = fetched({}, list(plan(report(), {}, horizon(last_day=date(2026, 9, 16)))), TODAY)
    key, cell = next(iter(known.items()))
    known[key] = Cell("failed", cell.covered, cell.done_on, {}, "cut")

    assert windows(list(plan(report(), known, horizon(last_day=date(2026, 9, 16))))) == [
        "2026-09-03..2026-09-09"
    ]


def test_lower_first_day_asks_for_the_union_of_the_cell() -> None:
    known = fetched({}, list(plan(report(), {}, horizon(date(2026, 9, 5)))), TODAY)

    planned = list(plan(report(), known, horizon(date(2026, 9, 4), last_day=date(2026, 9, 20))))

    assert windows(planned) == ["2026-09-04..2026-09-09"]


def test_higher_first_day_forgets_nothing_of_the_cell() -> None:
    known = fetched({}, list(plan(report(), {}, horizon())), TODAY)

    planned = list(plan(report(), known, horizon(date(2026, 9, 7), last_day=date(2026, 9, 7), full=True)))

    assert [(str(unit.window), str(unit.covers)) for unit in planned] == [
        ("2026-09-03..2026-09-09", "2026-09-03..2026-09-09")
    ]


def test_full_asks_for_final_days_too() -> None:
    known = fetched({}, list(plan(report(), {}, horizon())), TODAY)

    assert windows(list(plan(report(), known, horizon(full=True)))) == windows(
        list(plan(report(), {}, horizon()))
    )


def test_platform_is_not_asked_for_days_that_it_no_longer_keeps() -> None:
    kept = report(retention_days=10)

    assert windows(list(plan(kept, {}, horizon()))) == ["2026-10-02..2026-10-07", "2026-10-08..2026-10-11"]


def test_stored_days_that_the_platform_no_longer_keeps_stay_covered() -> None:
    kept = report(restated_days=30, retention_days=10)
    known = fetched({}, list(plan(report(restated_days=30), {}, horizon())), TODAY)

    planned = list(plan(kept, known, horizon()))

    assert [(str(unit.window), str(unit.covers)) for unit in planned] == [
        ("2026-10-02..2026-10-07", "2026-10-01..2026-10-07"),
        ("2026-10-08..2026-10-11", "2026-10-08..2026-10-11"),
    ]


def test_days_lost_between_two_fetches_are_not_counted_as_covered() -> None:
    kept = report(max_days=10, retention_days=3)
    [cell] = cells(Window(date(2026, 9, 4), date(2026, 9, 13)), 10)
    stored = Cell("done", Window(cell.first_day, date(2026, 9, 6)), date(2026, 9, 7), {}, "")

    [unit] = plan(kept, {to_ordinal(cell.first_day): stored}, horizon(today=cell.last_day))

    assert (str(unit.window), str(unit.covers)) == ("2026-09-10..2026-09-12", "2026-09-10..2026-09-12")


def test_bills_are_asked_for_by_month_until_60_days_after() -> None:
    bills = report((Invoice,))
    known: dict[int, Cell] = {}
    asked: dict[str, list[str]] = {}
    for today in (date(2026, 10, 12), date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)):
        planned = list(plan(bills, known, horizon(date(2026, 9, 20), today)))
        asked[str(today)] = [str(unit.window.first_day) for unit in planned]
        known = fetched(known, planned, today)

    assert asked == {
        "2026-10-12": ["2026-09-01", "2026-10-01"],
        "2026-11-29": ["2026-09-01", "2026-10-01", "2026-11-01"],
        "2026-11-30": ["2026-09-01", "2026-10-01", "2026-11-01"],
        "2026-12-01": ["2026-10-01", "2026-11-01", "2026-12-01"],
    }


def test_snapshot_is_taken_once_a_day() -> None:
    entities = report((Campaign,))
    planned = list(plan(entities, {}, horizon()))
    known = fetched({}, planned, TODAY)

    assert windows(planned) == ["2026-10-12..2026-10-12"]
    assert list(plan(entities, known, horizon())) == []
    assert windows(list(plan(entities, known, horizon(full=True)))) == ["2026-10-12..2026-10-12"]
    assert windows(list(plan(entities, known, horizon(today=TODAY + DAY)))) == ["2026-10-13..2026-10-13"]


def test_failed_snapshot_is_taken_again_the_same_day() -> None:
    [unit] = plan(report((Campaign,)), {}, horizon())

    assert windows(
        list(plan(report((Campaign,)), {unit.cell: Cell("failed", None, None, {}, "")}, horizon()))
    ) == ["2026-10-12..2026-10-12"]


def test_nothing_is_asked_for_before_the_first_day_is_over() -> None:
    assert list(plan(report(), {}, horizon(TODAY))) == []
    assert list(plan(report((Invoice,)), {}, horizon(TODAY + DAY))) == []


@given(
    zone=ZONES,
    instant=INSTANTS,
    back=st.integers(1, 200),
    max_days=st.integers(1, 40),
    restated_days=st.integers(0, 40),
    last=st.none() | st.integers(0, 100),
)
def test_every_wanted_day_lies_in_exactly_one_unit(
    zone: str, instant: datetime, back: int, max_days: int, restated_days: int, last: int | None
) -> None:
    today = local_day(instant, zone)
    first_day = today - timedelta(days=back)
    last_day = None if last is None else first_day + timedelta(days=last)
    asked = horizon(first_day, today, last_day=last_day)

    planned = list(plan(report(max_days=max_days, restated_days=restated_days), {}, asked))

    end = min(last_day or date.max, today - DAY)
    wanted = list(Window(first_day, end)) if first_day <= end else []
    assert [day for unit in planned for day in unit.window] == wanted
    assert all(unit.window.days <= max_days for unit in planned)
