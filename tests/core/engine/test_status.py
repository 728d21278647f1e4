"""How far the data reaches: every day's state, and what did not come."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from adtally.calendar import DAY, Window, to_ordinal
from adtally.connector import Report, Unit
from adtally.engine.day_states import SIGNS, Drift, FeedStatus, MetricDrift, Status, Trouble
from adtally.engine.status import read_status
from adtally.errors import AuthError, ContractError, DeniedError, NotOffered
from adtally.ledger import Ledger
from adtally.ledger.units import Attempt, record_done
from adtally.records import Campaign, Delivery

from ..ledger.feeds import delivery, feed, put, report
from .fetches import fetched, turned_down
from .north import NOON, North, Platform, account, configured, every_day, refused, sync

TODAY = NOON.date()
ALL = Window(date(2026, 9, 22), TODAY)


class Daily(North):
    """The delivery alone."""

    def reports(self) -> list[Report]:
        return [report for report in self.declared() if report.name == "campaign_daily"]


def signs(status: Status, number: int = 0) -> str:
    """The states of a feed's days, one sign each."""
    return "".join(SIGNS[state] for state in status.feeds[number].days.values())


def states(ledger: Ledger, window: Window = ALL, today: date = TODAY) -> str:
    return signs(read_status(ledger, window, today))


def test_empty_ledger_has_nothing_to_tell(ledger: Ledger) -> None:
    assert read_status(ledger, ALL, TODAY) == Status(
        today=TODAY, as_of="", feeds=(), troubles=(), seen_twice=()
    )


def test_each_day_says_how_final_it_is(ledger: Ledger) -> None:
    quiet = {date(2026, 9, 24), date(2026, 9, 25), date(2026, 10, 3), date(2026, 10, 10)}

    def daily(unit: Unit) -> Iterator[Delivery]:
        yield from (record for record in every_day(unit) if record.day not in quiet)

    sync(ledger, configured(Platform(daily=daily), kind=Daily))

    status = read_status(ledger, Window(date(2026, 9, 23), date(2026, 10, 31)), TODAY)

    expected: dict[date, str] = dict.fromkeys(Window(date(2026, 9, 23), date(2026, 10, 11)), "final")
    expected |= {date(2026, 9, 23): "missing", date(2026, 9, 24): "inactive", date(2026, 9, 25): "inactive"}
    expected |= {date(2026, 10, 3): "zero"}
    expected |= dict.fromkeys(Window(date(2026, 10, 9), date(2026, 10, 11)), "restated")
    assert status == Status(
        today=TODAY,
        as_of="2026-10-12T12:00:00Z",
        feeds=(
            FeedStatus(
                connector="north",
                platform="northwind",
                account_id="1",
                account_name="",
                currency="EUR",
                timezone="UTC",
                report="campaign_daily",
                newest_complete_day=date(2026, 10, 11),
                days=expected,  # type: ignore[arg-type]
                counts={"missing": 1, "inactive": 2, "final": 12, "zero": 1, "restated": 3},
                rows=14,
            ),
        ),
        troubles=(),
        seen_twice=(),
        drift=(
            Drift(
                platform="northwind",
                restated_days=3,
                watched_until_days=None,
                metrics=tuple(
                    MetricDrift(metric=metric, final_after=3, moved_until_days=None, ages=())
                    for metric in ("cost", "clicks", "conversions")
                ),
                warning="",
            ),
        ),
    )


def test_days_become_final_by_a_later_fetch_not_by_waiting(ledger: Ledger) -> None:
    sync(ledger, configured(kind=Daily))

    waited = states(ledger, Window(date(2026, 10, 7), date(2026, 10, 16)), today=date(2026, 10, 17))
    sync(ledger, configured(kind=Daily), now=NOON + 5 * DAY, run_id="r2")
    fetched = states(ledger, Window(date(2026, 10, 7), date(2026, 10, 16)), today=date(2026, 10, 17))

    assert (waited, fetched) == ("..~~~?????", ".......~~~")


def test_unit_that_failed_shows_its_days_and_the_way_out(ledger: Ledger) -> None:
    platform = Platform(daily=refused("2026-10-01", ContractError("rows[3]: expected int")))

    sync(ledger, configured(platform, kind=Daily))
    status = read_status(ledger, ALL, TODAY)

    assert signs(status) == "??.......xxxxxxx.~~~"
    assert status.troubles == (
        Trouble(
            connector="north",
            account_id="1",
            report="campaign_daily",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 7),
            status="failed",
            message="rows[3]: expected int",
            retry="adtally sync north --account 1",
        ),
    )


def test_stored_days_stay_as_they_were_when_a_refetch_fails(ledger: Ledger) -> None:
    sync(ledger, configured(kind=Daily))

    sync(
        ledger, configured(Platform(daily=refused("2026-10-08", AuthError("renew"))), kind=Daily), run_id="r2"
    )
    status = read_status(ledger, ALL, TODAY)

    assert signs(status) == "??...............~~~"
    assert [(trouble.first_day, trouble.message) for trouble in status.troubles] == [
        (date(2026, 10, 8), "renew")
    ]


def test_units_with_one_cause_are_one_trouble(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterable[Delivery]:
        raise ContractError("refused" if unit.window.first_day < date(2026, 10, 8) else "cut")

    sync(ledger, configured(Platform(daily=daily), kind=Daily))
    troubles = read_status(ledger, ALL, TODAY).troubles

    assert [(str(t.first_day), str(t.last_day), t.message) for t in troubles] == [
        ("2026-09-24", "2026-10-07", "refused"),
        ("2026-10-08", "2026-10-11", "cut"),
    ]


def test_denied_and_not_offered_reports_are_told_apart(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterable[Delivery]:
        raise DeniedError("not permitted") if unit.account.id == "1" else NotOffered("no such report")

    platform = Platform(accounts=[account("1"), account("2")], daily=daily)
    sync(ledger, configured(platform, kind=Daily), last_day=date(2026, 9, 30))
    status = read_status(ledger, Window(date(2026, 9, 24), date(2026, 10, 1)), TODAY)

    assert [signs(status, number) for number in (0, 1)] == ["!!!!!!!?", "--------"]
    assert set(status.feeds[0].days.values()) == {"denied", "missing"}
    assert [(trouble.account_id, trouble.status) for trouble in status.troubles] == [
        ("1", "denied"),
        ("2", "not_offered"),
    ]


def test_report_that_was_planned_and_never_asked_for_is_there_with_its_days(ledger: Ledger) -> None:
    feed(ledger, report())

    status = read_status(ledger, Window(date(2026, 10, 10), TODAY), TODAY)

    assert [(row.counts, row.rows, row.newest_complete_day) for row in status.feeds] == [
        ({"missing": 2}, 0, None)
    ]


def test_rows_are_those_of_the_units_that_touch_the_window(ledger: Ledger) -> None:
    sync(ledger, configured(kind=Daily))

    counted = [
        read_status(ledger, window, TODAY).feeds[0].rows
        for window in (ALL, Window(date(2026, 10, 3), date(2026, 10, 4)), Window(TODAY, TODAY))
    ]

    assert counted == [18, 7, 0]


def test_six_answers_about_a_day_are_told_apart_in_the_document(ledger: Ledger) -> None:
    into = feed(ledger, report(restated_days=3))
    first, second = Window(date(2026, 10, 1), date(2026, 10, 2)), Window(date(2026, 10, 9), date(2026, 10, 9))
    fetched(ledger, into, [delivery(date(2026, 10, 1))], window=first, on=TODAY)
    fetched(ledger, into, [], window=second, on=TODAY)
    day = date(2026, 10, 3)
    turned_down(ledger, into, "failed", Window(day, day), on=TODAY)
    turned_down(ledger, into, "denied", Window(day + DAY, day + DAY), on=TODAY)

    document = msgspec.json.decode(
        msgspec.json.encode(read_status(ledger, Window(date(2026, 10, 1), date(2026, 10, 9)), TODAY))
    )

    days: dict[str, str] = document["feeds"][0]["days"]
    assert list(days.items()) == [
        ("2026-10-01", "final"),
        ("2026-10-02", "zero"),
        ("2026-10-03", "failed"),
        ("2026-10-04", "denied"),
        *((f"2026-10-0{number}", "missing") for number in range(5, 9)),
        ("2026-10-09", "restated"),
    ]
    assert document["feeds"][0]["counts"] == {
        "final": 1,
        "zero": 1,
        "failed": 1,
        "denied": 1,
        "missing": 4,
        "restated": 1,
    }


def test_each_state_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_snapshot_of_today_heals_the_failure_of_yesterday(ledger: Ledger) -> None:
    class Broken(North):
        def campaigns(self, unit: Unit) -> Iterator[Campaign]:
            raise ContractError(f"no campaigns for {unit.account.id}")

        campaigns.__report__ = North.campaigns.__report__  # type: ignore[attr-defined]

    sync(ledger, configured(kind=Broken))
    broken = read_status(ledger, ALL, TODAY).troubles
    sync(ledger, configured(), now=NOON + timedelta(days=1), run_id="r2")

    assert [trouble.message for trouble in broken] == ["no campaigns for 1"]
    assert read_status(ledger, ALL, TODAY + DAY).troubles == ()


def test_day_of_the_fetch_itself_is_partial(ledger: Ledger) -> None:
    into = feed(ledger, report("delivery:a.csv", cadence="file"))
    put(ledger, into, [delivery(TODAY)], window=None)
    window = Window(TODAY - DAY, TODAY)
    attempt = Attempt(into.feed, 0, window, "r1", NOON, NOON)
    record_done(ledger.conn, attempt, 1, TODAY)

    status = read_status(ledger, window, TODAY + DAY)

    assert to_ordinal(TODAY) - to_ordinal(window.first_day) == 1
    assert signs(status) == "-/"
    assert status.feeds[0].newest_complete_day == TODAY - DAY


def test_account_that_two_connectors_have_stored_is_told(ledger: Ledger) -> None:
    sync(ledger, configured(kind=Daily))
    sync(ledger, configured(Platform(), "south", kind=Daily), run_id="r2")

    assert read_status(ledger, ALL, TODAY).seen_twice == ("northwind account 1 is synced by north, south",)
