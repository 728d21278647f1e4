"""A sync that is cut short leaves a ledger that the next one completes, as if nothing had happened."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from adtally.connector import Unit
from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.records import Delivery, Interaction

from .north import UNITS, Platform, account, configured, every_day, everything, rows, sync

KILLED = """
import os, signal, sys
from pathlib import Path
from adtally.ledger import Ledger
from tests.core.engine.test_interruption import accounts
from tests.core.engine.north import configured, sync

left = int(sys.argv[2])

def count(statement):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

with Ledger(Path(sys.argv[1])) as ledger:
    ledger.conn.set_trace_callback(count)
    sync(ledger, configured(accounts()))
print("done", left)
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _usual_interrupt() -> Iterator[None]:
    """Whatever the command line made of the signal in this process before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def accounts() -> Platform:
    """Two accounts with all kinds of rows."""

    def actions(unit: Unit) -> Iterator[Interaction]:
        for day in unit.window:
            yield Interaction(day=day, action="buy", kind="purchase", quantity_micros=1_000_000)

    return Platform(accounts=[account("1"), account("2")], actions=actions)


def undisturbed(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with Ledger(folder / "undisturbed.db") as ledger:
        sync(ledger, configured(accounts()))
        return everything(ledger)


def test_interrupt_while_workers_wait_keeps_what_came_and_nothing_half(tmp_path: Path) -> None:
    go_on = threading.Event()
    connector = configured(accounts())

    def interrupted(unit: Unit) -> Iterable[Delivery]:
        for number, record in enumerate(every_day(unit)):
            if str(unit.window) == UNITS[1] and number == 3:
                with connector.connector.http.baton.parted():
                    signal.raise_signal(signal.SIGINT)
                    go_on.wait(5)
            yield record

    platform = accounts()
    platform.daily = interrupted
    connector.connector._platform = platform  # type: ignore[attr-defined]
    path = tmp_path / "adtally.db"
    with Ledger(path) as ledger:
        with pytest.raises(KeyboardInterrupt):
            sync(ledger, connector, workers=1)
        go_on.set()

        assert rows(ledger, "runs", "run_id", "status", "finished_at") == [
            ("r1", "interrupted", "2026-10-12T12:00:00Z")
        ]
        came = platform.asked[:-1]
        assert platform.asked[-1].endswith(f"campaign_daily {UNITS[1]}")
        stored = rows(ledger, "units", "account_id", "report", "first_day", "last_day", "status")
        assert sorted(f"{id_} {report} {first}..{last}" for id_, report, first, last, _ in stored) == sorted(
            came
        )
        assert {status for *_, status in stored} == {"done"}
        assert len(rows(ledger, "delivery", "day")) == 7 * len(came)

        run = sync(ledger, configured(accounts()), run_id="r2")

        assert run.exit_code == 0
        assert everything(ledger) == undisturbed(tmp_path)


def test_workers_that_wait_end_without_another_thought(tmp_path: Path) -> None:
    """Whoever waits for the network when the sync is called off comes back to a closed door."""
    waits, go_on, came_back = threading.Event(), threading.Event(), list[str]()
    others = set(threading.enumerate())
    connector = configured()

    def waiting(unit: Unit) -> Iterable[Delivery]:
        with connector.connector.http.baton.parted():
            waits.set()
            go_on.wait(5)
        came_back.append(str(unit.window))
        return every_day(unit)

    def interrupt(unit: Unit) -> Iterable[Delivery]:
        with south.connector.http.baton.parted():
            waits.wait(5)
            signal.raise_signal(signal.SIGINT)
            go_on.wait(5)
        return every_day(unit)

    connector.connector._platform = Platform(daily=waiting)  # type: ignore[attr-defined]
    south = configured(Platform(daily=interrupt, accounts=[account("2")]), "south")
    with Ledger(tmp_path / "adtally.db") as ledger:
        with pytest.raises(KeyboardInterrupt):
            sync(ledger, connector, south)
        before = threading.active_count()
        go_on.set()
        for thread in set(threading.enumerate()) - others:
            thread.join(5)

        assert threading.active_count() < before
        assert came_back == []
        assert rows(ledger, "delivery", "day") == []


@pytest.mark.parametrize("statements", [3, 17, 40, 41, 42, 43, 44, 61, 90, 120])
def test_killed_sync_is_completed_by_the_next_one(tmp_path: Path, statements: int) -> None:
    path = tmp_path / "adtally.db"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(statements)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr

    with Ledger(path) as ledger:
        assert ledger.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        run = sync(ledger, configured(accounts()), run_id="r2")

        assert run.exit_code == 0
        assert everything(ledger) == undisturbed(tmp_path)
        assert rows(ledger, "runs", "run_id", "status") in (
            [("r1", "interrupted"), ("r2", "done")],
            [("r2", "done")],
        )


def test_second_sync_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    path = tmp_path / "adtally.db"
    told = list[str]()

    def meanwhile(unit: Unit) -> Iterable[Delivery]:
        with Ledger(path) as second, pytest.raises(LedgerError) as caught:
            sync(second, configured(), run_id="r2")
        told.append(str(caught.value))
        return every_day(unit)

    with Ledger(path) as ledger:
        run = sync(ledger, configured(Platform(daily=meanwhile)), run_id="r1", last_day=date(2026, 9, 30))

    assert told == [f"{path}: a sync is already running (run r1 since 2026-10-12T12:00:00Z); wait for it"]
    assert run.exit_code == 0
