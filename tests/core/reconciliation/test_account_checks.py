from datetime import date

import pytest

from adtally.reconciliation.account_facts import AccountMonth, Entry, RunningAccount
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import Document
from adtally.reconciliation.verdicts import Outcome, Stake

from .cases import OCTOBER, RULES, TODAY, account, document, facts, running

NOT_FETCHED = Coverage(missing_days=1)


def missing(given: AccountMonth, *documents: Document, today: date = TODAY) -> Outcome:
    [outcome] = CHECKS["invoice-missing"].run(
        facts(accounts=(given,), documents=documents, today=today), RULES
    )
    return outcome


def reconciled(given: RunningAccount) -> Outcome:
    [outcome] = CHECKS["threshold-charges-vs-spend"].run(facts(running=(given,)), RULES)
    return outcome


def entry(kind: str, amount: int) -> Entry:
    return Entry(kind=kind, table="invoices", key="google/CH-9", day=date(2026, 10, 9), amount_micros=amount)  # type: ignore[arg-type]


def test_month_without_a_bill_is_told_with_what_to_accrue() -> None:
    outcome = missing(account("80.00", last_document="INV-9 of 2026-10-03"))

    assert outcome.explanation == (
        "USD\u00a080.00 of October spend has no invoice, and the usual time for it has passed."
    )
    assert outcome.formula == "2026-11-23 > 2026-10-31 + 10 days"
    assert outcome.next_step == "Ask Google Ads for the invoice, and accrue USD\u00a080.00 until it comes."
    assert [(row.says, row.value) for row in outcome.proof] == [
        ("reported as delivered", "USD\u00a080.00"),
        ("newest document of the account", "INV-9 of 2026-10-03"),
    ]
    assert outcome.stakes == ()


@pytest.mark.parametrize(("today", "verdict"), [(10, "pending"), (11, "finding")])
def test_bill_may_come_until_the_usual_time_has_passed(today: int, verdict: str) -> None:
    outcome = missing(account("80.00"), today=date(2026, 11, today))

    assert outcome.verdict == verdict
    if verdict == "pending":
        assert outcome.next_step == "Wait until 10 Nov."


@pytest.mark.parametrize(
    ("cost", "verdict"), [("0", "clear"), ("1.00", "within_tolerance"), ("1.01", "finding")]
)
def test_cost_up_to_the_tolerance_needs_no_bill(cost: str, verdict: str) -> None:
    assert missing(account(cost)).verdict == verdict


@pytest.mark.parametrize("payment", ["threshold", "prepaid"])
def test_any_charge_covers_an_account_that_pays_as_it_goes(payment: str) -> None:
    charged = account("80.00", payment=payment, documents=("google/CH-1",))

    assert missing(charged).verdict == "clear"
    assert missing(account("80.00", payment=payment)).verdict == "not_checkable"


def test_charges_tell_how_an_account_pays_when_nobody_says() -> None:
    receipt = document("80.00", "CH-1", kind="charge", window=None)

    assert (
        missing(account("80.00", payment="unknown", documents=(receipt.subject,)), receipt).verdict == "clear"
    )


def test_account_that_was_billed_before_misses_its_bill_whatever_it_pays_by() -> None:
    assert (
        missing(account("80.00", payment="unknown", last_document="INV-9 of 2026-10-03")).verdict == "finding"
    )


def test_bill_of_a_part_of_the_month_is_no_cover() -> None:
    outcome = missing(account("80.00", documents=("google/A",), billed_days=17))

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: the month's documents name only 17 of 31 days.",
    )


def test_bill_of_the_whole_month_covers_it_even_where_days_were_not_fetched() -> None:
    covered = account("80.00", documents=("google/A",), billed_days=31, coverage=NOT_FETCHED)

    assert missing(covered).verdict == "clear"


@pytest.mark.parametrize(
    "given",
    [
        account("80.00", bills="not_asked"),
        account("80.00", bills="not_offered"),
        account("80.00", payment="unknown"),
        account(None),
        account("80.00", coverage=NOT_FETCHED),
    ],
    ids=["not asked", "not offered", "never billed", "no cost", "days"],
)
def test_absence_that_nobody_could_see_is_not_checkable(given: AccountMonth) -> None:
    outcome = missing(given)

    assert (outcome.verdict, bool(outcome.next_step)) == ("not_checkable", True)


def test_cost_that_may_change_is_pending() -> None:
    assert missing(account("80.00", coverage=Coverage(pending_until={"cost": TODAY}))).verdict == "pending"


def test_running_account_is_told_with_its_rows() -> None:
    outcome = reconciled(running("1240.00", "500.00", "750.00"))

    assert outcome.explanation == (
        "Charges and balance come to USD\u00a01,250.00; cost, fees, tax and credits to USD\u00a01,240.00: "
        "USD\u00a010.00 too much."
    )
    assert outcome.formula == "1,250.00 + 0.00 + 0.00 − (1,240.00)"
    assert [(row.says, row.table, row.value) for row in outcome.proof] == [
        ("charged on 2026-10-01", "invoices", "USD\u00a0500.00"),
        ("charged on 2026-10-02", "invoices", "USD\u00a0750.00"),
        ("reported as delivered", "delivery", "USD\u00a01,240.00"),
    ]
    assert outcome.stakes == (
        Stake(pool="document:google/CH-1", also=("document:google/CH-2",), micros=10_000_000),
    )


def test_fees_tax_refunds_and_credits_stand_in_the_bridge() -> None:
    entries = (
        entry("charge", 1_200_000_000),
        entry("refund", -50_000_000),
        entry("fee", 20_000_000),
        entry("tax", 200_000_000),
        entry("credit", -70_000_000),
    )

    outcome = reconciled(running("1000.00", entries=entries))

    assert (outcome.verdict, outcome.residual_micros, outcome.diff_micros) == ("explained", 0, 150_000_000)
    assert outcome.figures == {
        "charges": 1,
        "fee_micros": 20_000_000,
        "tax_micros": 200_000_000,
        "credit_micros": -70_000_000,
    }


def test_prepaid_balance_is_below_zero_and_falls_as_it_is_spent() -> None:
    topped_up = running("300.00", "500.00", balance="-250.00", opening_micros=-50_000_000)

    assert reconciled(topped_up).verdict == "match"


def test_charges_below_cost_are_nothing_to_claim() -> None:
    outcome = reconciled(running("1000.00", "500.00"))

    assert (outcome.verdict, outcome.direction, outcome.asks) == ("finding", "under", "info")


def test_balance_that_no_charge_stands_behind_is_money_of_the_account() -> None:
    outcome = reconciled(running("100.00", balance="150.00"))

    assert outcome.stakes == (Stake(pool="document:google/1", micros=50_000_000),)


@pytest.mark.parametrize(
    "given",
    [
        running("10.00", "10.00", balance=None),
        running("10.00", "10.00", opening_micros=None),
        running(None, "10.00"),
        running("10.00", "10.00", coverage=NOT_FETCHED),
    ],
    ids=["open", "opening", "cost", "days"],
)
def test_unknown_end_of_a_running_account_is_not_checkable(given: RunningAccount) -> None:
    outcome = reconciled(given)

    assert (outcome.verdict, bool(outcome.next_step)) == ("not_checkable", True)


def test_running_account_waits_for_its_cost() -> None:
    later = running("10.00", "90.00", coverage=Coverage(pending_until={"cost": TODAY}))

    outcome = reconciled(later)

    assert (outcome.verdict, outcome.window) == ("pending", OCTOBER)
