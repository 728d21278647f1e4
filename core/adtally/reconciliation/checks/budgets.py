"""The check of budgets: daily ones by the platform's own rule, and those of orders over their flights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from ...money import money_text, rounded
from ..facts import CampaignMonth, Facts
from ..order_facts import DailyBudget
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import SHOWN
from .campaigns import unfetched
from .capped import Claimed, capped
from .credits import Credits, credit_proof, credited_of, judged_budget, less_text, settled_from
from .declaration import check
from .orders import order_stake
from .outcomes import as_pending, not_checkable, of_campaign, weighed
from .sentences import days_text, month_text, price_text, sentence

DAY_FACTOR = 2
"""Google: a day may cost twice the average daily budget."""
MONTH_TENTHS = 304
"""Google: a month may cost 30.4 times the average daily budget."""
UNKNOWN = {
    "log": (
        "Not checked: the platform's log of budgets was not fetched for every day of the month.",
        "Sync at least once a week: platforms keep their logs only for a while.",
    ),
    "value": (
        "Not checked: the log does not tell the budget of every day.",
        "Look up in the platform when the budget was changed.",
    ),
}


@check(
    question="Did cost exceed the budget under the platform's own rule, and was it credited?",
    formula="max(sum of day − 2 × budget, month − R(304 × sum of daily budgets, 10 × days)) − credits; "
    "for an order cumulative cost − cap, less what earlier months exceeded it by",
    grain="daily budget and month; order and month",
    reads=(
        "delivery.cost_micros",
        "delivery.credited_micros",
        "campaigns.budget_micros",
        "changes",
        "orders.cap_micros",
        "agreements.budget",
        "invoice_lines.kind",
    ),
    waits_for=("cost",),
    tolerance="0 beyond the rule",
    severity="high once the credit did not come; until then pending",
    beside=frozenset({"tax-plausibility", "surcharge-plausibility", "agency-fee"}),
)
def spend_over_budget(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Daily budgets are judged for Google Ads, and the budgets of orders wherever they are known.

    Google may spend twice the budget on a day and 30.4 times in a month, scaled to the days on which the
    campaign could run. On the day of a change the larger budget counts. Pay-for-conversions campaigns have no
    daily limit. Campaigns that share a budget are one. Other platforms' daily budgets are not judged.

    An order's budget holds for all of its campaigns over the whole flight; each month answers for what it
    added beyond. Over-delivery that a bill or the cost report credits is explained. Surcharges and tax are
    outside budgets.
    """
    campaigns: defaultdict[str, list[CampaignMonth]] = defaultdict(list)
    for campaign in facts.campaigns:
        campaigns[campaign.subject].append(campaign)
    claimed, given = Claimed(), Credits(facts.documents)
    for budget in sorted(facts.budgets, key=lambda one: one.subject):
        subjects = [f"{budget.connector}/{budget.account_id}/{id_}" for id_ in budget.campaigns]
        here = [campaign for subject in subjects for campaign in campaigns[subject]]
        if here:
            outcome = _daily(budget, here, given, facts, rules)
            if outcome.verdict == "finding":
                claimed.rows.append((frozenset(subjects), outcome.at_risk_micros))
            yield outcome
    given = Credits(facts.documents)
    for order in sorted(facts.orders, key=lambda one: one.subject):
        if order.budget_micros is not None:
            here = [campaign for subject in order.campaigns for campaign in campaigns[subject]]
            outcome = capped(order, order.budget_micros, here, given, claimed, facts, rules)
            if outcome.verdict == "finding":
                claimed.rows.append((frozenset(order.campaigns), outcome.at_risk_micros))
            yield outcome


def _daily(
    budget: DailyBudget, campaigns: Sequence[CampaignMonth], given: Credits, facts: Facts, rules: Rules
) -> Outcome:
    first = campaigns[0]
    blank = replace(
        of_campaign(first), subject=budget.subject, campaign_id="" if budget.shared else first.campaign_id
    )
    for campaign in campaigns:
        if unknown := unfetched(campaign):
            return replace(unknown, subject=blank.subject, campaign_id=blank.campaign_id)
    if budget.unknown:
        return not_checkable(blank, *UNKNOWN[budget.unknown])
    if not budget.in_force:
        return not_checkable(
            blank,
            "Not checked: by its own settings the campaign could run on no day of the month.",
            "See the outcome of spend-outside-flight.",
        )
    costs = [campaign.counts.cost_micros for campaign in campaigns]
    if None in costs or len({campaign.currency for campaign in campaigns}) > 1:
        return not_checkable(
            blank,
            "Not checked: the cost of all days is not known in one currency.",
            "Import the delivery with its cost as a file.",
        )
    cost = sum(micros or 0 for micros in costs)
    month_limit = rounded(
        MONTH_TENTHS * sum(micros * days.days for days, micros in budget.in_force), 10 * first.month.days
    )
    heavy = [] if _is_paid_by_conversion(campaigns) else list(_heavy(budget))
    by_days, by_month = sum(day_cost - limit for _, day_cost, limit in heavy), max(0, cost - month_limit)
    figures: dict[str, int | str] = {
        "day_excess_micros": by_days,
        "month_excess_micros": by_month,
        "day_limit_micros": DAY_FACTOR * max((micros for _, micros in budget.in_force), default=0),
        "month_limit_micros": month_limit,
    }
    currency, excess = first.currency, max(by_days, by_month)
    blank = replace(blank, flags=("cost_report",), confidence="high", figures=figures)
    pending = [campaign.coverage.pending_until.get("cost") for campaign in campaigns]
    until = max((day for day in pending if day is not None), default=None)
    if not excess:
        told = f"{money_text(cost, currency)} spent, of {money_text(month_limit, currency)} by the rule."
        return as_pending(replace(blank, verdict="clear", explanation=told), until)
    credited = list(credited_of(campaigns, given, currency, excess))
    outcome = judged_budget(blank, cost, excess, credited)
    parts = (
        f"{price_text(cost, currency)} − {price_text(month_limit, currency)}"
        if by_month >= by_days
        else " + ".join(
            f"{price_text(day_cost, currency)} − {price_text(limit, currency)}"
            for _, day_cost, limit in heavy[:SHOWN]
        )
    )
    outcome = replace(
        outcome,
        formula=less_text(parts, credited, currency),
        proof=(*_budget_proof(budget, first, cost, heavy), *credit_proof(credited, currency)),
    )
    if outcome.verdict == "finding":
        over = money_text(outcome.residual_micros or 0, currency)
        place = (
            f"of {month_text(first.month)}"
            if by_month >= by_days
            else f"of {days_text([day for day, _, _ in heavy])}"
        )
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{over} {place} lies beyond the daily budget's limit, and nothing credits it.",
            ),
        )
    weighty = weighed(outcome, "high", [order_stake(campaigns, outcome.residual_micros or 0)])
    return as_pending(weighty, settled_from(outcome, campaigns, facts, rules, until))


def _is_paid_by_conversion(campaigns: Sequence[CampaignMonth]) -> bool:
    return any(
        period.rate is not None and period.rate.model == "cpa"
        for campaign in campaigns
        for period in campaign.periods
    )


def _heavy(budget: DailyBudget) -> Iterator[tuple[date, int, int]]:
    """The days beyond their limit, with cost and limit; a day without a budget in force has none."""
    for day, cost in budget.heavy:
        limits = [DAY_FACTOR * micros for days, micros in budget.in_force if day in days]
        if limits and cost > limits[0]:
            yield day, cost, limits[0]


def _budget_proof(
    budget: DailyBudget, campaign: CampaignMonth, cost: int, heavy: Sequence[tuple[date, int, int]]
) -> Iterator[Proof]:
    key, currency = f"{budget.connector}/{budget.account_id}", campaign.currency
    for days, micros in budget.in_force[:SHOWN]:
        yield Proof(
            says=f"daily budget from {days.first_day} to {days.last_day}",
            table="campaigns",
            key=budget.subject,
            value=money_text(micros, currency),
        )
    yield Proof(
        says="cost of the month",
        table="delivery",
        key=f"{budget.subject} {campaign.month}",
        value=money_text(cost, currency),
        as_of=campaign.coverage.as_of,
    )
    for day, micros, limit in heavy[:SHOWN]:
        yield Proof(
            says=f"cost of a day, of at most {money_text(limit, currency)}",
            table="delivery",
            key=f"{key} {day}",
            value=money_text(micros, currency),
            as_of=campaign.coverage.as_of,
        )
