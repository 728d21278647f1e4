from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import CampaignMonth
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome

from .cases import RULES, facts, shown

WASTE = Rules(effect_ratio=Decimal("0.5"))


def run(*campaigns: CampaignMonth, rules: Rules = RULES) -> list[Outcome]:
    return list(CHECKS["impressions-without-interaction"].run(facts(campaigns=campaigns), rules))


def verdicts(outcomes: list[Outcome]) -> dict[str, str]:
    return {one.campaign_id: one.verdict for one in outcomes}


def test_finding_says_what_is_usual_and_how_likely_chance_is() -> None:
    [none], [few] = run(shown(10_000, 0)), run(shown(50_000, 30))

    assert none.explanation == (
        "10,000 impressions, no interaction, where 10 are usual (chance alone: 0.0045%). "
        "Billed as agreed: waste, not a claim."
    )
    assert few.explanation == (
        "50,000 impressions, 30 interactions, where 50 are usual (chance alone: 0.16%). "
        "Billed as agreed: waste, not a claim."
    )
    assert none.formula == "P(X ≤ 0 | Bin(10,000, 0.1%)) = 4.517e-5"
    assert none.next_step == (
        "Look at where the ads were shown, and consider a price per click for the next order."
    )


def test_finding_proves_itself_by_counts_the_usual_rate_and_the_least_price() -> None:
    [outcome] = run(shown(10_000, 0, cost="50.00"))

    assert [(row.says, row.value) for row in outcome.proof] == [
        ("impressions by the platform's own count", "10,000"),
        ("interactions by the platform's own count", "0"),
        ("usual rate: 1,000 of 1,000,000, 90 days", "0.1%"),
        ("least price of an interaction, at the upper 95% limit of the rate", "USD\u00a016.6904"),
    ]
    assert outcome.figures["least_price_micros"] == 16_690_410


def test_what_such_a_campaign_was_billed_is_waste_and_no_claim() -> None:
    [outcome] = run(shown(50_000, 30, cost="250.00"))

    assert (outcome.severity, outcome.asks, outcome.at_risk_micros) == ("low", "waste", 250_000_000)
    assert outcome.stakes == ()


def test_where_an_action_is_paid_for_nothing_is_wasted() -> None:
    [outcome] = run(shown(10_000, 0, model="cpc"))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "info", "info")
    assert outcome.at_risk_micros == 0
    assert outcome.explanation.endswith("Paid per action: nothing is wasted.")


def test_clicks_count_where_the_platform_names_no_main_interaction() -> None:
    clicks = shown(10_000, None)
    clicks = replace(clicks, counts=replace(clicks.counts, clicks=0))

    [outcome] = run(clicks)

    assert (outcome.verdict, outcome.figures["interactions"]) == ("finding", 0)
    assert outcome.proof[1].says == "clicks by the platform's own count"


def test_five_rows_of_which_one_or_three_convict() -> None:
    """C54: without clicks P is 0.999 ** impressions; thresholds are .002 .004 .006 .008 .01."""
    few, some, many = 693, 1_203, 6_905
    one = [shown(n, 0, name) for n, name in zip((many, 4_421, 3_910, some, few), "abcde", strict=True)]
    three = [shown(n, 0, name) for n, name in zip((many, 5_544, 5_148, some, few), "abcde", strict=True)]

    assert [name for name, verdict in verdicts(run(*one)).items() if verdict == "finding"] == ["a"]
    assert [name for name, verdict in verdicts(run(*three)).items() if verdict == "finding"] == [
        "a",
        "b",
        "c",
    ]
    assert [row.figures["rank"] for row in run(*three) if row.verdict == "finding"] == [1, 2, 3]


def test_clear_row_says_whether_it_was_too_small_to_tell() -> None:
    [small], [large] = run(shown(2_000, 0)), run(shown(50_000, 38))

    assert (small.flags, small.explanation) == (
        ("low_power",),
        "No interaction in 2,000 impressions, and 2 are usual: too few impressions to tell.",
    )
    assert (large.flags, large.explanation) == (
        (),
        "38 interactions in 50,000 impressions, and 50 are usual: not too few.",
    )


def test_filter_by_effect_keeps_the_rank_of_the_others() -> None:
    rows = (shown(50_000, 30, "mild"), shown(50_000, 20, "strong"))

    assert verdicts(run(*rows, rules=WASTE)) == {"mild": "clear", "strong": "finding"}


def test_rows_that_may_change_wait_and_convict_nobody() -> None:
    later = {"clicks": date(2026, 11, 30)}
    weak, strong = shown(4_700, 0, "weak"), shown(90_000, 0, "strong")
    pending = [shown(90_000, 0, f"p{n}", pending_until=later) for n in range(9)]  # type: ignore[arg-type]

    found = verdicts(run(weak, strong, *pending))

    assert (found.pop("weak"), found.pop("strong")) == ("finding", "finding")
    assert set(found.values()) == {"pending"}
    assert verdicts(run(weak, shown(1_000, 1, "fair"))) == {"weak": "clear", "fair": "clear"}


def test_formats_that_nobody_can_click_and_campaigns_not_shown_are_left_out() -> None:
    assert run(shown(10_000, 0, channel="LINE_ITEM_TYPE_AUDIO_DEFAULT"), shown(0, 0, "8")) == []


def test_missing_input_is_not_checkable() -> None:
    rows = (
        shown(None, 0, "impressions"),
        shown(10_000, None, "interactions"),
        shown(10_000, 0, "baseline", usual=None),
        shown(10_000, 0, "never usual", usual=(0, 1_000_000)),
        shown(10_000, 0, "always usual", usual=(10, 10)),
        shown(10_000, 0, "days", missing_days=2),
    )

    outcomes = run(*rows)

    assert {one.verdict for one in outcomes} == {"not_checkable"}
    assert len(outcomes) == 6
    assert all(one.next_step for one in outcomes)


tested = st.lists(
    st.tuples(st.integers(0, 60_000), st.integers(0, 40), st.integers(0, 20_000)), min_size=1, max_size=8
)


@given(tested, st.randoms(use_true_random=False))
def test_order_of_the_campaigns_does_not_matter(rows: list[tuple[int, int, int]], chance: Random) -> None:
    given_rows = [
        shown(impressions, interactions, str(n), usual=(usual, 1_000_000))
        for n, (impressions, interactions, usual) in enumerate(rows)
    ]
    shuffled = chance.sample(given_rows, len(given_rows))

    assert run(*shuffled) == run(*given_rows)


@given(tested)
def test_campaign_as_usual_convicts_nobody_else(rows: list[tuple[int, int, int]]) -> None:
    given_rows = [
        shown(impressions, interactions, str(n), usual=(usual, 1_000_000))
        for n, (impressions, interactions, usual) in enumerate(rows)
    ]
    convicted = {one.campaign_id for one in run(*given_rows) if one.verdict == "finding"}

    with_another = {
        one.campaign_id for one in run(*given_rows, shown(9_000, 9_000, "usual")) if one.verdict == "finding"
    }

    assert with_another <= convicted
