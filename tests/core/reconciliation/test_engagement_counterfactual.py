from datetime import date

import pytest

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


CHEAP = period(rate("cpc", "0.40"), cost="2800.00", impressions=8_128_188)
BY_VIEW = Rules(rates={"USD": {"cpm": 5_000_000}})


def test_single_price_is_told_beside_the_bill() -> None:
    [by_report] = run(campaign(CHEAP), BY_VIEW)
    [by_bill] = run(campaign(CHEAP, billed={"A": "2900.00"}), BY_VIEW)

    assert by_report.explanation == (
        "Bought by CPM at 5.00 this delivery would have cost USD\u00a040,640.94, 15 times the reported cost."
    )
    assert by_bill.explanation == (
        "Bought by CPM at 5.00 this delivery would have cost USD\u00a040,640.94, 14 times the bill."
    )
    assert by_bill.next_step == "Keep the present model: at your rates none would have cost less."


@pytest.mark.parametrize(
    ("cost", "ratio"),
    [
        ("100.00", "50% of the reported cost"),
        ("50.00", "100% of the reported cost"),
        ("40.00", "125% of the reported cost"),
        ("33.00", "1.5 times the reported cost"),
        ("25.00", "2 times the reported cost"),
        ("0.01", "5,000 times the reported cost"),
    ],
)
def test_ratio_to_the_bill_is_a_share_below_one_and_a_half(cost: str, ratio: str) -> None:
    [outcome] = run(campaign(period(None, cost=cost, impressions=10_000)), BY_VIEW)

    assert outcome.explanation.endswith(f"USD\u00a050.00, {ratio}.")


def test_nothing_is_compared_where_nothing_was_billed() -> None:
    [outcome] = run(campaign(period(None, cost="0", impressions=10_000)), BY_VIEW)

    assert outcome.explanation == "Bought by CPM at 5.00 this delivery would have cost USD\u00a050.00."
    assert outcome.next_step == "Compare with the model in force before the next order."


def test_share_of_sales_is_a_price_in_percent() -> None:
    by_sale = Rules(rates={"USD": {"cps": 80_000}})

    [outcome] = run(campaign(period(None, cost="0", revenue_micros=600_000_000)), by_sale)

    assert outcome.explanation == "Bought by CPS at 8% this delivery would have cost USD\u00a048.00."


def test_cheaper_model_is_named_with_what_it_would_have_saved() -> None:
    [outcome] = run(campaign(period(rate("cpc", "0.40"), cost="80.00", impressions=10_000, clicks=200)))

    assert outcome.next_step == (
        "Consider CPM for the next order: at your rate it would have cost USD\u00a030.00 less."
    )


def test_model_that_had_nothing_to_charge_for_is_not_recommended() -> None:
    [outcome] = run(campaign(period(rate("cpc", "0.40"), cost="40.00", impressions=10_000, clicks=0)))

    assert (outcome.figures["cpm"], outcome.figures["cpc"]) == (50_000_000, 0)
    assert outcome.explanation == (
        "Bought by CPM at 5.00 this delivery would have cost USD\u00a050.00, 125% of the reported cost."
    )
    assert outcome.next_step == "Keep the present model: at your rates none would have cost less."


def test_month_in_which_nothing_happened_is_no_what_if() -> None:
    [outcome] = run(campaign(period(rate("cpc", "0.40"), cost="0.00", impressions=0, clicks=0)))

    assert (outcome.verdict, outcome.explanation) == ("clear", "Nothing was delivered, and nothing billed.")


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
