from datetime import date

import pytest

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import BillGroup
from adtally.reconciliation.verdicts import Outcome

from .cases import REBILLED_500, RULES, document, facts, group, line


def judged(group: BillGroup) -> Outcome:
    [outcome] = CHECKS["invoice-total-vs-delivered"].run(facts(groups=(group,)), RULES)
    return outcome


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ("2000.00", "match"),
        ("2002.00", "within_tolerance"),
        ("2002.01", "finding"),
        ("1998.00", "within_tolerance"),
        ("1997.99", "finding"),
    ],
)
def test_limit_is_inclusive_on_both_sides(total: str, verdict: str) -> None:
    assert judged(group("2000.00", document(total))).verdict == verdict


def test_bill_below_delivery_is_nothing_to_claim() -> None:
    outcome = judged(group("2000.00", document("900.00")))

    assert (outcome.direction, outcome.severity, outcome.asks) == ("under", "medium", "info")
    assert (outcome.residual_micros, outcome.at_risk_micros, outcome.stakes) == (-1_100_000_000, 0, ())
    assert outcome.explanation == (
        "The bill is USD\u00a0900.00; delivery accounts for USD\u00a02,000.00: "
        "USD\u00a01,100.00 is not billed."
    )


def test_printed_sums_bridge_where_no_lines_are_listed() -> None:
    bill = document(
        "1185.00",
        subtotal_micros=950_000_000,
        adjustments_micros=-50_000_000,
        fees_micros=45_000_000,
        tax_micros=190_000_000,
    )

    outcome = judged(group("1000.00", bill))

    assert (outcome.verdict, outcome.residual_micros, outcome.diff_micros) == ("explained", 0, 185_000_000)
    assert [(row.says, row.table, row.value) for row in outcome.proof] == [
        ("total of INV-1", "invoices", "USD\u00a01,185.00"),
        ("reported as delivered", "delivery", "USD\u00a01,000.00"),
        ("printed fee", "invoices", "USD\u00a045.00"),
        ("printed adjustment", "invoices", "USD\u00a0−50.00"),
        ("printed tax", "invoices", "USD\u00a0190.00"),
    ]


@pytest.mark.parametrize(
    "kind", ["credit", "promotion", "adjustment", "invalid_traffic", "overdelivery", "rounding"]
)
def test_every_kind_of_adjustment_line_bridges(kind: str) -> None:
    bill = document("70.00", "A", line("100.00", "1"), line("-30.00", "2", kind=kind))

    outcome = judged(group("100.00", bill))

    assert (outcome.verdict, outcome.flags) == ("explained", ("bridged",))
    assert outcome.figures == {"adjustment_micros": -30_000_000}


def test_media_lines_bridge_nothing() -> None:
    outcome = judged(group("100.00", document("150.00", "A", line("100.00", "1"), line("50.00", "2"))))

    assert (outcome.verdict, outcome.residual_micros, outcome.flags) == ("finding", 50_000_000, ())


def test_small_rest_after_a_bridge_is_within_tolerance_not_explained() -> None:
    bill = document("119.50", "A", line("100.50", "1"), line("19.00", "2", kind="tax"))

    outcome = judged(group("100.00", bill))

    assert (outcome.verdict, outcome.residual_micros, outcome.flags) == (
        "within_tolerance",
        500_000,
        ("bridged",),
    )


def test_rebilled_chain_is_compared_as_a_whole() -> None:
    outcome = judged(group("500.00", *REBILLED_500))

    assert (outcome.verdict, outcome.subject) == ("match", "google/CM-8+google/INV-8+google/INV-9")


def test_bill_seen_by_two_connectors_is_added_once() -> None:
    bills = (document("500.00", "A"), document("500.00", "A", connector="imported"))

    assert judged(group("500.00", *bills)).verdict == "match"


def test_days_that_were_not_fetched_make_it_not_checkable() -> None:
    outcome = judged(group("500.00", document("500.00"), coverage=Coverage(missing_days=2)))

    assert outcome.verdict == "not_checkable"
    assert outcome.explanation == "Not checked: reports for 2 days were not fetched."
    assert outcome.next_step == "Run `adtally sync google --first-day 2026-10-01`."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (group(None, document("500.00")), "the platform reports no cost"),
        (BillGroup(documents=(document("500.00"),)), "no delivery of these accounts and days"),
        (
            BillGroup(
                documents=(document("5.95", "A", line("5.00", kind="fee"), line("0.95", "2", kind="tax")),)
            ),
            "the bill is for fees alone",
        ),
        (group("500.00", document("500.00"), currency="EUR"), "different currencies"),
        (group("500.00", document("500.00", kind="charge")), "payments are not bills"),
    ],
)
def test_missing_input_is_named(given: BillGroup, said: str) -> None:
    outcome = judged(given)

    assert (outcome.verdict, outcome.at_risk_micros) == ("not_checkable", 0)
    assert said in outcome.explanation


def test_cost_that_may_change_is_pending_and_claims_nothing() -> None:
    coverage = Coverage(pending_until={"cost": date(2026, 11, 4), "conversions": date(2026, 11, 30)})

    outcome = judged(group("400.00", document("500.00"), coverage=coverage))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("pending", "low", "info")
    assert (outcome.residual_micros, outcome.at_risk_micros, outcome.stakes) == (100_000_000, 0, ())
    assert outcome.explanation == ("The numbers may change until 4 Nov. So far USD\u00a0100.00 too much.")


def test_conversions_that_may_change_do_not_hold_back_cost() -> None:
    coverage = Coverage(pending_until={"conversions": date(2026, 11, 30), "clicks": date(2026, 11, 30)})

    assert judged(group("500.00", document("500.00"), coverage=coverage)).verdict == "match"


def test_residual_grades_by_size_and_by_share() -> None:
    def severity(cost: str, total: str) -> str:
        return judged(group(cost, document(total))).severity

    assert severity("1000000.00", "1001000.01") == "critical"
    assert severity("100.00", "106.00") == "critical"
    assert severity("50000.00", "50150.00") == "high"
    assert severity("100.00", "101.02") == "high"
    assert severity("20000.00", "20050.00") == "medium"


def test_yen_grade_by_the_hundred() -> None:
    bill = document("50150", currency="JPY")

    assert judged(group("50000", bill, currency="JPY")).severity == "medium"
    assert judged(group("10000000", document("10015000", currency="JPY"), currency="JPY")).severity == "high"
