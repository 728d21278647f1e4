"""A check of numbers that fell after the bill for them was issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from msgspec.structs import replace

from ...money import money_text
from ..facts import CampaignMonth, Credit, Facts, Period, Restated
from ..pricing import basis_of, charge, chargeable, counted
from ..rules import Rules
from ..tolerance import allowance
from ..verdicts import Outcome, Proof, Severity, Stake
from .campaigns import (
    active,
    billed_proof,
    blocked,
    currency_by_document,
    mixed_terms,
    opened,
    stakes,
    why_unpriced,
)
from .contract import UNCOUNTED
from .declaration import check
from .outcomes import (
    as_pending,
    campaign_pool,
    compared,
    document_stake,
    not_checkable,
    of_campaign,
    weighed,
)
from .sentences import change_text, charge_text, day_text, price_text, quantity_text, sentence

Basis = Literal["rate", "cost"]


class Charges(NamedTuple):
    """What a campaign's month was worth when it was billed, and is worth now, in micros."""

    basis: Basis
    """``rate``: the agreed rate times the count. ``cost``: what the platform's own cost report says."""
    then: int
    now: int
    formula: str


@check(
    question="Did the numbers fall after the bill for them was issued, and did the money come back?",
    formula="due = charge(numbers of the issue day) − charge(newest numbers) − credits for it",
    grain="campaign and month",
    reads=(
        "delivery_history",
        "delivery",
        "invoices.issue_day",
        "invoice_lines",
        "invoice_links",
        "agreements",
    ),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="rate_match on the charge of the newest numbers",
    severity="high at an agreed rate, low where the platform's own cost fell",
)
def restated_after_billing(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Looks only at campaigns of which a row that was believed on the issue day was superseded later.

    The numbers of the issue day are the one version of each row that was believed when it ended (UTC), and
    never a sum of versions. At an agreed fixed rate the charge is rate times count; else it is the platform's
    own cost, then and now. Numbers that rise after a bill are no finding. A bill that was already made from
    lower numbers owes nothing for them. One that is dated within its own days is taken to be made up to 5
    days after them. Credits count that later documents give for the bill, or for days of
    the month; those that name no campaign count once, for the campaigns in order.
    """
    currencies = currency_by_document(facts)
    used: defaultdict[str, int] = defaultdict(int)
    for campaign in sorted(facts.campaigns, key=lambda one: (one.subject, one.currency)):
        then = campaign.restated
        if then is None or _at_fixed_price(campaign, then):
            continue
        yield blocked(campaign, currencies) or _unseen(campaign, then) or _judged(campaign, then, used, rules)


def _at_fixed_price(campaign: CampaignMonth, then: Restated) -> bool:
    """Whether no count decides the price: a flat one stays, whatever is counted."""
    rates = [period.rate for period in (*active(campaign), *then.periods)]
    return bool(rates) and all(rate is not None and rate.model == "flat" for rate in rates)


def _unseen(campaign: CampaignMonth, then: Restated) -> Outcome | None:
    """Why nobody knows what the bill rests on, or None."""
    if then.coverage.missing_days:
        return not_checkable(
            of_campaign(campaign),
            f"Not checked: not all days were fetched when the bill was issued on {day_text(then.issue_day)}.",
            "Nothing to do for this month; sync before the bills come.",
        )
    if then.billed_days < campaign.month.days:
        return not_checkable(
            of_campaign(campaign),
            f"Not checked: the account's bills cover {then.billed_days} of {campaign.month.days} days.",
            "Import the month's missing bills as a file.",
        )
    return None


def _judged(campaign: CampaignMonth, then: Restated, used: defaultdict[str, int], rules: Rules) -> Outcome:
    charges = _charges(campaign, then)
    if isinstance(charges, Outcome):
        return charges
    currency, now = campaign.currency, charges.now
    billed = sum(line.amount_micros for line in campaign.lines)
    base = min(charges.then, billed) if campaign.lines else charges.then
    blank = replace(
        opened(campaign, (*active(campaign), *then.periods)),
        proof=tuple(_proof(campaign, then, charges)),
        figures={"then_micros": charges.then, "now_micros": now, "basis": charges.basis},
    )
    until = _final_from(campaign, charges.basis)
    if charges.then <= now or base <= now:
        rose = "The bill is not above the newest numbers."
        same = "The numbers did not fall after the bill was issued."
        clear = replace(blank, verdict="clear", explanation=same if charges.then <= now else rose)
        return as_pending(replace(clear, billed_micros=base, expected_micros=now), until)
    fell = base - now
    credited = min(sum(credit.amount_micros for credit in then.credits), fell)
    credited += _shared(then.shared, fell - credited, used)
    tolerance = rules.rate_match.micros(now, currency, allowance(len(campaign.lines), currency))
    outcome = compared(blank, billed=base, expected=now, tolerance=tolerance, residual=fell - credited)
    if outcome.verdict == "match":
        outcome = replace(outcome, verdict="explained")
    if outcome.verdict in ("explained", "finding"):
        outcome = replace(outcome, explanation=_said(outcome, then, charges, credited))
    back = f" − {price_text(credited, currency)}" if credited else ""
    outcome = replace(
        outcome,
        formula=f"{charges.formula}{back}",
        figures={
            **blank.figures,
            "fell_micros": fell,
            "credited_micros": credited,
            "due_micros": fell - credited,
        },
    )
    severity: Severity = "high" if charges.basis == "rate" else "low"
    return as_pending(weighed(outcome, severity, _stakes(campaign, then, fell - credited)), until)


def _stakes(campaign: CampaignMonth, then: Restated, due: int) -> list[Stake]:
    """Where the money lies: in the bill as far as the reported cost fell, too, the rest in the cost."""
    if campaign.lines:
        return stakes(campaign, due)
    before, now = [period.counts.cost_micros for period in then.periods], campaign.counts.cost_micros
    dropped = 0 if None in before or now is None else max(sum(cost or 0 for cost in before) - now, 0)
    in_bill = min(due, dropped)
    return [
        document_stake(then.bills, in_bill, lines_of=campaign.subject),
        Stake(pool=campaign_pool(campaign), micros=due - in_bill),
    ]


def _charges(campaign: CampaignMonth, then: Restated) -> Charges | Outcome:
    """The two charges, or why there are none: by an agreed rate if all days have one, by cost if none has."""
    now_periods, currency = active(campaign), campaign.currency
    rates = [period.rate for period in (*now_periods, *then.periods)]
    fixed = [rate is not None and rate.kind == "fixed" and rate.model not in UNCOUNTED for rate in rates]
    if all(fixed):
        sums, texts = list[int](), list[str]()
        for periods in (then.periods, now_periods):
            parts, formulas = list[int](), list[str]()
            for period in chargeable(periods):
                rate = period.rate
                micros = None if rate is None else charge(rate, period.counts, period.window)
                if rate is None or micros is None:
                    return mixed_terms(campaign) if rate is None else why_unpriced(campaign, rate)
                parts.append(micros)
                formulas.append(charge_text(rate, period.counts, period.window, currency))
            sums.append(sum(parts))
            texts.append(" + ".join(formulas))
        return Charges("rate", sums[0], sums[1], f"({texts[0]}) − ({texts[1]})")
    if any(fixed):
        return mixed_terms(campaign)
    costs = [period.counts.cost_micros for period in then.periods]
    now = campaign.counts.cost_micros
    if None in costs or now is None:
        return not_checkable(
            of_campaign(campaign),
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    before = sum(cost or 0 for cost in costs)
    return Charges("cost", before, now, f"{price_text(before, currency)} − {price_text(now, currency)}")


def _shared(shared: Iterable[Credit], missing: int, used: defaultdict[str, int]) -> int:
    """How much of the missing money comes from credits that name no campaign; what is taken is gone."""
    found = 0
    for credit in shared:
        taken = min(credit.amount_micros - used[credit.key], missing - found)
        used[credit.key] += taken
        found += taken
    return found


def _said(outcome: Outcome, then: Restated, charges: Charges, credited: int) -> str:
    currency, issued = outcome.currency, day_text(then.issue_day)
    before, now = (
        money_text(micros or 0, currency) for micros in (outcome.billed_micros, outcome.expected_micros)
    )
    what = "the agreed rate makes" if charges.basis == "rate" else "the platform's own cost is"
    back = money_text(credited, currency)
    if outcome.verdict == "explained":
        fell = money_text(outcome.diff_micros or 0, currency)
        return sentence(
            f"The numbers fell by {fell} after the bill of {issued}, and credits gave all of it back."
        )
    ends = f"{change_text(outcome.residual_micros or 0, currency)}."
    credit = f", {back} came back" if credited else ""
    return sentence(
        f"When it was billed on {issued} {what} {before}, now {now}{credit}: {ends}",
        f"Worth {before} when billed on {issued}, now {now}{credit}: {ends}",
        f"Fell after the bill of {issued}: {ends}",
    )


def _final_from(campaign: CampaignMonth, basis: Basis) -> date | None:
    """The day from which the newest numbers are final, or None if they are."""
    bases = [basis_of(period.rate) for period in active(campaign) if period.rate is not None]
    groups = {"cost"} if basis == "cost" else {one.group for one in bases if one is not None}
    until = [day for group, day in campaign.coverage.pending_until.items() if group in groups]
    return max(until, default=None)


def _proof(campaign: CampaignMonth, then: Restated, charges: Charges) -> Iterator[Proof]:
    """Both versions of the numbers, the bill's lines, and what came back."""
    currency, key = campaign.currency, f"{campaign.subject} {campaign.month}"
    versions = (
        (
            f"when the bill was issued on {then.issue_day}",
            "delivery_history",
            then.periods,
            then.coverage.as_of,
        ),
        ("now", "delivery", active(campaign), campaign.coverage.as_of),
    )
    for word, table, periods, as_of in versions:
        for column, value in _values(periods, charges.basis, currency).items():
            yield Proof(says=f"{column} {word}", table=table, key=key, value=value, as_of=as_of)
    yield from billed_proof(campaign)
    for credit in (*then.credits, *then.shared):
        says = "credit for the campaign" if credit in then.credits else "credit that names no campaign"
        yield Proof(
            says=says, table=credit.table, key=credit.key, value=money_text(credit.amount_micros, currency)
        )


def _values(periods: Iterable[Period], basis: Basis, currency: str) -> dict[str, str]:
    periods = list(periods)
    if basis == "cost":
        cost = sum(period.counts.cost_micros or 0 for period in periods)
        return {"cost by the platform's own report": money_text(cost, currency)}
    found: dict[str, str] = {}
    for one in {basis_of(period.rate) for period in periods if period.rate}:
        if one is not None:
            units = sum(
                counted(one, period.counts) or 0
                for period in periods
                if period.rate and basis_of(period.rate) == one
            )
            found[f"{one.unit} count by the platform"] = quantity_text(one, units, currency)
    return dict(sorted(found.items()))
