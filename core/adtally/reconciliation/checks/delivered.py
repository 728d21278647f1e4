"""Checks of documents against delivery: does the bill follow from what the platform says it delivered?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import amount_text, money_text
from ..facts import BillGroup, Delivered, Document, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof, Verdict
from .bill import PAYMENTS, Part, beyond_delivery, distinct, sum_of, total_proof
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
    verdict_of,
    weighed,
)
from .sentences import change_text, name_text, sentence, sum_text

KIND_WORDS = {"fee": "fees", "adjustment": "credits and adjustments", "tax": "tax"}


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
        return not_checkable(
            blank,
            "Not checked: no delivery of these accounts and days is known.",
            "Sync the accounts that the bill names.",
        )
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


def _bridged(
    blank: Outcome, documents: list[Document], delivered: Delivered, cost: int, rules: Rules
) -> Outcome:
    currency = blank.currency
    parts = beyond_delivery(documents)
    total = sum(document.total_micros for document in documents)
    residual = total - cost - sum_of(parts)
    tolerance = rules.money_match.micros(cost, currency)
    compared = bridged(blank, billed=total, delivered=cost, residual=residual, tolerance=tolerance)
    if parts and residual == 0:
        compared = replace(compared, verdict="explained")
    rows = [
        Proof(says=part.says, table=part.table, key=part.key, value=money_text(part.micros, currency))
        for part in parts
    ]
    ran = Proof(
        says="reported as delivered",
        table="delivery",
        key=f"{blank.connector}/{'+'.join(delivered.accounts)} {delivered.window}",
        value=money_text(cost, currency),
        as_of=delivered.coverage.as_of,
    )
    outcome = replace(
        compared,
        flags=("bridged",) if parts else (),
        formula=f"{price_text(total, currency)} − ({sum_text([cost, *(part.micros for part in parts)], currency)})",
        explanation=_said(compared, parts),
        proof=(*(total_proof(one) for one in documents), ran, *rows),
        confidence="high",
        figures={f"{kind}_micros": sum_of(parts, kind) for kind in KINDS if sum_of(parts, kind)},
    )
    stake = document_stake([document.subject for document in documents], abs(residual))
    return weighed(outcome, grade(abs(residual), total, currency), [stake])
