"""The check of taxes: base times rate, by the document's own print and by the user's table of rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..facts import Document, Facts, Line
from ..rate_tables import TaxRate, in_force
from ..rules import Rules
from ..tolerance import allowance
from ..verdicts import Outcome, Proof
from .bill import Part, distinct, header_parts, line_parts, sum_of
from .declaration import check
from .outcomes import compared, document_stake, not_checkable, of_document, weighed
from .sentences import change_text, name_text, percent_text, price_text, sentence

OTHER_MONEY = frozenset({"invoice-arithmetic", "invoice-line-arithmetic", "invoice-overlap", "fx-conversion"})


class Tax(NamedTuple):
    """A tax of a document: lines of one jurisdiction and rate, or what its head prints."""

    jurisdiction: str
    rate_ppm: int | None
    micros: int
    base_micros: int | None
    """Printed beside it; None where some line prints none."""
    lines: tuple[Line, ...]


class Base(NamedTuple):
    """A sum that may be what was taxed, and what it is made of."""

    says: str
    micros: int


@check(
    question="Is each tax its base times the rate?",
    formula="tax − R(base × rate, 10⁶)",
    grain="document and tax rate",
    reads=("invoices.tax_micros", "invoice_lines.rate_ppm", "invoice_lines.base_micros", "reconcile.taxes"),
    tolerance="rounding of one figure",
    severity="medium",
    beside=OTHER_MONEY,
)
def tax_plausibility(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The rate is that of the user's table on the day of issue, else the one that the line prints.

    The base is the one that the line prints, else all lines but taxes, with fees. Whether credits and
    adjustments lessen it differs, so the document gets the benefit of the doubt: both bases may fit.

    A tax that says zero, as under reverse charge, is fine. Of several rates without printed bases nobody can
    tell which amount each is for: they are judged only where all of it fits.
    """
    for document in distinct(facts.documents):
        taxes = _taxes(document)
        rows = [row for row in rules.taxes if row.connector == document.connector]
        blank = of_document(document, facts.month)
        if not taxes and rows:
            yield not_checkable(
                blank, "Not checked: the document does not tell its tax.", "Import the document with its tax."
            )
        for tax in taxes:
            subject = document.subject
            if len(taxes) > 1:
                rate = "" if tax.rate_ppm is None else f"/{tax.rate_ppm}"
                subject = f"{subject}/tax/{tax.jurisdiction}{rate}"
            yield _judged(replace(blank, subject=subject), document, tax, rows, alone=len(taxes) == 1)


def _taxes(document: Document) -> list[Tax]:
    by_rate: defaultdict[tuple[str, int | None], list[Line]] = defaultdict(list)
    for line in document.lines:
        if line.kind == "tax":
            by_rate[line.jurisdiction, line.rate_ppm].append(line)
    if not by_rate:
        return [] if document.tax_micros is None else [Tax("", None, document.tax_micros, None, ())]
    found = list[Tax]()
    for (jurisdiction, rate), lines in by_rate.items():
        bases = [line.base_micros for line in lines]
        base = None if None in bases else sum(micros or 0 for micros in bases)
        micros = sum(line.amount_micros for line in lines)
        found.append(Tax(jurisdiction, rate, micros, base, tuple(lines)))
    return found


def _judged(blank: Outcome, document: Document, tax: Tax, rows: Iterable[TaxRate], *, alone: bool) -> Outcome:
    if tax.micros == 0:
        said = "The document says that there is no tax, as under reverse charge."
        return replace(blank, verdict="clear", explanation=said, billed_micros=0)
    day = document.issue_day or (document.window.last_day if document.window else None)
    known = _row(rows, tax.jurisdiction, day)
    rate = known.rate_ppm if known else tax.rate_ppm
    if rate is None:
        return not_checkable(
            blank,
            "Not checked: neither the document nor a table tells the rate of this tax.",
            "Add the rate to a file and name it as taxes in [reconcile].",
        )
    bases = _bases(document) if tax.base_micros is None else [Base("printed base", tax.base_micros)]
    base = min(bases, key=lambda one: abs(tax.micros - rounded(one.micros * rate, MICROS)))
    expected = rounded(base.micros * rate, MICROS)
    tolerance = allowance(1, document.currency)
    outcome = compared(blank, billed=tax.micros, expected=expected, tolerance=tolerance)
    if outcome.verdict == "finding" and tax.base_micros is None and not alone:
        return not_checkable(
            blank,
            "Not checked: of several taxes nobody can tell which amount each is for.",
            "Import the tax lines with the amounts that they are for.",
        )
    currency, part = document.currency, percent_text(rate)
    amount, made = money_text(tax.micros, currency), money_text(expected, currency)
    if outcome.verdict == "finding":
        change = change_text(tax.micros - expected, currency)
        taxed = money_text(base.micros, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{name_text(document.label)} has {amount} of tax; {part} of {taxed} is {made}: {change}.",
                f"The tax is {amount}; {part} of its base is {made}: {change}.",
            ),
        )
    outcome = replace(
        outcome,
        formula=f"{price_text(tax.micros, currency)} − {price_text(base.micros, currency)} × {part}",
        proof=tuple(_proof(document, tax, base, known)),
        confidence="high" if known or tax.base_micros is not None else "medium",
        figures={"base_micros": base.micros, "rate_ppm": rate, "exact_micros": expected},
    )
    lines_of = f"{document.subject}/{tax.lines[0].line if len(tax.lines) == 1 else 'tax'}"
    stake = document_stake([document.subject], abs(tax.micros - expected), lines_of=lines_of)
    return weighed(outcome, "medium", [stake])


def _row(rows: Iterable[TaxRate], jurisdiction: str, day: date | None) -> TaxRate | None:
    """The user's rate of the day; a tax that names no place has one only where the connector has just one."""
    if day is None:
        return None
    found = in_force(rows, day)
    named = [row for row in found if row.jurisdiction == jurisdiction] if jurisdiction else found
    return named[0] if len({row.rate_ppm for row in named}) == 1 else None


def _bases(document: Document) -> list[Base]:
    """All but tax, and the same without adjustments, where there are some."""
    parts: list[Part] = [*line_parts(document), *header_parts(document)]
    if document.lines:
        whole = sum_of(part for part in parts if part.kind != "tax")
    else:
        whole = document.total_micros - sum_of(parts, "tax")
    bases = [Base("all but tax", whole)]
    if adjusted := sum_of(parts, "adjustment"):
        bases.append(Base("all but tax and adjustments", whole - adjusted))
    return bases


def _proof(document: Document, tax: Tax, base: Base, known: TaxRate | None) -> Iterator[Proof]:
    currency = document.currency
    for line in tax.lines[:3]:
        printed = "" if line.rate_ppm is None else f", printed rate {percent_text(line.rate_ppm)}"
        yield Proof(
            says=f"tax: {line.description or line.jurisdiction or 'line'}{printed}",
            table="invoice_lines",
            key=f"{document.subject}/{line.line}",
            value=money_text(line.amount_micros, currency),
            as_of=document.as_of,
        )
    if not tax.lines:
        value = money_text(tax.micros, currency)
        yield Proof(
            says="printed tax", table="invoices", key=document.subject, value=value, as_of=document.as_of
        )
    yield Proof(
        says=f"base: {base.says}",
        table="invoices" if tax.base_micros is None else "invoice_lines",
        key=document.subject,
        value=money_text(base.micros, currency),
        as_of=document.as_of,
    )
    if known:
        until = known.valid_to or "open"
        yield Proof(
            says=f"rate of {known.jurisdiction} from {known.valid_from} to {until}: {known.source}",
            table="reconcile.taxes",
            key=f"{known.connector}/{known.jurisdiction}/{known.valid_from}",
            value=percent_text(known.rate_ppm),
        )
