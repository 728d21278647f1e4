"""Bills that an agreement wants to rest on somebody else's count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from ...calendar import DAY
from ...money import MICROS, money_text, rounded
from ..backing import EVIDENCE_KINDS
from ..evidence_facts import EvidenceSum
from ..facts import CampaignMonth, Clauses, Counts, Facts, Rate
from ..pricing import BY_SHARE, Basis, charge, counted, share_ppm
from ..rules import Rules
from ..tagging import tagged_ppm
from ..tolerance import allowance
from ..verdicts import Outcome
from .campaigns import (
    active,
    blocked,
    currency_by_document,
    final_from,
    mixed_terms,
    one_rate,
    opened,
    proof,
    stakes,
    uncounted,
)
from .counting import Count, Counters, clauses_of, count_proof, counted_elsewhere, judged, last_of
from .declaration import check
from .outcomes import as_pending, compared, not_checkable, of_campaign, weighed
from .sentences import change_text, charge_text, percent_text, price_text, quantity_text, sentence

Key: TypeAlias = tuple[str, str, str, str, frozenset[str]]
"""Connector, account, currency, the connector that is to count, and the kinds of what it counts."""


class Agreed(NamedTuple):
    """What an agreement says about a campaign's whole month."""

    rate: Rate
    clauses: Clauses
    basis: Basis


@check(
    question="Is the bill on the count that the contract names, and is the gap above the agreed limit?",
    formula="billed − charge(rate, the count of counted_by), with discrepancy on top beyond it if agreed so",
    grain="campaign and month",
    reads=("evidence", "delivery", "invoice_lines.amount_micros", "agreements.counted_by"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="rate_match on the charge; discrepancy of the agreement for the gap",
    severity="high",
)
def controlling_measurement(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only where an agreement names a connector in counted_by; installs are judged by installs-vs-mmp.

    Up to the agreed discrepancy, and beyond it unless the agreement says otherwise, the named count is paid.
    The share of it is taken of the count that the agreement names as its denominator. Impressions stand for
    impressions and viewable ones for viewable ones.
    """
    currencies, counters, shares = currency_by_document(facts), Counters(facts), agreed_shares(facts)
    for campaign in facts.campaigns:
        periods = active(campaign)
        models = {period.rate.model if period.rate else None for period in periods}
        if counted_elsewhere(periods) and models != {"cpi"} and campaign.billed_micros != 0:
            one = one_rate(periods)
            if one is None or one[1] is not BY_SHARE:
                yield blocked(campaign, currencies) or by_agreement(
                    counters, campaign, shares, facts.today, rules
                )


def by_agreement(
    counters: Counters, campaign: CampaignMonth, shares: Mapping[Key, int], today: date, rules: Rules
) -> Outcome:
    """The bill against the charge for the count of the connector that the agreement names.

    ``shares`` are ``agreed_shares``.
    """
    agreed = agreed_of(campaign)
    if agreed is None:
        return mixed_terms(campaign)
    rate, clauses, basis = agreed
    kinds = EVIDENCE_KINDS.get(rate.model, frozenset())
    if not kinds:
        return not_checkable(
            of_campaign(campaign),
            f"Not checked: {clauses.counted_by} is to count {basis.unit}s, and nobody but the platform can.",
            "Correct counted_by of the agreement.",
        )
    tagged = shares.get(_key(campaign, clauses, kinds), 0)
    count = counters.count(campaign, kinds, tagged, evidence=clauses.counted_by)
    if isinstance(count, Outcome):
        return count
    own = counted(basis, campaign.counts)
    if own is None and clauses.beyond == "controlling_plus":
        return uncounted(campaign, basis.unit)
    outcome = judged(campaign, count, lambda units: _charged(campaign, agreed, own, count, units, rules))
    until = last_of(final_from(campaign, active(campaign)), count.final_from.get(basis.group))
    return as_pending(outcome, last_of(until, _decided(campaign, clauses, today)))


def agreed_of(campaign: CampaignMonth) -> Agreed | None:
    """The price and the clauses, if one of each holds for the whole month."""
    periods = active(campaign)
    one, clauses = one_rate(periods), clauses_of(periods)
    if one is None or len(clauses) != 1 or any(period.rate is None for period in periods):
        return None
    rate, basis, _ = one
    return Agreed(rate, clauses.pop(), basis)


def agreed_shares(facts: Facts) -> dict[Key, int]:
    """Of the billed money whose units a connector is to count, the part that it has keys for, in ppm."""
    alike: defaultdict[Key, list[CampaignMonth]] = defaultdict(list)
    for campaign in facts.campaigns:
        agreed = agreed_of(campaign) if counted_elsewhere(campaign.periods) else None
        if agreed is not None:
            kinds = EVIDENCE_KINDS.get(agreed.rate.model, frozenset())
            alike[_key(campaign, agreed.clauses, kinds)].append(campaign)
    return {key: tagged_ppm(campaigns, key[-1], key[-2]) or 0 for key, campaigns in alike.items()}


def _key(campaign: CampaignMonth, clauses: Clauses, kinds: frozenset[str]) -> Key:
    return campaign.connector, campaign.account_id, campaign.currency, clauses.counted_by, kinds


def _decided(campaign: CampaignMonth, clauses: Clauses, today: date) -> date | None:
    """The day from which nothing of the month may be refused any more; None if that is over."""
    end = campaign.month.last_day + timedelta(days=clauses.validation_days)
    return end + DAY if clauses.validation_days and today <= end else None


def _charged(
    campaign: CampaignMonth, agreed: Agreed, own: int | None, count: Count, quantity: int, rules: Rules
) -> Outcome:
    """The bill against ``quantity`` units at the agreed price; ``own`` is the platform's count of them."""
    rate, clauses, basis = agreed
    periods, currency, billed = active(campaign), campaign.currency, campaign.billed_micros or 0
    units = _paid(campaign, count.row, quantity) * (MICROS if basis.per == MICROS else 1)
    gap = None if own is None else gap_ppm(own, units, clauses)
    limit = clauses.discrepancy_ppm
    plus = clauses.beyond == "controlling_plus" and own is not None and own > units
    topped = plus and (gap is None or gap > limit)
    payable = Counts(**{basis.column: rounded(units * (MICROS + limit), MICROS) if topped else units})
    expected = charge(rate, payable, campaign.month) or 0
    tolerance = rules.rate_match.micros(expected, currency, allowance(len(campaign.lines), currency))
    outcome = compared(opened(campaign, periods), billed=billed, expected=expected, tolerance=tolerance)
    figures = {
        f"platform_{basis.column}": own,
        f"counted_{basis.column}": units,
        "discrepancy_ppm": gap,
        "limit_ppm": limit,
        f"payable_{basis.column}": getattr(payable, basis.column),
    }
    outcome = replace(
        outcome,
        formula=f"{price_text(billed, currency)} − {charge_text(rate, payable, campaign.month, currency)}"
        + (f" ({quantity_text(basis, units, currency)} and {percent_text(limit)})" if topped else ""),
        proof=(*proof(campaign, periods), count_proof(campaign, count)),
        figures={name: value for name, value in figures.items() if value is not None} | count.figures,
    )
    if rate.kind != "fixed" and outcome.direction != "over":
        below = "No more was billed than the cap allows."
        return replace(outcome, verdict="clear", direction="", explanation=below)
    if outcome.verdict == "finding":
        change, seen = change_text(outcome.diff_micros or 0, currency), quantity_text(basis, units, currency)
        rule = f"{clauses.counted_by} decides and counted {seen}"
        ends = f"{money_text(expected, currency)}: {change}."
        more = f", payable with {percent_text(limit)} more" if topped else ""
        money = money_text(billed, currency)
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{money} billed; {rule}{more}: {ends}", f"{money} billed; {rule}: {change}.", f"{change}."
            ),
        )
    return weighed(outcome, "high", stakes(campaign, outcome.diff_micros or 0))


def _paid(campaign: CampaignMonth, row: EvidenceSum, quantity: int) -> int:
    """Units that are paid for: without those that followed no click, where only clicked ones are agreed."""
    click_only = campaign.results is not None and campaign.results.click_only
    return quantity - row.view_through if click_only else quantity


def gap_ppm(own: int, units: int, clauses: Clauses) -> int | None:
    """How far the counts lie apart, in ppm of the one that the agreement names; None of none."""
    return share_ppm(abs(own - units), own if clauses.denominator == "platform" else units)
