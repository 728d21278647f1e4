"""Accounts that are charged as they spend: what was charged between two balances."""

from datetime import date, datetime

import pytest

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.reconciliation.account_facts import Entry, RunningAccount
from adtally.records import Account, Balance, Invoice, InvoiceLine

from .told import Told, at, bill, facts, line, ran, sync

DUE = "amount_due"


def balance(when: datetime, amount: int, kind: str = DUE) -> Balance:
    return Balance(at=when, kind=kind, amount_micros=amount)


def charge(name: str, day: int | date, total: int, *lines: InvoiceLine, **fields: object) -> Invoice:
    issued = day if isinstance(day, date) else date(2026, 10, day)
    values = {"kind": "charge", "first_day": None, "last_day": None, "issue_day": issued, **fields}
    return bill(name, *lines, total_micros=total, **values)


def running(ledger: Ledger, *, month: str = "2026-10", **told: object) -> RunningAccount | None:
    sync(ledger, google=Told(**{"delivery": ran(*range(1, 32)), **told}))  # type: ignore[arg-type]
    found = facts(ledger, month=month).running
    assert len(found) < 2
    return found[0] if found else None


def entry(kind: str, key: str, day: date, amount: int, table: str = "invoices") -> Entry:
    return Entry(kind=kind, table=table, key=key, day=day, amount_micros=amount)  # type: ignore[arg-type]


def test_charges_between_two_balances_stand_beside_the_cost_of_those_days(ledger: Ledger) -> None:
    one = running(
        ledger,
        balances=[balance(at(1), 7), balance(at(16), 9), balance(at(1, month=11), 4)],
        invoices=[charge("CH-1", 3, 20), charge("CH-0", date(2026, 9, 30), 99), charge("CH-2", 31, 10)],
    )

    assert one == RunningAccount(
        connector="google",
        platform="google_ads",
        account_id="1",
        currency="USD",
        window=Window(date(2026, 10, 1), date(2026, 10, 31)),
        cost_micros=31_000_000,
        coverage=facts(ledger).accounts[0].coverage,
        opening_micros=7,
        open_micros=4,
        entries=(
            entry("opening", "google/1/2026-10-01T00:00:00Z/amount_due", date(2026, 9, 30), 7, "balances"),
            entry("open", "google/1/2026-11-01T00:00:00Z/amount_due", date(2026, 10, 31), 4, "balances"),
            entry("charge", "google/CH-1", date(2026, 10, 3), 20),
            entry("charge", "google/CH-2", date(2026, 10, 31), 10),
        ),
    )


def test_balance_counts_for_the_end_of_the_day_in_the_accounts_zone(ledger: Ledger) -> None:
    tokyo = Account(id="1", currency="USD", timezone="Asia/Tokyo")
    midnights = [balance(at(4, 15), 1), balance(at(20, 15), 2), balance(at(20, 16), 3)]

    one = running(ledger, accounts=[tokyo], balances=midnights, invoices=[charge("CH-1", 21, 5)])

    assert one
    assert one.window == Window(date(2026, 10, 5), date(2026, 10, 21))
    assert (one.opening_micros, one.open_micros, one.cost_micros) == (1, 3, 17_000_000)


def test_windows_of_neighbouring_months_touch(ledger: Ledger) -> None:
    instants = [at(10, month=9), at(20, month=9), at(25), at(20, month=11)]
    told = Told(
        delivery=ran(*range(1, 32)),
        balances=[balance(when, n) for n, when in enumerate(instants)],
        invoices=[charge("CH-1", 3, 5), charge("CH-2", 30, 6)],
    )
    sync(ledger, google=told)

    windows = {
        month: [
            (str(one.window), [entry.key for entry in one.entries if entry.kind == "charge"])
            for one in facts(ledger, month=month).running
        ]
        for month in ("2026-09", "2026-10", "2026-11")
    }

    assert windows == {
        "2026-09": [("2026-09-10..2026-09-19", [])],
        "2026-10": [("2026-09-20..2026-10-24", ["google/CH-1"])],
        "2026-11": [("2026-10-25..2026-11-19", ["google/CH-2"])],
    }


def test_one_balance_alone_has_no_beginning(ledger: Ledger) -> None:
    one = running(ledger, balances=[balance(at(20), 4)], invoices=[charge("CH-1", 3, 5)])

    assert one
    assert (str(one.window), one.opening_micros, one.open_micros) == ("2026-10-01..2026-10-19", None, 4)


def test_month_of_charges_without_a_balance_has_no_end(ledger: Ledger) -> None:
    one = running(
        ledger,
        balances=[balance(at(20, month=9), 4), balance(at(15, month=11), 5)],
        invoices=[charge("CH-1", 3, 5)],
    )

    assert one
    assert (str(one.window), one.opening_micros, one.open_micros) == ("2026-09-20..2026-10-31", 4, None)


def test_fees_tax_and_credits_are_told_apart_and_refunds_are_below_zero(ledger: Ledger) -> None:
    one = running(
        ledger,
        balances=[balance(at(1), 0), balance(at(31), 0)],
        invoices=[
            charge("A", 2, 130, fees_micros=10, tax_micros=20),
            charge(
                "B",
                3,
                115,
                line(100, "1"),
                line(5, "2", kind="fee"),
                line(20, "3", kind="tax"),
                line(-7, "4", kind="promotion"),
                line(-3, "5", kind="credit"),
            ),
            charge("C", 4, 50, kind="refund", tax_micros=-8),
            charge("D", 5, 90, adjustments_micros=-10),
        ],
    )

    assert one
    assert [(e.kind, e.key, e.amount_micros) for e in one.entries if e.table == "invoices"] == [
        ("charge", "google/A", 130),
        ("fee", "google/A", 10),
        ("tax", "google/A", 20),
        ("charge", "google/B", 115),
        ("fee", "google/B", 5),
        ("tax", "google/B", 20),
        ("credit", "google/B", -10),
        ("refund", "google/C", -50),
        ("tax", "google/C", -8),
        ("charge", "google/D", 90),
        ("credit", "google/D", -10),
    ]


def test_cost_that_ad_credit_paid_is_a_credit(ledger: Ledger) -> None:
    rows = [*ran(1, 2, credited_micros=300), *ran(30, credited_micros=1)]

    one = running(
        ledger, delivery=rows, balances=[balance(at(1), 0), balance(at(21), 0)], invoices=[charge("A", 2, 5)]
    )

    assert one
    assert one.cost_micros == 2_000_000
    assert one.entries[-1] == entry(
        "credit", "google_ads/1 2026-10-01..2026-10-20", date(2026, 10, 20), -600, "delivery"
    )


def test_prepaid_cash_is_owed_to_the_account(ledger: Ledger) -> None:
    cash = [balance(at(1), 50, "cash"), balance(at(1), 999, "total"), balance(at(31), 20, "cash")]

    one = running(ledger, balances=cash, invoices=[charge("A", 2, 5)])

    assert one
    assert (one.opening_micros, one.open_micros) == (-50, -20)


@pytest.mark.parametrize(
    "balances",
    [
        [],
        [balance(at(1), 5, "spend_cap"), balance(at(31), 5, "lifetime_spent")],
        [balance(at(1), 0, "cash"), balance(at(31), 0, "cash")],
    ],
    ids=["none", "other kinds", "cash that is never there"],
)
def test_account_without_a_balance_that_charges_change_runs_no_account(
    ledger: Ledger, balances: list[Balance]
) -> None:
    assert running(ledger, balances=balances, invoices=[charge("A", 2, 5)]) is None


def test_balances_without_charges_run_no_account(ledger: Ledger) -> None:
    bills = [bill("INV-1"), charge("OPEN", 2, 5, status="open")]

    assert running(ledger, balances=[balance(at(1), 0), balance(at(31), 5)], invoices=bills) is None


def test_balance_after_the_month_ends_the_next_one(ledger: Ledger) -> None:
    balances = [balance(at(1), 0), balance(at(9, month=11), 5)]

    one = running(ledger, balances=balances, invoices=[charge("A", 2, 5)])

    assert one
    assert (str(one.window), one.open_micros) == ("2026-10-01..2026-10-31", None)


def test_charges_of_another_connector_and_their_later_siblings_count_as_known(ledger: Ledger) -> None:
    sync(
        ledger,
        google=Told(
            delivery=ran(*range(1, 32)),
            invoices=None,
            balances=[balance(at(1), 0), balance(at(1, month=11), 0)],
        ),
        receipts=Told(
            delivery=None, campaigns=None, balances=None, invoices=[charge("A", 2, 5), charge("B", 20, 6)]
        ),
    )

    [now], [then] = facts(ledger).running, facts(ledger, as_of=date(2026, 10, 19)).running

    assert [e.key for e in now.entries if e.kind == "charge"] == ["receipts/A", "receipts/B"]
    assert [e.key for e in then.entries if e.kind == "charge"] == ["receipts/A"]


def test_charges_in_another_currency_are_another_account(ledger: Ledger) -> None:
    bills = [charge("A", 2, 5), charge("B", 3, 6, currency="EUR")]

    one = running(ledger, balances=[balance(at(1), 0), balance(at(1, month=11), 0)], invoices=bills)

    assert one
    assert [e.key for e in one.entries if e.kind == "charge"] == ["google/A"]


def test_cost_of_days_that_are_not_fetched_is_not_known(ledger: Ledger) -> None:
    sync(
        ledger,
        at(20, 12),
        google=Told(balances=[balance(at(1), 0), balance(at(1, month=11), 0)], invoices=[charge("A", 2, 5)]),
    )

    [one] = facts(ledger).running

    assert (one.cost_micros, one.coverage.missing_days) == (None, 12)
