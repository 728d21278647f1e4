"""The check of sales that came back and are still billed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import MICROS, money_text
from ..carrying import by_share
from ..facts import CampaignMonth, Clauses, Counts, Facts, Rate
from ..pricing import Basis, charge, counted, price_of
from ..rules import Rules
from ..sales_facts import CampaignSales, Kept, Returned
from ..tolerance import allowance
from ..verdicts import Outcome, Proof
from .actions import action_of, coverage_of, final_of, unfetched_source
from .bill import SHOWN
from .campaigns import (
    active,
    billed_proof,
    blocked,
    count_proof,
    currency_by_document,
    final_from,
    mixed_terms,
    one_rate,
    opened,
    stakes,
    uncounted,
    why_unpriced,
)
from .declaration import check
from .outcomes import as_pending, compared, not_checkable, weighed
from .sentences import change_text, decimal_text, plural, price_text, rate_text, sentence


@check(
    question="Are refunded or disputed sales still billed?",
    formula="billed − R((revenue − refunds) × share, 1e6), or billed − rate × (sales − refunded in full)",
    grain="campaign and month",
    reads=("evidence", "delivery", "invoice_lines.amount_micros", "agreements.validation_days"),
    waits_for=("conversions",),
    tolerance="money_match on what is payable",
    severity="high, medium where refunds are known with tax only",
    beside=frozenset({"purchases-vs-orders"}),
)
def refund_clawback(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only where an agreement pays per sale or action. Refunds and lost disputes count on their own day.

    They count if they came within ``validation_days`` of the sale, also those of earlier months' sales; later
    ones and disputes that were won back do not. Of the platform's number of sales and that of the records the
    larger is taken. Where more came back than was sold, ``negative_months`` decides: a credit, nothing, or a
    rest that is carried into the next month.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        sales = facts.sales.campaigns.get(campaign.subject)
        rates = [period.rate for period in active(campaign) if period.rate]
        agreed = [
            rate for rate in rates if rate.clauses and rate.model in ("cpa", "cps") and rate.kind == "fixed"
        ]
        if not agreed or action_of(campaign, sales) != "sale":
            continue
        if agreed[0].model == "cps" or (sales and (sales.listed or sales.kept or sales.back())):
            yield blocked(campaign, currencies) or _clawed(facts, rules, campaign, sales)


def _clawed(facts: Facts, rules: Rules, campaign: CampaignMonth, sales: CampaignSales | None) -> Outcome:
    periods = active(campaign)
    one, blank = one_rate(periods), opened(campaign, periods)
    clauses = {period.rate.clauses if period.rate else None for period in periods}
    agreed = clauses.pop()
    if one is None or agreed is None or clauses:
        return mixed_terms(campaign)
    rate, basis, _ = one
    source, back = (sales.counting("sale"), sales.back()) if sales else (None, ())
    if sales is None or (source is None and not back and sales.list_of("sale") is None):
        return not_checkable(
            blank,
            "Not checked: no sale that carries a key of this campaign is known, nor what came back.",
            "Connect your shop or payments, or import orders and refunds as files.",
        )
    if price_of(rate) is None:
        return why_unpriced(campaign, rate)
    count = counted(basis, campaign.counts)
    if count is None:
        return uncounted(campaign, basis.unit)
    return _waiting(
        campaign,
        sales,
        _missing(facts, blank, agreed, sales, source, back)
        or _compared(campaign, rules, blank, rate, basis, count, sales, back),
        facts,
    )


def _missing(
    facts: Facts,
    blank: Outcome,
    clauses: Clauses,
    sales: CampaignSales,
    source: Kept | None,
    back: tuple[Returned, ...],
) -> Outcome | None:
    """What is not known and must be, or None."""
    places = {(one.connector, one.account_id) for one in sales.kept if one.kind != "lead"}
    places |= {(one.connector, one.account_id) for one in back}
    listed = sales.list_of("sale")
    if listed:
        places |= set(facts.sales.searched.get("sale", ()))
    if not places & facts.sales.refunding:
        return not_checkable(
            blank,
            "Not checked: the source of the sales tells nothing that came back.",
            "Import refunds as a file: kind refund, refers_to the order.",
        )
    for place in sorted(places & facts.sales.refunding):
        missing = max(coverage_of(facts, *place).missing_days, facts.sales.unfetched_returns.get(place, 0))
        if missing:
            return unfetched_source(blank, missing, f"refunds of {place[0]}")
    if not clauses.validation_days and (sales.too_late or back):
        return not_checkable(
            blank,
            "Not checked: sales came back, and the agreement says nothing of how long that counts.",
            "Add `validation_days` to the agreement in the configuration.",
        )
    undated = listed.by_class.get("refunded", 0) - sales.dated if listed else source.undated if source else 0
    if undated > 0:
        return not_checkable(
            blank,
            f"Not checked: {plural(undated, 'order')} came back, and nobody says on which day.",
            "Import the refunds with their days as a file.",
        )
    unplaced = sum(facts.sales.unplaced.get(place, 0) for place in places)
    if unplaced and not back:
        return not_checkable(
            blank,
            f"Not checked: {plural(unplaced, 'refund')} may be of older sales than are fetched.",
            "Sync the source from an earlier day.",
        )
    return None


def _compared(
    campaign: CampaignMonth,
    rules: Rules,
    blank: Outcome,
    rate: Rate,
    basis: Basis,
    count: int,
    sales: CampaignSales,
    back: tuple[Returned, ...],
) -> Outcome:
    share, currency, billed = by_share(campaign), campaign.currency, campaign.billed_micros or 0
    foreign = {one.currency for one in back} - {currency}
    if share and foreign:
        return not_checkable(
            blank,
            f"Not checked: refunds are in {', '.join(sorted(foreign))}, the bill is in {currency}.",
            f"Import orders and refunds in {currency} as files.",
        )
    delivered = count if share or basis.per == MICROS else count * MICROS
    own = sales.base_micros(delivered, by_share=share)
    base = own + sales.carried_micros
    clauses = rate.clauses
    if clauses is not None and clauses.negative_months != "credit":
        base = max(0, base)
    units = base if share or basis.per == MICROS else base // MICROS
    expected = charge(rate, Counts(**{basis.column: units}), campaign.month)
    if expected is None:
        return why_unpriced(campaign, rate)
    taken = sum(one.in_month_micros for one in back) if share else MICROS * sum(one.in_full for one in back)
    sold = own + taken
    rounding = allowance(len(campaign.lines), currency)
    tolerance = rules.money_match.micros(expected, currency, rounding)
    quantities = [money_text(one, currency) if share else decimal_text(one) for one in (sold, taken)]
    carried = f" − {decimal_text(-sales.carried_micros)} carried" if sales.carried_micros else ""
    gross = share and any(one.is_gross for one in back)
    outcome = replace(
        compared(blank, billed=billed, expected=expected, tolerance=tolerance),
        flags=(*blank.flags, *(["gross_refunds"] if gross else [])),
        formula=f"{price_text(billed, currency)} − {rate_text(rate, currency)} × "
        f"({quantities[0]} − {quantities[1]}{carried})",
        proof=(*billed_proof(campaign), *count_proof(campaign, basis.column), *_records(back, sales)),
        figures={
            "sold_micros": sold,
            "returned_micros": taken,
            "returned_sales": len(back),
            "too_late": sales.too_late,
            "carried_micros": sales.carried_micros,
        },
    )
    if not taken and not sales.carried_micros:
        text = (
            "Nothing that counts came back."
            if not sales.too_late
            else "What came back came too late to count."
        )
        return replace(
            outcome, verdict="clear", direction="", explanation=text, diff_micros=None, residual_micros=None
        )
    if outcome.direction != "over":
        text = f"The bill leaves out what came back ({quantities[1]})."
        return replace(outcome, verdict="clear", direction="", explanation=sentence(text))
    if outcome.verdict != "finding":
        return outcome
    words = (
        f"{quantities[1]} of {quantities[0]} {'revenue' if share else 'sales'} came back and is still billed"
    )
    too_much = change_text(billed - expected, currency)
    outcome = replace(
        outcome, explanation=sentence(f"{words}: {too_much}.", f"What came back is billed: {too_much}.")
    )
    return weighed(outcome, "medium" if gross else "high", stakes(campaign, billed - expected))


def _waiting(campaign: CampaignMonth, sales: CampaignSales, outcome: Outcome, facts: Facts) -> Outcome:
    """Pending while numbers may move, or a dispute that would change a clear outcome is open."""
    if outcome.verdict == "not_checkable":
        return outcome
    places = {(one.connector, one.account_id) for one in sales.kept} | {
        (one.connector, one.account_id) for one in sales.back()
    }
    days = [final_of([coverage_of(facts, *place) for place in sorted(places)])]
    days.append(final_from(campaign, active(campaign)))
    until = max((day for day in days if day), default=None)
    if until is None and outcome.verdict == "clear" and sales.open_disputes:
        return replace(
            outcome,
            verdict="pending",
            severity="low",
            flags=(*outcome.flags, "open_disputes"),
            explanation=f"{plural(sales.open_disputes, 'dispute')} of its sales still open.",
            next_step="Wait until the dispute is decided.",
        )
    return as_pending(outcome, until)


def _records(back: tuple[Returned, ...], sales: CampaignSales) -> Iterator[Proof]:
    for one in back[:SHOWN]:
        yield Proof(
            says=f"came back of the {one.kind} of {one.sold_on}{', with tax' if one.is_gross else ''}",
            table="evidence",
            key=f"{one.connector}/{one.account_id}/{one.sale}",
            value=money_text(one.in_month_micros, one.currency),
            evidence_class="E3",
        )
    if rest := back[SHOWN:]:
        yield Proof(
            says=f"came back of {plural(len(rest), 'further sale')}",
            table="evidence",
            key=sales.campaign,
            value=decimal_text(sum(one.in_month_micros for one in rest)),
            evidence_class="E3",
        )
