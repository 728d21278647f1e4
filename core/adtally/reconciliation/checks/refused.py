"""Leads and sales that were billed and that the advertiser's records refuse: how many, and for what money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from ...calendar import DAY
from ...money import MICROS, money_text, rounded
from ..facts import CampaignMonth, Counts, Facts, Rate
from ..pricing import BY_SHARE, Basis, charge, counted, price_of, share_ppm
from ..sales_facts import NOT_REFUSED, Action, CampaignSales, Kept, Listed
from ..tolerance import allowance
from ..verdicts import EvidenceClass, Outcome, Proof
from .actions import action_of, coverage_of, final_of, id_text, unfetched_source
from .campaigns import (
    active,
    billed_proof,
    blocked,
    count_proof,
    final_from,
    mixed_terms,
    one_rate,
    opened,
    stakes,
    uncounted,
)
from .outcomes import as_pending, compared, not_checkable, weighed
from .sentences import change_text, decimal_text, plural, price_text, rate_text, sentence

LEAST_KEYED = 900_000
"""Of an account's money for such actions the part of campaigns that the records know, in ppm."""
CLASSES: dict[str, EvidenceClass] = {"E2": "E2", "E3": "E3"}
Terms: TypeAlias = tuple[Rate, Basis, int]
"""The one price of the month, its count, and the billed units in millionths."""


class Asked(NamedTuple):
    """What is asked about: leads or sales, where they are looked up, and how far counts may lie apart."""

    action: Action
    unit: str
    place: str
    good: str
    """What becomes of those that are paid for."""
    tolerance_ppm: int


class Answer(NamedTuple):
    """Millionths of the billed units that are paid for, and what the rest is."""

    payable_micros: int
    by_class: Mapping[str, int]
    tolerance_ppm: int
    last_open: date | None
    until: date | None
    """From when on the records are final; None: they are."""


def asked_of(facts: Facts, campaign: CampaignMonth, currencies: Mapping[str, str], asked: Asked) -> Outcome:
    """How much of what the campaign billed exists and was not refused."""
    if stopped := blocked(campaign, currencies):
        return stopped
    sales = facts.sales.campaigns.get(campaign.subject) or CampaignSales(campaign=campaign.subject)
    periods, billed = active(campaign), campaign.billed_micros or 0
    one = one_rate(periods)
    if one is None:
        return mixed_terms(campaign)
    rate, basis, _ = one
    blank, listed = opened(campaign, periods), sales.list_of(asked.action)
    units = _units(campaign, basis, listed)
    if units is None:
        return uncounted(campaign, asked.unit)
    if billed <= 0 or units <= 0:
        clear = replace(blank, verdict="clear", billed_micros=billed, explanation="Nothing was billed.")
        return as_pending(clear, final_from(campaign, periods))
    answer = (
        _by_list(facts, blank, units, listed, asked)
        if listed
        else _by_count(facts, campaign, sales, units, asked, rate)
    )
    if isinstance(answer, Outcome):
        return answer
    outcome = _judged(campaign, blank, (rate, basis, units), answer, sales, asked)
    days = rate.clauses.validation_days if rate.clauses else 0
    open_until = answer.last_open and answer.last_open + timedelta(days=days) + DAY
    waits = [open_until if open_until and open_until > facts.today else None, answer.until]
    untils = [day for day in (*waits, final_from(campaign, periods)) if day]
    return as_pending(outcome, max(untils, default=None))


def _units(campaign: CampaignMonth, basis: Basis, listed: Listed | None) -> int | None:
    """Millionths of what was billed; by the biller's list where no report counts it."""
    count = campaign.counts.purchases if basis is BY_SHARE else counted(basis, campaign.counts)
    if count is None:
        return listed.claims * MICROS if listed else None
    return count if basis is not BY_SHARE and basis.per == MICROS else count * MICROS


def _by_list(facts: Facts, blank: Outcome, units: int, listed: Listed, asked: Asked) -> Answer | Outcome:
    places = facts.sales.searched.get(asked.action, ())
    if not places:
        return not_checkable(
            blank,
            f"Not checked: the biller lists {plural(listed.claims, asked.unit)}, and {asked.place} none.",
            f"Connect {asked.place}, or import its {asked.unit}s as a file.",
        )
    if not listed.is_answered:
        return not_checkable(
            blank,
            f"Not checked: none of the biller's {asked.unit} ids is in {asked.place}; they may be other ids.",
            f"Import both lists with the same {asked.unit} id, hashed the same way.",
        )
    coverages = [coverage_of(facts, *place) for place in places]
    if missing := max(one.missing_days for one in coverages):
        return unfetched_source(blank, missing, asked.place)
    # what has no id on the list cannot be refuted by it
    payable = sum(listed.by_class.get(name, 0) for name in NOT_REFUSED) * MICROS
    payable += max(0, units - listed.claims * MICROS)
    return Answer(min(units, payable), listed.by_class, 0, listed.last_open, final_of(coverages))


def _by_count(
    facts: Facts, campaign: CampaignMonth, sales: CampaignSales, units: int, asked: Asked, rate: Rate
) -> Answer | Outcome:
    blank = opened(campaign, active(campaign))
    says = rate.clauses.counted_by if rate.clauses else "platform"
    named = tuple(one for one in sales.kept if one.connector == says)
    kept = replace(sales, kept=named if named else sales.kept).counting(asked.action)
    if kept is None:
        return not_checkable(
            blank,
            f"Not checked: no {asked.unit} in {asked.place} carries a key of this campaign.",
            f"Import the biller's list of {asked.unit} ids, or the campaign's id with your {asked.unit}s.",
        )
    coverage = coverage_of(facts, kept.connector, kept.account_id)
    if not coverage.complete:
        return unfetched_source(blank, coverage.missing_days, asked.place)
    payable = min(units, kept.not_refused * MICROS)
    if payable < units and kept.is_lower_bound:
        return not_checkable(
            blank,
            f"Not checked: {asked.place} tells only a part of its {asked.unit}s (sampled or cut).",
            f"Import all {asked.unit}s as a file.",
        )
    keyed = _keyed(facts, campaign, asked.action)
    if payable < units and keyed < LEAST_KEYED:
        return not_checkable(
            blank,
            f"Not checked: only {keyed // 10_000}% of the account's money is for campaigns whose "
            f"{asked.unit}s carry their key.",
            "Tag the links of every campaign with its id.",
        )
    return Answer(payable, kept.by_class, asked.tolerance_ppm, kept.last_open, final_of([coverage]))


def _keyed(facts: Facts, campaign: CampaignMonth, action: Action) -> int:
    """The share of the account's money for such actions whose campaigns the records know, in ppm."""
    whole = known = 0
    for other in facts.campaigns:
        sales = facts.sales.campaigns.get(other.subject)
        amount = max(0, other.billed_micros or 0)
        place = (other.connector, other.account_id, other.currency)
        if place == (campaign.connector, campaign.account_id, campaign.currency) and action == action_of(
            other, sales
        ):
            whole += amount
            known += amount if sales and sales.counting(action) else 0
    return share_ppm(known, whole) or 0


def _judged(
    campaign: CampaignMonth,
    blank: Outcome,
    terms: Terms,
    answer: Answer,
    sales: CampaignSales,
    asked: Asked,
) -> Outcome:
    rate, basis, units = terms
    billed, currency = campaign.billed_micros or 0, campaign.currency
    refused = units - answer.payable_micros
    expected, formula, flags = _payable(campaign, terms, answer.payable_micros, sales, asked)
    good = f"{decimal_text(answer.payable_micros)} of {decimal_text(units)} billed {asked.unit}s {asked.good}"
    by_class = {name: n for name, n in answer.by_class.items() if name not in NOT_REFUSED and n}
    parts = ", ".join(f"{n:,} {name}" for name, n in by_class.items())
    names = {f"{name.replace(' ', '_')}_{asked.unit}s": n for name, n in answer.by_class.items() if n}
    figures: dict[str, int | str] = {
        **names,
        f"billed_{asked.unit}s_micros": units,
        f"payable_{asked.unit}s_micros": answer.payable_micros,
    }
    outcome = replace(
        blank,
        flags=(*blank.flags, *flags),
        billed_micros=billed,
        expected_micros=expected,
        formula=formula,
        figures=figures,
        proof=(
            *billed_proof(campaign),
            *count_proof(campaign, basis.column, "purchases"),
            *_records(campaign, sales, asked),
        ),
    )
    rounding = allowance(len(campaign.lines), currency)
    if not refused:
        return replace(outcome, verdict="clear", explanation=sentence(f"{good}."))
    if billed - expected <= rounding:
        text = f"{good}, and the bill does not charge for the others."
        return replace(outcome, verdict="clear", explanation=sentence(text))
    allowed = rounded(billed * answer.tolerance_ppm, MICROS)
    if refused * MICROS <= answer.tolerance_ppm * units:
        outcome = compared(
            outcome, billed=billed, expected=expected, tolerance=max(allowed, billed - expected)
        )
        return replace(outcome, tolerance_micros=allowed, explanation=sentence(f"{good}: within the limit."))
    outcome = compared(outcome, billed=billed, expected=expected, tolerance=rounding)
    too_much = f"{change_text(billed - expected, currency)}."
    outcome = replace(
        outcome,
        explanation=sentence(
            *([f"{good} ({parts}): {too_much}"] if parts else []),
            f"{good}: {too_much}",
            f"{decimal_text(refused)} billed {asked.unit}s were not: {too_much}",
        ),
    )
    agreed = rate.clauses is not None
    return weighed(outcome, "high" if agreed else "medium", stakes(campaign, billed - expected))


def _payable(
    campaign: CampaignMonth,
    terms: Terms,
    payable: int,
    sales: CampaignSales,
    asked: Asked,
) -> tuple[int, str, tuple[str, ...]]:
    """What the payable units cost, at the average price where none is fixed; the formula; flags."""
    rate, basis, units = terms
    billed, currency, listed = campaign.billed_micros or 0, campaign.currency, sales.list_of(asked.action)
    if rate.kind == "fixed" and price_of(rate) is not None:
        count, text = None, f"{decimal_text(payable)} {asked.unit}s"
        if basis is not BY_SHARE:
            count = payable if basis.per == MICROS else payable // MICROS
        elif listed and listed.values and campaign.counts.revenue_micros is not None:
            refused = sum(micros for name, micros in listed.values.items() if name not in NOT_REFUSED)
            count = max(0, campaign.counts.revenue_micros - refused)
            text = money_text(count, currency)
        made = None if count is None else charge(rate, Counts(**{basis.column: count}), campaign.month)
        if made is not None:
            return made, f"{price_text(billed, currency)} − {rate_text(rate, currency)} × {text}", ()
    left = billed - rounded(billed * (units - payable), units)
    ratio = f"{decimal_text(units - payable)} / {decimal_text(units)}"
    return left, f"{price_text(billed, currency)} × {ratio}", ("average_price",)


def _records(campaign: CampaignMonth, sales: CampaignSales, asked: Asked) -> Iterator[Proof]:
    """The biller's list and the records, by class, with a few ids."""
    listed, kept = sales.list_of(asked.action), sales.counting(asked.action)
    of_class = CLASSES.get(kept.evidence_class, "E3") if kept else "E3"
    key = f"{campaign.subject} {campaign.month}"
    if listed:
        says = f"{asked.unit}s on the biller's own list"
        yield Proof(says=says, table="evidence", key=key, value=f"{listed.claims:,}")
    by_class: Mapping[str, int] = listed.by_class if listed else kept.by_class if kept else {}
    for name, count in by_class.items():
        ids = [id_text(one, asked.action) for one in (listed.ids.get(name, ()) if listed else ())]
        more = ", …" if len(ids) < count else ""
        yield Proof(
            says=f"{asked.unit}s {name} in {_place(kept, asked) if not listed else asked.place}",
            table="evidence",
            key=key,
            value=f"{count:,}{': ' + ', '.join(ids) + more if ids else ''}",
            evidence_class=of_class,
        )


def _place(kept: Kept | None, asked: Asked) -> str:
    return f"{asked.place} ({kept.connector}, {kept.kind}s)" if kept else asked.place
