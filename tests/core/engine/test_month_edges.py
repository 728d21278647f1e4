"""Hours are asked for around the ends of months, countries by months that are over."""

from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st

from adtally.calendar import DAY, Window, local_day, month, month_edges
from adtally.connector import Connector, Report, Unit, pulls
from adtally.engine.day_states import Expiring
from adtally.engine.plan import plan
from adtally.engine.status import read_status
from adtally.ledger import Ledger
from adtally.ledger.units import Cell
from adtally.records import CountryCost, HourlyCost, Record

from ..ledger.feeds import feed
from .fetches import fetched as came
from .test_plan import INSTANTS, ZONES, fetched, horizon, windows

SEPTEMBER_EDGE, OCTOBER_EDGE = "2026-09-29..2026-10-02", "2026-10-30..2026-11-02"


class Hourly(Connector):
    name = "hourly"
    base_url: str = "https://api.hourly.example"

    @pulls(HourlyCost, restated_days=3)
    def campaign_hourly(self, unit: Unit) -> None: ...

    @pulls(CountryCost, restated_days=3, retention_days=95)
    def country_monthly(self, unit: Unit) -> None: ...


def declared(record: type[Record], *, retention_days: int | None = None) -> Report:
    hours, countries = Hourly.declared()
    cadence = {HourlyCost: hours, CountryCost: countries}[record]
    return Report(
        name=cadence.name,
        records=(record,),
        cadence=cadence.cadence,
        grain="campaign",
        max_days=31,
        restated_days=3,
        final_after={"cost": 3, "clicks": 3, "conversions": 3},
        retention_days=retention_days,
    )


HOURS, COUNTRIES = declared(HourlyCost), declared(CountryCost)


def test_the_kind_of_record_says_when_it_is_asked_for() -> None:
    assert [(report.name, report.cadence, report.by_days) for report in Hourly.declared()] == [
        ("campaign_hourly", "edges", True),
        ("country_monthly", "monthly", False),
    ]


def test_hours_are_asked_for_two_days_on_both_sides_of_each_month_end() -> None:
    asked = plan(HOURS, {}, horizon(date(2026, 7, 15), date(2026, 11, 10)))

    assert windows(list(asked)) == [
        "2026-07-30..2026-08-02",
        "2026-08-30..2026-09-02",
        SEPTEMBER_EDGE,
        OCTOBER_EDGE,
    ]


def test_an_edge_of_which_one_side_is_not_wanted_is_not_asked_for() -> None:
    whole = horizon(date(2026, 10, 1), date(2026, 12, 24), last_day=date(2026, 11, 30))
    cut = horizon(date(2026, 9, 30), date(2026, 12, 24), last_day=date(2026, 11, 1))

    assert windows(list(plan(HOURS, {}, whole))) == [OCTOBER_EDGE]
    assert windows(list(plan(HOURS, {}, cut))) == ["2026-09-30..2026-10-02", "2026-10-30..2026-11-01"]


def test_a_running_edge_grows_and_is_final_when_it_no_longer_moves() -> None:
    known: dict[int, Cell] = {}
    asked: dict[str, list[str]] = {}
    for day in range(30, 38):
        today = date(2026, 10, 1) + (day - 1) * DAY
        planned = list(plan(HOURS, known, horizon(date(2026, 10, 5), today)))
        known = fetched(known, planned, today)
        asked[f"{today:%m-%d}"] = windows(planned)

    assert asked == {
        "10-30": [],
        "10-31": ["2026-10-30..2026-10-30"],
        "11-01": ["2026-10-30..2026-10-31"],
        "11-02": ["2026-10-30..2026-11-01"],
        "11-03": [OCTOBER_EDGE],
        "11-04": [OCTOBER_EDGE],
        "11-05": [OCTOBER_EDGE],
        "11-06": [OCTOBER_EDGE],
    }
    assert list(plan(HOURS, known, horizon(date(2026, 10, 5), date(2026, 11, 20)))) == []


def test_hours_that_the_platform_no_longer_keeps_are_not_asked_for() -> None:
    kept = declared(HourlyCost, retention_days=8)

    planned = list(plan(kept, {}, horizon(date(2026, 9, 1), date(2026, 11, 8))))

    assert windows(planned) == ["2026-10-31..2026-11-02"]


@given(zone=ZONES, instant=INSTANTS, back=st.integers(0, 200), last=st.none() | st.integers(0, 100))
def test_every_wanted_day_of_an_edge_lies_in_exactly_one_cell(
    zone: str, instant: datetime, back: int, last: int | None
) -> None:
    today = local_day(instant, zone)
    first_day = today - timedelta(days=back)
    last_day = None if last is None else first_day + timedelta(days=last)

    planned = list(plan(HOURS, {}, horizon(first_day, today, last_day=last_day)))

    days = [day for unit in planned for day in unit.window]
    assert (
        len(days) == len({*days}) == len({*days} & {day for day in Window(first_day, today) if day < today})
    )
    for day in Window(first_day, max(first_day, min(today - DAY, last_day or date.max))):
        ends = (day + 2 * DAY).month != day.month
        begins = day.day <= 2
        earlier = begins and first_day < day.replace(day=1)
        later = ends and (last_day is None or last_day >= (day + 2 * DAY).replace(day=1))
        assert (day in days) == (day < today and (earlier or later))


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
def test_edges_are_four_days_and_lie_in_two_months(first: date, days: int) -> None:
    window = Window(first, first + timedelta(days=days))

    edges = list(month_edges(window))

    assert [edge.days for edge in edges] == [4] * len(edges)
    assert all(edge.last_day.day == 2 and edge.first_day.month != edge.last_day.month for edge in edges)
    assert len(edges) == (window.last_day.year - first.year) * 12 + window.last_day.month - first.month


def test_countries_are_asked_for_when_their_month_is_over_and_while_it_moves() -> None:
    known: dict[int, Cell] = {}
    asked: dict[str, list[str]] = {}
    for today in (*(date(2026, 10, day) for day in (1, 2, 3, 4, 5)), date(2026, 10, 31), date(2026, 11, 1)):
        planned = list(plan(COUNTRIES, known, horizon(date(2026, 9, 20), today)))
        known = fetched(known, planned, today)
        asked[f"{today:%m-%d}"] = windows(planned)

    september, october = str(month("2026-09")), str(month("2026-10"))
    assert asked == {
        "10-01": [september],
        "10-02": [september],
        "10-03": [september],
        "10-04": [september],
        "10-05": [],
        "10-31": [],
        "11-01": [october],
    }


def test_a_month_of_which_the_platform_has_forgotten_a_day_is_not_asked_for() -> None:
    kept = declared(CountryCost, retention_days=40)

    planned = list(plan(kept, {}, horizon(date(2026, 8, 1), date(2026, 11, 10))))

    assert windows(planned) == [str(month("2026-10"))]


def expiring(ledger: Ledger, window: Window, today: date) -> list[Expiring]:
    return list(read_status(ledger, window, today).retention)


def test_only_days_of_edges_are_told_to_be_lost_soon(ledger: Ledger) -> None:
    feed(ledger, declared(HourlyCost, retention_days=95))

    [found] = expiring(ledger, Window(date(2026, 8, 1), date(2026, 11, 10)), date(2026, 11, 10))

    assert (found.first_day, found.last_day, found.days) == (date(2026, 8, 30), date(2026, 9, 2), 4)


def test_edges_that_are_here_and_days_between_them_are_not_lost(ledger: Ledger) -> None:
    today = date(2026, 11, 10)
    into = feed(ledger, declared(HourlyCost, retention_days=95))
    came(ledger, into, [], window=Window(date(2026, 8, 30), date(2026, 9, 2)), on=today)

    assert expiring(ledger, Window(date(2026, 8, 1), today), today) == []
    assert expiring(ledger, Window(date(2026, 9, 1), date(2026, 9, 20)), today) == []


def test_countries_of_whole_months_alone_are_told_to_be_lost_soon(ledger: Ledger) -> None:
    feed(ledger, declared(CountryCost, retention_days=80))

    [found] = expiring(ledger, Window(date(2026, 8, 1), date(2026, 11, 10)), date(2026, 11, 10))

    assert (found.first_day, found.stops_on) == (date(2026, 9, 1), date(2026, 11, 21))


def test_hours_and_countries_are_no_days_of_delivery(ledger: Ledger) -> None:
    feed(ledger, HOURS)
    feed(ledger, COUNTRIES)

    status = read_status(ledger, Window(date(2026, 8, 1), date(2026, 11, 10)), date(2026, 11, 10))

    assert (status.feeds, status.troubles, status.sums) == ((), (), ())
