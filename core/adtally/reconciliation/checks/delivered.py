"""Checks of documents against delivery: the bill must follow from what the platform says it delivered."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import amount_text, money_text
from ..facts import BillGroup, Delivered, Document, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import PAYMENTS, beyond_delivery, distinct, proof_of, sum_of, total_proof
from .declaration import check
from .documents import currencies
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

BRIDGE = {"fee": "fees", "adjustment": "credits and adjustments", "tax": "tax"}
"""Kinds of components, in the order of the identity."""


@check(
    question="Does the total equal delivered cost after fees, credits and tax that are documented?",
    formula="residual = total − (delivered + fees + adjustments + tax)",
    grain="documents that must be compared together: a chain of corrections, or of touching periods",
    reads=("invoices", "invoice_lines", "invoice_accounts", "invoice_links", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="money_match on delivered cost",
    severity="by the residual",
)
def invoice_total_vs_delivered(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The bridge holds only rows that exist: lines of the documents, or the printed sums where no line is.

    Credits for invalid traffic belong to earlier months and stand in the bridge for what they are. Payments
    are no bills of a period, so they are not compared here.
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
    if len(currencies(group)) > 1:
        return not_checkable(
            blank,
            "Not checked: bill and delivery are in different currencies.",
            "See the finding of invoice-currency-mismatch.",
        )
    delivered = group.delivered[0]
    if not delivered.coverage.complete:
        return not_fetched(blank, delivered.coverage)
    if delivered.cost_micros is None:
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    outcome = _bridged(blank, distinct(group.documents), delivered, delivered.cost_micros, rules)
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


def _bridged(
    blank: Outcome, documents: list[Document], delivered: Delivered, cost: int, rules: Rules
) -> Outcome:
    currency = blank.currency
    parts = [part for document in documents for part in beyond_delivery(document)]
    total = sum(document.total_micros for document in documents)
    residual = total - cost - sum_of(parts)
    tolerance = rules.money_match.micros(cost, currency)
    outcome = compared(blank, billed=total, expected=cost, tolerance=tolerance, residual=residual)
    if parts and residual == 0:
        outcome = replace(outcome, verdict="explained")
    ran = Proof(
        says="reported as delivered",
        table="delivery",
        key=f"{blank.connector}/{'+'.join(delivered.accounts)} {delivered.window}",
        value=money_text(cost, currency),
        as_of=delivered.coverage.as_of,
    )
    bridge = [row for document in documents for row in proof_of(beyond_delivery(document), document)]
    sums = {kind: micros for kind in BRIDGE if (micros := sum_of(parts, kind))}
    outcome = replace(
        outcome,
        flags=("bridged",) if parts else (),
        formula=f"{price_text(total, currency)} − ({sum_text([cost, *sums.values()], currency)})",
        explanation=_said(outcome, sums),
        proof=(*(total_proof(document) for document in documents), ran, *bridge),
        confidence="high",
        figures={f"{kind}_micros": micros for kind, micros in sums.items()},
    )
    stake = document_stake([document.subject for document in documents], abs(residual))
    return weighed(outcome, grade(abs(residual), total, currency), [stake])


def _said(outcome: Outcome, sums: dict[str, int]) -> str:
    currency, residual = outcome.currency, outcome.residual_micros or 0
    total, cost = outcome.billed_micros or 0, outcome.expected_micros or 0
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
