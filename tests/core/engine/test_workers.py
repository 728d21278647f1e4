"""Units side by side: more than there are workers, where reports are being made; none in another's way."""

import threading
from collections.abc import Iterator
from datetime import date

from pydantic import SecretStr

from adtally.baton import Baton
from adtally.connector import Unit
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.errors import ContractError
from adtally.ledger import Ledger
from adtally.records import Delivery

from .north import FIRST, NOON, North, Platform, account, configured, every_day, rows, sync


class Together(Baton):
    """A pause ends once so many units pause at the same time."""

    def __init__(self, together: int) -> None:
        super().__init__()
        self.meeting = threading.Barrier(together)

    def pause(self, seconds: float) -> None:
        with self.parted():
            self.meeting.wait(timeout=20)


def test_one_worker_has_many_reports_in_the_making(ledger: Ledger) -> None:
    platform = Platform(accounts=[account(str(n)) for n in range(5)])
    north = configured(platform)

    def daily(unit: Unit) -> Iterator[Delivery]:
        north.connector.http.pause(10)
        yield from every_day(unit)

    platform.daily = daily
    wishes = Wishes(first_day=FIRST, last_day=FIRST, workers=1)
    run = run_sync(ledger, [north], wishes, clock=lambda: NOON, baton=Together(5), run_id="r1")

    assert run.failures == []
    assert [id_ for (id_,) in rows(ledger, "delivery", "account_id")] == ["0", "1", "2", "3", "4"]


def test_first_unit_of_a_report_goes_alone_and_the_others_side_by_side(ledger: Ledger) -> None:
    """Of three windows the last two meet; the first would wait for ever."""
    platform = Platform()
    north = configured(platform)
    firsts = list[str]()

    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.window.first_day == FIRST:
            firsts.append("alone")
        else:
            assert rows(ledger, "delivery", "day")[-1:] == [("2026-09-30",)]
            north.connector.http.pause(10)
        yield from every_day(unit)

    platform.daily = daily
    wishes = Wishes(first_day=FIRST, workers=2)
    run = run_sync(ledger, [north], wishes, clock=lambda: NOON, baton=Together(2), run_id="r1")

    assert (run.failures, firsts) == ([], ["alone"])
    assert len(rows(ledger, "delivery", "day")) == 18


def test_campaign_first_seen_by_a_unit_that_fails_is_stored_by_the_one_that_comes(ledger: Ledger) -> None:
    platform = Platform()
    north = configured(platform)

    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.window.first_day == FIRST:
            yield Delivery(day=FIRST, campaign_id="c0", impressions=1)
            return
        yield Delivery(day=unit.window.first_day, campaign_id="new", impressions=2)
        north.connector.http.pause(10)
        if unit.window.first_day == date(2026, 10, 1):
            raise ContractError("cut")

    platform.daily = daily
    wishes = Wishes(first_day=FIRST, workers=2)
    run = run_sync(ledger, [north], wishes, clock=lambda: NOON, baton=Together(2), run_id="r1")

    assert [failure.message for failure in run.failures] == ["cut"]
    assert rows(ledger, "delivery", "day", "campaign_id", "impressions") == [
        ("2026-09-24", "c0", 1),
        ("2026-10-08", "new", 2),
    ]


class Keyed(North):
    token: SecretStr = SecretStr("")


def test_connectors_of_one_set_of_credentials_keep_one_pace(ledger: Ledger) -> None:
    same, other = SecretStr("t0ken-a"), SecretStr("t0ken-b")
    connectors = [configured(kind=Keyed, name=name) for name in ("one", "two", "three")]
    for each, token in zip(connectors, (same, same, other), strict=True):
        object.__setattr__(each.connector, "token", token)

    sync(ledger, *connectors, last_day=FIRST)

    one, two, three = (each.connector.http.pace for each in connectors)
    assert one is two
    assert one is not three
