"""The check for days that two documents bill."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import money_text
from ..facts import Delivered, Document, Facts, Overlap
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import beyond_delivery, sum_of, total_proof
from .declaration import check
from .outcomes import as_pending, compared, document_stake, not_checkable, not_fetched, of_document, weighed
from .sentences import days_text, name_text, price_text, sentence, sum_text


@check(
    question="Do two documents bill the same days of one scope?",
    formula="at risk = min(delivered on the shared days, billed media − delivered on all their days)",
    grain="documents of one scope that share days, in the month that the first of them ends in",
    reads=("invoices", "invoice_accounts", "invoice_links", "invoice_lines", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="money_match on what was delivered on all their days",
    severity="high",
)
def invoice_overlap(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Periods that share days are no overlap in money while all documents together bill what ran.

    Last days are inclusive, and a document may end on the day on which the next one begins. Documents of
    different orders, budgets or campaigns are different scopes, also of one account.

    A document is compared for its media, without its fees, credits and tax. What a document of another month
    bills beyond its own days belongs to that month.
    """
    for overlap in sorted(facts.overlaps, key=lambda one: one.subject):
        yield _judged(overlap, facts, rules)


def media(document: Document) -> int:
    return document.total_micros - sum_of(beyond_delivery(document))


def _judged(overlap: Overlap, facts: Facts, rules: Rules) -> Outcome:
    first = overlap.documents[0]
    window = overlap.days[0].span(overlap.days[-1])
    blank = replace(of_document(first, facts.month), subject=overlap.subject, invoice_id="", window=window)
    shared, union = overlap.shared, overlap.union
    if overlap.others:
        return not_checkable(
            blank,
            "Not checked: further documents bill other orders or campaigns on the same days.",
            "Compare the orders' own delivery with the documents.",
        )
    if shared is None or union is None or shared.currency != first.currency:
        return not_checkable(
            blank,
            "Not checked: no delivery of these accounts and days is known in the bills' currency.",
            "Sync the accounts that the bills name.",
        )
    if not union.coverage.complete:
        return not_fetched(blank, union.coverage)
    own = overlap.own_micros
    if shared.cost_micros is None or union.cost_micros is None or None in own.values():
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    amounts = [
        min(media(one), own[one.subject] or 0) if one.subject in own else media(one)
        for one in overlap.documents
    ]
    outcome = _compared(blank, overlap, amounts, shared, union, rules)
    return as_pending(outcome, union.coverage.pending_until.get("cost"))


def _compared(
    blank: Outcome, overlap: Overlap, amounts: list[int], shared: Delivered, union: Delivered, rules: Rules
) -> Outcome:
    currency, twice, ran = blank.currency, shared.cost_micros or 0, union.cost_micros or 0
    credited = [overlap.credited_micros] if overlap.credited_micros else []
    billed = sum(amounts) + sum(credited)
    tolerance = rules.money_match.micros(ran, currency)
    outcome = compared(blank, billed=billed, expected=ran, tolerance=tolerance)
    days = days_text([day for window in overlap.days for day in window])
    names = " and ".join(name_text(one.label) for one in overlap.documents[:2])
    if len(overlap.documents) > 2:
        names = f"{len(overlap.documents)} documents"
    at_risk = min(twice, billed - ran)
    if outcome.direction != "over" or outcome.verdict != "finding" or at_risk <= 0:
        text = f"{names} share {days}, but together bill no more than what ran."
        outcome = replace(
            outcome, verdict="clear", direction="", explanation=sentence(text, "They bill no day twice.")
        )
    else:
        money = money_text(at_risk, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{names} both bill {days}: {money} of what ran then is charged twice.",
                f"Documents bill {days} twice: {money}.",
            ),
        )
    outcome = replace(
        outcome,
        formula=(
            f"min({price_text(twice, currency)}, {sum_text([*amounts, *credited], currency)}"
            f" − {price_text(ran, currency)})"
        ),
        proof=tuple(_proof(overlap, shared, union)),
        confidence="high" if abs(billed - ran - twice) <= tolerance else "medium",
        figures={"shared_days": sum(one.days for one in overlap.days), "shared_micros": twice},
    )
    here = [one.subject for one in overlap.documents if one.subject not in overlap.own_micros]
    return weighed(outcome, "high", [document_stake(here, max(0, at_risk))])


def _proof(overlap: Overlap, shared: Delivered, union: Delivered) -> Iterator[Proof]:
    for document in overlap.documents:
        yield replace(total_proof(document), says=f"total of {document.label}, for {document.window}")
    if overlap.credited_micros:
        value = money_text(overlap.credited_micros, union.currency)
        yield Proof(says="credited on them", table="invoices", key=overlap.subject, value=value)
    for says, ran in (
        ("delivered on the days that both bill", shared),
        ("delivered on all their days", union),
    ):
        days = " and ".join(map(str, overlap.days)) if ran is shared else str(ran.window)
        yield Proof(
            says=says,
            table="delivery",
            key=f"{overlap.documents[0].connector}/{'+'.join(ran.accounts)} {days}",
            value=money_text(ran.cost_micros or 0, ran.currency),
            as_of=ran.coverage.as_of,
        )
