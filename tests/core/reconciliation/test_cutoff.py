"""Bills in another time zone than their accounts: what hours explain, and what nothing explains."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import BillGroup, Facts
from adtally.reconciliation.hours_facts import EdgeHours, EdgeShift
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome

from .cases import RULES, document, facts, group, line

CHECK = "timezone-cutoff"
TOTAL = "invoice-total-vs-delivered"
LEFT = EdgeHours(
    account_id="1",
    first=datetime(2026, 10, 1, tzinfo=UTC),
    until=datetime(2026, 10, 1, 7, tzinfo=UTC),
    enters=False,
    hours=7,
    micros=to_micros("28.00"),
    day_micros=to_micros("100.00"),
)
ENTERED = replace(
    LEFT,
    first=datetime(2026, 11, 1, tzinfo=UTC),
    until=datetime(2026, 11, 1, 7, tzinfo=UTC),
    enters=True,
    micros=to_micros("33.50"),
)
SHIFT = EdgeShift(
    zones=("America/Los_Angeles",), own_zones=("UTC",), named_by="google/INV-1", edges=(LEFT, ENTERED)
)


def billed(
    total: str = "3105.50", shift: EdgeShift | None = SHIFT, *, cost: str | None = "3100.00"
) -> BillGroup:
    return shifted(group(cost, document(total, "INV-1", line(total))), shift)


def shifted(one: BillGroup, shift: EdgeShift | None) -> BillGroup:
    return replace(one, delivered=tuple(replace(delivered, shift=shift) for delivered in one.delivered))


def judged(*groups: BillGroup) -> list[Outcome]:
    return list(CHECKS[CHECK].run(of(*groups), RULES))


def of(*groups: BillGroup) -> Facts:
    return facts(documents=tuple(document for one in groups for document in one.documents), groups=groups)


def test_c36_hours_of_the_bills_zone_explain_all_of_it() -> None:
    [outcome] = judged(billed())

    assert (outcome.verdict, outcome.diff_micros, outcome.residual_micros) == ("explained", 5_500_000, 0)
    assert (outcome.severity, outcome.stakes, outcome.at_risk_micros) == ("info", (), 0)
    assert outcome.figures == {
        "left_micros": 28_000_000,
        "entered_micros": 33_500_000,
        "moved_micros": 5_500_000,
        "cut_micros": 0,
    }
    assert outcome.formula == "3,105.50 − (3,100.00 − 28.00 + 33.50)"
    assert [(row.table, row.value) for row in outcome.proof] == [
        ("invoices", "USD\u00a03,105.50"),
        ("delivery_hourly", "USD\u00a0−28.00"),
        ("delivery_hourly", "USD\u00a033.50"),
    ]


def test_c36_total_meets_the_hours_as_a_documented_component() -> None:
    [total] = [one for one in judge(of(billed("3205.50")), RULES) if one.check_id == TOTAL]
    [equal] = [one for one in judge(of(billed()), RULES) if one.check_id == TOTAL]

    assert (equal.verdict, equal.residual_micros, equal.figures) == (
        "explained",
        0,
        {"hours_micros": 5_500_000},
    )
    assert equal.explanation == (
        "Differs by USD\u00a05.50: hours of the bill's time zone 5.50 explain all of it."
    )
    assert [row.table for row in equal.proof].count("delivery_hourly") == 2
    assert (total.verdict, total.residual_micros, total.at_risk_micros) == (
        "finding",
        100_000_000,
        100_000_000,
    )


def test_what_no_clock_explains_is_told_and_claimed_elsewhere() -> None:
    outcomes = judge(of(billed("3205.50")), RULES)
    [outcome] = [one for one in outcomes if one.check_id == CHECK]

    assert (outcome.verdict, outcome.severity, outcome.residual_micros) == ("finding", "info", 100_000_000)
    assert (outcome.stakes, outcome.at_risk_micros) == ((), 0)
    assert outcome.next_step == "See the outcome of invoice-total-vs-delivered."


def test_rest_within_the_limit_is_within_tolerance() -> None:
    [at_limit], [beyond] = judged(billed("3108.60")), judged(billed("3108.61"))

    assert (at_limit.verdict, at_limit.residual_micros, at_limit.tolerance_micros) == (
        "within_tolerance",
        3_100_000,
        3_100_000,
    )
    assert beyond.verdict == "finding"


def test_bill_without_a_zone_of_its_own_yields_nothing() -> None:
    assert judged(billed(shift=None)) == []


def test_payments_are_no_bills_of_days() -> None:
    charge = document("3105.50", "CH-1", kind="charge")

    assert judged(shifted(group("3100.00", charge), SHIFT)) == []


def test_rows_that_the_zones_cut_in_two_widen_the_limit_and_move_nothing() -> None:
    half = replace(SHIFT, edges=(replace(LEFT, cut_micros=to_micros("4.00")), ENTERED))
    [at_limit], [beyond] = judged(billed("3109.50", half)), judged(billed("3109.51", half))
    total = [one.verdict for one in judge(of(billed("3109.50", half)), RULES) if one.check_id == TOTAL]

    assert (at_limit.verdict, at_limit.tolerance_micros) == ("within_tolerance", 4_000_000)
    assert (beyond.verdict, total) == ("finding", ["within_tolerance"])
    assert ("rows of hours that the zones cut in two, not moved", "USD\u00a04.00") in [
        (row.says, row.value) for row in at_limit.proof
    ]


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (replace(SHIFT, coverage=Coverage(missing_days=2)), "hours of 2 edge days are not known (at most"),
        (replace(SHIFT, unequal_days=1), "the hours of 1 edge day do not add up to the day (at most"),
        (replace(SHIFT, edges=(replace(LEFT, micros=None), ENTERED)), "some hours have no cost (at most"),
        (replace(SHIFT, edges=()), "names a time zone that is not known"),
        (replace(SHIFT, zones=("UTC", "Asia/Tokyo"), edges=()), "the bills name 2 time zones"),
    ],
)
def test_without_hours_there_is_an_upper_bound_that_reduces_nothing(shift: EdgeShift, said: str) -> None:
    outcomes = judge(of(billed("3105.50", shift)), RULES)
    [outcome] = [one for one in outcomes if one.check_id == CHECK]
    [total] = [one for one in outcomes if one.check_id == TOTAL]

    assert outcome.verdict == "not_checkable"
    assert said in outcome.explanation
    assert outcome.next_step
    assert len(outcome.explanation) <= 140
    assert (total.residual_micros, total.figures) == (5_500_000, {})
    assert outcome.figures == ({"bound_micros": 200_000_000} if shift.edges else {})


@pytest.mark.parametrize(
    "one",
    [
        billed(cost=None),
        shifted(group("3100.00", document("1.00"), coverage=Coverage(missing_days=1)), SHIFT),
        shifted(group("3100.00", document("1.00"), currency="EUR"), SHIFT),
    ],
)
def test_missing_input_is_never_a_pass(one: BillGroup) -> None:
    [outcome] = judged(one)

    assert outcome.verdict == "not_checkable"
    assert outcome.next_step


def test_numbers_that_may_move_are_pending() -> None:
    until = date(2026, 11, 25)
    hours = replace(SHIFT, coverage=Coverage(pending_until={"cost": until}))
    days = group("3100.00", document("3105.50"), coverage=Coverage(pending_until={"cost": until}))

    assert [one.verdict for one in judged(billed(shift=hours))] == ["pending"]
    assert [one.verdict for one in judged(shifted(days, SHIFT))] == ["pending"]


def test_zone_that_only_another_bill_names_is_a_question_and_no_proof() -> None:
    elsewhere = replace(SHIFT, assumed=True, named_by="INV-0")
    outcomes = judge(of(billed("3105.50", elsewhere)), RULES)
    [outcome] = [one for one in outcomes if one.check_id == CHECK]
    [total] = [one for one in outcomes if one.check_id == TOTAL]

    assert (outcome.verdict, outcome.figures) == ("not_checkable", {"possible_micros": 5_500_000})
    assert "in America/Los_Angeles, as on INV-0" in outcome.explanation
    assert (total.verdict, total.residual_micros) == ("finding", 5_500_000)


@pytest.mark.parametrize("total", ["3100.00", "3103.00", "3120.00"])
def test_zone_of_another_bill_that_does_not_fit_or_is_not_needed_is_no_question(total: str) -> None:
    assert judged(billed(total, replace(SHIFT, assumed=True))) == []


@given(left=st.integers(0, 10**9), entered=st.integers(0, 10**9), beyond=st.integers(-(10**9), 10**9))
def test_moved_hours_and_the_rest_make_the_difference(left: int, entered: int, beyond: int) -> None:
    shift = replace(SHIFT, edges=(replace(LEFT, micros=left), replace(ENTERED, micros=entered)))
    cost = to_micros("3100.00")
    bill = replace(document("1.00"), total_micros=cost - left + entered + beyond)

    [outcome] = judged(shifted(group("3100.00", bill), shift))

    assert outcome.residual_micros == beyond
    assert outcome.diff_micros == entered - left + beyond
    assert (outcome.verdict == "finding") == (abs(beyond) > (outcome.tolerance_micros or 0))


@given(st.integers(-(10**9), 10**9))
def test_swapped_edges_move_the_same_money_the_other_way(micros: int) -> None:
    one = replace(SHIFT, edges=(replace(LEFT, micros=micros), ENTERED))
    other = replace(SHIFT, edges=(replace(LEFT, micros=micros, enters=True), replace(ENTERED, enters=False)))

    assert one.moved_micros == -other.moved_micros
