from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import Document, Facts
from adtally.reconciliation.verdicts import Outcome

from .cases import REBILLED_500, RULES, SAME_500, document, facts, group, line


def run(check: str, given: Facts) -> list[Outcome]:
    return list(CHECKS[check].run(given, RULES))


def arithmetic(bill: Document) -> Outcome:
    [outcome] = run("invoice-arithmetic", facts(documents=(bill,)))
    return outcome


def verdicts(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.subject, outcome.verdict) for outcome in outcomes]


def test_printed_tax_counts_only_where_no_line_carries_it() -> None:
    lines = (line("100.00", "1"), line("19.00", "2", kind="tax"))

    assert arithmetic(document("119.00", "A", *lines, tax_micros=19_000_000)).verdict == "match"
    assert arithmetic(document("119.00", "A", lines[0], tax_micros=19_000_000)).verdict == "match"


@pytest.mark.parametrize(
    ("cents", "verdict"), [("100.02", "within_tolerance"), ("100.03", "finding"), ("99.97", "finding")]
)
def test_each_line_and_each_tax_rate_may_lose_less_than_one_minor_unit(cents: str, verdict: str) -> None:
    bill = document(cents, "A", line("50.00", "1"), line("40.00", "2"), line("10.00", "3", kind="tax"))

    assert (arithmetic(bill).verdict, arithmetic(bill).tolerance_micros) == (verdict, 29_997)


def test_printed_tax_of_zero_is_exact_and_allows_nothing() -> None:
    assert arithmetic(document("100.00", "A", line("100.00"), tax_micros=0)).tolerance_micros == 9_999


def test_total_below_its_parts_is_nothing_to_claim() -> None:
    outcome = arithmetic(document("90.00", "A", line("100.00")))

    assert outcome.verdict == "finding"
    assert (outcome.direction, outcome.severity, outcome.asks) == ("under", "medium", "info")
    assert (outcome.at_risk_micros, outcome.stakes) == (0, ())


def test_printed_subtotal_must_hold_too() -> None:
    outcome = arithmetic(document("119.00", "A", subtotal_micros=100_000_000, tax_micros=9_000_000))

    assert (outcome.verdict, outcome.diff_micros) == ("finding", 10_000_000)
    assert outcome.figures == {"subtotal_micros": 100_000_000, "tax_micros": 9_000_000}


def test_the_worse_of_two_sums_is_reported() -> None:
    bill = document("119.00", "A", line("100.00"), subtotal_micros=105_000_000, tax_micros=19_000_000)

    assert arithmetic(bill).diff_micros == -5_000_000


def test_document_without_lines_and_subtotal_is_not_checkable() -> None:
    outcome = arithmetic(document("119.00", "A", tax_micros=19_000_000))

    assert (outcome.verdict, outcome.diff_micros) == ("not_checkable", None)
    assert outcome.next_step == "Import the document's lines as a file."


def test_long_document_is_proved_by_its_first_lines_and_one_sum() -> None:
    outcome = arithmetic(document("100.00", "A", *(line("1.00", str(n)) for n in range(100))))

    assert len(outcome.proof) == 42
    assert (outcome.proof[-1].says, outcome.proof[-1].value) == ("60 further rows", "USD\u00a060.00")


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=6), st.integers(-(10**12), 10**12))
def test_moving_one_micro_between_two_lines_changes_nothing(amounts: list[int], total: int) -> None:
    def bill(values: list[int]) -> Document:
        lines = [replace(line("0", str(n)), amount_micros=value) for n, value in enumerate(values)]
        return replace(document("0", "A", *lines), total_micros=total)

    def judged(values: list[int]) -> tuple[object, ...]:
        found = arithmetic(bill(values))
        return found.verdict, found.diff_micros, found.tolerance_micros, found.severity, found.at_risk_micros

    moved = [amounts[0] + 1, amounts[1] - 1, *amounts[2:]]

    assert judged(moved) == judged(amounts)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_credit_memo_mirrors_its_invoice(total: int, amount: int) -> None:
    def judged(sign: int) -> Outcome:
        lines = (replace(line("0"), amount_micros=sign * amount),)
        return arithmetic(replace(document("0", "A", *lines), total_micros=sign * total))

    there, back = judged(1), judged(-1)

    assert there.verdict == back.verdict
    assert (there.diff_micros or 0) == -(back.diff_micros or 0)


def test_line_off_by_more_than_its_rounding_is_a_medium_finding() -> None:
    bill = document("40.02", "A", line("40.02", "1", quantity=100, unit="clicks", unit_price_micros=400_000))

    [outcome] = run("invoice-line-arithmetic", facts(documents=(bill,)))

    assert (outcome.subject, outcome.verdict, outcome.severity) == ("google/A/1", "finding", "medium")
    assert (outcome.diff_micros, outcome.at_risk_micros) == (20_000, 20_000)
    assert outcome.explanation == (
        "A line of A bills USD\u00a040.02; 100 × 0.40 make 40.00: USD\u00a00.02 too much."
    )


def test_average_price_gives_room_for_its_own_rounding() -> None:
    averaged = line("333.33", quantity=1_000, unit_price_micros=330_000, price_is_average=True)

    [outcome] = run("invoice-line-arithmetic", facts(documents=(document("333.33", "A", averaged),)))

    assert (outcome.verdict, outcome.tolerance_micros) == ("within_tolerance", 9_999 + 9_999_000)


def test_lines_without_quantity_are_named_once_for_each_document() -> None:
    lines = (line("1.00", "1"), line("2.00", "2", quantity=3), line("4.00", "3", unit_price_micros=1))
    bills = (document("7.00", "A", *lines), document("7.00", "B", *lines))

    assert verdicts(run("invoice-line-arithmetic", facts(documents=bills))) == [
        ("google/A", "not_checkable"),
        ("google/B", "not_checkable"),
    ]


def test_one_priced_line_is_judged_and_the_others_are_left_out() -> None:
    lines = (line("1.00", "1"), line("2.00", "2", quantity=2, unit_price_micros=1_000_000))

    outcomes = run("invoice-line-arithmetic", facts(documents=(document("3.00", "A", *lines),)))

    assert verdicts(outcomes) == [("google/A/2", "match")]


def different(**fields: object) -> Document:
    return document("500.00", "INV-7A", line("500.00"), **fields)


@pytest.mark.parametrize(
    "other",
    [
        different(currency="EUR"),
        different(purchase_order="PO-2"),
        different(window=Window(date(2026, 9, 1), date(2026, 9, 30))),
        different(accounts=("1", "2")),
        different(kind="statement"),
        document("500.00", "INV-7A", line("500.00", budget_id="B-2")),
        document("500.00", "INV-7A", line("499.99"), line("0.01", "2")),
    ],
)
def test_documents_that_differ_in_what_they_bill_are_no_duplicates(other: Document) -> None:
    outcomes = run("invoice-duplicate", facts(documents=(SAME_500[0], other)))

    assert verdicts(outcomes) == [("google/INV-7", "clear"), ("google/INV-7A", "clear")]


def test_lines_in_another_order_are_the_same_bill() -> None:
    one, two = line("300.00", "1"), line("200.00", "2")
    swapped = (replace(two, line="1"), replace(one, line="2"))
    bills = (document("500.00", "A", one, two), document("500.00", "B", *swapped))

    assert verdicts(run("invoice-duplicate", facts(documents=bills))) == [("google/A+google/B", "finding")]


def test_one_bill_seen_by_two_connectors_is_no_duplicate() -> None:
    seen_twice = (SAME_500[0], document("500.00", "INV-7", connector="imported"))

    assert verdicts(run("invoice-duplicate", facts(documents=seen_twice))) == [("google/INV-7", "clear")]


def test_copy_of_a_replaced_document_is_still_a_duplicate() -> None:
    bills = (*REBILLED_500, document("500.00", "INV-10", line("500.00")))

    [outcome] = run("invoice-duplicate", facts(documents=bills))

    assert (outcome.subject, outcome.verdict) == ("google/INV-10+google/INV-9", "finding")
    assert outcome.at_risk_micros == 500_000_000


def test_partial_credit_lessens_what_the_duplicate_costs() -> None:
    credit = document("-100.00", "CM", line("-100.00"), kind="credit_memo", corrects=("INV-7A",))

    [outcome] = run("invoice-duplicate", facts(documents=(*SAME_500, credit)))

    assert (outcome.billed_micros, outcome.expected_micros) == (900_000_000, 500_000_000)
    assert outcome.at_risk_micros == 400_000_000


def test_equal_documents_without_days_are_not_checkable() -> None:
    bills = tuple(replace(bill, window=None) for bill in SAME_500)

    assert verdicts(run("invoice-duplicate", facts(documents=bills))) == [
        ("google/INV-7+google/INV-7A", "not_checkable")
    ]


def test_equal_payments_on_one_day_are_no_duplicates() -> None:
    charges = tuple(document("500.00", name, kind="charge") for name in ("A", "B"))

    assert run("invoice-duplicate", facts(documents=charges)) == []


def test_equal_totals_without_lines_convict_with_less_confidence() -> None:
    bills = (document("500.00", "A"), document("500.00", "B"), document("499.00", "C"))

    outcomes = run("invoice-duplicate", facts(documents=bills))

    assert verdicts(outcomes) == [("google/A+google/B", "finding"), ("google/C", "clear")]
    assert [outcome.confidence for outcome in outcomes] == ["medium", ""]


def test_one_currency_is_clear_and_unknown_delivery_says_nothing() -> None:
    bill = SAME_500[0]
    known, unknown = group("500.00", bill), replace(group("500.00", bill), delivered=())

    assert verdicts(run("invoice-currency-mismatch", facts(groups=(known,)))) == [("google/INV-7", "clear")]
    assert run("invoice-currency-mismatch", facts(groups=(unknown,))) == []


@pytest.mark.parametrize("check", ["invoice-duplicate", "invoice-arithmetic", "invoice-line-arithmetic"])
def test_checks_inside_documents_never_wait(check: str) -> None:
    assert CHECKS[check].waits_for == ()
