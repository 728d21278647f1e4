"""The check of credits against the documents that they name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from msgspec.structs import replace

from ...money import money_text
from ..document_facts import CreditChain
from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .declaration import check
from .outcomes import compared, not_checkable, weighed
from .sentences import name_text, price_text, sentence, sum_text


@check(
    question="Does each credit name what it corrects, and do credits never exceed it?",
    formula="sum of the credits − total of what they name",
    grain="document, or documents that share a credit, with a credit in the month",
    reads=("invoices", "invoice_links", "invoice_lines.original_invoice_id"),
    tolerance="0",
    severity="medium",
)
def credit_note_linkage(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Chains reach over all months, up to the end of the judged one.

    A credit that names a document from before a rebill corrects the one in its place; a rebilled document and
    the credit that cancels it do not count.

    Credits that name nothing are goodwill: they are listed as clear, with the flag ``unlinked``. More
    credited than billed is in the buyer's favour: there is nothing to claim, and a correction will come.
    """
    for chain in facts.chains:
        yield _judged(chain, facts)


def _judged(chain: CreditChain, facts: Facts) -> Outcome:
    entries = chain.originals or chain.credits
    blank = Outcome(
        check_id="",
        subject="+".join(sorted({one.key for one in entries})),
        verdict="not_checkable",
        connector=chain.connector,
        platform=chain.platform,
        account_id=chain.account_id,
        invoice_id=entries[0].key.partition("/")[2] if len(entries) == 1 and not chain.unknown else "",
        window=facts.month,
        currency=entries[0].currency,
    )
    if len({one.currency for one in (*chain.originals, *chain.credits)}) > 1:
        return not_checkable(
            blank,
            "Not checked: a credit is in another currency than what it names.",
            "Ask which exchange rate the credit used.",
        )
    credited = -sum(one.amount_micros for one in chain.credits)
    money = money_text(credited, blank.currency)
    proof = tuple(_proof(chain))
    if not chain.originals and not chain.unknown:
        said = sentence(f"A credit of {money} names no document: goodwill, or the link is missing.")
        return replace(blank, verdict="clear", flags=("unlinked",), explanation=said, proof=proof)
    billed = sum(one.amount_micros for one in chain.originals)
    if chain.unknown and credited > billed:
        named = " and ".join(name_text(name) for name in chain.unknown[:2])
        return not_checkable(
            replace(blank, proof=proof),
            f"Not checked: credits name {named}, which is not in the ledger.",
            "Sync or import the document that the credit names.",
        )
    outcome = replace(
        compared(blank, billed=billed, expected=credited, tolerance=0),
        formula=f"{price_text(credited, blank.currency)} − {price_text(billed, blank.currency)}",
        proof=proof,
        confidence="high",
        figures={"over_credited_micros": max(0, credited - billed), "credits": len(chain.credits)},
    )
    names = " and ".join(name_text(one.label) for one in chain.originals[:2])
    total = money_text(billed, blank.currency)
    if credited <= billed:
        said = sentence(
            f"{money} is credited on {names}, which billed {total}.", "No more is credited than billed."
        )
        return replace(outcome, verdict="clear", direction="", explanation=said)
    over = money_text(credited - billed, blank.currency)
    said = sentence(
        f"{money} is credited on {names}, which billed {total}: {over} more than was billed.",
        f"{over} more is credited than was billed.",
    )
    amounts = sum_text([-one.amount_micros for one in chain.credits], blank.currency)
    formula = f"{amounts} − {price_text(billed, blank.currency)}"
    return weighed(replace(outcome, explanation=said, formula=formula), "medium", [])


def _proof(chain: CreditChain) -> Iterator[Proof]:
    """What was billed, then every credit with what is left after it."""
    left = sum(one.amount_micros for one in chain.originals)
    for one in chain.originals:
        yield Proof(
            says=f"total of {one.label}, {one.day or 'no day'}",
            table=one.table,
            key=one.key,
            value=money_text(one.amount_micros, one.currency),
        )
    balances = accumulate((one.amount_micros for one in chain.credits), initial=left)
    next(balances)
    for one, balance in zip(chain.credits, balances, strict=True):
        rest = f", {money_text(balance, one.currency)} left" if chain.originals else ""
        yield Proof(
            says=f"credit {one.label}, {one.day or 'no day'}{rest}",
            table=one.table,
            key=one.key,
            value=money_text(one.amount_micros, one.currency),
        )
