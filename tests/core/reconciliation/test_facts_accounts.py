"""Accounts beside their bills: what they cost, who was asked for documents, and what these cover."""

from datetime import date
from pathlib import Path

import pytest

from adtally.ledger import Ledger
from adtally.reconciliation.account_facts import AccountMonth
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import Facts
from adtally.records import Account, Invoice, InvoiceAccount
from adtally_connectors.files import Files

from .told import NOW, OCTOBER, USD, Told, at, bill, facts, later, ran, sync, sync_connectors

TWO = [USD, Account(id="2", name="Two", currency="USD", timezone="UTC", payment="invoice")]


def month_of(found: Facts, account_id: str = "1") -> AccountMonth:
    [one] = [one for one in found.accounts if one.account_id == account_id]
    return one


def billed(ledger: Ledger, *bills: Invoice, **told: object) -> AccountMonth:
    sync(ledger, google=Told(delivery=ran(1), invoices=bills, **told))  # type: ignore[arg-type]
    return month_of(facts(ledger))


def test_month_of_an_account_stands_beside_its_bill(ledger: Ledger) -> None:
    account = Account(id="1", name="Acme", currency="USD", timezone="Europe/Berlin", payment="invoice")
    sync(ledger, google=Told(accounts=[account], delivery=ran(1, 2, 31), invoices=[bill("INV-1")]))

    found = facts(ledger)

    assert found.accounts == (
        AccountMonth(
            connector="google",
            platform="google_ads",
            account_id="1",
            name="Acme",
            currency="USD",
            timezone="Europe/Berlin",
            month=OCTOBER,
            cost_micros=3_000_000,
            coverage=Coverage(as_of=NOW),
            payment="invoice",
            bills="asked",
            asked_on=NOW.date(),
            documents=("google/INV-1",),
            billed_days=31,
            last_document="INV-1 of 2026-11-03",
        ),
    )


def test_account_without_a_bill_was_asked_or_refused_or_not_asked(ledger: Ledger) -> None:
    sync(
        ledger,
        asked=Told(platform="a", delivery=ran(1)),
        refused=Told(platform="b", delivery=ran(1), refuses_bills=True),
        silent=Told(platform="c", delivery=ran(1), invoices=None),
    )

    assert {one.platform: (one.bills, one.asked_on) for one in facts(ledger).accounts} == {
        "a": ("asked", NOW.date()),
        "b": ("not_offered", None),
        "c": ("not_asked", None),
    }


def test_asking_before_the_month_was_over_is_not_asking(ledger: Ledger) -> None:
    sync(ledger, at(31, 12), google=Told(delivery=ran(1)))
    before = month_of(facts(ledger)).bills
    sync(ledger, at(1, 12, month=11), google=Told(delivery=ran(1)))

    assert (before, month_of(facts(ledger)).bills) == ("not_asked", "asked")
    assert month_of(facts(ledger, as_of=date(2026, 10, 31))).bills == "not_asked"
    assert month_of(facts(ledger)).asked_on == date(2026, 11, 1)
    assert [facts(ledger, as_of=day).today for day in (None, date(2026, 10, 31))] == [
        NOW.date(),
        date(2026, 10, 31),
    ]


def test_bills_may_come_by_another_connector_of_the_platform(ledger: Ledger) -> None:
    sync(
        ledger,
        google=Told(delivery=ran(1), invoices=None),
        portal=Told(delivery=None, campaigns=None, invoices=[bill("INV-1")]),
    )

    found = facts(ledger).accounts

    assert [(one.connector, one.cost_micros, one.bills, one.documents) for one in found] == [
        ("google", 1_000_000, "asked", ("portal/INV-1",))
    ]


def test_account_that_is_billed_and_delivers_nothing_has_an_unknown_cost(ledger: Ledger) -> None:
    sync(ledger, portal=Told(delivery=None, invoices=[bill("INV-1")]))

    one = month_of(facts(ledger))

    assert (one.connector, one.cost_micros, one.coverage.missing_days) == ("portal", None, 31)
    assert one.documents == ("portal/INV-1",)


def test_cost_of_a_whole_month_without_rows_is_zero_and_of_a_part_is_not_known(ledger: Ledger) -> None:
    sync(ledger, at(20, 12), google=Told())
    part = month_of(facts(ledger)).cost_micros
    sync(ledger, google=Told())

    assert (part, month_of(facts(ledger)).cost_micros) == (None, 0)


def test_cost_that_some_row_does_not_say_is_not_known(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=[*ran(1), *ran(2, cost=None)]))

    assert month_of(facts(ledger)).cost_micros is None


def test_consolidated_bill_covers_every_account_that_it_names(ledger: Ledger) -> None:
    both = tuple(InvoiceAccount(account_id=account.id) for account in TWO)
    rows = [*ran(1), *ran(2, campaign_id="9")]
    sync(
        ledger,
        google=Told(accounts=TWO, delivery=rows, of={"9": "2"}, invoices=[bill("INV-1", accounts=both)]),
    )

    assert [(one.account_id, one.documents, one.last_document) for one in facts(ledger).accounts] == [
        ("1", ("google/INV-1",), "INV-1 of 2026-11-03"),
        ("2", ("google/INV-1",), "INV-1 of 2026-11-03"),
    ]


def test_each_currency_has_its_own_cost_and_its_own_bills(ledger: Ledger) -> None:
    rows = [*ran(1, cost=3), *ran(2, cost=5, currency="EUR")]
    bills = [bill("IN-USD"), bill("IN-EUR", currency="EUR"), bill("IN-GBP", currency="GBP")]
    sync(ledger, google=Told(delivery=rows, invoices=bills))

    assert [(one.currency, one.cost_micros, one.documents) for one in facts(ledger).accounts] == [
        ("EUR", 5, ("google/IN-EUR", "google/IN-GBP")),
        ("USD", 3, ("google/IN-GBP", "google/IN-USD")),
    ]


@pytest.mark.parametrize(
    ("first_day", "last_day", "days"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), 31),
        (date(2026, 10, 16), date(2026, 11, 15), 16),
        (date(2026, 9, 16), date(2026, 10, 1), 1),
        (date(2026, 9, 1), date(2026, 9, 30), 0),
        (date(2026, 11, 1), date(2026, 11, 15), 0),
    ],
)
def test_bill_covers_its_days_of_the_month_inclusive(
    ledger: Ledger, first_day: date, last_day: date, days: int
) -> None:
    one = billed(ledger, bill("INV-1", first_day=first_day, last_day=last_day))

    assert (one.billed_days, one.documents) == (days, ("google/INV-1",) if days else ())
    assert one.last_document == "INV-1 of 2026-11-03"


def test_days_of_several_bills_count_once(ledger: Ledger) -> None:
    halves = [(date(2026, 10, 1), date(2026, 10, 15)), (date(2026, 10, 15), date(2026, 10, 20))]

    one = billed(
        ledger, *(bill(f"INV-{n}", first_day=days[0], last_day=days[1]) for n, days in enumerate(halves))
    )

    assert (one.billed_days, one.documents) == (20, ("google/INV-0", "google/INV-1"))


@pytest.mark.parametrize(
    ("issued", "counts"),
    [(date(2026, 9, 30), False), (date(2026, 10, 1), True), (date(2026, 11, 20), True)],
)
def test_document_without_a_period_may_bill_the_month_of_its_issue_and_the_one_before(
    ledger: Ledger, issued: date, counts: bool
) -> None:
    one = billed(ledger, bill("CH-1", kind="charge", issue_day=issued, first_day=None, last_day=None))

    assert (one.billed_days, one.documents) == (0, ("google/CH-1",) if counts else ())


def test_open_documents_credit_memos_and_refunds_bill_nothing(ledger: Ledger) -> None:
    one = billed(
        ledger,
        bill("DRAFT", status="draft"),
        bill("CM-1", kind="credit_memo", total_micros=-5),
        bill("RE-1", kind="refund", total_micros=-5, first_day=None, last_day=None),
    )

    assert (one.documents, one.billed_days, one.bills) == ((), 0, "asked")


def test_bill_that_came_later_was_not_known_before(ledger: Ledger) -> None:
    bills = [bill("INV-1"), bill("INV-2", issue_day=date(2026, 11, 10))]
    sync(ledger, at(5, 12, month=11), google=Told(delivery=ran(1), invoices=bills))

    then, now = (month_of(facts(ledger, as_of=day)) for day in (date(2026, 11, 9), None))

    assert (then.documents, then.last_document) == (("google/INV-1",), "INV-1 of 2026-11-03")
    assert (now.documents, now.last_document) == (("google/INV-1", "google/INV-2"), "INV-2 of 2026-11-10")


def test_file_of_bills_is_an_answer(ledger: Ledger, tmp_path: Path) -> None:
    sync(ledger, google=Told(delivery=ran(1), invoices=None))
    before = month_of(facts(ledger)).bills
    (tmp_path / "bills.csv").write_text("number,amount,from,to\nINV-9,5.00,2026-09-01,2026-09-30\n")
    columns = {"invoice_id": "number", "total": "amount", "first_day": "from", "last_day": "to"}
    bills = Files.model_validate(
        {
            "path": str(tmp_path / "*.csv"),
            "record": "invoices",
            "platform": "google_ads",
            "account": "1",
            "currency": "USD",
            "timezone": "UTC",
            "columns": columns,
        }
    )
    sync_connectors(ledger, later(1), {"bills": bills})

    one = month_of(facts(ledger))

    assert (before, one.bills, one.documents, one.last_document) == (
        "not_asked",
        "asked",
        (),
        "INV-9 of 2026-09-30",
    )
