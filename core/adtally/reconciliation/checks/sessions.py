"""The check of billed clicks that never arrived."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..evidence_facts import SessionTrail
from ..facts import CampaignMonth, Facts
from ..pricing import BASES, share_ppm
from ..rules import Rules
from ..statistics import log_binomial_tail, probability_text
from ..verdicts import Outcome, Proof, Stake
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
from .counting import Count, Counters, asking, count_proof, judged, last_of
from .declaration import check
from .outcomes import as_pending, campaign_pool, not_checkable, weighed
from .sentences import percent_text, plural, price_text, sentence, share_text

KIND = "session"
SLACK_PPM = 150_000
"""How far below the usual share of arriving clicks the floor lies."""
ELSEWHERE = frozenset(["app", "apps", "call", "calls", "local", "store", "multi_channel"])
"""Words in the channel of clicks that lead to no web page: apps, calls, visits to a store."""


class Floor(NamedTuple):
    """The share of clicks that arrives as sessions at least, and who says so."""

    ppm: int
    source: str
    trail: SessionTrail | None


@check(
    question="Do billed clicks arrive as sessions?",
    formula="sessions < floor × clicks and P(X ≤ sessions | Bin(clicks, floor)) ≤ alpha",
    grain="campaign and month",
    reads=("evidence", "delivery.clicks", "delivery.cost_micros", "terms.model", "agreements"),
    waits_for=("cost", "clicks"),
    tolerance="session_floor, or the account's share of the 90 days before less 15 points",
    severity="medium",
)
def clicks_vs_sessions(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only for clicks that are paid for, in accounts of which some sessions are known.

    Sessions are a floor of arrived clicks: without consent there is none, and two clicks within half an hour
    may be one. So the floor is learned from the account where the quarter before is known. Clicks to apps,
    calls and stores have no session and are left out.
    """
    currencies, counters = currency_by_document(facts), Counters(facts)
    accounts = {
        (campaign.connector, campaign.account_id)
        for campaign in facts.campaigns
        if any(row.kind == KIND for row in campaign.evidence)
    }
    floors = {(trail.connector, trail.account_id): _learned(trail) for trail in facts.session_trails}
    setting = Floor(int(rules.session_floor * MICROS), "session_floor of the configuration", None)
    for campaign in facts.campaigns:
        account, periods = (campaign.connector, campaign.account_id), active(campaign)
        models = {period.rate.model if period.rate else None for period in periods}
        if account not in accounts or "cpc" not in models or _leads_elsewhere(campaign):
            continue
        if campaign.billed_micros == 0 or campaign.counts.clicks == 0:
            continue
        if stopped := blocked(campaign, currencies):
            yield stopped
        elif models != {"cpc"}:
            yield mixed_terms(campaign)
        else:
            yield _arrived(counters, campaign, floors.get(account, setting), rules)


def _leads_elsewhere(campaign: CampaignMonth) -> bool:
    return not ELSEWHERE.isdisjoint(re.findall(r"[a-z_]+", campaign.channel.casefold()))


def _learned(trail: SessionTrail) -> Floor:
    """No click arrives twice: a share above one counts as one."""
    usual = f"{share_text(min(trail.ratio_ppm, MICROS))} arrived in the 90 days before"
    return Floor(min(trail.ratio_ppm, MICROS) - SLACK_PPM, f"{usual}, less 15 points", trail)


def _arrived(counters: Counters, campaign: CampaignMonth, floor: Floor, rules: Rules) -> Outcome:
    periods, clicks = active(campaign), campaign.counts.clicks
    if clicks is None:
        return uncounted(campaign, BASES["cpc"].unit)
    count = counters.count(campaign, {KIND}, counters.tagged_ppm(campaign, KIND))
    if isinstance(count, Outcome):
        return count
    proof = tuple(_proof(campaign, count, floor))
    blank = replace(opened(campaign, periods), proof=proof, figures=count.figures)
    if not 0 < floor.ppm < MICROS:
        return not_checkable(
            replace(blank, proof=()),
            f"Not checked: {floor.source}: no shortfall could be told from that.",
            "Set session_floor, or tag the links of the account's campaigns.",
        )
    outcome = judged(
        campaign, count, lambda sessions: _against_floor(campaign, blank, clicks, sessions, floor, rules)
    )
    return as_pending(outcome, last_of(final_from(campaign, periods), count.final_from.get("clicks")))


def _against_floor(
    campaign: CampaignMonth, blank: Outcome, clicks: int, sessions: int, floor: Floor, rules: Rules
) -> Outcome:
    rate, level = Fraction(floor.ppm, MICROS), math.log(rules.alpha)
    log_tail = log_binomial_tail(sessions, clicks, rate)
    chance, least = probability_text(log_tail), math.ceil(rate * clicks)
    told = f"{plural(sessions, 'session')} for {plural(clicks, 'billed click')}"
    outcome = replace(
        blank,
        formula=f"P(X ≤ {sessions:,} | Bin({clicks:,}, {percent_text(floor.ppm)})) = {chance}; "
        f"floor: {floor.source}",
        figures={
            **blank.figures,
            "clicks": clicks,
            "sessions": sessions,
            "arrived_ppm": share_ppm(sessions, clicks) or 0,
            "floor_ppm": floor.ppm,
            "p_value": chance,
            **({} if floor.trail is None else {"usual_ppm": floor.trail.ratio_ppm}),
        },
    )
    if sessions >= rate * clicks or log_tail > level:
        weak = log_binomial_tail(0, clicks, rate) > level
        enough = "not too few" if sessions >= rate * clicks else "no fewer than chance may leave"
        ends = "too few clicks to tell" if weak else enough
        return replace(
            outcome,
            verdict="clear",
            flags=(*outcome.flags, "low_power") if weak else outcome.flags,
            explanation=sentence(f"{told}: {ends}."),
        )
    cost = campaign.counts.cost_micros
    paid = campaign.billed_micros or 0 if cost is None else cost
    units = least - sessions
    missing = rounded(units * paid, clicks)
    found = replace(
        outcome,
        verdict="finding",
        direction="over",
        billed_micros=paid,
        expected_micros=paid - missing,
        diff_micros=missing,
        tolerance_micros=0,
        residual_micros=missing,
        formula=f"{outcome.formula}; {units:,} × {price_text(paid, campaign.currency)} / {clicks:,}",
        explanation=sentence(
            f"{told}; {least:,} arrive at least (by chance: {chance}): "
            f"{money_text(missing, campaign.currency)} for {plural(units, 'click')}.",
            f"{told}; {least:,} arrive at least: {money_text(missing, campaign.currency)}.",
        ),
        figures={**outcome.figures, "units": units},
    )
    stakes = [Stake(pool=campaign_pool(campaign), micros=missing)]
    return asking(weighed(replace(found, confidence="medium"), "medium", stakes))


def _proof(campaign: CampaignMonth, count: Count, floor: Floor) -> Iterator[Proof]:
    yield from billed_proof(campaign)
    yield from own_proof(campaign, "clicks")
    yield count_proof(campaign, count)
    trail = floor.trail
    yield Proof(
        says=f"floor: {floor.source}",
        table="evidence" if trail else "config",
        key=f"{campaign.connector}/{campaign.account_id} {trail.window}"
        if trail
        else "reconcile.session_floor",
        value=percent_text(floor.ppm),
        evidence_class="E2" if trail else "E0",
    )
