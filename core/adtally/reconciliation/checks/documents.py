"""Checks inside one billing document: it adds up, and it is in the currency of what it bills."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import money_text, rounded
from ..exchange import in_bill_currency
from ..facts import BillGroup, Document, Facts, Line
from ..rules import Rules
from ..tolerance import allowance
from ..verdicts import Outcome, Proof, Severity
from .bill import Part, distinct, header_parts, line_parts, proof_of, sum_of, total_proof
from .declaration import check
from .exchange import exchange_proof, rate_text
from .outcomes import compared, document_stake, not_checkable, of_document, of_group, weighed
from .sentences import change_text, name_text, price_text, sentence, sum_text


@check(
    question="Are the compared amounts in one currency?",
    formula="currency of the document = currency of the delivery",
    grain="documents that are compared together",
    reads=("invoices.currency", "delivery.currency", "fx_rates"),
    tolerance="0",
    severity="high",
)
def invoice_currency_mismatch(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Where no exchange rate is known, a mismatch stops every comparison of amounts of the pair.

    Where one is known, it explains the two currencies, and fx-conversion judges the amounts.
    """
    for group in sorted(facts.groups, key=lambda one: one.subject):
        if not group.delivered:
            continue
        blank, foreign = of_group(group, facts.month), currencies(group)
        if len(foreign) == 1:
            yield replace(blank, verdict="clear", explanation="Bill and delivery are in one currency.")
            continue
        documents = distinct(group.documents)
        if group.exchange and in_bill_currency(group):
            rates = " and ".join(f"{rate.base} at {rate_text(rate)}" for rate in group.exchange)
            yield replace(
                blank,
                verdict="explained",
                explanation=sentence(
                    f"The bill is in {blank.currency}, the delivery is not: {rates} makes them comparable.",
                    "The bill is in another currency than the delivery: the rates of the day are known.",
                ),
                proof=(*(total_proof(one) for one in documents), *exchange_proof(group)),
                confidence="high",
                figures={"billed_currency": blank.currency},
            )
            continue
        delivered = sorted({one.currency for one in group.delivered})
        billed = sorted({one.currency for one in documents})
        ran = [
            Proof(
                says="reported as delivered",
                table="delivery",
                key=f"{blank.connector}/{'+'.join(one.accounts)} {one.window}",
                value="–" if one.cost_micros is None else money_text(one.cost_micros, one.currency),
                as_of=one.coverage.as_of,
            )
            for one in group.delivered
        ]
        yield replace(
            blank,
            verdict="finding",
            severity="high",
            billed_micros=sum(one.total_micros for one in documents) if len(billed) == 1 else None,
            formula=f"{', '.join(billed)} ≠ {', '.join(delivered)}",
            proof=(*(total_proof(one) for one in documents), *ran),
            confidence="high",
            explanation=sentence(
                f"The bill is in {', '.join(billed)}, the delivery in {', '.join(delivered)}, "
                "and no exchange rate is known: amounts cannot be compared."
            ),
            next_step="Import exchange rates (adtally import), or ask for a bill in the account's currency.",
            figures={"billed_currency": "+".join(billed), "delivered_currency": "+".join(delivered)},
        )


def currencies(group: BillGroup) -> set[str]:
    return {one.currency for one in group.documents} | {one.currency for one in group.delivered}


@check(
    question="Do lines, adjustments, fees and tax add up to the printed total?",
    formula="total − (lines + adjustments + fees + tax), and total − (subtotal + fees + tax)",
    grain="document",
    reads=("invoices", "invoice_lines"),
    tolerance="rounding of each line and each tax rate",
    severity="critical from 1% of the total, else high",
)
def invoice_arithmetic(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Printed fees, adjustments and tax count only where no line carries them: they are never added twice.

    Where a subtotal is printed it must hold too; of the two differences the larger one is reported.
    """
    for document in distinct(facts.documents):
        blank = of_document(document, facts.month)
        sums = _sums(document)
        if not sums:
            yield not_checkable(
                blank,
                "Not checked: the document lists no lines and no subtotal.",
                "Import the document's lines as a file.",
            )
            continue
        parts, tolerance = max(sums, key=lambda one: abs(document.total_micros - sum_of(one[0])) - one[1])
        expected, currency = sum_of(parts), document.currency
        outcome = compared(blank, billed=document.total_micros, expected=expected, tolerance=tolerance)
        printed, made = money_text(document.total_micros, currency), money_text(expected, currency)
        if outcome.verdict == "finding":
            change = change_text(document.total_micros - expected, currency)
            said = (
                f"{name_text(document.label)} prints a total of {printed}; its parts make {made}: {change}."
            )
        elif outcome.verdict == "match":
            said = f"Lines, tax and adjustments make {made}, as printed."
        else:
            said = outcome.explanation
        addends = sum_text([part.micros for part in parts], currency) if len(parts) <= 12 else made
        outcome = replace(
            outcome,
            explanation=sentence(said),
            formula=f"{price_text(document.total_micros, currency)} − ({addends})",
            proof=(total_proof(document), *proof_of(parts, document)),
            confidence="high",
            figures={f"{kind}_micros": sum_of(parts, kind) for kind in sorted({one.kind for one in parts})},
        )
        at_risk = abs(document.total_micros - expected)
        severity: Severity = "critical" if at_risk * 100 >= abs(document.total_micros) else "high"
        yield weighed(outcome, severity, [document_stake([document.subject], at_risk)])


def _sums(document: Document) -> list[tuple[list[Part], int]]:
    """The ways in which the document must add up to its total, each with its rounding allowance."""
    head = list(header_parts(document))
    lines = [*line_parts(document), *head]
    rates = sum(part.kind == "tax" and part.micros != 0 for part in lines)  # a printed zero is exact
    sums: list[tuple[list[Part], int]] = []
    if document.lines:
        figures = sum(line.kind != "tax" for line in document.lines) + rates
        sums.append((lines, allowance(figures, document.currency)))
    if document.subtotal_micros is not None:
        subtotal = Part(
            "subtotal", "printed subtotal", document.subtotal_micros, "invoices", document.subject
        )
        charges = [part for part in lines if part.kind in ("fee", "tax")]
        sums.append(([subtotal, *charges], allowance(1 + rates, document.currency)))
    return sums


@check(
    question="Does quantity × unit price give the line's amount?",
    formula="amount − R(unit price × quantity, per)",
    grain="invoice line",
    reads=("invoice_lines.quantity", "invoice_lines.unit_price_micros", "invoice_lines.amount_micros"),
    tolerance="rounding of one figure; for an average price also quantity × (minor unit − 1) / per",
    severity="medium",
    beside=frozenset({"invoice-arithmetic"}),
)
def invoice_line_arithmetic(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """On bills of auctions the printed price is a rounded average; the line says so and is given room."""
    for document in distinct(facts.documents):
        outcomes = [outcome for line in document.lines if (outcome := _line(document, line, facts))]
        yield from outcomes
        if not outcomes:
            yield not_checkable(
                of_document(document, facts.month),
                "Not checked: no line has a quantity and a unit price.",
                "Import the document's lines with quantity and unit price as a file.",
            )


def _line(document: Document, line: Line, facts: Facts) -> Outcome | None:
    if line.quantity is None or line.unit_price_micros is None:
        return None
    currency, price = document.currency, line.unit_price_micros
    exact = rounded(price * line.quantity, line.per)
    tolerance = allowance(1, currency)
    if line.price_is_average:
        tolerance += abs(line.quantity) * tolerance // line.per
    subject = f"{document.subject}/{line.line}"
    blank = replace(
        of_document(document, facts.month),
        subject=subject,
        account_id=line.account_id or document.account_id,
        campaign_id=line.campaign_id,
    )
    outcome = compared(blank, billed=line.amount_micros, expected=exact, tolerance=tolerance)
    amount, product = money_text(line.amount_micros, currency), price_text(exact, currency)
    thousand = " / 1,000" if line.per != 1 else ""
    formula = f"{line.quantity:,} × {price_text(price, currency)}{thousand}"
    if outcome.verdict == "finding":
        change = change_text(line.amount_micros - exact, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"A line of {name_text(document.label)} bills {amount}; {formula} make {product}: {change}.",
                f"A line bills {amount}; {formula} make {product}: {change}.",
            ),
        )
    proof = Proof(
        says=f"{line.quantity:,} {line.unit or 'units'} at {price_text(price, currency)}",
        table="invoice_lines",
        key=subject,
        value=amount,
        as_of=document.as_of,
    )
    outcome = replace(
        outcome,
        formula=f"{price_text(line.amount_micros, currency)} − {formula}",
        proof=(proof,),
        confidence="high",
        figures={"exact_micros": exact},
    )
    at_risk = abs(line.amount_micros - exact)
    return weighed(outcome, "medium", [document_stake([document.subject], at_risk)])
