"""The check of regulatory fees: a dated rate times what was spent in the country."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..document_facts import FeeMonth
from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .declaration import check
from .fee_rates import Rates, above_law, due, rates_of, usual_elsewhere
from .outcomes import as_pending, compared, document_stake, not_checkable, not_fetched, weighed
from .sentences import (
    change_text,
    month_text,
    percent_text,
    price_text,
    sentence,
    share_text,
    side_text,
    sum_text,
)
from .tax import OTHER_MONEY


@check(
    question="Does each regulatory fee equal the dated rate of what was spent in its country?",
    formula="fee − R(spent in the country × rate, 10⁶)",
    grain="account, month and country",
    reads=("invoice_lines.jurisdiction", "delivery_by_country", "surcharges.csv", "reconcile.surcharges"),
    waits_for=("cost",),
    tolerance="money_match on the expected fee",
    severity="medium; info where the rate is not verified or our table may be out of date",
    beside=OTHER_MONEY,
)
def surcharge_plausibility(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Fees follow where the ads were shown, not where the bill goes.

    A country without a row in the table is not known: that is not zero. A country whose rows begin later or
    ended has no fee on these days. Where the rate changes within the month the fee may lie anywhere between
    the two. A row that is not verified accuses nobody, nor does a rate that two or more bills agree on: then
    the table is out of date. What was spent nobody knows where may explain a fee that is too high, so nothing
    is judged then. A fee above what the country's law takes is worth a question all the same. Fees of earlier
    months that are paid back are fine.
    """
    for fee in facts.fees:
        if fee.month == facts.month:
            outcome = _judged(fee, facts, rules)
            yield as_pending(outcome, fee.coverage.pending_until.get("cost"))


def _judged(fee: FeeMonth, facts: Facts, rules: Rules) -> Outcome:
    blank = Outcome(
        check_id="",
        subject=fee.subject,
        verdict="not_checkable",
        connector=fee.connector,
        platform=fee.platform,
        account_id=fee.accounts[0] if len(fee.accounts) == 1 else "",
        window=fee.month,
        currency=fee.currency,
    )
    if any(line.window is None for line in fee.lines):
        return not_checkable(
            blank,
            "Not checked: the fee does not name days of one month.",
            "Import the fee lines with their days as a file.",
        )
    if fee.fee_micros <= 0:
        back = money_text(-fee.fee_micros, fee.currency)
        said = f"Pays back {back} of fees."
        return replace(blank, verdict="clear", billed_micros=fee.fee_micros, explanation=said)
    if not fee.coverage.complete:
        return not_fetched(blank, fee.coverage)
    if fee.spend.cost_micros is None:
        return not_checkable(
            blank,
            f"Not checked: what was spent in {fee.jurisdiction} is not known.",
            "Sync the cost by country, where the platform tells it.",
        )
    rates = rates_of(rules.surcharges, fee)
    return _compared(blank, fee, rates, facts, rules) if rates else _without_rate(blank, fee, rules)


def _without_rate(blank: Outcome, fee: FeeMonth, rules: Rules) -> Outcome:
    if above := above_law(fee, rules):
        return _worth_a_question(blank, fee, above)
    return not_checkable(
        blank,
        f"Not checked: no rate of {side_text(fee.platform)} for {fee.jurisdiction} is in the table.",
        "Add the row to a file and name it as surcharges in [reconcile].",
    )


def _compared(blank: Outcome, fee: FeeMonth, rates: Rates, facts: Facts, rules: Rules) -> Outcome:
    billed, currency = fee.fee_micros, fee.currency
    low, high = due(fee, rates)
    expected = min(max(billed, low), high)
    tolerance = rules.money_match.micros(expected, currency)
    outcome = replace(
        compared(blank, billed=billed, expected=expected, tolerance=tolerance),
        formula=_formula(fee, rates),
        proof=tuple(_proof(fee, rates)),
        confidence="high" if not fee.spend.unknown_micros else "medium",
        figures={
            "spent_micros": fee.spend.cost_micros or 0,
            "unknown_micros": fee.spend.unknown_micros,
            "rate_ppm": rates.most_ppm,
        },
    )
    if low < high and outcome.verdict == "match":
        said = f"{fee.jurisdiction} has two rates or two bases in the month; the fee lies between them."
        return replace(outcome, verdict="clear", explanation=said)
    if outcome.verdict != "finding":
        return outcome
    if outcome.direction == "over" and billed <= due(fee, rates, unknown=True)[1] + tolerance:
        unknown = money_text(fee.spend.unknown_micros, currency)
        return not_checkable(
            blank,
            f"Not checked: {unknown} was spent nobody knows where, which may explain the fee.",
            "Ask for the cost by country that the fee was computed on.",
        )
    stale = usual_elsewhere(fee, facts, rules)
    if stale is None and rates.verified:
        change, amount = change_text(billed - expected, currency), money_text(billed, currency)
        spent = money_text(fee.spend.cost_micros or 0, currency)
        said = sentence(
            f"The fee for {fee.jurisdiction} in {month_text(fee.month)} is {amount}; "
            f"{percent_text(rates.most_ppm)} of {spent} is {money_text(expected, currency)}: {change}.",
            f"The fee for {fee.jurisdiction} is {amount}: {change}.",
        )
        stake = document_stake(
            {line.document for line in fee.lines if line.amount_micros > 0},
            abs(billed - expected),
            lines_of=f"fee:{fee.subject}",
        )
        return weighed(replace(outcome, explanation=said), "medium", [stake])
    if above := above_law(fee, rules):
        return _worth_a_question(outcome, fee, above)
    return _unproven(outcome, fee, rates, stale)


def _unproven(outcome: Outcome, fee: FeeMonth, rates: Rates, usual_ppm: int | None) -> Outcome:
    """Another rate than the table's, where the table cannot be trusted: told, and nobody is accused."""
    if usual_ppm is not None:
        rate = percent_text(usual_ppm)
        said = f"Several bills charge {rate} for {fee.jurisdiction}: our table of rates looks out of date."
        flag = "stale_rate"
    else:
        row = next(row for row in rates.rows if not row.verified)
        rate = percent_text(row.rate_ppm)
        said = (
            f"The fee for {fee.jurisdiction} is not {rate}, but that row of {row.valid_from} is not verified."
        )
        flag = "unverified_rate"
    return replace(
        outcome,
        severity="info",
        asks="info",
        flags=(flag,),
        confidence="low",
        explanation=sentence(said),
        next_step="Look up today's rate at the platform and add a row to your surcharges file.",
    )


def _worth_a_question(outcome: Outcome, fee: FeeMonth, ceiling_ppm: int) -> Outcome:
    cost = fee.spend.cost_micros or 0
    amount, spent = money_text(fee.fee_micros, fee.currency), money_text(cost, fee.currency)
    return replace(
        outcome,
        verdict="finding",
        severity="low",
        asks="ask",
        direction="over",
        billed_micros=fee.fee_micros,
        at_risk_micros=fee.fee_micros - rounded(cost * ceiling_ppm, MICROS),
        flags=("above_law",),
        confidence="low",
        proof=outcome.proof or tuple(_proof(fee, None)),
        explanation=sentence(
            f"{amount} on {spent} spent in {fee.jurisdiction} is above its law's {percent_text(ceiling_ppm)}."
        ),
        next_step=f"Ask {side_text(fee.platform)} which rate the fee was computed with.",
    )


def _formula(fee: FeeMonth, rates: Rates) -> str:
    spent = price_text(fee.spend.cost_micros or 0, fee.currency)
    least, most = percent_text(rates.least_ppm), percent_text(rates.most_ppm)
    rate = most if least == most else f"({least} to {most})"
    whole = f" + all × {percent_text(rates.whole_ppm)}" if rates.whole_ppm else ""
    return f"{sum_text([line.amount_micros for line in fee.lines], fee.currency)} − {spent} × {rate}{whole}"


def _proof(fee: FeeMonth, rates: Rates | None) -> Iterator[Proof]:
    for line in fee.lines[:20]:
        yield Proof(
            says=f"fee: {line.says}",
            table="invoice_lines",
            key=f"{line.document}/{line.line}",
            value=money_text(line.amount_micros, fee.currency),
        )
    spend = fee.spend
    yield Proof(
        says=f"spent in {fee.jurisdiction}",
        table="delivery_by_country",
        key=f"{fee.connector}/{'+'.join(fee.accounts)}/{fee.month.first_day}/{fee.jurisdiction}",
        value=money_text(spend.cost_micros or 0, fee.currency),
        as_of=spend.as_of,
    )
    share = (
        f", {share_text(spend.unknown_micros * MICROS // spend.total_micros)} of all"
        if spend.total_micros
        else ""
    )
    yield Proof(
        says=f"spent nobody knows where{share}",
        table="delivery_by_country",
        key=f"{fee.connector}/{'+'.join(fee.accounts)}/{fee.month.first_day}/",
        value=money_text(spend.unknown_micros, fee.currency),
        as_of=spend.as_of,
    )
    for row in rates.rows if rates else ():
        until = row.valid_to or "open"
        whose = "preset" if row.preset else "your table"
        trust = "" if row.verified else ", not verified"
        yield Proof(
            says=f"{row.kind} from {row.valid_from} to {until} ({whose}{trust}): {row.source}",
            table="surcharges.csv" if row.preset else "reconcile.surcharges",
            key=f"{row.platform}/{row.jurisdiction}/{row.valid_from}",
            value=percent_text(row.rate_ppm),
        )
