"""Bills: the newest version of a document wins, a file is the whole truth about what it brought."""

from datetime import date

import pytest

from adtally.connector import Report
from adtally.errors import ContractError
from adtally.ledger import Ledger
from adtally.ledger.keys import Feed
from adtally.ledger.write import retire_feed
from adtally.records import Account, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink, Record

from .feeds import NOON, dump, feed, put, report, rows

TABLES = ("invoices", "invoice_accounts", "invoice_links", "invoice_lines")
OF_MONTHS = report("invoices", (Invoice,), cadence="monthly")


def of_file(name: str, kind: type[Record] = Invoice) -> Report:
    return report(name, (kind,), cadence="file")


def line(number: str = "1", amount_micros: int = 7, *, invoice_id: str = "") -> InvoiceLine:
    return InvoiceLine(line=number, amount_micros=amount_micros, invoice_id=invoice_id)


def invoice(
    invoice_id: str = "i1",
    *lines: InvoiceLine,
    total_micros: int = 10,
    status: str = "",
    accounts: tuple[InvoiceAccount, ...] = (),
    links: tuple[InvoiceLink, ...] = (),
) -> Invoice:
    return Invoice(
        invoice_id=invoice_id,
        currency="EUR",
        total_micros=total_micros,
        status=status,
        lines=lines,
        accounts=accounts,
        links=links,
    )


def bring(ledger: Ledger, into: Feed, *records: Record) -> dict[str, int]:
    return put(ledger, into, records, window=None)


def test_document_is_stored_with_its_lines_accounts_and_links(ledger: Ledger) -> None:
    full = Invoice(
        invoice_id="i1",
        number="2026-7",
        kind="credit_memo",
        issue_day=date(2026, 11, 2),
        currency="EUR",
        tax_micros=-3,
        total_micros=-10,
        lines=(
            InvoiceLine(line="1", campaign_id="c1", price_is_average=True, amount_micros=-7),
            InvoiceLine(line="2", kind="tax", amount_micros=-3, rate_ppm=190_000),
        ),
        accounts=(InvoiceAccount(account_id="1", amount_micros=-10), InvoiceAccount(account_id="2")),
        links=(InvoiceLink(kind="corrects", other_id="i0"),),
    )

    changed = bring(ledger, feed(ledger, OF_MONTHS), full)

    assert changed == {"invoices": 1, "invoice_lines": 2, "invoice_accounts": 2, "invoice_links": 1}
    assert rows(
        ledger, "invoices", "invoice_id", "number", "account_id", "kind", "issue_day", "total_micros"
    ) == [("i1", "2026-7", "1", "credit_memo", "2026-11-02", -10)]
    assert rows(
        ledger, "invoice_lines", "line", "campaign_id", "kind", "price_is_average", "amount_micros"
    ) == [
        ("1", "c1", "media", 1, -7),
        ("2", "", "tax", 0, -3),
    ]
    assert rows(ledger, "invoice_accounts", "account_id", "amount_micros") == [("1", -10), ("2", None)]
    assert rows(ledger, "invoice_links", "kind", "other_id") == [("corrects", "i0")]


def test_newest_version_of_a_document_wins_with_its_lines_as_a_whole(ledger: Ledger) -> None:
    into = feed(ledger, OF_MONTHS)
    bring(
        ledger,
        into,
        invoice(
            "i1",
            line("1"),
            line("2"),
            status="open",
            accounts=(InvoiceAccount(account_id="1"),),
            links=(InvoiceLink(kind="replaces", other_id="i0"),),
        ),
        invoice("i2", line("1")),
    )

    bring(ledger, into, invoice("i1", line("2", 8), line("3"), total_micros=15))

    assert rows(ledger, "invoices", "invoice_id", "status", "total_micros") == [
        ("i1", "", 15),
        ("i2", "", 10),
    ]
    assert rows(ledger, "invoice_lines", "invoice_id", "line", "amount_micros") == [
        ("i1", "2", 8),
        ("i1", "3", 7),
        ("i2", "1", 7),
    ]
    assert rows(ledger, "invoice_accounts", "account_id") == []
    assert rows(ledger, "invoice_links", "other_id") == []


def test_equal_document_writes_nothing_also_when_another_account_sees_it(ledger: Ledger) -> None:
    one = feed(ledger, OF_MONTHS)
    two = feed(ledger, OF_MONTHS, account=Account(id="2", currency="EUR", timezone="UTC"))
    consolidated = Invoice(invoice_id="i1", account_id="9", currency="EUR", total_micros=7, lines=(line(),))
    bring(ledger, one, consolidated)
    before = dump(ledger, TABLES)

    changed = [bring(ledger, into, consolidated) for into in (two, one)]

    assert [sum(rows_by_table.values()) for rows_by_table in changed] == [0, 0]
    assert dump(ledger, TABLES) == before


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ([invoice(total_micros=1), invoice(total_micros=2)], "invoice i1 came twice with different contents"),
        ([invoice("i1", line("1"), line("1", 8))], "invoice i1: two rows of invoice_lines have one key"),
        ([invoice("i1", line("1"), line("1"))], "invoice i1: two rows of invoice_lines have one key"),
    ],
)
def test_document_that_contradicts_itself_changes_nothing(
    ledger: Ledger, documents: list[Invoice], said: str
) -> None:
    into = feed(ledger, OF_MONTHS)
    bring(ledger, into, invoice("i1", line("1")), invoice("i0"))
    before = dump(ledger, TABLES)

    with pytest.raises(ContractError, match=said):
        bring(ledger, into, invoice("i0", total_micros=99), *documents)

    assert dump(ledger, TABLES) == before


def test_document_that_comes_twice_alike_is_one(ledger: Ledger) -> None:
    bring(ledger, feed(ledger, OF_MONTHS), invoice("i1", line()), invoice("i1", line()))

    assert rows(ledger, "invoice_lines", "invoice_id", "line") == [("i1", "1")]


def test_document_that_a_platform_no_longer_lists_stays(ledger: Ledger) -> None:
    into = feed(ledger, OF_MONTHS)
    bring(ledger, into, invoice("i1"))

    bring(ledger, into)

    assert rows(ledger, "invoices", "invoice_id") == [("i1",)]


@pytest.mark.parametrize("left", [[invoice("i2", line())], []])
def test_document_that_a_file_no_longer_holds_is_gone(ledger: Ledger, left: list[Invoice]) -> None:
    into = feed(ledger, of_file("a.csv"))
    other = feed(ledger, of_file("b.csv"))
    bring(
        ledger, into, invoice("i1", line(), accounts=(InvoiceAccount(account_id="1"),)), invoice("i2", line())
    )
    bring(ledger, other, invoice("i3", line()))

    bring(ledger, into, *left)

    kept = [document.invoice_id for document in left] + ["i3"]
    assert rows(ledger, "invoices", "invoice_id") == [(id_,) for id_ in kept]
    assert rows(ledger, "invoice_lines", "invoice_id") == [(id_,) for id_ in kept]
    assert rows(ledger, "invoice_accounts", "invoice_id") == []


def test_document_in_two_files_is_one_when_they_agree(ledger: Ledger) -> None:
    one, two = (feed(ledger, of_file(name)) for name in ("a.csv", "b.csv"))
    bring(ledger, one, invoice("i1", line()))

    bring(ledger, two, invoice("i1", line()))
    bring(ledger, one, invoice("i1", line()))

    assert rows(ledger, "invoices", "invoice_id", "total_micros") == [("i1", 10)]


@pytest.mark.parametrize("other", [invoice("i1", line(), total_micros=11), invoice("i1", line("1", 8))])
def test_document_that_two_files_tell_differently_names_both(ledger: Ledger, other: Invoice) -> None:
    one, two = (feed(ledger, of_file(name)) for name in ("a.csv", "b.csv"))
    bring(ledger, one, invoice("i1", line()))
    before = dump(ledger, TABLES)

    with pytest.raises(
        ContractError, match=r"b\.csv and a\.csv have different values for invoice i1: correct"
    ):
        bring(ledger, two, other)

    assert dump(ledger, TABLES) == before


def test_document_of_a_vanished_file_is_gone(ledger: Ledger) -> None:
    into = feed(ledger, of_file("a.csv"))
    bring(ledger, into, invoice("i1", line()))

    with ledger.transaction():
        retire_feed(ledger.conn, into.feed, int(NOON.timestamp()))

    assert dump(ledger, TABLES) == {table: [] for table in TABLES}


def test_lines_of_a_file_are_the_whole_truth_of_that_file(ledger: Ledger) -> None:
    one, two = (feed(ledger, of_file(name, InvoiceLine)) for name in ("a.csv", "b.csv"))
    bring(ledger, one, line("1", invoice_id="i1"), line("2", invoice_id="i1"), line("1", invoice_id="i2"))
    bring(ledger, two, line("1", invoice_id="i3"))

    changed = bring(ledger, one, line("2", 8, invoice_id="i1"))

    assert changed == {"invoice_lines": 3}
    assert rows(ledger, "invoice_lines", "invoice_id", "line", "amount_micros") == [
        ("i1", "2", 8),
        ("i3", "1", 7),
    ]

    bring(ledger, one)

    assert rows(ledger, "invoice_lines", "invoice_id", "line") == [("i3", "1")]


def test_lines_of_another_month_stay_when_a_platform_answers_for_one(ledger: Ledger) -> None:
    into = feed(ledger, report("lines", (InvoiceLine,), cadence="monthly"))
    bring(ledger, into, line("1", invoice_id="october"), line("2", invoice_id="october"))

    bring(ledger, into, line("1", invoice_id="november"))
    bring(ledger, into, line("1", invoice_id="october"))

    assert rows(ledger, "invoice_lines", "invoice_id", "line") == [("november", "1"), ("october", "1")]


def test_line_that_comes_twice_is_refused(ledger: Ledger) -> None:
    into = feed(ledger, of_file("a.csv", InvoiceLine))

    with pytest.raises(ContractError, match="invoice i1: line 1 came twice"):
        bring(ledger, into, line(invoice_id="i1"), line(invoice_id="i1"))


def test_line_that_two_files_tell_differently_names_both(ledger: Ledger) -> None:
    one, two = (feed(ledger, of_file(name, InvoiceLine)) for name in ("a.csv", "b.csv"))
    bring(ledger, one, line("1", invoice_id="i1"))

    with pytest.raises(ContractError, match=r"b\.csv and a\.csv have different values for invoice i1 1: "):
        bring(ledger, two, line("1", 8, invoice_id="i1"))


def test_document_without_lines_leaves_those_that_come_apart(ledger: Ledger) -> None:
    heads, lines = feed(ledger, OF_MONTHS), feed(ledger, report("lines", (InvoiceLine,), cadence="monthly"))
    bring(ledger, lines, line("1", invoice_id="i1"))

    bring(ledger, heads, invoice("i1"))

    assert rows(ledger, "invoice_lines", "invoice_id", "line") == [("i1", "1")]
