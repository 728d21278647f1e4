"""The check of accounts that pay as they go: charges and balances against cost."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import money_text
from ..account_facts import Entry, RunningAccount
from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import SHOWN
from .declaration import check
from .outcomes import as_pending, compared, document_stake, not_checkable, not_fetched, weighed
from .sentences import change_text, plural, sentence, sum_text

WORDS = {
    "charge": "charged",
    "refund": "paid back",
    "opening": "balance at the start",
    "open": "open balance",
}


@check(
    question="Do charges and the open balance equal the cost since the last known balance?",
    formula="residual = charges − refunds + open − opening − (cost + fees + tax − credits)",
    grain="account, from one known balance to the next",
    reads=("invoices", "invoice_lines", "balances", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="money_match on the cost of the window",
    severity="high",
    beside=frozenset({"tax-plausibility", "surcharge-plausibility"}),
)
def threshold_charges_vs_spend(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Single charges are payments and fit no month; with the balances at both ends they must fit the cost.

    What was paid in advance is a negative balance. Refunds and credits stand in the ledger below zero.
    """
    for running in sorted(facts.running, key=lambda one: one.subject):
        yield _running(running, rules)


def _running(running: RunningAccount, rules: Rules) -> Outcome:
    blank = Outcome(
        check_id="",
        subject=running.subject,
        verdict="not_checkable",
        connector=running.connector,
        platform=running.platform,
        account_id=running.account_id,
        window=running.window,
        currency=running.currency,
    )
    if not running.coverage.complete:
        return not_fetched(blank, running.coverage)
    if running.opening_micros is None or running.open_micros is None:
        end = "start" if running.opening_micros is None else "end"
        return not_checkable(
            blank,
            f"Not checked: the account's balance at the {end} is not known.",
            "Sync the account's balances, or import them as a file.",
        )
    if running.cost_micros is None:
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    charged = _sum(running, "charge", "refund")
    paid = charged + running.open_micros - running.opening_micros
    outcome = _compared(running, blank, paid, running.cost_micros, rules)
    return as_pending(outcome, running.coverage.pending_until.get("cost"))


def _compared(running: RunningAccount, blank: Outcome, paid: int, cost: int, rules: Rules) -> Outcome:
    currency = running.currency
    beside = {kind: micros for kind in ("fee", "tax", "credit") if (micros := _sum(running, kind))}
    residual = paid - cost - sum(beside.values())
    tolerance = rules.money_match.micros(cost, currency)
    outcome = compared(blank, billed=paid, expected=cost, tolerance=tolerance, residual=residual)
    due = sum_text([cost, *beside.values()], currency)
    if beside and residual == 0:
        explained = (
            f"Differs by {money_text(paid - cost, currency)}: fees, tax and credits explain all of it."
        )
        outcome = replace(outcome, verdict="explained", explanation=explained)
    elif outcome.verdict == "finding":
        billed, known = money_text(paid, currency), money_text(paid - residual, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"Charges and balance come to {billed}; cost, fees, tax and credits to {known}: "
                f"{change_text(residual, currency)}."
            ),
        )
    opening, balance = running.opening_micros or 0, running.open_micros or 0
    charges = [entry for entry in running.entries if entry.kind == "charge"]
    outcome = replace(
        outcome,
        formula=f"{sum_text([paid - balance + opening, balance, -opening], currency)} − ({due})",
        proof=tuple(_proof(running, cost)),
        confidence="high",
        figures={"charges": len(charges), **{f"{kind}_micros": micros for kind, micros in beside.items()}},
    )
    # a balance that no charge stands behind is money of the account itself
    documents = [entry.key for entry in charges] or [running.subject]
    return weighed(outcome, "high", [document_stake(documents, residual)])


def _sum(running: RunningAccount, *kinds: str) -> int:
    return sum(entry.amount_micros for entry in running.entries if entry.kind in kinds)


def _proof(running: RunningAccount, cost: int) -> Iterator[Proof]:
    """The running account, row by row, and the cost that it must come to."""
    for entry in running.entries[:SHOWN]:
        yield _entry_proof(entry, running)
    if rest := running.entries[SHOWN:]:
        value = money_text(sum(entry.amount_micros for entry in rest), running.currency)
        yield Proof(says=plural(len(rest), "further row"), table="invoices", key=running.subject, value=value)
    yield Proof(
        says="reported as delivered",
        table="delivery",
        key=f"{running.subject} {running.window}",
        value=money_text(cost, running.currency),
        as_of=running.coverage.as_of,
    )


def _entry_proof(entry: Entry, running: RunningAccount) -> Proof:
    return Proof(
        says=f"{WORDS.get(entry.kind, entry.kind)} on {entry.day}",
        table=entry.table,
        key=entry.key,
        value=money_text(entry.amount_micros, running.currency),
    )
