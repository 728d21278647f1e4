"""The check of agency fees against the agreed share of the media."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from msgspec.structs import replace

from ...calendar import Window
from ...money import MICROS, amount_text, money_text, rounded
from ..document_facts import AgencyMonth, FeeShare
from ..facts import Document, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import distinct, header_parts, line_parts, sum_of
from .declaration import check
from .outcomes import as_pending, compared, document_stake, not_checkable, not_fetched, weighed
from .sentences import change_text, month_text, percent_text, plural, price_text, sentence, sum_text


@check(
    question="Is the agency's fee the agreed share of the agreed base?",
    formula="fee − R(net media × share, 10⁶); of gross: fee − R(net media × share, 10⁶ − share)",
    grain="agency and month, in each currency of the media",
    reads=("agreements.fee", "invoices", "invoice_lines", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="rate_match on the agreed fee",
    severity="high",
)
def agency_fee(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The base is what the media cost by the platforms' reports: no tax, surcharges or credits.

    A commission of 15% of gross is 15% of media and fee together, which is 17.65% of the media.

    Where the agency's bills have lines of kind fee these are the fee, else all that they bill but tax.
    """
    for agency in facts.agencies:
        yield _judged(agency, facts, rules)


def due(share: FeeShare) -> int | None:
    """The agreed fee in micros; None where the cost of some campaign is not known, or all of it is fee."""
    if share.cost_micros is None or (share.of_gross and share.share_ppm >= MICROS):
        return None
    return rounded(
        share.cost_micros * share.share_ppm, MICROS - share.share_ppm if share.of_gross else MICROS
    )


def _judged(agency: AgencyMonth, facts: Facts, rules: Rules) -> Outcome:
    documents = distinct(one for one in facts.documents if one.subject in agency.documents)
    blank = Outcome(
        check_id="",
        subject=f"{agency.connector}/{agency.currency}",
        verdict="not_checkable",
        connector=agency.connector,
        platform=documents[0].platform if documents else "",
        account_id=documents[0].account_id if documents else "",
        invoice_id=documents[0].invoice_id if len(documents) == 1 else "",
        window=facts.month,
        currency=agency.currency,
    )
    why = _unknown(agency, documents, facts.month)
    if why:
        return not_checkable(blank, f"Not checked: {why[0]}.", why[1])
    if not agency.coverage.complete:
        return not_fetched(blank, agency.coverage)
    expected = [due(share) for share in agency.shares]
    if None in expected:
        return not_checkable(
            blank,
            "Not checked: a platform reports no cost for some of the campaigns.",
            "Import the delivery with its cost as a file.",
        )
    outcome = _compared(blank, agency, documents, sum(micros or 0 for micros in expected), rules)
    return as_pending(outcome, agency.coverage.pending_until.get("cost"))


def _unknown(agency: AgencyMonth, documents: list[Document], month: Window) -> tuple[str, str] | None:
    """Why the fee of the month cannot be told, and what would help."""
    if not documents:
        return "the agency has no bill of the month", "Sync or import the agency's bill."
    if not agency.shares:
        return "no campaign of the agency's agreements ran", "Look up which campaigns its agreements name."
    if {one.currency for one in documents} != {agency.currency}:
        return (
            "the agency bills in another currency than the media",
            "Ask for a bill in the media's currency.",
        )
    windows = [one.window for one in documents if one.window]
    if len(windows) < len(documents) or reduce(Window.span, windows) != month:
        return "the agency's bills are not for just the month", "Look up which days they are for."
    if agency.mixed:
        return (
            "the agreed fee changes within days of one price",
            "Split the agreement where its price changes.",
        )
    return None


def _fee(document: Document) -> int:
    """Lines of kind fee if there are any, else all but tax."""
    parts = [*line_parts(document), *header_parts(document)]
    if any(part.kind == "fee" for part in parts):
        return sum_of(parts, "fee")
    return document.total_micros - sum_of(parts, "tax")


def _compared(
    blank: Outcome, agency: AgencyMonth, documents: list[Document], expected: int, rules: Rules
) -> Outcome:
    currency, fees = agency.currency, {one.subject: _fee(one) for one in documents}
    billed = sum(fees.values())
    tolerance = rules.rate_match.micros(expected, currency)
    outcome = compared(blank, billed=billed, expected=expected, tolerance=tolerance)
    net = sum(share.cost_micros or 0 for share in agency.shares)
    media, fee = money_text(net, currency), money_text(billed, currency)
    clauses = " and ".join(_clause(share) for share in agency.shares)
    if outcome.verdict == "finding":
        change = change_text(billed - expected, currency)
        made, month = money_text(expected, currency), month_text(blank.window)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"The fee for {month} is {fee}; {clauses} on {media} of media is {made}: {change}.",
                f"The fee for {month} is {fee}; the agreements make {made}: {change}.",
            ),
        )
    elif outcome.verdict == "match":
        outcome = replace(
            outcome, explanation=sentence(f"{clauses} on {media} of media is {fee}.", outcome.explanation)
        )
    figures: dict[str, int | str] = {"net_micros": net}
    if all(share.of_gross for share in agency.shares):
        figures["gross_micros"] = net + expected
    products = " + ".join(_product(share, currency) for share in agency.shares)
    outcome = replace(
        outcome,
        formula=f"{sum_text(fees.values(), currency)} − ({products})",
        proof=(*_proof(agency, documents, fees),),
        confidence="high",
        figures=figures,
    )
    kept = [subject for subject, micros in fees.items() if micros > 0] or list(fees)
    return weighed(outcome, "high", [document_stake(kept, abs(billed - expected))])


def _clause(share: FeeShare) -> str:
    return f"{percent_text(share.share_ppm)} of {'gross' if share.of_gross else 'net'}"


def _product(share: FeeShare, currency: str) -> str:
    cost, part = price_text(share.cost_micros or 0, currency), percent_text(share.share_ppm)
    return f"{cost} × {part} / (100% − {part})" if share.of_gross else f"{cost} × {part}"


def _proof(agency: AgencyMonth, documents: list[Document], fees: dict[str, int]) -> Iterator[Proof]:
    for document in documents:
        yield Proof(
            says=f"fee of {document.label}",
            table="invoices",
            key=document.subject,
            value=money_text(fees[document.subject], document.currency),
            as_of=document.as_of,
        )
    for share in agency.shares:
        yield Proof(
            says=f"{share.source}: {_clause(share)} of {plural(share.campaigns, 'campaign')}",
            table="delivery",
            key=f"agreements {share.source.removeprefix('agreement ')}",
            value=f"{agency.currency} {amount_text(share.cost_micros or 0, agency.currency)} of media",
            as_of=agency.coverage.as_of,
        )
