"""The check of guaranteed units at the end of an order's flight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ...calendar import DAY, months
from ...money import MICROS, money_text
from ..facts import CampaignMonth, Counts, Facts, OrderFlight, Rate
from ..pricing import BASES, Basis, basis_of, charge, counted
from ..rules import Rules
from ..tolerance import allowance
from ..verdicts import Outcome, Proof
from .declaration import check
from .orders import blocked_order, of_order, order_stake, until_final
from .outcomes import as_pending, not_checkable, weighed
from .sentences import percent_text, price_text, quantity_text, sentence, share_text, side_text


class Money(NamedTuple):
    """Micros: what all ordered units cost, what the delivered ones do, and what was paid so far."""

    whole: int
    due: int
    paid: int


@check(
    question="Were the ordered units delivered, and what is owed?",
    formula="short = units − delivered; credit = charge(units) − charge(delivered)",
    grain="order, in the month in which its flight ends",
    reads=("delivery", "evidence", "agreements.units", "agreements.under_delivery", "agreements.rate"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="under_delivery of the agreement, 5% without one",
    severity="high",
)
def under_delivery_make_good(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only guaranteed units, over the whole flight and all campaigns of the order.

    Clicks that a verifier refutes are not delivered. At risk is what was paid for units that did not come;
    where only delivered units were paid for, the units are owed and no money is. A make-good that already
    runs in a campaign of the order counts; one elsewhere is not known.
    """
    campaigns: dict[str, list[CampaignMonth]] = {}
    for campaign in facts.campaigns:
        campaigns.setdefault(campaign.subject, []).append(campaign)
    for order in facts.orders:
        if order.units is not None and order.rate is not None and order.window.last_day in facts.month:
            here = [campaign for subject in order.campaigns for campaign in campaigns.get(subject, ())]
            yield _delivered(order, order.units, order.rate, here, facts)


def _delivered(
    order: OrderFlight, units: int, rate: Rate, campaigns: Sequence[CampaignMonth], facts: Facts
) -> Outcome:
    blank = of_order(order, facts.month)
    if facts.today <= order.window.last_day:
        return as_pending(replace(blank, verdict="clear"), order.window.last_day + DAY)
    if unknown := blocked_order(order, campaigns, blank):
        return unknown
    basis = BASES.get(rate.model)
    if basis is None:
        return not_checkable(
            blank,
            f"Not checked: a price of the model {rate.model} counts no units.",
            "Correct `model` or `units` of the order's agreement.",
        )
    if rate.clauses is not None and rate.clauses.counted_by != "platform":
        return not_checkable(
            blank,
            f"Not checked: {rate.clauses.counted_by} counts the units, and not the platform.",
            "See controlling-measurement for the count of each month.",
        )
    count = counted(basis, order.delivered)
    if count is None:
        return not_checkable(
            blank,
            f"Not checked: the platform does not report the {basis.unit} count of all days of the flight.",
            f"Import delivery with the {basis.unit} count as a file.",
        )
    refuted = min(max(count, 0), order.invalid_clicks) if basis.column == "clicks" else 0
    ordered = units * (MICROS if basis.per == MICROS else 1)
    return _judged(
        order, campaigns, replace(blank, confidence="high"), basis, rate, ordered, count - refuted, refuted
    )


def _judged(
    order: OrderFlight,
    campaigns: Sequence[CampaignMonth],
    blank: Outcome,
    basis: Basis,
    rate: Rate,
    ordered: int,
    delivered: int,
    refuted: int,
) -> Outcome:
    currency, short = order.currency, ordered - delivered
    until = until_final(order, ("cost", basis.group))
    figures: dict[str, int | str] = {
        "ordered": ordered,
        "delivered": delivered,
        "short": max(0, short),
        "short_ppm": max(0, short) * MICROS // ordered,
        "invalid": refuted,
    }
    blank = replace(blank, figures=figures, proof=tuple(_proof(order, basis, ordered, delivered, refuted)))
    wanted, came = (quantity_text(basis, count, currency) for count in (ordered, delivered))
    told = f"{came} of {wanted} ordered"
    if short <= 0:
        return as_pending(replace(blank, verdict="clear", explanation=sentence(f"{told}: all came.")), until)
    part = share_text(short * MICROS // ordered)
    if short * MICROS <= order.under_delivery_ppm * ordered:
        limit = percent_text(order.under_delivery_ppm)
        said = sentence(f"{told}: {part} short, within the limit of {limit}.")
        return as_pending(replace(blank, verdict="within_tolerance", explanation=said), until)
    owed, money = quantity_text(basis, short, currency), _money(order, basis, rate, ordered, delivered)
    outcome = replace(
        blank,
        verdict="finding",
        severity="high",
        asks="ask",
        formula=f"{wanted} − {came} = {owed}",
        explanation=sentence(f"{told}: {part} short."),
        next_step=f"Ask {side_text(order.platform)} to make good {owed}.",
    )
    if money is None:
        return as_pending(outcome, until)
    outcome = replace(
        outcome,
        billed_micros=money.paid,
        expected_micros=money.due,
        diff_micros=money.paid - money.due,
        tolerance_micros=money.whole * order.under_delivery_ppm // MICROS,
        figures={**figures, "credit_micros": money.whole - money.due},
    )
    claim = max(0, min(money.whole, money.paid) - money.due)
    rounding = allowance(len(list(months(order.window))), currency)  # each month is billed on its own
    if claim <= rounding or not campaigns:
        return as_pending(outcome, until)
    outcome = replace(
        outcome,
        direction="over",
        residual_micros=claim,
        formula=f"{price_text(min(money.whole, money.paid), currency)} − {price_text(money.due, currency)}",
        explanation=sentence(f"{told}: {part} short, and {money_text(claim, currency)} was paid for it."),
    )
    return as_pending(weighed(outcome, "high", [order_stake(campaigns, claim)]), until)


def _money(order: OrderFlight, basis: Basis, rate: Rate, ordered: int, delivered: int) -> Money | None:
    """None where the price is not one of the units, or what was paid is not known."""
    if basis_of(rate) is not basis or order.before_micros is None or order.month_micros is None:
        return None
    whole, due = (
        charge(rate, Counts(**{basis.column: count}), order.window) for count in (ordered, delivered)
    )
    if whole is None or due is None:
        return None
    return Money(whole, due, order.before_micros + order.month_micros)


def _proof(order: OrderFlight, basis: Basis, ordered: int, delivered: int, refuted: int) -> Iterator[Proof]:
    currency = order.currency
    yield Proof(
        says=f"ordered, by {order.source}",
        table="agreements",
        key=order.subject,
        value=quantity_text(basis, ordered, currency),
    )
    yield Proof(
        says="delivered over the flight, by the platform's own count",
        table="delivery",
        key=f"{order.subject} {order.window}",
        value=quantity_text(basis, delivered + refuted, currency),
        as_of=order.coverage.as_of,
    )
    if refuted:
        yield Proof(
            says="of them invalid, by a verifier",
            table="evidence",
            key=f"{order.subject} {order.window}",
            value=quantity_text(basis, refuted, currency),
            evidence_class="E2",
        )
