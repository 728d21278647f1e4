"""A sync as a whole: what it asks for, what it stores, what it tells."""

from datetime import date, timedelta

from adtally.calendar import Window
from adtally.engine.summary import Failure, Progress, Run, UnitCounts, UnitEnd
from adtally.errors import (
    AuthError,
    ContractError,
)
from adtally.ledger import Ledger

from .north import (
    FIRST,
    NOON,
    UNITS,
    Platform,
    account,
    configured,
    refused,
    rows,
    sync,
)


def test_first_sync_fetches_every_report_of_every_account(ledger: Ledger) -> None:
    platform = Platform(accounts=[account("2"), account("1")])

    run = sync(ledger, configured(platform), workers=1)

    assert run == Run(
        run_id="r1",
        units=UnitCounts(done=10),
        rows={"delivery": 36, "interactions": 0, "campaigns": 2},
        seconds=run.seconds,
        planned=10,
        started=1,
    )
    assert run.exit_code == 0
    assert platform.days_asked == [unit for unit in UNITS for _ in ("1", "2")]
    assert rows(ledger, "runs", "run_id", "command", "started_at", "finished_at", "status") == [
        ("r1", "sync", "2026-10-12T12:00:00Z", "2026-10-12T12:00:00Z", "done")
    ]
    assert rows(ledger, "delivery", "connector", "account_id", "day", "currency", "cost_micros") == [
        ("north", id_, str(day), "EUR", 1_000_000)
        for id_ in ("1", "2")
        for day in Window(FIRST, date(2026, 10, 11))
    ]


def test_second_sync_asks_only_for_what_is_restated_and_changes_nothing(ledger: Ledger) -> None:
    platform = Platform()
    sync(ledger, configured(platform))
    platform.asked.clear()

    run = sync(ledger, configured(platform), now=NOON + timedelta(hours=6), run_id="r2")

    assert platform.asked == ["1 campaign_daily 2026-10-08..2026-10-11"]
    assert (run.units, run.rows) == (UnitCounts(done=1), {"delivery": 0})
    assert rows(ledger, "delivery", "as_of")[-1] == ("2026-10-12T12:00:00Z",)


def test_full_asks_for_everything_again(ledger: Ledger) -> None:
    platform = Platform()
    sync(ledger, configured(platform))
    platform.asked.clear()

    sync(ledger, configured(platform), full=True, run_id="r2")

    assert platform.days_asked == UNITS
    assert "1 campaigns 2026-10-12..2026-10-12" in platform.asked


def test_day_is_the_accounts_own(ledger: Ledger) -> None:
    platform = Platform(
        accounts=[account("1", timezone="Pacific/Kiritimati"), account("2", timezone="Pacific/Pago_Pago")]
    )

    sync(ledger, configured(platform))

    assert [asked for asked in platform.asked if "2026-10-08" in asked] == [
        "1 campaign_daily 2026-10-08..2026-10-12",
        "2 campaign_daily 2026-10-08..2026-10-11",
    ]


def test_dry_run_counts_the_units_and_leaves_no_trace(ledger: Ledger) -> None:
    platform = Platform()

    run = sync(ledger, configured(platform), dry_run=True)

    assert (run.planned, run.units, platform.asked) == (5, UnitCounts(), [])
    assert [list(ledger.db[table].rows) for table in ("accounts", "feeds", "units", "runs")] == [
        [],
        [],
        [],
        [],
    ]


def test_progress_is_told_what_happens(ledger: Ledger) -> None:
    told = list[tuple[object, ...]]()

    class Told(Progress):
        def started(self, connector: str, accounts: int, units: int) -> None:
            told.append(("started", connector, accounts, units))

        def unit_ended(self, end: UnitEnd) -> None:
            told.append((end.status, end.connector, end.account_id, end.report, end.rows, end.error))

        def failed(self, failure: Failure) -> None:
            told.append(("failed", failure.connector, failure.message))

        def finished(self, connector: str) -> None:
            told.append(("finished", connector))

    platform = Platform(daily=refused("2026-09-24", ContractError("cut")))
    sync(
        ledger,
        configured(platform),
        configured(Platform(accounts=[]), "south"),
        configured(Platform(refuses=AuthError("expired")), "west"),
        workers=1,
        progress=Told(),
        last_day=FIRST,
    )

    assert told == [
        ("failed", "west", "expired"),
        ("started", "north", 1, 3),
        ("started", "south", 0, 0),
        ("finished", "south"),
        ("failed", "north", "1", "campaign_daily", 0, "cut"),
        ("done", "north", "1", "actions", 0, ""),
        ("done", "north", "1", "campaigns", 1, ""),
        ("finished", "north"),
    ]
