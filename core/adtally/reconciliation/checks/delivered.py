"""Checks of documents against delivery: the bill must follow from what the platform says it delivered."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import amount_text, money_text
from ..exchange import in_bill_currency
from ..facts import BillGroup, Delivered, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import PAYMENTS, beyond_delivery, distinct, proof_of, sum_of, total_proof
from .clock import hours_proof
from .declaration import check
from .exchange import exchange_proof
from .outcomes import (
    as_pending,
    compared,
    document_stake,
    grade,
    not_checkable,
    not_fetched,
    of_group,
    weighed,
)
from .sentences import price_text, sentence, sum_text

BRIDGE = {
    "hours": "hours of the bill's time zone",
    "fee": "fees",
    "adjustment": "credits and adjustments",
    "tax": "tax",
}
"""Kinds of components, in the order of the identity."""


@check(
    question="Does the total equal delivered cost after fees, credits and tax that are documented?",
    formula="residual = total − (delivered + fees + adjustments + tax)",
    grain="documents that must be compared together: a chain of corrections, or of touching periods",
    reads=(
        "invoices",
        "invoice_lines",
        "invoice_accounts",
        "invoice_links",
        "delivery.cost_micros",
        "fx_rates",
    ),
    waits_for=("cost",),
    tolerance="money_match on delivered cost; rate_match where it was converted",
    severity="by the residual",
    beside=frozenset({"tax-plausibility", "surcharge-plausibility", "agency-fee"}),
)
def invoice_total_vs_delivered(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The bridge holds only rows that exist: lines of the documents, or the printed sums where no line is.

    Credits for invalid traffic belong to earlier months and stand in the bridge for what they are. Payments
    are no bills of a period, so they are not compared here. Delivery in another currency is converted where
    the exchange rate of the day is known.
    """
    for group in sorted(facts.groups, key=lambda one: one.subject):
        yield _group(group, facts, rules)


def _group(group: BillGroup, facts: Facts, rules: Rules) -> Outcome:
    blank = of_group(group, facts.month)
    if any(document.kind in PAYMENTS for document in group.documents):
        return not_checkable(
            blank,
            "Not checked: payments are not bills of a period.",
            "Import the month's invoice or statement as a file.",
        )
    if not group.delivered:
        return _undelivered(blank, group)
    delivered = in_bill_currency(group)
    if delivered is None:
        return not_checkable(
            blank,
            "Not checked: bill and delivery are in different currencies.",
            "See the finding of invoice-currency-mismatch.",
        )
    if not delivered.coverage.complete:
        return not_fetched(blank, delivered.coverage)
    if delivered.cost_micros is None:
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    outcome = _bridged(blank, group, delivered, delivered.cost_micros, rules)
    return as_pending(outcome, delivered.coverage.pending_until.get("cost"))


def _undelivered(blank: Outcome, group: BillGroup) -> Outcome:
    kinds = {line.kind for document in group.documents for line in document.lines}
    if kinds and kinds <= {"fee", "tax"}:  # as an ad server bills
        return not_checkable(
            blank,
            "Not checked: the bill is for fees alone, so no delivery belongs to it.",
            "Compare its lines with what was served.",
        )
    return not_checkable(
        blank,
        "Not checked: no delivery of these accounts and days is known.",
        "Sync the accounts that the bill names.",
    )


def _bridged(blank: Outcome, group: BillGroup, delivered: Delivered, cost: int, rules: Rules) -> Outcome:
    currency, documents = blank.currency, distinct(group.documents)
    parts = [part for document in documents for part in beyond_delivery(document)]
    total = sum(document.total_micros for document in documents)
    moved = delivered.moved_micros
    residual = total - cost - moved - sum_of(parts)
    match = rules.rate_match if group.exchange else rules.money_match
    tolerance = match.micros(cost, currency, delivered.cut_micros)
    outcome = compared(blank, billed=total, expected=cost, tolerance=tolerance, residual=residual)
    if (parts or moved or group.exchange) and residual == 0:
        outcome = replace(outcome, verdict="explained")
    ran = Proof(
        says="reported as delivered",
        table="delivery",
        key=f"{blank.connector}/{'+'.join(delivered.accounts)} {delivered.window}",
        value=money_text(cost, currency),
        as_of=delivered.coverage.as_of,
    )
    bridge = [row for document in documents for row in proof_of(beyond_delivery(document), document)]
    sums = {kind: sum_of(parts, kind) for kind in BRIDGE} | {"hours": moved}
    sums = {kind: micros for kind, micros in sums.items() if micros}
    outcome = replace(
        outcome,
        flags=("bridged",) if sums or group.exchange else (),
        formula=f"{price_text(total, currency)} − ({sum_text([cost, *sums.values()], currency)})",
        explanation=_said(outcome, sums),
        proof=(
            *(total_proof(document) for document in documents),
            *(exchange_proof(group) if group.exchange else (ran, *hours_proof(delivered))),
            *bridge,
        ),
        confidence="high",
        figures={f"{kind}_micros": micros for kind, micros in sums.items()},
    )
    stake = document_stake([document.subject for document in documents], abs(residual))
    return weighed(outcome, grade(abs(residual), total, currency), [stake])


def _said(outcome: Outcome, sums: dict[str, int]) -> str:
    currency, residual = outcome.currency, outcome.residual_micros or 0
    total, cost = outcome.billed_micros or 0, outcome.expected_micros or 0
    if outcome.verdict == "explained" and not sums:
        return "The delivery at the exchange rate of the day makes the billed amount."
    if outcome.verdict == "explained":
        rows = ", ".join(f"{BRIDGE[kind]} {amount_text(micros, currency)}" for kind, micros in sums.items())
        return sentence(f"Differs by {money_text(total - cost, currency)}: {rows} explain all of it.")
    if outcome.verdict != "finding":
        return outcome.explanation
    billed, known = money_text(total, currency), money_text(total - residual, currency)
    sources = "delivery, fees, credits and tax account" if sums else "delivery accounts"
    gap = money_text(abs(residual), currency)
    end = f"{gap} has no row behind it" if residual > 0 else f"{gap} is not billed"
    return sentence(f"The bill is {billed}; {sources} for {known}: {end}.", f"The bill is {billed}: {end}.")
