from datetime import date

from adtally.connector import MetricGroup
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import CampaignMonth
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome

from .cases import campaign, facts, period, rate

USD = Rules(rates={"USD": {"cpm": 5_000_000, "cpc": 400_000, "cpa": 12_000_000}})


def run(given: CampaignMonth, rules: Rules = USD) -> list[Outcome]:
    return list(CHECKS["pricing-model-counterfactual"].run(facts(campaigns=(given,)), rules))


def test_models_without_a_known_count_are_left_out() -> None:
    [outcome] = run(campaign(period(rate("cpc", "0.40"), cost="80.00", impressions=10_000, clicks=200)))

    assert outcome.figures == {
        "cpm": 50_000_000,
        "cpc": 80_000_000,
        "ecpm_micros": 8_000_000,
        "ecpc_micros": 400_000,
        "ctr_ppm": 20_000,
        "break_even_ctr_ppm": 12_500,
        "ecpc_of_cpm_micros": 250_000,
        "ecpm_of_cpc_micros": 8_000_000,
    }
    assert outcome.explanation == (
        "At your rates this costs from USD\u00a050.00 by CPM to USD\u00a080.00 by CPC. "
        "CPM beats CPC above a click rate of 1.25%."
    )


def test_currency_without_declared_rates_says_nothing() -> None:
    delivered = period(rate("cpc", "0.40"), cost="80.00", clicks=200)

    assert run(campaign(delivered, currency="EUR")) == []
    assert run(campaign(delivered), Rules()) == []


def test_missing_days_and_missing_counts_are_not_checkable() -> None:
    delivered = period(rate("cpc", "0.40"), cost="80.00", clicks=200)
    uncounted = period(rate("cpc", "0.40"), cost="80.00", leads=3)

    verdicts = [run(given)[0].verdict for given in (campaign(delivered, missing_days=3), campaign(uncounted))]

    assert verdicts == ["not_checkable", "not_checkable"]


def test_only_counts_that_a_declared_rate_prices_are_waited_for() -> None:
    later: dict[MetricGroup, date] = {"conversions": date(2026, 11, 30)}
    clicks = period(rate("cpc", "0.40"), cost="80.00", clicks=200)
    actions = period(rate("cpc", "0.40"), cost="80.00", clicks=200, conversions_micros=1_000_000)

    [by_click] = run(campaign(clicks, pending_until=later))
    [by_action] = run(campaign(actions, pending_until=later))

    assert (by_click.verdict, by_action.verdict) == ("finding", "pending")
    assert by_action.figures["cpa"] == 12_000_000
