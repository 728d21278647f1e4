"""The check for a month that ran and was never billed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from ...money import money_text
from ..account_facts import AccountMonth
from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import PAYMENTS
from .declaration import check
from .outcomes import as_pending, compared, not_checkable, not_fetched, of_account
from .sentences import day_text, month_text, sentence, side_text

BY_CHARGES = frozenset({"threshold", "prepaid"})
WHY_UNASKED = {
    "not_offered": ("the platform lists no bills of this account", "Import its bills or receipts as a file."),
    "not_asked": ("nobody asked for bills of these days", "Sync the bills of the month, or import them."),
}


@check(
    question="Is there delivered cost that no invoice or charge covers?",
    formula="cost > 0, no document covers the month, and today > end of the month + invoice_lag_days",
    grain="account and month",
    reads=("delivery.cost_micros", "accounts.payment", "invoices", "reconcile.invoice_lag_days"),
    waits_for=("cost",),
    tolerance="money_match on zero",
    severity="medium",
)
def invoice_missing(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Cost that will still be billed, to accrue now and to ask for: there is nothing to claim back.

    Where an account pays by threshold or in advance, or its documents are charges, any charge of the month
    covers it; how much was charged is the question of threshold-charges-vs-spend. Where nobody could have
    listed a bill, or an account that nobody calls invoiced never had one, its absence says nothing.
    """
    kinds = {document.subject: document.kind for document in facts.documents}
    for account in sorted(facts.accounts, key=lambda one: one.subject):
        charged = account.payment in BY_CHARGES or any(
            kinds.get(one) in PAYMENTS for one in account.documents
        )
        if account.documents and (charged or account.billed_days >= account.month.days):
            yield replace(of_account(account), verdict="clear", explanation="Its documents cover the month.")
        else:
            yield _uncovered(account, facts, rules)


def _uncovered(account: AccountMonth, facts: Facts, rules: Rules) -> Outcome:
    blank, cost = of_account(account), account.cost_micros
    if not account.coverage.complete:
        return not_fetched(blank, account.coverage)
    if cost is None:
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    until = account.coverage.pending_until.get("cost")
    if cost <= 0:
        nothing = replace(blank, verdict="clear", explanation="Nothing was delivered that a bill must cover.")
        return as_pending(nothing, until)
    if why := _unknown(account):
        reason, step = why
        return not_checkable(blank, f"Not checked: {reason}.", step)
    return as_pending(_unbilled(account, cost, facts, rules), until)


def _unknown(account: AccountMonth) -> tuple[str, str] | None:
    """Why the lack of a covering document says nothing, and what would tell; None if one is due."""
    if account.documents:
        days = f"{account.billed_days} of {account.month.days} days"
        return (
            f"the month's documents name only {days}",
            "Look for a document of the other days, or for days on which nothing ran.",
        )
    if account.bills in WHY_UNASKED:
        return WHY_UNASKED[account.bills]
    if account.payment in BY_CHARGES:
        return (
            "it pays in advance or by threshold, and nothing was charged in the month",
            "See threshold-charges-vs-spend.",
        )
    if account.payment == "unknown" and not account.last_document:
        return "how it pays is not known, and it never had a bill", "Import its bills or receipts as a file."
    return None


def _unbilled(account: AccountMonth, cost: int, facts: Facts, rules: Rules) -> Outcome:
    currency, month = account.currency, month_text(account.month)
    tolerance = rules.money_match.micros(0, currency)
    outcome = compared(of_account(account), billed=0, expected=cost, tolerance=tolerance)
    if outcome.verdict != "finding":
        return outcome
    money, due = money_text(cost, currency), account.month.last_day + timedelta(rules.invoice_lag_days)
    if facts.today <= due:
        return replace(
            outcome,
            verdict="pending",
            severity="low",
            explanation=sentence(
                f"{money} of {month} spend has no invoice yet; one usually comes by {day_text(due)}."
            ),
            next_step=f"Wait until {day_text(due)}.",
        )
    ran = Proof(
        says="reported as delivered",
        table="delivery",
        key=f"{account.subject} {account.month}",
        value=money,
        as_of=account.coverage.as_of,
    )
    newest = Proof(
        says="newest document of the account",
        table="invoices",
        key=account.subject,
        value=account.last_document or "none",
    )
    return replace(
        outcome,
        severity="medium",
        at_risk_micros=cost,
        confidence="medium",
        formula=f"{facts.today} > {account.month.last_day} + {rules.invoice_lag_days} days",
        proof=(ran, newest),
        explanation=sentence(
            f"{money} of {month} spend has no invoice, and the usual time for it has passed."
        ),
        next_step=f"Ask {side_text(account.platform)} for the invoice, and accrue {money} until it comes.",
        figures={"lag_days": rules.invoice_lag_days},
    )
