"""The check of billed installs that the app's own measurement does not know."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..facts import CampaignMonth, Clauses, Facts
from ..pricing import BASES, share_ppm
from ..rules import Rules
from ..verdicts import Outcome, Stake
from .campaigns import (
    active,
    billed_proof,
    blocked,
    count_proof as own_proof,
    currency_by_document,
    final_from,
    mixed_terms,
    opened,
    uncounted,
)
from .counting import Count, Counters, asking, clauses_of, count_proof, counted_elsewhere, judged, last_of
from .declaration import check
from .measurement import agreed_shares, by_agreement, gap_ppm
from .outcomes import as_pending, campaign_pool, weighed
from .sentences import percent_text, plural, price_text, sentence, share_text

KIND = "install"


@check(
    question="Do billed installs exist in the app's own measurement?",
    formula="(platform − measured) / platform; where counted_by names it: billed − rate × measured",
    grain="campaign and month",
    reads=("evidence", "delivery.installs", "invoice_lines.amount_micros", "terms.model", "agreements"),
    waits_for=("cost", "conversions"),
    tolerance="discrepancy of the agreement, 10% without one; rate_match where the measurement is billed",
    severity="high where counted_by names the measurement, else medium",
)
def installs_vs_mmp(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only where an install is paid for, and only in accounts of which some installs are known elsewhere.

    Windows and zones of the two sides differ, and a network may claim what another one brought: without a
    clause a gap is a question, not a deduction. Clicks and costs that a measurement shows for networks which
    report themselves are the networks' own.
    """
    currencies, counters, shares = currency_by_document(facts), Counters(facts), agreed_shares(facts)
    accounts = {
        (campaign.connector, campaign.account_id)
        for campaign in facts.campaigns
        if any(row.kind == KIND for row in campaign.evidence)
    }
    for campaign in facts.campaigns:
        periods = active(campaign)
        models = {period.rate.model if period.rate else None for period in periods}
        if "cpi" not in models or campaign.billed_micros == 0:
            continue
        contractual = counted_elsewhere(periods)
        if not contractual and (campaign.connector, campaign.account_id) not in accounts:
            continue
        if stopped := blocked(campaign, currencies):
            yield stopped
        elif models != {"cpi"}:
            yield mixed_terms(campaign)
        elif contractual:
            yield by_agreement(counters, campaign, shares, facts.today, rules)
        else:
            yield _compared(counters, campaign)


def _compared(counters: Counters, campaign: CampaignMonth) -> Outcome:
    """The platform's installs against the measured ones, where no agreement says whose count is billed."""
    own, clauses = campaign.counts.installs, clauses_of(active(campaign))
    if own is None:
        return uncounted(campaign, BASES["cpi"].unit)
    if len(clauses) > 1:
        return mixed_terms(campaign)
    count = counters.count(campaign, {KIND}, counters.tagged_ppm(campaign, KIND))
    if isinstance(count, Outcome):
        return count
    clause = clauses.pop() if clauses else Clauses()
    outcome = judged(campaign, count, lambda units: _against(campaign, own, units, count, clause))
    until = last_of(final_from(campaign, active(campaign)), count.final_from.get("conversions"))
    return as_pending(outcome, until)


def _against(campaign: CampaignMonth, own: int, measured: int, count: Count, clause: Clauses) -> Outcome:
    billed, currency = campaign.billed_micros or 0, campaign.currency
    gap, missing = gap_ppm(own, measured, clause), max(0, own - measured)
    money = rounded(missing * billed, own) if own else 0
    told = f"{plural(own, 'billed install')}, {measured:,} at {count.row.connector or count.row.source_id}"
    outcome = replace(
        opened(campaign, active(campaign)),
        billed_micros=billed,
        expected_micros=billed - money,
        diff_micros=money,
        tolerance_micros=billed * clause.discrepancy_ppm // MICROS,
        residual_micros=money,
        direction="over" if money else "",
        formula=f"({own:,} − {measured:,}) / {own if clause.denominator == 'platform' else measured:,}"
        f"; {missing:,} × {price_text(billed, currency)} / {own:,}",
        proof=(
            *billed_proof(campaign),
            *own_proof(campaign, "installs"),
            count_proof(campaign, count),
        ),
        figures={
            "installs": own,
            "measured_installs": measured,
            "limit_ppm": clause.discrepancy_ppm,
            **({} if gap is None else {"discrepancy_ppm": gap}),
            **count.figures,
        },
    )
    if own == measured:
        return replace(outcome, verdict="match", explanation=sentence(f"{told}."))
    if own < measured:
        return replace(outcome, verdict="clear", explanation=sentence(f"{told}: none is missing."))
    limit = percent_text(clause.discrepancy_ppm)
    if gap is not None and gap <= clause.discrepancy_ppm:
        return replace(
            outcome,
            verdict="within_tolerance",
            explanation=sentence(f"{told}: {share_text(gap)} less, within {limit}."),
        )
    share = share_text(share_ppm(missing, own) or 0)
    found = replace(
        outcome,
        verdict="finding",
        confidence="medium",
        explanation=sentence(
            f"{told}: {share} are missing, above {limit}; {money_text(money, currency)} is billed for them."
        ),
    )
    return asking(weighed(found, "medium", [Stake(pool=campaign_pool(campaign), micros=money)]))
