"""The check of bills in another currency than their delivery: converted at the rate of the day."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..document_facts import ExchangeRate
from ..exchange import in_bill_currency
from ..facts import BillGroup, Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .bill import PAYMENTS, beyond_delivery, distinct, proof_of, sum_of, total_proof
from .declaration import check
from .outcomes import (
    as_pending,
    compared,
    document_stake,
    not_checkable,
    not_fetched,
    of_group,
    weighed,
)
from .sentences import change_text, day_text, decimal_text, price_text, sentence


@check(
    question="Was the delivery converted into the bill's currency at the rate of the day?",
    formula="billed without fees, credits and tax − R(delivered × num, den)",
    grain="documents that are compared together and are in another currency than their delivery",
    reads=("invoices.currency", "invoices.issue_day", "invoice_lines", "delivery.cost_micros", "fx_rates"),
    waits_for=("cost",),
    tolerance="rate_match on the converted cost",
    severity="medium",
)
def fx_conversion(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The rate is that of the day of issue, where no such day is named of the last day of service.

    Of several bills it is that of the last one. A day without a rate, such as a Sunday, takes the last one of
    the seven days before. Rates are exact fractions, rounded once; two currencies meet over the euro by the
    rates of one day. Where no rate is known nothing is converted: no rate is guessed or interpolated.
    """
    for group in sorted(facts.groups, key=lambda one: one.subject):
        billed = {one.currency for one in group.documents}
        if not {one.currency for one in group.delivered} <= billed and not _payments(group):
            yield _converted(group, facts, rules)


def _payments(group: BillGroup) -> bool:
    return any(document.kind in PAYMENTS for document in group.documents)


def _converted(group: BillGroup, facts: Facts, rules: Rules) -> Outcome:
    blank = of_group(group, facts.month)
    if len({document.currency for document in group.documents}) > 1:
        return not_checkable(
            blank,
            "Not checked: documents that belong together are in different currencies.",
            "See the finding of invoice-currency-mismatch.",
        )
    delivered = in_bill_currency(group)
    if delivered is None:
        day = f" for {group.exchange_day} or the week before" if group.exchange_day else ""
        return not_checkable(
            blank,
            f"Not checked: no exchange rate is known{day}.",
            "Import the rates of the European Central Bank: adtally import eurofxref-hist.zip",
        )
    if not delivered.coverage.complete:
        return not_fetched(blank, delivered.coverage)
    if delivered.cost_micros is None:
        return not_checkable(
            blank,
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    outcome = _compared(blank, group, delivered.cost_micros, rules)
    return as_pending(outcome, delivered.coverage.pending_until.get("cost"))


def _compared(blank: Outcome, group: BillGroup, expected: int, rules: Rules) -> Outcome:
    currency, documents = blank.currency, distinct(group.documents)
    parts = {document.subject: beyond_delivery(document) for document in documents}
    total = sum(document.total_micros for document in documents)
    billed = total - sum(sum_of(rows) for rows in parts.values())
    tolerance = rules.rate_match.micros(expected, currency)
    outcome = compared(blank, billed=billed, expected=expected, tolerance=tolerance)
    texts = [
        f"{money_text(one.cost_micros or 0, one.currency)} at {rate_text(rate)}"
        for one in group.delivered
        for rate in group.exchange
        if rate.base == one.currency
    ]
    said = outcome.explanation
    if outcome.verdict == "finding":
        change = change_text(billed - expected, currency)
        media, made = money_text(billed, currency), money_text(expected, currency)
        said = sentence(
            f"The media is billed at {media}; {' and '.join(texts)} make {made}: {change}.",
            f"{media} is billed; at the day's rate delivery comes to {made}: {change}.",
        )
    elif outcome.verdict == "match":
        said = sentence(f"{' and '.join(texts)} make the billed amount.", said)
    outcome = replace(
        outcome,
        explanation=said,
        formula=f"{price_text(billed, currency)} − {' + '.join(_product(group))}",
        proof=(
            *(total_proof(document) for document in documents),
            *exchange_proof(group),
            *(row for one in documents for row in proof_of(parts[one.subject], one)),
        ),
        confidence="high",
        figures={
            f"{rate.base}_{rate.quote}": f"{rate.num}/{rate.den} of {rate.day}" for rate in group.exchange
        },
    )
    stake = document_stake(parts, abs(billed - expected))
    return weighed(outcome, "medium", [stake])


def _product(group: BillGroup) -> Iterator[str]:
    rates = {rate.base: rate for rate in group.exchange}
    for one in group.delivered:
        amount = price_text((one.cost_micros or 0) + one.moved_micros, one.currency)
        rate = rates.get(one.currency)
        yield f"{amount} × {rate.num:,} / {rate.den:,}" if rate else amount


def rate_text(rate: ExchangeRate) -> str:
    """``0.9185 of 3 Nov``: to six decimals, where the rate itself is exact."""
    return f"{decimal_text(rounded(rate.num * MICROS, rate.den))} of {day_text(rate.day)}"


def exchange_proof(group: BillGroup) -> Iterator[Proof]:
    """What was delivered in each currency, and each rate with its day and source."""
    for one in group.delivered:
        yield Proof(
            says="reported as delivered",
            table="delivery",
            key=f"{group.connector}/{'+'.join(one.accounts)} {one.window}",
            value="–" if one.cost_micros is None else money_text(one.cost_micros, one.currency),
            as_of=one.coverage.as_of,
        )
    for rate in group.exchange:
        due = "" if rate.day == group.exchange_day else f", the last one before {group.exchange_day}"
        yield Proof(
            says=f"{rate.quote} for one {rate.base} on {rate.day}{due} ({rate.source})",
            table="fx_rates",
            key=f"{rate.base}/{rate.quote}/{rate.day}",
            value=f"{rate.num}/{rate.den}",
        )
