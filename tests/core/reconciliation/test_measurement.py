from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.money import rounded, to_micros
from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import CampaignMonth, Clauses, Facts, Rate, RateTier, Results
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Model

from .cases import campaign, period, rate
from .counted import clause, counted, known, run, source

CHECK, SERVER = "controlling-measurement", "cm360"
OURS = clause(SERVER)


def shown(
    own: int | None,
    *rows: EvidenceSum,
    clauses: Clauses | None = OURS,
    cost: str = "4000.00",
    **fields: object,
) -> CampaignMonth:
    units = {} if own is None else {"impressions": own}
    terms = rate("cpm", "4.00", clauses=clauses, **fields)  # type: ignore[arg-type]
    return campaign(period(terms, cost=cost, **units), evidence=rows)


def seen(quantity: int, kind: str = "impression", **fields: object) -> EvidenceSum:
    return counted(quantity, kind, source=SERVER, **fields)  # type: ignore[arg-type]


def only(found: Facts) -> Outcome:
    [outcome] = run(CHECK, found)
    return outcome


def test_c28_bill_rests_on_the_count_that_the_contract_names() -> None:
    outcome = only(known(shown(1_000_000, seen(910_000))))

    assert (outcome.verdict, outcome.severity, outcome.direction, outcome.asks) == (
        "finding",
        "high",
        "over",
        "claim",
    )
    assert outcome.figures["discrepancy_ppm"] == 90_000
    assert (outcome.expected_micros, outcome.at_risk_micros) == (3_640_000_000, 360_000_000)
    assert outcome.figures["coverage_ppm"] == 1_000_000


def test_c28_seller_who_controls_is_judged_by_the_order_alone() -> None:
    found = known(shown(1_000_000, seen(910_000), clauses=Clauses()))

    assert run(CHECK, found) == []
    [outcome] = run("expected-charge-vs-billed", found)
    assert outcome.verdict == "match"


def test_up_to_the_limit_nothing_is_added_and_one_unit_beyond_it_is() -> None:
    clauses = clause(SERVER, beyond="controlling_plus")

    at_limit = only(known(shown(1_000_000, seen(900_000), clauses=clauses)))
    beyond = only(known(shown(1_000_000, seen(899_999), clauses=clauses)))

    assert (at_limit.figures["discrepancy_ppm"], at_limit.expected_micros) == (100_000, 3_600_000_000)
    assert (beyond.figures["discrepancy_ppm"], beyond.expected_micros) == (100_001, 3_959_996_000)
    assert "payable with 10% more" in beyond.explanation


def test_denominator_is_the_one_of_the_agreement() -> None:
    clauses = clause(SERVER, beyond="controlling_plus", denominator="evidence")

    outcome = only(known(shown(1_000_000, seen(905_000), clauses=clauses)))

    assert outcome.figures["discrepancy_ppm"] == 104_972
    assert outcome.figures["payable_impressions"] == 995_500


def test_larger_count_of_the_buyer_is_never_topped_up() -> None:
    clauses = clause(SERVER, beyond="controlling_plus")

    outcome = only(known(shown(1_000_000, seen(1_200_000), clauses=clauses)))

    assert (outcome.verdict, outcome.direction, outcome.expected_micros) == (
        "finding",
        "under",
        4_800_000_000,
    )
    assert (outcome.asks, outcome.severity) == ("info", "medium")


@pytest.mark.parametrize(
    ("model", "column", "kind", "units", "expected"),
    [
        ("vcpm", "viewable_impressions", "viewable_impression", 500, "2.00"),
        ("cpc", "clicks", "click", 500, "2000.00"),
        ("cpv", "video_views", "view", 500, "2000.00"),
        ("cpcv", "video_completions", "completion", 500, "2000.00"),
        ("cpe", "engagements", "engagement", 500, "2000.00"),
        ("cpl", "leads", "lead", 500, "2000.00"),
        ("cpa", "conversions_micros", "conversion", 500, "2000.00"),
    ],
)
def test_each_model_is_charged_by_what_is_counted_of_it(
    model: Model, column: str, kind: str, units: int, expected: str
) -> None:
    own = 600_000_000 if column == "conversions_micros" else 600
    one = campaign(
        period(rate(model, "4.00", clauses=OURS), cost="2400.00", **{column: own}),
        evidence=(seen(units, kind),),
    )

    outcome = only(known(one))

    assert outcome.expected_micros == to_micros(expected)
    assert (outcome.verdict, outcome.direction) == ("finding", "over")


def test_served_impressions_say_nothing_of_viewable_ones() -> None:
    one = campaign(
        period(rate("vcpm", "4.00", clauses=OURS), cost="4000.00", viewable_impressions=9),
        evidence=(seen(9),),
    )

    assert only(known(one)).verdict == "not_checkable"


def test_view_through_results_do_not_count_where_only_clicked_ones_are_agreed() -> None:
    one = campaign(
        period(rate("cpa", "4.00", clauses=OURS), cost="400.00", conversions_micros=100_000_000),
        evidence=(seen(100, "conversion", view_through=30),),
        results=Results(
            all_micros=100_000_000, view_through_micros=0, attribution="default", click_only=True
        ),
    )
    both = replace(one, results=None)

    assert only(known(one)).expected_micros == to_micros("280.00")
    assert only(known(both)).verdict == "match"


def test_price_in_steps_is_charged_by_the_counted_units() -> None:
    tiers = (RateTier(up_to=1_000, rate_micros=500_000), RateTier(rate_micros=400_000))
    terms = Rate(model="cpc", tiers=tiers, source="agreement 1", clauses=OURS)
    one = campaign(period(terms, cost="800.00", clicks=1_700), evidence=(seen(1_600, "click"),))

    assert only(known(one)).expected_micros == to_micros("740.00")


def test_cap_is_never_too_little() -> None:
    below = only(known(shown(1_000_000, seen(1_100_000), kind="cap")))
    above = only(known(shown(1_000_000, seen(900_000), kind="cap")))

    assert (below.verdict, below.direction) == ("clear", "")
    assert (above.verdict, above.direction) == ("finding", "over")
    assert run("effective-rate-above-cap", known(shown(1_000_000, seen(900_000), kind="cap"))) == []


def test_coverage_is_that_of_the_campaigns_that_the_connector_is_to_count() -> None:
    of_others = replace(shown(10, clauses=None, cost="90000.00"), campaign_id="8")
    uncounted = replace(shown(10, cost="900.00"), campaign_id="9")

    alone = only(known(shown(1_000_000, seen(910_000)), of_others))
    outcomes = run(CHECK, known(shown(1_000_000, seen(910_000)), of_others, uncounted))

    assert alone.verdict == "finding"
    assert {outcome.explanation for outcome in outcomes} == {
        "Not checked: only 81.6% of the billed money has known impression keys."
    }


def test_months_of_two_prices_or_two_clauses_are_mixed_terms() -> None:
    first, rest = Window(date(2026, 10, 1), date(2026, 10, 9)), Window(date(2026, 10, 10), date(2026, 10, 31))
    for other in (rate("cpm", "5.00", clauses=OURS), rate("cpm", "4.00"), None):
        parts = (
            period(rate("cpm", "4.00", clauses=OURS), first, cost="4.00", impressions=1_000),
            period(other, rest, cost="4.00", impressions=1_000),
        )
        found = known(campaign(*parts, evidence=(seen(2_000),)))
        assert "mixed terms" in only(found).explanation
        assert run("expected-charge-vs-billed", found) == []


def test_units_that_nobody_else_can_count_are_not_checkable() -> None:
    one = campaign(period(rate("cpsend", "1.00", clauses=OURS), cost="9.00", billable_units=9))

    assert only(known(one)).explanation == (
        "Not checked: cm360 is to count sends, and nobody but the platform can."
    )


def test_flat_prices_and_shares_of_revenue_rest_on_no_count() -> None:
    flat = campaign(period(rate("flat", "9.00", clauses=OURS), cost="9.00"))
    share = Rate(model="cps", share_ppm=80_000, source="agreement 1", clauses=OURS)
    shared = campaign(period(share, cost="9.00", revenue_micros=9))

    assert run(CHECK, known(flat)) == []
    assert run(CHECK, known(shared)) == []
    assert len(run("expected-charge-vs-billed", known(flat))) == 1


def test_results_that_may_still_be_refused_are_pending() -> None:
    one = campaign(
        period(rate("cpl", "4.00", clauses=clause(SERVER, validation_days=30)), cost="40.00", leads=10),
        evidence=(seen(4, "lead"),),
    )

    early, late = (only(known(one, today=day)) for day in (date(2026, 11, 30), date(2026, 12, 1)))

    assert (early.verdict, late.verdict) == ("pending", "finding")
    assert "until 1 Dec" in early.explanation


def test_count_that_may_still_change_is_pending() -> None:
    sources = [source(SERVER, pending_until={"clicks": date(2026, 11, 8)})]

    assert only(known(shown(1_000_000, seen(910_000)), sources=sources)).verdict == "pending"


def test_two_advertisers_of_one_server_that_may_count_all_together_accuse_nobody() -> None:
    rows = (seen(600_000), seen(600_000, account_id="2"))
    sources = [source(SERVER), source(SERVER, account_id="2")]

    assert "several sources" in only(known(shown(1_000_000, *rows), sources=sources)).explanation


def test_platform_without_an_own_count_is_judged_by_the_named_one() -> None:
    outcome = only(known(shown(None, seen(910_000))))

    assert (outcome.verdict, outcome.expected_micros) == ("finding", 3_640_000_000)
    assert "discrepancy_ppm" not in outcome.figures


@given(
    own=st.integers(1, 10**7),
    there=st.integers(0, 10**7),
    limit=st.integers(0, 10**6),
    plus=st.booleans(),
    of=st.sampled_from(["platform", "evidence"]),
)
def test_payable_lies_between_the_named_count_and_that_with_the_limit_on_top(
    own: int, there: int, limit: int, plus: bool, of: str
) -> None:
    clauses = clause(
        SERVER,
        discrepancy_ppm=limit,
        beyond="controlling_plus" if plus else "controlling",
        denominator=of,
    )

    outcome = only(known(shown(own, seen(there), clauses=clauses)))

    payable = outcome.figures["payable_impressions"]
    assert isinstance(payable, int)
    assert there <= payable <= rounded(there * (10**6 + limit), 10**6)
    assert payable == there or (plus and own > there)
    assert outcome.expected_micros == rounded(4_000_000 * payable, 1_000)
    assert (outcome.diff_micros or 0) == 4_000_000_000 - (outcome.expected_micros or 0)


@given(gap=st.sampled_from(["source", "days", "nobody", "class", "flag"]))
def test_missing_input_is_never_a_pass_or_a_finding(gap: str) -> None:
    row = seen(
        9, evidence_class="E1" if gap == "class" else "E2", flags=("other_row",) if gap == "flag" else ()
    )
    sources = [] if gap == "source" else [source(SERVER, missing_days=gap == "days")]

    outcome = only(known(shown(1_000_000, *([] if gap == "nobody" else [row])), sources=sources))

    assert (outcome.verdict, outcome.at_risk_micros) == ("not_checkable", 0)
