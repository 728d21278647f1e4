from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import CampaignMonth, Clauses, Facts
from adtally.reconciliation.verdicts import Outcome, Stake

from .cases import campaign, period, rate
from .counted import clause, counted, known, run, source, tagged

CHECK, MMP = "installs-vs-mmp", "appsflyer"


def installed(
    own: int | None, *rows: EvidenceSum, clauses: Clauses | None = None, cost: str = "2400.00"
) -> CampaignMonth:
    units = {} if own is None else {"installs": own}
    return campaign(period(rate("cpi", "2.00", clauses=clauses), cost=cost, **units), evidence=rows)


def measured(quantity: int, **fields: object) -> EvidenceSum:
    return counted(quantity, "install", source=MMP, **fields)  # type: ignore[arg-type]


def only(found: Facts) -> Outcome:
    [outcome] = run(CHECK, found)
    return outcome


def test_c27_measurement_that_controls_is_what_is_paid() -> None:
    outcome = only(known(installed(1_200, measured(1_050), clauses=clause(MMP))))

    assert (outcome.verdict, outcome.severity, outcome.direction, outcome.asks) == (
        "finding",
        "high",
        "over",
        "claim",
    )
    assert (outcome.diff_micros, outcome.at_risk_micros) == (300_000_000, 300_000_000)
    assert outcome.figures["discrepancy_ppm"] == 125_000
    assert outcome.explanation == (
        "USD\u00a02,400.00 billed; appsflyer decides and counted 1,050 installs: USD\u00a02,100.00: "
        "USD\u00a0300.00 too much."
    )


def test_c27_with_a_clause_of_ten_percent_pays_that_on_top() -> None:
    clauses = clause(MMP, beyond="controlling_plus")

    outcome = only(known(installed(1_200, measured(1_050), clauses=clauses)))

    assert (outcome.verdict, outcome.severity) == ("finding", "high")
    assert (outcome.expected_micros, outcome.at_risk_micros) == (2_310_000_000, 90_000_000)
    assert outcome.figures["payable_installs"] == 1_155


def test_c27_without_a_clause_is_a_question() -> None:
    outcome = only(known(installed(1_200, measured(1_050))))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "medium", "ask")
    assert (outcome.figures["discrepancy_ppm"], outcome.figures["limit_ppm"]) == (125_000, 100_000)
    assert outcome.stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=300_000_000),)
    assert outcome.figures["coverage_ppm"] == 1_000_000


@pytest.mark.parametrize(
    ("own", "there", "verdict"),
    [
        (1_000, 900, "within_tolerance"),
        (1_000, 899, "finding"),
        (1_000, 1_000, "match"),
        (1_000, 1_200, "clear"),
        (0, 0, "match"),
        (5, 0, "finding"),
    ],
)
def test_gap_of_a_tenth_is_tolerated_without_a_clause(own: int, there: int, verdict: str) -> None:
    assert only(known(installed(own, measured(there)))).verdict == verdict


def test_agreed_discrepancy_and_denominator_are_used_without_controlling_count_too() -> None:
    clauses = Clauses(discrepancy_ppm=150_000)

    assert only(known(installed(1_200, measured(1_050), clauses=clauses))).verdict == "within_tolerance"
    of_measured = replace(clauses, discrepancy_ppm=142_857, denominator="evidence")
    assert only(known(installed(1_200, measured(1_050), clauses=of_measured))).verdict == "within_tolerance"
    less = replace(of_measured, discrepancy_ppm=142_856)
    assert only(known(installed(1_200, measured(1_050), clauses=less))).verdict == "finding"


def test_bill_on_the_controlling_count_matches_whatever_the_platform_says() -> None:
    one = installed(1_200, measured(1_050), clauses=clause(MMP), cost="2100.00")

    assert only(known(one)).verdict == "match"


def test_billed_less_than_the_measurement_asks_for_nothing() -> None:
    outcome = only(known(installed(1_000, measured(1_200), clauses=clause(MMP), cost="2000.00")))

    assert (outcome.verdict, outcome.direction, outcome.severity, outcome.asks, outcome.stakes) == (
        "finding",
        "under",
        "medium",
        "info",
        (),
    )


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (installed(None, measured(9)), "does not report the install count"),
        (installed(20, measured(9, evidence_class="E1")), "class E1"),
        (installed(20, measured(9, flags=("truncated",))), "lower bound (truncated)"),
        (installed(20, clauses=clause(MMP)), "only 0% of the billed money has known install keys"),
        (installed(20, counted(9, "install", source="own"), clauses=clause(MMP)), "only 0%"),
        (installed(None, measured(9), clauses=clause(MMP, beyond="controlling_plus")), "does not report"),
    ],
    ids=["no count", "E1", "flag", "nobody", "another's", "no own count for the clause"],
)
def test_missing_or_weak_input_is_not_checkable(one: CampaignMonth, says: str) -> None:
    outcome = only(known(one, tagged=tagged(1_000_000, "install")))

    assert outcome.verdict == "not_checkable"
    assert says in outcome.explanation


def test_other_models_and_accounts_without_measurement_are_left_out() -> None:
    clicks = campaign(period(rate("cpc", "2.00"), cost="9.00", clicks=9), evidence=(measured(9),))

    assert run(CHECK, known(clicks)) == []
    assert run(CHECK, known(installed(20))) == []
    assert run(CHECK, known(installed(20, measured(9), cost="0"))) == []


def test_installs_after_a_view_were_measured_too() -> None:
    assert only(known(installed(1_000, measured(1_000, view_through=400)))).verdict == "match"


def test_two_apps_may_share_a_campaign_and_accuse_nobody_together() -> None:
    rows = (measured(600), measured(550, account_id="2"))
    sources = [source(MMP), source(MMP, account_id="2")]

    outcome = only(known(installed(1_200, *rows), sources=sources))

    assert "several sources" in outcome.explanation
    fewer = (measured(600), measured(50, account_id="2"))
    assert only(known(installed(1_200, *fewer), sources=sources)).verdict == "finding"


def test_measurement_that_may_still_change_is_pending() -> None:
    until = date(2026, 11, 8)
    found = known(
        installed(1_200, measured(1_050)), sources=[source(MMP, pending_until={"conversions": until})]
    )

    assert (only(found).verdict, only(found).at_risk_micros) == ("pending", 0)


def test_no_check_of_the_contract_judges_by_the_platforms_count_what_another_one_controls() -> None:
    found = known(installed(1_200, measured(1_050), clauses=clause(MMP), cost="2100.00"))

    assert run("expected-charge-vs-billed", found) == []
    assert run("billed-without-billable-events", found) == []
    assert run("controlling-measurement", found) == []
    assert len(run("expected-charge-vs-billed", known(installed(1_200, measured(1_050))))) == 1


@given(own=st.integers(0, 10_000), there=st.integers(0, 10_000), cents=st.integers(1, 10**8))
def test_question_is_never_larger_than_the_bill_and_grows_with_what_is_missing(
    own: int, there: int, cents: int
) -> None:
    outcome = only(known(installed(own, measured(there), cost=f"{cents / 100:.2f}")))
    fewer = only(known(installed(own, measured(max(0, there - 1)), cost=f"{cents / 100:.2f}")))

    assert (outcome.verdict == "finding") == (own > there and (own - there) * 10**6 // own > 100_000)
    assert 0 <= (outcome.diff_micros or 0) <= cents * 10_000
    assert (fewer.diff_micros or 0) >= (outcome.diff_micros or 0)


@given(gap=st.sampled_from(["source", "days", "coverage", "class", "flag"]), contractual=st.booleans())
def test_missing_input_is_never_a_pass_or_a_finding(gap: str, contractual: bool) -> None:
    row = measured(
        9, evidence_class="E1" if gap == "class" else "E2", flags=("sampled",) if gap == "flag" else ()
    )
    one = installed(1_000, row, clauses=clause(MMP) if contractual else None)
    untagged = replace(installed(1_000, clauses=one.periods[0].rate.clauses), campaign_id="8")  # type: ignore[union-attr]
    sources = [] if gap == "source" else [source(MMP, missing_days=gap == "days")]

    outcomes = run(CHECK, known(*[one, untagged][: 1 + (gap == "coverage")], sources=sources))

    assert {(outcome.verdict, outcome.at_risk_micros) for outcome in outcomes} == {("not_checkable", 0)}
