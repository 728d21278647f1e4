"""How far the data reaches: every day's state, and what did not come."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from adtally.calendar import DAY, Window, to_ordinal
from adtally.connector import Report, Unit
from adtally.engine.day_states import SIGNS, FeedStatus, Status, Trouble
from adtally.engine.status import read_status
from adtally.errors import AuthError, ContractError, DeniedError, NotOffered
from adtally.ledger import Ledger
from adtally.ledger.units import Attempt, record_done
from adtally.records import Campaign, Delivery

from ..ledger.feeds import delivery, feed, put, report
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
            ),
        ),
        troubles=(),
        seen_twice=(),
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

    assert [signs(status, number) for number in (0, 1)] == ["xxxxxxx?", "--------"]
    assert set(status.feeds[0].days.values()) == {"denied", "missing"}
    assert [(trouble.account_id, trouble.status) for trouble in status.troubles] == [
        ("1", "denied"),
        ("2", "not_offered"),
    ]


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
