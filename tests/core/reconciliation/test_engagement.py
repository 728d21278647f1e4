from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import CampaignMonth, Counts, Period, Results
from adtally.reconciliation.support import support
from adtally.reconciliation.verdicts import Outcome, Stake
from adtally.records import Model

from .cases import OCTOBER, RULES, campaign, evidence, facts, period, rate


def supported(*campaigns: CampaignMonth) -> list[Outcome]:
    return list(CHECKS["engagement-support"].run(facts(campaigns=campaigns), RULES))


def clicked(*counts: EvidenceSum, name: str = "7", clicks: int = 100, cost: str = "40.00") -> CampaignMonth:
    return campaign(period(rate("cpc", "0.40"), cost=cost, clicks=clicks), name=name, evidence=counts)


def test_share_is_told_with_its_class_and_what_is_not_backed() -> None:
    [outcome] = supported(clicked(evidence(2_310), clicks=2_500, cost="1000.00"))

    assert outcome.explanation == (
        "2,310 of 2,500 billed clicks are in your own tag or SDK (92.4%): USD\u00a076.00 is not backed."
    )
    assert [(row.says, row.value, row.evidence_class) for row in outcome.proof][-1] == (
        "session in your own tag or SDK, 2,310 records",
        "2,310",
        "E2",
    )


def test_campaign_backed_in_full_is_clear() -> None:
    [outcome] = supported(clicked(evidence(140)))

    assert (outcome.verdict, outcome.figures["support_ppm"]) == ("clear", 1_000_000)
    assert outcome.proof[-1].value == "140, of which 100 count"


def test_strongest_class_counts_and_classes_are_never_added() -> None:
    many = (evidence(90, evidence_class="E1"), evidence(60), evidence(50, "click", source="own"))

    [outcome] = supported(clicked(*many))

    assert (outcome.figures["class"], outcome.figures["support_ppm"]) == ("E2", 600_000)


def test_account_adds_up_campaigns_of_one_unit_and_class_only() -> None:
    leads = campaign(
        period(rate("cpl", "4"), cost="40.00", leads=10), name="9", evidence=(evidence(4, "lead", "E3"),)
    )

    outcomes = supported(clicked(evidence(140)), clicked(evidence(30), name="8"), leads)

    assert [(one.subject, one.campaign_id, one.figures["support_ppm"]) for one in outcomes] == [
        ("google/1/7", "7", 1_000_000),
        ("google/1/8", "8", 300_000),
        ("google/1/9", "9", 400_000),
        ("google/1/clicks/E2", "", 650_000),
    ]
    assert outcomes[-1].explanation == (
        "130 of 200 billed clicks of 2 campaigns are in your own tag or SDK (65%): "
        "USD\u00a028.00 is not backed."
    )


@pytest.mark.parametrize("counts", [(), (evidence(90, "order"),), (evidence(90, evidence_class="E0"),)])
def test_platforms_word_alone_is_not_checkable(counts: tuple[EvidenceSum, ...]) -> None:
    [outcome] = supported(clicked(*counts))

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: only the platform itself counts the clicks of this campaign.",
    )


@pytest.mark.parametrize("model", ["cpm", "vcpm", "flat", "dynamic"])
def test_what_is_paid_per_view_has_no_actions_to_back(model: Model) -> None:
    assert supported(campaign(period(rate(model, "5"), cost="40.00", impressions=90, clicks=9))) == []


def test_numbers_that_may_change_are_pending() -> None:
    soon = Coverage(pending_until={"clicks": date(2026, 11, 4)})
    later = replace(clicked(evidence(60)), coverage=soon)

    assert [one.verdict for one in supported(later, clicked(evidence(60), name="8"))] == [
        "pending",
        "finding",
        "pending",
    ]


row = st.tuples(st.integers(1, 500), st.integers(0, 900), st.integers(1, 10**9))
rows = st.lists(row, min_size=1, max_size=6)


@given(rows)
def test_each_campaign_is_capped_before_anything_is_summed(given_rows: list[tuple[int, int, int]]) -> None:
    campaigns = [
        replace(
            campaign(
                Period(
                    window=OCTOBER,
                    counts=Counts(clicks=clicks, cost_micros=cost),
                    rate=rate("cpc", "0.40"),
                ),
                name=str(n),
            ),
            evidence=(evidence(sessions),),
        )
        for n, (clicks, sessions, cost) in enumerate(given_rows)
    ]

    outcomes = supported(*campaigns)
    [bucket] = support(campaigns)

    whole = [one for one in outcomes if not one.campaign_id] or outcomes
    confirmed = sum(min(clicks, sessions) for clicks, sessions, _ in given_rows)
    billed = sum(clicks for clicks, _, _ in given_rows)
    assert whole[0].figures["support_ppm"] == confirmed * 1_000_000 // billed
    assert whole[0].figures["unsupported_micros"] == bucket.unbacked_micros
    assert bucket.billed_micros == sum(cost for _, _, cost in given_rows)


def seen(
    view_through: int, *, click_only: bool, model: Model = "cpa", price: str | None = "10.00"
) -> CampaignMonth:
    results = Results(
        all_micros=50_000_000,
        view_through_micros=view_through * 1_000_000,
        attribution="7d_click,1d_view",
        click_only=click_only,
    )
    ran = period(rate(model, price), cost="500.00", conversions_micros=50_000_000, installs=50)
    return campaign(ran, results=results)


def share(given: CampaignMonth) -> list[Outcome]:
    return list(CHECKS["view-through-share"].run(facts(campaigns=(given,)), RULES))


def test_results_that_nobody_clicked_for_are_claimed_where_only_clicks_are_agreed() -> None:
    [outcome] = share(seen(35, click_only=True))

    assert outcome.explanation == (
        "35 of 50 results followed no click, and only clicked ones are agreed: USD\u00a0350.00 too much."
    )
    assert outcome.formula == "10.00 × 35 view-through results"
    assert outcome.stakes == (Stake(pool="campaign:google/1/7/2026-10", micros=350_000_000),)
    assert [(row.says, row.value) for row in outcome.proof] == [
        ("results, attribution 7d_click,1d_view", "50"),
        ("of them view-through, attribution 7d_click,1d_view", "35"),
    ]


def test_without_a_clause_the_share_is_worth_knowing() -> None:
    [outcome] = share(seen(35, click_only=False))

    assert (outcome.verdict, outcome.severity, outcome.asks, outcome.at_risk_micros) == (
        "finding",
        "info",
        "info",
        0,
    )
    assert outcome.explanation == "35 of 50 results (70%) followed no click."


def test_results_without_a_fixed_rate_are_taken_at_their_average_price() -> None:
    [outcome] = share(seen(35, click_only=True, model="cpi", price=None))

    assert (outcome.at_risk_micros, outcome.formula) == (350_000_000, "500.00 × 35 / 50")


def test_claim_never_exceeds_the_bill() -> None:
    [outcome] = share(seen(35, click_only=True, price="99.00"))

    assert outcome.at_risk_micros == 500_000_000


def test_clicked_results_are_clear_and_an_unknown_split_is_not() -> None:
    known = seen(0, click_only=True)

    assert [one.verdict for one in share(known)] == ["clear"]
    assert [one.verdict for one in share(replace(known, results=None))] == ["not_checkable"]


def test_share_is_judged_only_where_results_are_paid_for() -> None:
    assert share(seen(35, click_only=True, model="cpm")) == []


def test_results_that_may_change_are_pending() -> None:
    later = Coverage(pending_until={"conversions": date(2026, 11, 30)})

    [outcome] = share(replace(seen(35, click_only=True), coverage=later))

    assert (outcome.verdict, outcome.stakes) == ("pending", ())
