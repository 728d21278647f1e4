"""The interaction rate that a seller promised, instead of the usual one."""

from datetime import date

import pytest
from msgspec.structs import replace

from adtally.ledger import Ledger
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import Baseline, CampaignMonth
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Delivery

from .cases import RULES, facts, shown
from .told import Told, campaign as campaign_in, facts as facts_of, ran, sync

PROMISE = Baseline(impressions=1_000_000, interactions=1_000, source="agreement 2", promised=True)


def judged(one: CampaignMonth) -> Outcome:
    [outcome] = CHECKS["impressions-without-interaction"].run(facts(campaigns=(one,)), RULES)
    return outcome


def promised(impressions: int, interactions: int, **fields: object) -> CampaignMonth:
    return replace(shown(impressions, interactions, **fields), baseline=PROMISE)  # type: ignore[arg-type]


def test_c08_against_a_promise_is_a_question_to_the_seller() -> None:
    outcome = judged(promised(10_000, 0))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "medium", "ask")
    assert outcome.figures["p_value"] == "4.517e-5"
    assert outcome.figures["promised_rate_ppm"] == 1_000
    assert outcome.at_risk_micros == 50_000_000
    assert outcome.stakes == ()
    assert outcome.explanation == (
        "10,000 impressions, no interaction, where 10 are promised (chance alone: 0.0045%). By agreement 2."
    )
    assert outcome.next_step == "Ask Google Ads for what makes good the promised rate."
    assert [row.table for row in outcome.proof if "promised" in row.says] == ["agreements"]


def test_promise_that_is_kept_or_too_small_to_tell_is_clear() -> None:
    assert judged(promised(50_000, 38)).verdict == "clear"
    assert judged(promised(2_000, 0)).flags == ("low_power",)


def test_broken_promise_counts_though_each_action_is_paid_for() -> None:
    outcome = judged(promised(10_000, 0, model="cpc"))

    assert (outcome.verdict, outcome.asks, outcome.at_risk_micros) == ("finding", "ask", 0)


def test_promise_outranks_the_usual_rate_and_the_first_one_counts(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=[*ran(1), *ran(1, campaign_id="8")]))
    agreed: list[dict[str, object]] = [
        {"campaign": "8", "min_interaction_rate": "9%"},
        {"model": None, "rate": None, "min_interaction_rate": "0.1%"},
        {"min_interaction_rate": "2%"},
    ]

    assert campaign_in(facts_of(ledger, agreed)).baseline == PROMISE


def test_two_promises_of_one_month_are_none(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=[*ran(1, 30), *ran(1, campaign_id="8")]))
    halves: list[dict[str, object]] = [
        {"last_day": "2026-10-15", "min_interaction_rate": "0.1%"},
        {"first_day": "2026-10-16", "min_interaction_rate": "2%"},
    ]

    found = campaign_in(facts_of(ledger, halves)).baseline

    assert found
    assert not found.promised


@pytest.mark.parametrize(
    "agreement",
    [
        {"last_day": "2026-10-15", "min_interaction_rate": "0.1%"},
        {"min_interaction_rate": "0%"},
        {"min_interaction_rate": "100%"},
        {},
    ],
)
def test_promise_for_a_part_of_the_days_or_of_nothing_leaves_the_usual_rate(
    ledger: Ledger, agreement: dict[str, object]
) -> None:
    sync(ledger, google=Told(delivery=[*ran(1, 30), *ran(1, campaign_id="8")]))

    found = campaign_in(facts_of(ledger, [agreement])).baseline

    assert found
    assert (found.promised, found.impressions, found.interactions) == (False, 100, 10)


def test_promise_holds_for_the_days_with_rows_only(ledger: Ledger) -> None:
    row = Delivery(day=date(2026, 10, 3), campaign_id="7", impressions=9, clicks=0)
    sync(ledger, google=Told(delivery=[row]))

    found = campaign_in(facts_of(ledger, [{"last_day": "2026-10-15", "min_interaction_rate": "5%"}]))

    assert found.baseline == Baseline(
        impressions=1_000_000, interactions=50_000, source="agreement 1", promised=True
    )
