"""Documents beside documents, and their conversion: overlap, credits, exchange rates, agency fees."""

from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.money import to_micros
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, document, facts, group, line
from .papers import PRESET, agency, chain, converted, entry, fee_bill, halves, overlap, ran, rate, run

UNFETCHED = Coverage(missing_days=2)
WAITING = Coverage(pending_until={"cost": date(2026, 11, 30)})


def one(check: str, given_facts: Facts) -> Outcome:
    [outcome] = run(check, given_facts)
    assert 0 < len(outcome.explanation) <= 140
    return outcome


def test_c47_a_day_that_two_bills_have_is_charged_twice() -> None:
    outcome = one("invoice-overlap", overlap(ran("40.00"), ran("1260.00"), *halves()))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.at_risk_micros, outcome.diff_micros, outcome.tolerance_micros) == (
        40_000_000,
        40_000_000,
        1_260_000,
    )
    assert (outcome.subject, outcome.confidence) == ("google/A+google/B", "high")
    assert outcome.formula == "min(40.00, 600.00 + 700.00 − 1,260.00)"
    assert outcome.explanation == (
        "A and B both bill 15 Oct: USD\u00a040.00 of what ran then is charged twice."
    )


def test_total_and_overlap_claim_the_same_money_once() -> None:
    bills = halves()
    found = overlap(ran("40.00"), ran("1260.00"), *bills)
    both = group("1260.00", *bills)

    outcomes = judge(replace(found, documents=bills, groups=(both,)), PRESET)

    at_risk = {one.check_id: one.at_risk_micros for one in outcomes if one.verdict == "finding"}
    assert at_risk == {"invoice-overlap": 40_000_000, "invoice-total-vs-delivered": 0}


@pytest.mark.parametrize(
    ("second", "verdict", "at_risk"),
    [
        ("660.00", "clear", 0),  # an inclusive last day, and all of it is what ran
        ("661.26", "clear", 0),
        ("661.27", "finding", 1_270_000),
        ("900.00", "finding", 40_000_000),  # no more than what ran on that day
        ("100.00", "clear", 0),
    ],
)
def test_overlap_costs_what_is_billed_beyond_what_ran_up_to_the_shared_days(
    second: str, verdict: str, at_risk: int
) -> None:
    outcome = one("invoice-overlap", overlap(ran("40.00"), ran("1260.00"), *halves("600.00", second)))

    assert (outcome.verdict, outcome.at_risk_micros) == (verdict, at_risk)


def test_fees_taxes_and_credits_are_no_overlap() -> None:
    first, second = halves("600.00", "660.00")
    taxed = replace(second, lines=(*second.lines, line("125.40", "2", kind="tax")), total_micros=785_400_000)

    assert one("invoice-overlap", overlap(ran("40.00"), ran("1260.00"), first, taxed)).verdict == "clear"


def test_credit_on_one_of_the_bills_lessens_the_overlap() -> None:
    bills = halves()
    credited = overlap(ran("40.00"), ran("1260.00"), *bills, credited_micros=-40_000_000)

    assert one("invoice-overlap", credited).verdict == "clear"


def test_bill_of_another_month_counts_at_most_what_ran_on_its_days() -> None:
    bills = halves("600.00", "900.00")
    found = overlap(ran("40.00"), ran("1260.00"), *bills, own_micros={"google/B": 700_000_000})

    outcome = one("invoice-overlap", found)

    assert (outcome.billed_micros, outcome.at_risk_micros) == (1_300_000_000, 40_000_000)
    assert [stake.pool for stake in outcome.stakes] == ["document:google/A"]


@pytest.mark.parametrize(
    "found",
    [
        overlap(None, ran("1.00"), *halves()),
        overlap(ran("1.00"), None, *halves()),
        overlap(ran("1.00", currency="EUR"), ran("1.00", currency="EUR"), *halves()),
        overlap(ran("1.00"), ran("1.00", coverage=UNFETCHED), *halves()),
        overlap(ran(None), ran("1.00"), *halves()),
        overlap(ran("1.00"), ran(None), *halves()),
        overlap(ran("1.00"), ran("1.00"), *halves(), own_micros={"google/B": None}),
        overlap(ran("1.00"), ran("1.00"), *halves(), others=("google/C",)),
    ],
)
def test_overlap_without_its_delivery_is_not_checkable(found: Facts) -> None:
    assert one("invoice-overlap", found).verdict == "not_checkable"


def test_overlap_waits_for_final_cost() -> None:
    found = overlap(ran("40.00"), ran("1260.00", coverage=WAITING), *halves())

    assert one("invoice-overlap", found).verdict == "pending"


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.integers(1, 10**10), st.integers(1, 10**10))
def test_overlap_never_costs_more_than_the_shared_days_or_the_excess(
    shared: int, rest: int, first: int, second: int
) -> None:
    bills = halves()
    amounts = (first, second)
    papers = [
        replace(bill, total_micros=micros, lines=(replace(line("0"), amount_micros=micros),))
        for bill, micros in zip(bills, amounts, strict=True)
    ]
    twice, union = replace(ran("0"), cost_micros=shared), replace(ran("0"), cost_micros=shared + rest)

    outcome = one("invoice-overlap", overlap(twice, union, *papers))

    assert outcome.verdict in ("clear", "finding")
    assert 0 <= outcome.at_risk_micros <= max(0, min(shared, first + second - shared - rest))


def test_c41_more_is_credited_than_was_billed() -> None:
    day = date(2026, 10, 5)
    found = chain([entry("300.00", "INV-1", day)], [entry("-120.00", "CM-1"), entry("-200.00", "CM-2")])

    outcome = one("credit-note-linkage", found)

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "under", "medium")
    assert outcome.figures["over_credited_micros"] == 20_000_000
    assert (outcome.at_risk_micros, outcome.stakes, outcome.asks) == (0, (), "info")
    assert outcome.formula == "120.00 + 200.00 − 300.00"
    assert [row.says for row in outcome.proof] == [
        "total of INV-1, 2026-10-05",
        "credit CM-1, 2026-11-03, USD\u00a0180.00 left",
        "credit CM-2, 2026-11-03, USD\u00a0−20.00 left",
    ]


def test_credits_up_to_the_whole_bill_are_clear() -> None:
    found = chain([entry("300.00", "INV-1")], [entry("-120.00", "CM-1"), entry("-180.00", "CM-2")])

    assert one("credit-note-linkage", found).verdict == "clear"


def test_goodwill_is_listed_and_no_finding() -> None:
    outcome = one("credit-note-linkage", chain([], [entry("-120.00", "CM-1")]))

    assert (outcome.verdict, outcome.flags, outcome.subject) == ("clear", ("unlinked",), "google/CM-1")
    assert outcome.explanation == (
        "A credit of USD\u00a0120.00 names no document: goodwill, or the link is missing."
    )


def test_credit_of_an_unknown_bill_is_not_checkable_unless_the_known_ones_cover_it() -> None:
    credit = entry("-120.00", "CM-1")

    assert one("credit-note-linkage", chain([], [credit], ("OLD-1",))).verdict == "not_checkable"
    covered = chain([entry("300.00", "INV-1")], [credit], ("OLD-1",))
    assert one("credit-note-linkage", covered).verdict == "clear"


def test_credit_in_another_currency_is_not_checkable() -> None:
    found = chain([entry("300.00", "INV-1")], [entry("-400.00", "CM-1", currency="EUR")])

    assert one("credit-note-linkage", found).verdict == "not_checkable"


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**12), min_size=1, max_size=4))
def test_one_micro_beyond_the_bill_is_a_finding_and_nothing_is_claimed(
    total: int, amounts: list[int]
) -> None:
    credits_of = [replace(entry("0", f"CM-{n}"), amount_micros=-micros) for n, micros in enumerate(amounts)]

    outcome = one("credit-note-linkage", chain([replace(entry("0", "A"), amount_micros=total)], credits_of))

    over = sum(amounts) - total
    assert outcome.verdict == ("finding" if over > 0 else "clear")
    assert outcome.figures["over_credited_micros"] == max(0, over)
    assert outcome.at_risk_micros == 0


def in_euro(total: str, *lines: object) -> Facts:
    bill = document(total, "INV-1", *lines, currency="EUR")  # type: ignore[arg-type]
    return converted("1000.00", bill, rate(9185, 10_000))


def test_c35_conversion_at_the_rate_of_the_day() -> None:
    outcome = one("fx-conversion", in_euro("920.00"))

    assert (outcome.verdict, outcome.expected_micros) == ("within_tolerance", 918_500_000)
    assert (outcome.diff_micros, outcome.tolerance_micros) == (1_500_000, 4_592_500)


@pytest.mark.parametrize(
    ("total", "verdict"),
    [("918.50", "match"), ("923.09", "within_tolerance"), ("923.10", "finding"), ("913.90", "finding")],
)
def test_conversion_is_judged_on_both_sides(total: str, verdict: str) -> None:
    outcome = one("fx-conversion", in_euro(total))

    assert outcome.verdict == verdict
    assert outcome.severity in ("medium", "info")


def test_inverse_rate_is_a_medium_finding_that_the_total_refers_to() -> None:
    found = in_euro("1088.73")
    outcomes = judge(replace(found, documents=found.groups[0].documents), PRESET)

    by_check = {one.check_id: one for one in outcomes}
    assert by_check["invoice-currency-mismatch"].verdict == "explained"
    assert "USD at 0.9185 of 3 Nov" in by_check["invoice-currency-mismatch"].explanation
    assert by_check["fx-conversion"].at_risk_micros == 170_230_000
    assert by_check["fx-conversion"].severity == "medium"
    assert by_check["invoice-total-vs-delivered"].at_risk_micros == 0
    assert by_check["fx-conversion"].explanation == (
        "The media is billed at EUR\u00a01,088.73; USD\u00a01,000.00 at 0.9185 of 3 Nov make "
        "EUR\u00a0918.50: EUR\u00a0170.23 too much."
    )


def test_taxes_and_fees_are_no_part_of_the_conversion() -> None:
    found = in_euro("1093.02", line("918.50", "1"), line("174.52", "2", kind="tax"))

    assert one("fx-conversion", found).verdict == "match"
    assert one("invoice-total-vs-delivered", found).verdict == "explained"
    assert one("invoice-total-vs-delivered", in_euro("918.50")).explanation == (
        "The delivery at the exchange rate of the day makes the billed amount."
    )


def test_total_has_the_room_of_a_rate_where_it_was_converted() -> None:
    assert one("invoice-total-vs-delivered", in_euro("920.00")).verdict == "within_tolerance"


def test_c34_without_a_rate_nothing_is_converted() -> None:
    bill = document("920.00", currency="EUR")
    found = converted("1000.00", bill)

    assert one("invoice-currency-mismatch", found).verdict == "finding"
    assert one("fx-conversion", found).verdict == "not_checkable"
    assert one("invoice-total-vs-delivered", found).verdict == "not_checkable"


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (converted(None, document("920.00", currency="EUR"), rate(1, 2)), "not_checkable"),
        (
            converted("1.00", document("920.00", currency="EUR"), rate(1, 2), coverage=UNFETCHED),
            "not_checkable",
        ),
        (converted("1.00", document("920.00", currency="EUR"), rate(1, 2), coverage=WAITING), "pending"),
        (converted("1.00", document("920.00", currency="EUR"), rate(1, 2, base="GBP")), "not_checkable"),
    ],
)
def test_conversion_without_its_inputs_is_no_verdict(found: Facts, verdict: str) -> None:
    assert one("fx-conversion", found).verdict == verdict


def test_one_currency_and_payments_are_no_matter_of_rates() -> None:
    charge = document("920.00", currency="EUR", kind="charge")

    assert run("fx-conversion", facts(groups=(group("1.00", document("1.00")),))) == []
    assert run("fx-conversion", converted("1000.00", charge, rate(1, 2))) == []


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-2, 2))
def test_conversion_mirrors_and_counts_every_micro(cost: int, num: int, den: int, off: int) -> None:
    expected = rate(num, den).convert(cost)

    def judged(sign: int) -> Outcome:
        bill = replace(document("0", currency="EUR"), total_micros=sign * expected + off)
        found = converted("0", bill, rate(num, den))
        [delivered] = found.groups[0].delivered
        moved = replace(found.groups[0], delivered=(replace(delivered, cost_micros=sign * cost),))
        return one("fx-conversion", replace(found, groups=(moved,)))

    assert judged(1).diff_micros == off == judged(-1).diff_micros
    assert judged(1).verdict in ("match", "within_tolerance")


def test_c46_commission_is_a_share_of_gross() -> None:
    outcome = one("agency-fee", agency("4250.00", fee_bill("750.00", line("750.00", kind="fee"))))

    assert (outcome.verdict, outcome.expected_micros) == ("match", 750_000_000)
    assert outcome.figures["gross_micros"] == 5_000_000_000
    assert outcome.explanation == "15% of gross on USD\u00a04,250.00 of media is USD\u00a0750.00."


def test_share_of_net_is_less() -> None:
    bill = fee_bill("750.00", line("750.00", kind="fee"))

    outcome = one("agency-fee", agency("4250.00", bill, of_gross=False))

    assert (outcome.verdict, outcome.expected_micros) == ("finding", 637_500_000)
    assert (outcome.severity, outcome.at_risk_micros, outcome.direction) == ("high", 112_500_000, "over")


@pytest.mark.parametrize(
    ("bill", "billed"),
    [
        (fee_bill("892.50", line("750.00", "1", kind="fee"), line("142.50", "2", kind="tax")), 750_000_000),
        (fee_bill("5000.00", line("4250.00", "1"), line("750.00", "2", kind="fee")), 750_000_000),
        (fee_bill("892.50", tax_micros=142_500_000), 750_000_000),
        (fee_bill("750.00"), 750_000_000),
        (fee_bill("892.50", fees_micros=750_000_000), 750_000_000),
    ],
)
def test_fee_is_its_lines_or_all_but_tax(bill: object, billed: int) -> None:
    outcome = one("agency-fee", agency("4250.00", bill))  # type: ignore[arg-type]

    assert (outcome.verdict, outcome.billed_micros) == ("match", billed)


@pytest.mark.parametrize(
    "found",
    [
        agency("4250.00"),
        agency(None, fee_bill("750.00")),
        agency("4250.00", fee_bill("750.00"), coverage=UNFETCHED),
        agency("4250.00", fee_bill("750.00"), mixed=True),
        agency("4250.00", fee_bill("750.00", currency="EUR")),
        agency("4250.00", fee_bill("750.00", window=None)),
        agency("4250.00", fee_bill("750.00", window=Window(OCTOBER.first_day, date(2026, 10, 30)))),
        agency("4250.00", fee_bill("750.00"), share_ppm=1_000_000),
    ],
)
def test_agency_fee_without_its_inputs_is_not_checkable(found: Facts) -> None:
    assert one("agency-fee", found).verdict == "not_checkable"


def test_agency_fee_waits_for_final_cost() -> None:
    assert one("agency-fee", agency("4250.00", fee_bill("9.00"), coverage=WAITING)).verdict == "pending"


@given(st.integers(0, 10**13), st.integers(1, 999_999), st.booleans(), st.integers(-(10**7), 10**7))
def test_fee_is_judged_by_its_distance_to_the_agreed_one(
    cost: int, share: int, of_gross: bool, off: int
) -> None:
    found = agency("0", fee_bill("0"), share_ppm=share, of_gross=of_gross)
    [terms] = found.agencies[0].shares
    expected = run("agency-fee", _costing(found, cost, 0))[0].expected_micros or 0

    outcome = one("agency-fee", _costing(found, cost, expected + off))

    limit = max(to_micros("1.00"), expected * 5_000 // 1_000_000)
    assert outcome.diff_micros == off
    assert outcome.verdict == ("match" if not off else "within_tolerance" if abs(off) <= limit else "finding")
    assert terms.share_ppm == share


def _costing(found: Facts, cost: int, billed: int) -> Facts:
    [paid] = found.agencies
    [share] = paid.shares
    bill = replace(found.documents[0], total_micros=billed)
    return replace(
        found, documents=(bill,), agencies=(replace(paid, shares=(replace(share, cost_micros=cost),)),)
    )
