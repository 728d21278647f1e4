"""A check of the edges of a bill's days: which difference there the clock explains."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import money_text
from ..facts import BillGroup, Delivered, Facts
from ..hours_facts import EdgeShift
from ..rules import Rules
from ..verdicts import Outcome
from .bill import PAYMENTS, beyond_delivery, distinct, sum_of, total_proof
from .clock import bound_proof, hours_proof
from .declaration import check
from .documents import currencies
from .outcomes import as_pending, compared, not_checkable, not_fetched, of_group, verdict_of
from .sentences import plural, price_text, sentence, sum_text

MISMATCH = "invoice-currency-mismatch"
IMPORT_HOURS = "Import the hours of these days as a file; else see whether next month differs the other way."


@check(
    question="Is a difference at the edges of a bill's days explained by its time zone?",
    formula="residual = total − (delivered − hours that leave + hours that enter + the bill's other rows)",
    grain="documents that must be compared together, where one names another zone than its accounts have",
    reads=("invoices.timezone", "accounts.timezone", "delivery_hourly", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="money_match on delivered cost, and the cost of rows that the zones cut in two",
    severity="info",
)
def timezone_cutoff(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The same days begin and end at other instants in another zone, so some hours belong to other days.

    Hours are counted between the instants at which the zone's days begin and end, so days of 23 and 25 hours
    need no rule. Bills in the accounts' own zone are not looked at here. Without hours the cost of the days
    at the edges is an upper bound: it explains nothing, and what the clock moved comes back the other way
    next month. A bill that names no zone is compared by the account's own; where another bill of the account
    names a zone that would fit, that is a question and no proof.
    """
    for group in sorted(facts.groups, key=lambda one: one.subject):
        shift = group.delivered[0].shift if group.delivered else None
        if shift and not any(document.kind in PAYMENTS for document in group.documents):
            yield from _group(group, group.delivered[0], shift, facts, rules)


def _group(
    group: BillGroup, delivered: Delivered, shift: EdgeShift, facts: Facts, rules: Rules
) -> Iterator[Outcome]:
    blank = of_group(group, facts.month)
    documents = distinct(group.documents)
    known = delivered.coverage.complete and delivered.cost_micros is not None and len(currencies(group)) == 1
    if shift.assumed:
        if known and shift.known:
            yield from _asked(blank, group, delivered, shift, rules)
        return
    if len(currencies(group)) > 1:
        yield not_checkable(
            blank,
            "Not checked: bill and delivery are in different currencies.",
            f"See the outcome of {'invoice-total-vs-delivered' if group.exchange else MISMATCH}.",
        )
    elif not delivered.coverage.complete:
        yield not_fetched(blank, delivered.coverage)
    elif delivered.cost_micros is None:
        yield not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    elif not shift.known:
        proof = (*(total_proof(document) for document in documents), *bound_proof(delivered))
        yield replace(_unknown(blank, delivered, shift), proof=proof)
    else:
        outcome = _summed(blank, group, delivered, rules)
        until = [coverage.pending_until.get("cost") for coverage in (delivered.coverage, shift.coverage)]
        yield as_pending(outcome, max((day for day in until if day), default=None))


def _unknown(blank: Outcome, delivered: Delivered, shift: EdgeShift) -> Outcome:
    """Why no hours can be moved, with the most that they could explain."""
    if len(shift.zones) > 1:
        return not_checkable(
            blank,
            f"Not checked: the bills name {len(shift.zones)} time zones for days that are compared together.",
            "Ask which time zone the bills' days are in.",
        )
    zone = "".join(shift.zones)
    if not shift.edges:
        return not_checkable(
            blank,
            "Not checked: the bill names a time zone that is not known.",
            f"Correct the zone of {shift.named_by}: write it as Europe/Berlin.",
        )
    bound = shift.bound_micros
    most = f" (at most {money_text(bound, delivered.currency)})" if bound is not None else ""
    outcome = replace(blank, figures={} if bound is None else {"bound_micros": bound})
    if not shift.coverage.complete:
        days = plural(shift.coverage.missing_days, "edge day")
        return not_checkable(
            outcome,
            f"Not checked: the bill is in {zone}, and hours of {days} are not known{most}.",
            IMPORT_HOURS,
        )
    if shift.unequal_days:
        days = plural(shift.unequal_days, "edge day")
        return not_checkable(
            outcome,
            f"Not checked: the bill is in {zone}, and the hours of {days} do not add up to the day{most}.",
            "Sync the edges of the month again, with --full.",
        )
    return not_checkable(
        outcome, f"Not checked: the bill is in {zone}, and some hours have no cost{most}.", IMPORT_HOURS
    )


def _sums(group: BillGroup, delivered: Delivered) -> tuple[int, int]:
    """The total of the bills, and what they bill beyond delivery."""
    documents = distinct(group.documents)
    beyond = sum(sum_of(beyond_delivery(document)) for document in documents)
    return sum(document.total_micros for document in documents), beyond


def _summed(blank: Outcome, group: BillGroup, delivered: Delivered, rules: Rules) -> Outcome:
    cost, moved, currency = delivered.cost_micros or 0, delivered.moved_micros, delivered.currency
    total, beyond = _sums(group, delivered)
    residual = total - cost - moved - beyond
    tolerance = rules.money_match.micros(cost, currency, delivered.cut_micros)
    outcome = compared(blank, billed=total, expected=cost, tolerance=tolerance, residual=residual)
    zone = delivered.shift.zones[0] if delivered.shift else ""
    hours, rest = money_text(moved, currency), money_text(residual, currency)
    said = {
        "match": f"The hours that change sides in {zone} make {hours}, and the difference is all of it.",
        "within_tolerance": f"In {zone} the hours move {hours}; {rest} is left, within the limit.",
        "finding": f"In {zone} the hours move {hours}, and {rest} is left that no clock explains.",
    }
    edges = delivered.shift.edges if delivered.shift else ()
    entered = sum(edge.micros or 0 for edge in edges if edge.enters)
    left = entered - moved
    addends = [micros for micros in (cost, -left, entered, beyond) if micros]
    explanation = sentence(said[outcome.verdict])
    if outcome.verdict == "match" and (moved or beyond):
        outcome = replace(outcome, verdict="explained")
    return replace(
        outcome,
        severity="info",
        asks="info",
        explanation=explanation,
        formula=f"{price_text(total, currency)} − ({sum_text(addends, currency)})",
        proof=(
            *(total_proof(document) for document in distinct(group.documents)),
            *hours_proof(delivered),
        ),
        confidence="high",
        next_step="See the outcome of invoice-total-vs-delivered." if outcome.verdict == "finding" else "",
        figures={
            "left_micros": left,
            "entered_micros": entered,
            "moved_micros": moved,
            "cut_micros": delivered.cut_micros,
        },
    )


def _asked(
    blank: Outcome, group: BillGroup, delivered: Delivered, shift: EdgeShift, rules: Rules
) -> Iterator[Outcome]:
    """A question, where only a zone that another bill names would make the difference vanish."""
    cost, currency = delivered.cost_micros or 0, delivered.currency
    total, beyond = _sums(group, delivered)
    rest, tolerance = total - cost - beyond, rules.money_match.micros(cost, currency)
    if verdict_of(rest, tolerance) != "finding":
        return
    if verdict_of(rest - shift.hours_micros, tolerance) == "finding":
        return
    zone, moved = shift.zones[0], money_text(shift.hours_micros, currency)
    outcome = not_checkable(
        blank,
        f"Not checked: the bill names no time zone; in {zone}, as on {shift.named_by}, hours of {moved} fit.",
        "Ask which time zone the bill's days are in.",
    )
    yield replace(
        outcome,
        proof=tuple(hours_proof(delivered)),
        figures={"possible_micros": shift.hours_micros},
    )
