"""What a billing document adds up from, and which documents are the same bill seen twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...money import money_text
from ..facts import Document, Line
from ..verdicts import Proof
from .sentences import plural

ADJUSTMENTS = frozenset({"adjustment", "credit", "promotion", "invalid_traffic", "overdelivery", "rounding"})
PAYMENTS = frozenset({"charge", "refund"})
SHOWN = 40
"""Lines that a proof lists one by one; the rest is one row."""


class Part(NamedTuple):
    """One addend of a document's total, and where it stands."""

    kind: str
    says: str
    micros: int
    table: str
    key: str


def kind_of(line: Line) -> str:
    return "adjustment" if line.kind in ADJUSTMENTS else line.kind


def line_parts(document: Document) -> Iterator[Part]:
    for line in document.lines:
        about = line.description or line.jurisdiction or line.campaign_name
        words = line.kind.replace("_", " ")
        says = f"{words}: {about}" if about else words
        yield Part(
            kind_of(line), says, line.amount_micros, "invoice_lines", f"{document.subject}/{line.line}"
        )


def header_parts(document: Document) -> Iterator[Part]:
    """Fees, adjustments and tax as printed in the head, where no line already carries them."""
    kinds = {kind_of(line) for line in document.lines}
    printed = {
        "fee": document.fees_micros,
        "adjustment": document.adjustments_micros,
        "tax": document.tax_micros,
    }
    for kind, micros in printed.items():
        if micros is not None and kind not in kinds:
            yield Part(kind, f"printed {kind}", micros, "invoices", document.subject)


def beyond_delivery(document: Document) -> list[Part]:
    """Everything billed that is not media: the documented bridge from delivery to the total. No zeros."""
    parts = (*line_parts(document), *header_parts(document))
    return [part for part in parts if part.kind != "media" and part.micros]


def sum_of(parts: Iterable[Part], *kinds: str) -> int:
    return sum(part.micros for part in parts if not kinds or part.kind in kinds)


def proof_of(parts: Iterable[Part], document: Document) -> Iterator[Proof]:
    """The addends in order, as rows of evidence."""
    rows = list(parts)
    for part in rows[:SHOWN]:
        value = money_text(part.micros, document.currency)
        yield Proof(says=part.says, table=part.table, key=part.key, value=value, as_of=document.as_of)
    if rest := rows[SHOWN:]:
        value = money_text(sum_of(rest), document.currency)
        says = plural(len(rest), "further row")
        yield Proof(says=says, table="invoice_lines", key=document.subject, value=value, as_of=document.as_of)


def total_proof(document: Document) -> Proof:
    return Proof(
        says=f"total of {document.label}",
        table="invoices",
        key=document.subject,
        value=money_text(document.total_micros, document.currency),
        as_of=document.as_of,
    )


def distinct(documents: Iterable[Document]) -> list[Document]:
    """Each bill once, ordered by subject.

    Documents of different connectors with the same platform and number are one bill: of these, the ones of
    the connector that knows most lines stay.
    """
    bills: dict[tuple[str, str], dict[str, list[Document]]] = {}
    for document in sorted(documents, key=lambda one: one.subject):
        seen = bills.setdefault((document.platform, document.label), {})
        seen.setdefault(document.connector, []).append(document)
    kept = [
        max(seen.values(), key=lambda copies: sum(len(one.lines) for one in copies))
        for seen in bills.values()
    ]
    return sorted((document for copies in kept for document in copies), key=lambda one: one.subject)
