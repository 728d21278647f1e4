"""Checks against the order: the bill must be what the agreed model, rate and count allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ...money import money_text
from ...records import RateKind
from ..facts import CampaignMonth, Facts, Period, Rate
from ..pricing import BY_SHARE, basis_of, charge, chargeable, counted, effective, steps_of
from ..rules import Rules
from ..tolerance import allowance
from ..verdicts import Outcome
from .campaigns import (
    active,
    blocked,
    currency_by_document,
    final_from,
    mixed_terms,
    one_rate,
    opened,
    proof,
    stakes,
    uncounted,
    why_unpriced,
)
from .counting import counted_elsewhere
from .declaration import check
from .outcomes import as_pending, at_least, compared, grade, not_checkable, of_campaign, weighed
from .sentences import (
    average_text,
    change_text,
    charge_text,
    month_text,
    plural,
    price_text,
    quantity_text,
    rate_text,
    sentence,
)

UNCOUNTED = frozenset({"flat", "dynamic"})
DELIVERY = ("delivery", "campaigns", "invoice_lines.amount_micros")
COST_REPORT = (
    "From the platform's cost report, not from a bill.",
    "By the platform's cost report, not a bill.",
)


@check(
    question="Was money billed where the count of the agreed unit is zero?",
    formula="count = 0 and billed > 0",
    grain="campaign and month",
    reads=(*DELIVERY, "terms.model", "agreements"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="0",
    severity="critical",
)
def billed_without_billable_events(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Judged by the month, because cost and event can fall on different days.

    Every model with a count is judged, whoever set the price; flat and dynamic prices have none.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        periods = active(campaign)
        rates = [period.rate for period in periods if period.rate is not None]
        if not any(rate.model not in UNCOUNTED for rate in rates) or counted_elsewhere(periods):
            continue
        yield blocked(campaign, currencies) or _without_events(campaign, periods, rates)


def _without_events(campaign: CampaignMonth, periods: tuple[Period, ...], rates: list[Rate]) -> Outcome:
    billed, bases = campaign.billed_micros or 0, {basis_of(rate) for rate in rates}
    blank = opened(campaign, periods)
    until = final_from(campaign, periods)
    if billed <= 0:
        clear = replace(blank, verdict="clear", explanation="No money was billed.", billed_micros=billed)
        return as_pending(clear, until)
    basis = bases.pop()
    if bases or basis is None or len(rates) < len(periods):
        return mixed_terms(campaign)
    counts = [counted(basis, period.counts) for period in periods]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return uncounted(campaign, basis.unit)
    if any(known):
        text = quantity_text(basis, sum(known), campaign.currency)
        clear = replace(blank, verdict="clear", explanation=sentence(f"There were {text} to bill."))
        return as_pending(replace(clear, billed_micros=billed), until)
    money, impressions = money_text(billed, campaign.currency), campaign.counts.impressions
    said = (
        f"{money} was billed per {basis.unit}, and there was no {basis.unit} in {month_text(campaign.month)}"
    )
    seen = f" ({plural(impressions, 'impression')})" if impressions and basis.column != "impressions" else ""
    outcome = replace(
        compared(blank, billed=billed, expected=0, tolerance=0),
        explanation=_told(campaign, f"{said}{seen}."),
        formula=f"{price_text(billed, campaign.currency)} for {quantity_text(basis, 0, campaign.currency)}",
        proof=proof(campaign, periods),
        figures={basis.column: 0},
    )
    return as_pending(weighed(outcome, "critical", stakes(campaign, billed)), until)


@check(
    question="Did the average price exceed the agreed or bid cap?",
    formula="excess = billed − charge(cap, count)",
    grain="campaign and month",
    reads=(*DELIVERY, "terms.rate_micros", "agreements"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="rate_match on charge(cap, count)",
    severity="high",
)
def effective_rate_above_cap(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """A target for cost per action or return is a goal, not a cap. A cap that changed is judged by period."""
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        periods = active(campaign)
        kinds = _kinds(periods)
        if "cap" in kinds and not kinds & {"fixed", None} and not counted_elsewhere(periods):
            yield blocked(campaign, currencies) or _capped(campaign, periods, rules)


def _capped(campaign: CampaignMonth, periods: tuple[Period, ...], rules: Rules) -> Outcome:
    if _kinds(periods) != {"cap"}:
        return mixed_terms(campaign)
    outcome = _against_rates(campaign, periods, rules)
    if outcome.verdict == "not_checkable":
        return outcome
    if outcome.direction != "over":
        below = replace(
            outcome, verdict="clear", direction="", explanation="No more was billed than the cap allows."
        )
        return as_pending(below, final_from(campaign, periods))
    excess, currency = outcome.diff_micros or 0, campaign.currency
    if outcome.verdict == "finding":
        money, change = money_text(outcome.billed_micros or 0, currency), change_text(excess, currency)
        allowed = money_text(outcome.expected_micros or 0, currency)
        text = f"{money} billed; the agreed cap allows {allowed}: {change}."
        if one := one_rate(periods):
            rate, basis, units = one
            average = effective(outcome.billed_micros, units, basis.per)
            if average is not None:
                quantity, ceiling = quantity_text(basis, units, currency), rate_text(rate, currency)
                each = average_text(basis, average, currency)
                text = f"{quantity} cost {money}, {each}; the agreed ceiling is {ceiling}: {change}."
        outcome = replace(outcome, explanation=_told(campaign, text))
    weighty = weighed(outcome, "high", stakes(campaign, excess))
    return as_pending(weighty, final_from(campaign, periods))


@check(
    question="Is the bill the agreed rate times the billable events?",
    formula="billed − charge(rate, count), summed over the periods of one rate",
    grain="campaign and month",
    reads=(*DELIVERY, "terms.model", "terms.rate_micros", "agreements"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="rate_match on the expected charge",
    severity="high, critical from 5% of the bill or 1,000",
)
def expected_charge_vs_billed(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only for fixed rates: an auction has a cap or a target, and its price moves below it.

    A rate that changes within the month splits it. The steps of a price count all of a campaign's units of
    the month under that price. Money without a known pricing model is named here, once. Where an agreement
    names somebody else's count, controlling-measurement or installs-vs-mmp judges the bill instead.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        periods = active(campaign)
        kinds = _kinds(periods)
        if counted_elsewhere(periods):
            continue
        if kinds & {"fixed", None} and (kinds != {None} or campaign.billed_micros != 0):
            yield blocked(campaign, currencies) or _expected(campaign, periods, rules)


def _expected(campaign: CampaignMonth, periods: tuple[Period, ...], rules: Rules) -> Outcome:
    kinds = _kinds(periods)
    if kinds == {None}:
        money = money_text(campaign.billed_micros or 0, campaign.currency)
        return not_checkable(
            of_campaign(campaign),
            f"Not checked: pricing model not known for {money}.",
            "Add what was agreed to [[agreements]] in the configuration.",
        )
    if kinds != {"fixed"}:
        return mixed_terms(campaign)
    outcome = _against_rates(campaign, periods, rules)
    if outcome.verdict == "not_checkable":
        return outcome
    diff, currency = outcome.diff_micros or 0, campaign.currency
    if outcome.verdict == "finding":
        money, made = (
            money_text(micros or 0, currency) for micros in (outcome.billed_micros, outcome.expected_micros)
        )
        ends = f"{made}: {change_text(diff, currency)}."
        short = text = f"{money} billed; the agreed rates make {ends}"
        if one := one_rate(periods):
            rate, basis, units = one
            priced = f"{quantity_text(basis, units, currency)} at the agreed {rate_text(rate, currency)}"
            text = f"{money} billed; {priced} make {ends}"
        outcome = replace(outcome, explanation=_told(campaign, text, short))
    severity = at_least("high", grade(abs(diff), campaign.billed_micros or 0, currency))
    return as_pending(weighed(outcome, severity, stakes(campaign, diff)), final_from(campaign, periods))


def _kinds(periods: Iterable[Period]) -> set[RateKind | None]:
    """The kinds of terms of a month; None = not known for some days, or for all where nothing is known."""
    return {period.rate.kind if period.rate else None for period in periods} or {None}


def _against_rates(campaign: CampaignMonth, periods: tuple[Period, ...], rules: Rules) -> Outcome:
    """Billed against the charges of all periods, or why there is no charge."""
    expected, formulas, currency = 0, list[str](), campaign.currency
    for period in chargeable(periods):
        rate = period.rate
        micros = None if rate is None else charge(rate, period.counts, period.window)
        if rate is None or micros is None:
            return mixed_terms(campaign) if rate is None else why_unpriced(campaign, rate)
        expected += micros
        formulas.append(charge_text(rate, period.counts, period.window, currency))
    credited = sum(one.amount_micros for one in campaign.restated.credits) if campaign.restated else 0
    billed = (campaign.billed_micros or 0) - credited
    rounding = allowance(len(campaign.lines), currency)
    tolerance = rules.rate_match.micros(expected, currency, rounding)
    back = f"{price_text(credited, currency)} credited − " if credited else ""
    return replace(
        compared(opened(campaign, periods), billed=billed, expected=expected, tolerance=tolerance),
        formula=f"{price_text(billed + credited, currency)} − {back}({' + '.join(formulas)})",
        proof=proof(campaign, periods),
        figures=_figures(periods, billed, billed - expected),
    )


def _figures(periods: Iterable[Period], billed: int, diff: int) -> dict[str, int | str]:
    """The count, the units that the difference would buy, and the average price, where one rate holds."""
    one = one_rate(periods)
    if one is None:
        return {}
    rate, basis, units = one
    found = {
        basis.column: units,
        f"excess_{basis.column}": effective(diff, steps_of(rate, basis, units)[-1].price, basis.per)
        if diff > 0
        else None,
        "effective_share_ppm" if basis is BY_SHARE else "effective_rate_micros": effective(
            billed, units, basis.per
        ),
    }
    return {name: value for name, value in found.items() if value is not None}


def _told(campaign: CampaignMonth, *texts: str) -> str:
    """The first sentence that is short enough, with a word about its source where that is no bill."""
    sources = () if campaign.lines else COST_REPORT
    return sentence(*(choice for text in texts for choice in (*(f"{text} {said}" for said in sources), text)))
