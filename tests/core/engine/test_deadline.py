"""A sync with a deadline stops in time, stores nothing by halves, and the next one goes on there."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec import Struct
from pydantic import SecretStr
from responses import RequestsMock

import adtally
from adtally.auth import Auth, header_auth
from adtally.baton import Baton
from adtally.connector import Connector, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.engine.summary import Failure, Progress, Run, UnitEnd
from adtally.ledger import Ledger
from adtally.records import Account, Delivery
from adtally.registry import Configured

from ..harbour import GOOD, Harbour, serve
from .north import FIRST, NOON, everything, failure, rows

SECONDS = 1.0
"""Enough for some answers on loopback."""


class Row(Struct):
    day: date
    campaign: str
    clicks: int


class Pages(Connector):
    """Three requests a unit, and the second is slow where the account is."""

    name = "harbour"
    base_url: str = "https://harbour.example"

    def auth(self) -> Auth:
        return header_auth("Authorization", SecretStr(GOOD), prefix="Bearer ")

    def accounts(self) -> list[Account]:
        ids = self.http.get("accounts", decode=list[str])
        return [Account(id=id_, currency="EUR", timezone="UTC") for id_ in ids]

    @pulls(Delivery, max_days=7, restated_days=3)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        for page in ("a", unit.account.id, "z"):
            path, query = f"stats/{page}", {"from": unit.window.first_day}
            for row in self.http.get(path, params=query, decode=list[Row]):
                yield Delivery(day=row.day, campaign_id=row.campaign, clicks=row.clicks)


class Waits(Baton):
    """Nobody waits; for how long it would have been is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = list[float]()

    def pause(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Ends(Progress):
    def __init__(self) -> None:
        self.units = list[tuple[str, str, str]]()

    def unit_ended(self, end: UnitEnd) -> None:
        self.units.append((end.account_id, str(end.first_day), end.status))


@pytest.fixture
def harbour() -> Iterator[Harbour]:
    with serve(Harbour(accounts=("1", "slow"))) as platform:
        yield platform


def sync(
    ledger: Ledger,
    url: str,
    *,
    seconds: float | None = None,
    baton: Baton | None = None,
    progress: Progress | None = None,
    run_id: str = "r1",
) -> Run:
    wishes = Wishes(first_day=FIRST, workers=1, seconds=seconds)
    connectors = [Configured("north", Pages(base_url=url), (), ("campaign",))]
    return run_sync(
        ledger, connectors, wishes, clock=lambda: NOON, progress=progress, baton=baton, run_id=run_id
    )


def stopped(left: str) -> Failure:
    message = f"the deadline came first, {left}; what came is stored, the next sync goes on there"
    return failure("DeadlineError", message, account_id="", report="", retry="adtally sync north")


def test_unit_in_hand_is_abandoned_at_its_next_request_and_the_next_sync_completes(
    harbour: Harbour, tmp_path: Path
) -> None:
    ends = Ends()
    with Ledger(tmp_path / "adtally.db") as ledger:
        threading.Timer(SECONDS + 0.2, harbour.go_on.set).start()
        run = sync(ledger, harbour.url, seconds=SECONDS, progress=ends)

        assert (run.failures, run.exit_code) == ([stopped("5 units are left")], 3)
        assert ends.units == [
            ("1", "2026-09-24", "done"),
            ("slow", "2026-09-24", "skipped"),
            ("1", "2026-10-01", "skipped"),
            ("slow", "2026-10-01", "skipped"),
            ("1", "2026-10-08", "skipped"),
            ("slow", "2026-10-08", "skipped"),
        ]
        assert rows(ledger, "delivery", "account_id", "day", "campaign_id") == [
            ("1", "2026-09-24", "1"),
            ("1", "2026-09-24", "a"),
            ("1", "2026-09-24", "z"),
        ]

        again = sync(ledger, harbour.url, run_id="r2")

        assert (again.exit_code, again.units.done) == (0, 5)
        with Ledger(tmp_path / "undisturbed.db") as undisturbed:
            sync(undisturbed, harbour.url)
            assert everything(ledger) == everything(undisturbed)


def test_wait_beyond_the_deadline_is_not_begun(tmp_path: Path) -> None:
    waits = Waits()
    with Ledger(tmp_path / "adtally.db") as ledger, RequestsMock() as platform:
        platform.get("https://harbour.example/accounts", json=["1"])
        platform.get("https://harbour.example/stats/a", status=429, headers={"Retry-After": "3600"})
        run = sync(ledger, "https://harbour.example", seconds=60, baton=waits)

        assert len(platform.calls) == 2

    assert waits.seconds == []
    assert [(found.error, found.account_id) for found in run.failures] == [
        ("TransientError", "1"),
        ("DeadlineError", ""),
    ]
    assert run.failures[1] == stopped("2 units are left")
    assert run.exit_code == 3


def test_wait_that_ends_before_the_deadline_is_waited_for(tmp_path: Path) -> None:
    waits = Waits()
    with Ledger(tmp_path / "adtally.db") as ledger, RequestsMock() as platform:
        platform.get("https://harbour.example/accounts", status=429, headers={"Retry-After": "30"})
        platform.get("https://harbour.example/accounts", json=[])
        run = sync(ledger, "https://harbour.example", seconds=60, baton=waits)

    assert [round(seconds) for seconds in waits.seconds] == [30, 30]
    assert run.exit_code == 0


def test_deadline_before_the_accounts_are_listed_leaves_nothing_to_start(
    harbour: Harbour, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        run = sync(ledger, harbour.url, seconds=1e-9)

    assert (run.failures, run.exit_code) == ([stopped("its accounts are not even listed")], 4)


def test_deadline_of_the_public_function_counts_from_its_start(harbour: Harbour, tmp_path: Path) -> None:
    settings = adtally.Settings.load(harbour.configure(tmp_path, first_day="2026-09-24", south=GOOD))
    with adtally.open_ledger(settings) as ledger:
        run = adtally.sync(
            settings,
            ledger,
            connectors=["north"],
            accounts=["1"],
            deadline=timedelta(minutes=1),
            clock=lambda: NOON,
        )

    assert (run.failures, run.units.done) == ([], 1)
