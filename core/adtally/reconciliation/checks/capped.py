"""An order's budget over its flight: what the month added beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from ...money import money_text
from ..facts import CampaignMonth, Facts, OrderFlight
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .credits import Credits, credit_proof, credited_of, judged_budget, less_text, settled_from
from .orders import blocked_order, of_order, order_stake, until_final
from .outcomes import as_pending, not_checkable, weighed
from .sentences import day_text, price_text, sentence


@dataclass(slots=True)
class Claimed:
    """Money over budgets that outcomes of this check claim already, by the campaigns that it may lie in."""

    rows: list[tuple[frozenset[str], int]] = field(default_factory=list[tuple[frozenset[str], int]])

    def among(self, subjects: frozenset[str]) -> int:
        return sum(micros for campaigns, micros in self.rows if campaigns & subjects)


def capped(
    order: OrderFlight,
    cap: int,
    campaigns: Sequence[CampaignMonth],
    given: Credits,
    claimed: Claimed,
    facts: Facts,
    rules: Rules,
) -> Outcome:
    """The outcome of one order; money that a campaign's own budget claims already is not claimed again."""
    blank = of_order(order, facts.month)
    if unknown := blocked_order(order, campaigns, blank):
        return unknown
    before, month = order.before_micros, order.month_micros
    if before is None or month is None:
        return not_checkable(
            blank,
            "Not checked: the cost of all days of the flight is not known.",
            "Import the delivery with its cost as a file.",
        )
    currency, excess = order.currency, max(0, before + month - cap) - max(0, before - cap)
    figures: dict[str, int | str] = {"cap_micros": cap, "spent_micros": before + month}
    blank = replace(blank, flags=("cost_report",), confidence="high", figures=figures)
    until = until_final(order, ("cost",))
    if excess <= 0:
        spent, whole = money_text(before + month, currency), money_text(cap, currency)
        told = f"{spent} of {whole} is spent." if before <= cap else "The month adds nothing beyond the cap."
        return as_pending(replace(blank, verdict="clear", explanation=told), until)
    credited = list(credited_of(campaigns, given, currency, excess, order))
    outcome = judged_budget(blank, month, excess, credited)
    spent = money_text(before + month, currency)
    outcome = replace(
        outcome,
        formula=less_text(
            f"{price_text(before + month, currency)} − {price_text(max(cap, before), currency)}",
            credited,
            currency,
        ),
        proof=(*_order_proof(order, cap, month), *credit_proof(credited, currency)),
    )
    if outcome.verdict == "finding":
        last = min(order.window.last_day, facts.month.last_day)
        rest = money_text(outcome.residual_micros or 0, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{spent} spent by {day_text(last)}; {order.name} is capped at {money_text(cap, currency)}: "
                f"{rest} too much this month.",
                f"{spent} spent; the order is capped at {money_text(cap, currency)}: {rest} too much.",
            ),
        )
    residual = outcome.residual_micros or 0
    rest_of_order = max(0, residual - claimed.among(frozenset(order.campaigns)))
    weighty = weighed(outcome, "high", [order_stake(campaigns, rest_of_order)] if campaigns else [])
    if outcome.verdict == "finding" and not rest_of_order:
        weighty = replace(weighty, next_step="See the findings of its campaigns' own budgets.")
    return as_pending(weighty, settled_from(outcome, campaigns, facts, rules, until))


def _order_proof(order: OrderFlight, cap: int, month: int) -> Iterator[Proof]:
    agreed, currency = order.source.startswith("agreement"), order.currency
    yield Proof(
        says=f"cap of {order.name}, by {order.source}",
        table="agreements" if agreed else "orders",
        key=order.subject,
        value=money_text(cap, currency),
    )
    for says, micros in (("cost before the month", order.before_micros or 0), ("cost of the month", month)):
        yield Proof(
            says=f"{says}, of the flight's days",
            table="delivery",
            key=order.subject,
            value=money_text(micros, currency),
            as_of=order.coverage.as_of,
        )
