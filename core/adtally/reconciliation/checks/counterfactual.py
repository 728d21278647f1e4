"""What the same delivery would have cost under every other pricing model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from ...money import money_text, rounded
from ...records import Model
from ..facts import CampaignMonth, Facts, Rate
from ..pricing import basis_of, break_even_ctr_ppm, charge, counted, derived, effective, price_of
from ..rules import Rules
from ..verdicts import Outcome
from .campaigns import unfetched
from .declaration import check
from .outcomes import as_pending, not_checkable, of_campaign
from .sentences import charge_text, percent_text, price_text, sentence


@check(
    question="What would this delivery have cost under each model, and where is break-even?",
    formula="charge(declared rate, count) for each model; break-even click rate = R(CPM × 1e6, 1000 × CPC)",
    grain="campaign and month",
    reads=("delivery", "reconcile.rates"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="none: a metric",
    severity="info",
)
def pricing_model_counterfactual(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """An accounting what-if, not a forecast: people are taken to behave as they did.

    Paying per 1,000 impressions is cheaper than per click exactly where the click rate is above break-even.
    Models without a known count or a declared rate are left out; without rates in a currency nothing is said.
    A model that had nothing to charge for is not recommended.
    """
    for campaign in facts.campaigns:
        rates = rules.rates.get(campaign.currency)
        if rates:
            yield _campaign(campaign, rates)


def _campaign(campaign: CampaignMonth, rates: Mapping[Model, int]) -> Outcome:
    blank, counts = of_campaign(campaign), campaign.counts
    if unknown := unfetched(campaign):
        return unknown
    declared = [_declared(model, price) for model, price in rates.items()]
    known = [rate for rate in declared if (basis := basis_of(rate)) and counted(basis, counts) is not None]
    costs: dict[str, int] = {rate.model: charge(rate, counts, campaign.month) or 0 for rate in known}
    if not costs:
        return not_checkable(
            blank,
            "Not checked: no count is known that a declared rate applies to.",
            "Declare rates for models whose counts the platform reports.",
        )
    billed, currency = campaign.billed_micros, campaign.currency
    groups = {basis.group for rate in known if (basis := basis_of(rate))}
    pending = [day for group, day in campaign.coverage.pending_until.items() if group in groups]
    until = max(pending, default=None)
    if not billed and not any(costs.values()):
        idle = replace(blank, verdict="clear", explanation="Nothing was delivered, and nothing billed.")
        return as_pending(idle, until)
    figures: dict[str, int | str] = {**costs, **derived(counts, billed)}
    cpm, cpc = rates.get("cpm"), rates.get("cpc")
    crossed = {
        "break_even_ctr_ppm": break_even_ctr_ppm(cpm, cpc) if cpm is not None and cpc is not None else None,
        "ecpc_of_cpm_micros": effective(costs.get("cpm"), counts.clicks),
        "ecpm_of_cpc_micros": effective(costs.get("cpc"), counts.impressions, 1_000),
    }
    figures.update({name: value for name, value in crossed.items() if value is not None})
    told = [
        rate for rate in known if costs[rate.model]
    ] or known  # nothing happened that the others charge for
    outcome = replace(
        blank,
        verdict="finding",
        billed_micros=billed,
        formula="; ".join(
            f"{rate.model}: {charge_text(rate, counts, campaign.month, currency)}" for rate in known
        ),
        explanation=_said(campaign, told, costs, crossed["break_even_ctr_ppm"]),
        next_step=_advice({rate.model: costs[rate.model] for rate in told}, billed, currency),
        figures=figures,
    )
    return as_pending(outcome, until)


def _said(campaign: CampaignMonth, known: list[Rate], costs: Mapping[str, int], even: int | None) -> str:
    currency = campaign.currency
    if len(known) == 1:
        [rate] = known
        cost = costs[rate.model]
        price = price_of(rate) or 0
        each = percent_text(price) if rate.share_ppm is not None else price_text(price, currency)
        text = f"Bought by {rate.model.upper()} at {each} this delivery would have cost "
        text += money_text(cost, currency)
        bill = "the bill" if campaign.lines else "the reported cost"
        return sentence(f"{text}{_ratio_text(cost, campaign.billed_micros or 0, bill)}.", f"{text}.")
    models = [rate.model for rate in known]
    cheapest, dearest = (pick(models, key=lambda model: (costs[model], model)) for pick in (min, max))
    said = f"At your rates this costs from {money_text(costs[cheapest], currency)} by {cheapest.upper()} to "
    said += f"{money_text(costs[dearest], currency)} by {dearest.upper()}."
    click_rate = "" if even is None else f" CPM beats CPC above a click rate of {percent_text(even)}."
    return sentence(said + click_rate, said)


def _ratio_text(cost: int, billed: int, bill: str) -> str:
    """``, 14 times the bill``, ``, 1.6 times the bill``, ``, 87% of the bill``; nothing without a bill."""
    if billed <= 0:
        return ""
    tenths = rounded(cost * 10, billed)
    if tenths < 15:
        return f", {rounded(cost * 100, billed)}% of {bill}"
    times = (
        f"{rounded(cost, billed):,}" if tenths >= 100 or tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
    )
    return f", {times} times {bill}"


def _advice(costs: Mapping[str, int], billed: int | None, currency: str) -> str:
    """What the prices mean for the next order."""
    if not billed:
        return "Compare with the model in force before the next order."
    cheapest = min(costs, key=lambda model: (costs[model], model))
    saved = billed - costs[cheapest]
    if saved <= 0:
        return "Keep the present model: at your rates none would have cost less."
    money = money_text(saved, currency)
    return f"Consider {cheapest.upper()} for the next order: at your rate it would have cost {money} less."


def _declared(model: Model, price: int) -> Rate:
    if model == "cps":
        return Rate(model=model, share_ppm=price, source="reconcile.rates")
    return Rate(model=model, rate_micros=price, source="reconcile.rates")
