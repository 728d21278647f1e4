"""Invoice lines beside campaigns: which bills which, and which names none that is known."""

from collections.abc import Iterable
from datetime import date

from adtally.ledger import Ledger
from adtally.reconciliation.account_facts import AccountMonth, UnpairedLine
from adtally.reconciliation.facts import BilledLine
from adtally.records import Account, Campaign, InvoiceAccount

from .told import USD, Told, bill, campaign, facts, later, line, ran, sync

TWO = [USD, Account(id="2", currency="USD", timezone="UTC")]
NAMED = [Campaign(campaign_id="7", name="Brand"), Campaign(campaign_id="8", name="Generic")]


def lines_of(
    ledger: Ledger, *names: str, delivery: Iterable[str] = ("7", "8"), **fields: object
) -> AccountMonth:
    rows = [row for campaign_id in delivery for row in ran(1, campaign_id=campaign_id)]
    lines = [line(1_000_000 * n, str(n), campaign_name=name, **fields) for n, name in enumerate(names, 1)]
    sync(ledger, google=Told(delivery=rows, campaigns=NAMED, invoices=[bill("INV-1", *lines)]))
    return facts(ledger).accounts[0]


def test_lines_are_paired_with_campaigns_by_name_however_spelt(ledger: Ledger) -> None:
    one = lines_of(ledger, " brand", "GENERIC ")

    assert (one.has_campaign_lines, one.unpaired) == (True, ())
    assert campaign(facts(ledger)).lines == (
        BilledLine(
            invoice="google/INV-1",
            line="1",
            quantity=None,
            unit="",
            amount_micros=1_000_000,
            paired_by="name",
        ),
    )


def test_line_of_no_known_campaign_is_unpaired(ledger: Ledger) -> None:
    one = lines_of(ledger, "Brand", "Autumn sale")

    unknown = UnpairedLine(
        invoice="google/INV-1", line="2", description="Autumn sale", amount_micros=2_000_000
    )
    assert (one.has_campaign_lines, one.unpaired) == (True, (unknown,))


def test_line_is_not_called_unknown_while_a_campaign_that_ran_has_no_name(ledger: Ledger) -> None:
    one = lines_of(ledger, "Brand", "Autumn sale", delivery=["7", "9"])

    assert (one.has_campaign_lines, one.unpaired) == (False, ())


def test_of_two_campaigns_of_one_name_the_one_that_ran_is_billed(ledger: Ledger) -> None:
    twins = [*NAMED, Campaign(campaign_id="70", name="Brand", status="REMOVED")]
    lines = [line(5, "1", campaign_name="Brand"), line(6, "2", campaign_name="Generic")]
    rows, bills = [*ran(1), *ran(1, campaign_id="8")], [bill("INV-1", *lines)]
    sync(ledger, google=Told(delivery=rows, campaigns=twins, invoices=bills))
    found = facts(ledger)

    assert [one.amount_micros for one in campaign(found, "7").lines] == [5]
    assert found.accounts[0].has_campaign_lines

    rows += ran(2, campaign_id="70")
    sync(ledger, later(1), google=Told(delivery=rows, campaigns=twins, invoices=bills))
    found = facts(ledger)

    assert campaign(found, "7").lines == campaign(found, "70").lines == ()
    assert (found.accounts[0].has_campaign_lines, found.accounts[0].unpaired) == (False, ())


def test_money_without_a_campaign_leaves_open_what_has_no_line(ledger: Ledger) -> None:
    assert not lines_of(ledger, "Brand", "").has_campaign_lines
    assert [one.amount_micros for one in campaign(facts(ledger)).lines] == [1_000_000]


def test_lines_of_other_kinds_name_no_campaign(ledger: Ledger) -> None:
    one = lines_of(ledger, "Brand", "Unknown", kind="fee")

    assert (one.has_campaign_lines, one.unpaired) == (False, ())


def test_lines_of_a_part_of_the_month_are_not_compared(ledger: Ledger) -> None:
    half = bill("INV-1", line(5, campaign_name="Brand"), first_day=date(2026, 10, 16))
    sync(ledger, google=Told(delivery=ran(1), campaigns=NAMED, invoices=[half]))
    found = facts(ledger)

    assert (campaign(found).lines, found.accounts[0].has_campaign_lines) == ((), False)


def test_lines_without_an_account_on_a_consolidated_bill_are_nobodys(ledger: Ledger) -> None:
    both = tuple(InvoiceAccount(account_id=account.id) for account in TWO)
    whole = bill("INV-1", line(5, "1", campaign_name="Brand", account_id="1"), line(6, "2"), accounts=both)
    rows = [*ran(1), *ran(2, campaign_id="9")]
    sync(ledger, google=Told(accounts=TWO, delivery=rows, of={"9": "2"}, campaigns=NAMED, invoices=[whole]))
    found = facts(ledger)

    assert [one.amount_micros for one in campaign(found).lines] == [5]
    assert [one.has_campaign_lines for one in found.accounts] == [False, False]


def test_one_number_from_two_connectors_is_one_bill_and_from_one_connector_two(ledger: Ledger) -> None:
    named = (InvoiceAccount(account_id="1"),)
    copy = bill("C", line(100_000_000, campaign_name="Brand"), number="A", accounts=named)
    portal = Told(accounts=[TWO[1]], delivery=None, campaigns=None, invoices=[copy])
    sync(ledger, google=Told(delivery=ran(1), campaigns=NAMED, invoices=[bill("A")]), portal=portal)
    one = facts(ledger)
    sync(ledger, later(1), google=Told(delivery=ran(1), invoices=[bill("A"), bill("B", number="A")]))
    two = facts(ledger)

    assert [document.subject for document in one.documents] == ["portal/C"]
    assert [document.subject for document in two.documents] == ["portal/C", "google/B"]
