"""How far one failure reaches, and how it is told."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from adtally.calendar import Window
from adtally.connector import Report, Unit
from adtally.engine.summary import UnitCounts
from adtally.errors import (
    AuthError,
    ContractError,
    DeniedError,
    LedgerError,
    NotOffered,
    QuotaError,
    TransientError,
)
from adtally.ledger import Ledger
from adtally.records import Account, Delivery, Interaction

from .north import (
    FIRST,
    UNITS,
    North,
    Platform,
    account,
    configured,
    every_day,
    failure,
    refused,
    rows,
    sync,
)

SECRET = "s3cret-t0ken"


def test_unit_that_fails_is_reported_and_the_others_come(ledger: Ledger) -> None:
    platform = Platform(
        accounts=[account("1"), account("2")],
        daily=refused("2026-10-01", ContractError("rows[3].clicks: expected int"), account_id="1"),
    )

    run = sync(ledger, configured(platform))

    assert run.failures == [failure("ContractError", "rows[3].clicks: expected int", UNITS[1])]
    assert (run.units, run.exit_code) == (UnitCounts(done=9, failed=1), 3)
    assert rows(ledger, "units", "status", "account_id", "first_day", "error")[-1] == (
        "failed",
        "1",
        "2026-10-01",
        "rows[3].clicks: expected int",
    )
    assert rows(ledger, "runs", "status") == [("partial",)]


def test_next_sync_asks_for_the_failed_unit_and_no_other(ledger: Ledger) -> None:
    broken = Platform(daily=refused("2026-09-24", TransientError("the connection failed")))
    sync(ledger, configured(broken))
    healed = Platform()

    run = sync(ledger, configured(healed), run_id="r2")

    assert healed.asked == [f"1 campaign_daily {UNITS[0]}", f"1 campaign_daily {UNITS[2]}"]
    assert run.exit_code == 0
    assert len(rows(ledger, "delivery", "day")) == 18


def test_stream_that_breaks_leaves_the_old_rows(ledger: Ledger) -> None:
    sync(ledger, configured())

    def cut(unit: Unit) -> Iterator[Delivery]:
        yield Delivery(day=unit.window.first_day, campaign_id="c9", cost_micros=9)
        raise TransientError("the answer was cut after 10 of 20 bytes")

    run = sync(ledger, configured(Platform(daily=cut)), run_id="r2")

    assert run.failures == [failure("TransientError", "the answer was cut after 10 of 20 bytes", UNITS[2])]
    assert rows(ledger, "delivery", "campaign_id", "day") == [
        ("c1", str(day)) for day in Window(FIRST, date(2026, 10, 11))
    ]


def test_credentials_that_are_not_accepted_end_their_connector_and_no_other(ledger: Ledger) -> None:
    error = AuthError("the credentials are not accepted: renew access_token", status=401)
    bad = Platform(daily=refused("2026-09-24", error), accounts=[account("1"), account("2")])
    good = Platform(accounts=[account("8")])

    run = sync(ledger, configured(bad), configured(good, "south"), workers=1)

    assert bad.asked == [f"1 campaign_daily {UNITS[0]}"]
    assert run.failures == [failure("AuthError", str(error), UNITS[0])]
    assert (run.units, run.exit_code) == (UnitCounts(done=5, skipped=9, failed=1), 3)
    assert len(good.asked) == 5


def test_quota_that_is_gone_ends_the_connector(ledger: Ledger) -> None:
    error = QuotaError("the daily quota is used up until 2026-10-13T00:00:00Z")
    platform = Platform(daily=refused("2026-10-01", error))

    run = sync(ledger, configured(platform))

    assert platform.asked == [f"1 campaign_daily {window}" for window in UNITS[:2]]
    assert (run.units, run.exit_code) == (UnitCounts(done=1, skipped=3, failed=1), 3)


def test_quota_of_one_account_leaves_the_others_alone_and_says_when_it_returns(ledger: Ledger) -> None:
    error = QuotaError("the account's quota is used up", retry_after=1800, of_account=True)
    platform = Platform(
        accounts=[account("1"), account("2")], daily=refused(str(FIRST), error, account_id="1")
    )

    run = sync(ledger, configured(platform), workers=1)

    assert [(f.account_id, f.message, f.not_before) for f in run.failures] == [
        (
            "1",
            "the account's quota is used up; not before 2026-10-12T12:30:00Z",
            "2026-10-12T12:30:00Z",
        )
    ]
    assert run.units == UnitCounts(done=5, skipped=4, failed=1)
    assert {id_ for (id_,) in rows(ledger, "delivery", "account_id")} == {"2"}
    assert rows(ledger, "units WHERE error <> ''", "account_id", "error") == [("1", run.failures[0].message)]


def test_quotas_of_many_accounts_are_no_sign_of_a_platform_that_is_down(ledger: Ledger) -> None:
    ids = [str(number) for number in range(1, 8)]

    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.account.id != "7":
            raise QuotaError("the account's quota is used up", of_account=True)
        yield from every_day(unit)

    run = sync(ledger, configured(Platform(accounts=[account(id_) for id_ in ids], daily=daily)), workers=1)

    assert [failed.account_id for failed in run.failures] == ids[:6]
    assert {id_ for (id_,) in rows(ledger, "delivery", "account_id")} == {"7"}


def test_connector_whose_accounts_cannot_be_asked_leaves_the_others_alone(ledger: Ledger) -> None:
    bad, good = Platform(refuses=AuthError("renew access_token")), Platform()

    run = sync(ledger, configured(bad), configured(good, "south"))

    expected = failure(
        "AuthError", "renew access_token", account_id="", report="", retry="adtally sync north"
    )
    assert run.failures == [expected]
    assert (run.units.done, run.exit_code) == (5, 3)


@pytest.mark.parametrize(
    ("platforms", "code"),
    [
        ([Platform(refuses=AuthError("renew"))], 4),
        ([Platform(daily=refused("2026-09-24", AuthError("renew")))], 4),
        (
            [Platform(daily=refused("2026-09-24", AuthError("renew"))), Platform(refuses=AuthError("renew"))],
            4,
        ),
        ([Platform(refuses=AuthError("renew")), Platform(accounts=[])], 3),
        ([Platform(refuses=AuthError("renew")), Platform()], 3),
        ([Platform(accounts=[])], 0),
    ],
)
def test_exit_code_tells_some_from_nothing_at_all(
    ledger: Ledger, platforms: list[Platform], code: int
) -> None:
    connectors = [configured(platform, f"c{number}") for number, platform in enumerate(platforms)]

    assert sync(ledger, *connectors).exit_code == code


def test_only_unit_that_fails_by_its_contents_has_started(ledger: Ledger) -> None:
    def bad(_: Unit) -> Iterable[Delivery]:
        raise ContractError("a.csv line 3: not a whole number: 'x'")

    class Single(North):
        def reports(self) -> list[Report]:
            return [report for report in self.declared() if report.name == "campaign_daily"]

    run = sync(ledger, configured(Platform(daily=bad), kind=Single), last_day=FIRST)

    assert (run.units, run.exit_code) == (UnitCounts(failed=1), 3)


@pytest.mark.parametrize(
    ("error", "status", "failed"),
    [
        (NotOffered("no such report for this account"), "not_offered", 0),
        (DeniedError("not permitted"), "denied", 1),
    ],
)
def test_report_that_is_refused_for_good_is_not_asked_for_again_in_this_run(
    ledger: Ledger, error: Exception, status: str, failed: int
) -> None:
    def daily(unit: Unit) -> Iterable[Delivery]:
        if unit.account.id == "1":
            raise error
        return every_day(unit)

    platform = Platform(accounts=[account("1"), account("2")], daily=daily)

    run = sync(ledger, configured(platform), workers=1)

    assert [text for text in platform.asked if text.startswith("1")] == [
        f"1 campaign_daily {UNITS[0]}",
        "1 actions 2026-09-24..2026-10-11",
        "1 campaigns 2026-10-12..2026-10-12",
    ]
    assert [row for row in rows(ledger, "units", "account_id", "report", "status", "error") if row[3]] == [
        ("1", "campaign_daily", status, str(error)) for _ in UNITS
    ]
    assert (run.units.skipped, run.units.failed) == (3 - failed, failed)
    assert (len(run.failures), run.exit_code) == (failed, 3 if failed else 0)


def test_report_that_is_not_offered_is_noted(ledger: Ledger) -> None:
    def actions(_: Unit) -> Iterable[Interaction]:
        raise NotOffered("manager accounts have no actions")

    run = sync(ledger, configured(Platform(actions=actions)))

    assert run.notes == ["north/1: manager accounts have no actions"]


def test_connectors_own_mistake_is_told_without_the_values(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.window.first_day == FIRST:
            raise KeyError(SECRET)
        yield from every_day(unit)

    with caplog.at_level(logging.DEBUG):
        run = sync(ledger, configured(Platform(daily=daily)))

    [failed] = run.failures
    assert failed.error == "AdtallyError"
    assert failed.message.startswith("the connector failed with KeyError (daily, line ")
    assert run.units == UnitCounts(done=4, failed=1)
    assert SECRET not in caplog.text
    assert SECRET not in repr(list(ledger.db.query("SELECT * FROM units")))


def test_mistake_in_finding_the_accounts_leaves_the_others_alone(ledger: Ledger) -> None:
    run = sync(ledger, configured(Platform(refuses=KeyError(SECRET))), configured(Platform(), "south"))

    [failed] = run.failures
    assert failed.message.startswith("the connector failed with KeyError (accounts, line ")
    assert run.units.done == 5


def test_account_in_an_unknown_time_zone_leaves_the_others_alone(ledger: Ledger) -> None:
    platform = Platform(accounts=[account("1", timezone="Mars/Base"), account("2")])

    run = sync(ledger, configured(platform))

    message = "unknown time zone 'Mars/Base': expected an IANA name such as Europe/Berlin"
    assert run.failures == [failure("ContractError", message, report="")]
    assert run.units == UnitCounts(done=5)


def test_account_in_an_unknown_currency_is_refused_and_the_others_come(ledger: Ledger) -> None:
    strange = Account(id="1", currency="ZZZ", timezone="UTC")

    run = sync(ledger, configured(Platform(accounts=[strange, account("2")])), last_day=FIRST)

    assert [(failed.account_id, failed.message) for failed in run.failures] == [
        ("1", "unknown currency code 'ZZZ': expected ISO 4217, such as EUR")
    ]
    assert rows(ledger, "accounts", "account_id") == [("2",)]


def test_ledger_that_is_full_stops_the_sync(ledger: Ledger) -> None:
    pages = ledger.conn.execute("PRAGMA page_count").fetchone()[0]
    ledger.conn.execute(f"PRAGMA max_page_count = {pages + 4}")
    asked = list[str]()

    def daily(unit: Unit) -> Iterator[Delivery]:
        asked.append(unit.account.id)
        ledger.conn.execute(f"PRAGMA max_page_count = {pages + 4}")
        for number in range(2_000):
            yield Delivery(day=unit.window.first_day, campaign_id=f"campaign {number}", cost_micros=number)

    accounts = [Account(id=str(n), currency="EUR", timezone="UTC") for n in range(4)]
    with pytest.raises(LedgerError, match="the disk is full"):
        sync(ledger, configured(Platform(accounts=accounts, daily=daily)), workers=1)

    assert asked == ["0"]
    assert rows(ledger, "delivery", "day") == []


def test_platform_that_is_down_is_left_alone_after_a_few_units(ledger: Ledger) -> None:
    def down(_unit: Unit) -> Iterator[Delivery]:
        raise TransientError("refused for now")

    platform = Platform(daily=down)

    run = sync(ledger, configured(platform), first_day=date(2026, 6, 1))

    assert run.units.failed == len(platform.days_asked) == 5
    assert run.units.done + run.units.skipped == run.planned - 5
    assert run.exit_code == 3
