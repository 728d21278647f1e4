"""The check for one charge billed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from msgspec.structs import replace

from ...money import money_text
from ..facts import Document, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import PAYMENTS, distinct
from .declaration import check
from .outcomes import compared, document_stake, not_checkable, of_document, weighed
from .sentences import name_text, price_text, sentence, sum_text


@check(
    question="Is the same charge billed by two documents?",
    formula="at risk = sum of the documents − the largest",
    grain="documents of one account, currency, period, purchase order and content",
    reads=("invoices", "invoice_accounts", "invoice_links", "invoice_lines"),
    tolerance="0",
    severity="critical",
)
def invoice_duplicate(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Documents that another one replaces, or that credits cancel in full, do not count.

    One bill that two connectors see under the same number is one document. Orders of equal amount differ in
    their purchase order or budget. Payments and credit memos are not compared: a repeated credit is in the
    buyer's favour. Without lines the total stands for the content, and confidence is medium.
    """
    documents = distinct(facts.documents)
    superseded, credited = _superseded(documents), _credited(documents)
    same: defaultdict[tuple[object, ...], list[Document]] = defaultdict(list)
    for document in documents:
        if document.kind not in PAYMENTS and document.total_micros > 0:
            same[_content(document)].append(document)
    for content, members in same.items():
        nets = {one.subject: one.total_micros + credited.get(one.subject, 0) for one in members}
        kept = [one for one in members if one.subject not in superseded and nets[one.subject] > 0]
        kept.sort(key=lambda one: (-nets[one.subject], one.issue_day or date.max, one.subject))
        shown = kept or members
        blank = replace(
            of_document(shown[-1], facts.month), subject="+".join(sorted(one.subject for one in shown))
        )
        if len(kept) < 2:
            yield replace(
                blank,
                verdict="clear",
                explanation="No other document bills the same.",
                figures={"net_micros": sum(nets.values())},
            )
        elif kept[0].window is None:
            names = " and ".join(name_text(one.label) for one in kept[:2])
            yield not_checkable(
                blank,
                f"Not checked: {names} have the same content, but name no days.",
                "Look up which days each document bills.",
            )
        else:
            yield _charged_again(blank, kept, nets, sha256(repr(content).encode()).hexdigest()[:12])


def _charged_again(blank: Outcome, kept: list[Document], nets: dict[str, int], content: str) -> Outcome:
    billed = [nets[one.subject] for one in kept]
    found = compared(blank, billed=sum(billed), expected=billed[0], tolerance=0)
    money, names = money_text(sum(billed[1:]), blank.currency), [name_text(one.label) for one in kept]
    if len(kept) == 2:
        said = f"{names[0]} and {names[1]} bill the same account, days and lines: {money} is charged twice."
    else:
        said = f"{len(kept)} documents bill the same account, days and lines: {money} is charged again."
    issued = [
        Proof(
            says=f"issued {one.issue_day}" if one.issue_day else "no issue date",
            table="invoices",
            key=one.subject,
            value=money_text(nets[one.subject], one.currency),
            as_of=one.as_of,
        )
        for one in kept
    ]
    found = replace(
        found,
        explanation=sentence(said),
        formula=f"{sum_text(billed, blank.currency)} − {price_text(billed[0], blank.currency)}",
        proof=tuple(issued),
        confidence="high" if kept[0].lines else "medium",
        figures={"lines_hash": content},
    )
    stakes = [document_stake([one.subject], nets[one.subject]) for one in kept[1:]]
    return weighed(found, "critical", stakes)


def _content(document: Document) -> tuple[object, ...]:
    """What two documents must share to bill the same: whose days, which order, which lines."""
    lines = sorted(
        (
            line.account_id,
            line.campaign_id,
            line.campaign_name,
            line.kind,
            line.description,
            line.quantity or 0,
            line.unit,
            line.amount_micros,
            line.purchase_order,
            line.budget_id,
        )
        for line in document.lines
    )
    return (
        document.platform,
        document.account_id,
        tuple(sorted(document.accounts)),
        document.currency,
        document.kind,
        str(document.window),
        document.purchase_order,
        tuple(lines) or document.total_micros,
    )


def _linked(
    sources: Iterable[tuple[Document, Iterable[str]]], documents: list[Document]
) -> Iterator[tuple[Document, Document]]:
    """(source, target) for each document that a source names by its id or its printed number."""
    by_name: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        for name in {document.invoice_id, document.label}:
            by_name[document.platform, name].append(document)
    for source, names in sources:
        targets = {one.subject: one for name in names for one in by_name[source.platform, name]}
        yield from ((source, target) for subject, target in targets.items() if subject != source.subject)


def _superseded(documents: list[Document]) -> set[str]:
    """Subjects of documents that another one replaces, or corrects with a bill of its own."""
    named = [(one, (*one.replaces, *(one.corrects if one.total_micros >= 0 else ()))) for one in documents]
    return {target.subject for _, target in _linked(named, documents)}


def _credited(documents: list[Document]) -> dict[str, int]:
    """By subject, the sum of the documents with a negative total that name it."""
    memos = [
        (one, (*one.corrects, *(line.original_invoice_id for line in one.lines)))
        for one in documents
        if one.total_micros < 0
    ]
    sums: defaultdict[str, int] = defaultdict(int)
    for memo, target in _linked(memos, documents):
        sums[target.subject] += memo.total_micros
    return sums
