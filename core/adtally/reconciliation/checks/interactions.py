"""The check of impressions that too few people did anything with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from ...money import MICROS, rounded
from ..backing import model_of
from ..facts import Baseline, CampaignMonth, Facts
from ..pricing import BASES, PER_VIEW, interactions
from ..rules import Rules
from ..statistics import log_binomial_tail, poisson_upper_limit, probability_text, rejections
from ..verdicts import Outcome, Proof
from .campaigns import count_proof, unfetched
from .declaration import check
from .outcomes import as_pending, not_checkable, of_campaign
from .sentences import NO_BREAK, plural, price_text, sentence, side_text

CLICKLESS = ("audio", "ctv", "connected_tv", "streaming_tv", "radio", "out_of_home", "dooh")
"""Words in the channel of formats that nobody can click."""


class Row(NamedTuple):
    """One campaign as the test sees it.

    ``log_tail`` is log P(X <= acted), or 0 where as many acted as usual: half or more, and no case.
    """

    campaign: CampaignMonth
    baseline: Baseline
    shown: int
    acted: int
    usual: Fraction
    log_tail: float


@check(
    question="Is the interaction count too low for the usual rate, and not merely zero?",
    formula="P(X ≤ interactions | Bin(impressions, promised or usual rate)), and Benjamini-Hochberg over all "
    "campaigns",
    grain="campaign and month",
    reads=(
        "delivery.impressions",
        "delivery.interactions",
        "delivery.clicks",
        "campaigns.channel",
        "agreements.min_interaction_rate",
    ),
    waits_for=("clicks",),
    tolerance="alpha, over all campaigns of the month; effect_ratio of the usual rate",
    severity="low: waste; medium where the seller promised a rate; info where an action is paid for",
)
def impressions_without_interaction(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The rate is the least one that the seller promised, else the usual one.

    That is of the same account and channel in the 90 days before, without this campaign. A promise that was
    broken is a question to the seller.

    Waste under a correctly applied model, never a claim: at risk is what such a campaign was billed. Small
    ones are clear with ``low_power`` where not even zero could convict them. Formats without clicks, such as
    audio, are left out. Numbers that may change convict nobody.
    """
    rows: list[Row] = []
    for campaign in sorted(facts.campaigns, key=lambda one: (one.subject, one.currency)):
        if _is_clickless(campaign) or campaign.counts.impressions == 0:
            continue
        tested = unfetched(campaign) or _row(campaign)
        if isinstance(tested, Outcome):
            yield tested
        elif until := campaign.coverage.pending_until.get("clicks"):
            yield as_pending(_clear(tested, rules), until)
        else:
            rows.append(tested)
    rows.sort(key=lambda row: (row.log_tail, row.campaign.subject, row.campaign.currency))
    convicting = rejections([row.log_tail for row in rows], rules.alpha)
    for rank, row in enumerate(rows, 1):
        small = row.acted <= Fraction(rules.effect_ratio) * row.usual * row.shown
        convicted = rank <= convicting and small
        yield _found(row, rank, len(rows)) if convicted else _clear(row, rules)


def _is_clickless(campaign: CampaignMonth) -> bool:
    return any(word in campaign.channel.casefold() for word in CLICKLESS)


def _row(campaign: CampaignMonth) -> Row | Outcome:
    blank, baseline = of_campaign(campaign), campaign.baseline
    shown, count = campaign.counts.impressions, interactions(campaign.counts)
    if shown is None or count is None:
        missing = "impressions" if shown is None else "interactions"
        return not_checkable(
            blank,
            f"Not checked: the platform does not report the {missing} of all days.",
            f"Import delivery with {missing} as a file.",
        )
    if baseline is None or not 0 < baseline.interactions < baseline.impressions:
        return not_checkable(
            blank,
            "Not checked: no other campaign of the account and channel tells the usual rate.",
            "Sync the 90 days before, with more campaigns of the account.",
        )
    usual = Fraction(baseline.interactions, baseline.impressions)
    log_tail = log_binomial_tail(count, shown, usual) if count < usual * shown else 0.0
    return Row(campaign, baseline, shown, count, usual, log_tail)


def _opened(row: Row) -> Outcome:
    chance, rate, sign = probability_text(row.log_tail), _rate(row.usual), "="
    if row.log_tail == 0:
        chance, sign = "0.5", "≥"
    return replace(
        of_campaign(row.campaign),
        billed_micros=row.campaign.billed_micros,
        formula=f"P(X ≤ {row.acted:,} | Bin({row.shown:,}, {rate})) {sign} {chance}",
        figures={
            "impressions": row.shown,
            "interactions": row.acted,
            f"{_word(row)}_rate_ppm": row.baseline.interactions * MICROS // row.baseline.impressions,
            "p_value": chance if sign == "=" else f"{sign} {chance}",
        },
    )


def _clear(row: Row, rules: Rules) -> Outcome:
    outcome, usual = (
        replace(_opened(row), verdict="clear"),
        rounded(*(row.usual * row.shown).as_integer_ratio()),
    )
    count, shown = _count(row.acted).capitalize(), plural(row.shown, "impression")
    told = f"{count} in {shown}, and {usual:,} are {_word(row)}"
    if log_binomial_tail(0, row.shown, row.usual) > math.log(rules.alpha):
        return replace(
            outcome, flags=("low_power",), explanation=sentence(f"{told}: too few impressions to tell.")
        )
    return replace(outcome, explanation=sentence(f"{told}: not too few."))


def _found(row: Row, rank: int, tested: int) -> Outcome:
    campaign, model = row.campaign, model_of(row.campaign)
    billed, expected = campaign.billed_micros or 0, row.usual * row.shown
    per_action = model in BASES and model not in PER_VIEW
    wasted = 0 if per_action else max(0, billed)
    limit = poisson_upper_limit(row.acted)
    counted, per_limit = limit.as_integer_ratio()
    price = rounded(billed * per_limit, counted)
    usual = f"{rounded(*expected.as_integer_ratio()):,}"
    told = f"{plural(row.shown, 'impression')}, {_count(row.acted)}, where {usual} are {_word(row)}"
    promised = row.baseline.promised
    ends = "Billed as agreed: waste, not a claim."
    if promised or per_action:
        ends = f"By {row.baseline.source}." if promised else "Paid per action: nothing is wasted."
    opened = _opened(row)
    return replace(
        opened,
        verdict="finding",
        severity="medium" if promised else "low" if wasted else "info",
        asks="ask" if promised else "waste" if wasted else "info",
        at_risk_micros=wasted,
        confidence="medium",
        explanation=sentence(
            f"{told} (chance alone: {_chance(row.log_tail)}). {ends}",
            f"{told}. {ends}",
        ),
        next_step=_next_step(row, per_action),
        proof=(*_proof(row), _price_proof(row, price)),
        figures={
            **opened.figures,
            "rank": rank,
            "tested": tested,
            "upper_limit": _rate(limit / row.shown),
            "least_price_micros": price,
        },
    )


def _word(row: Row) -> str:
    return "promised" if row.baseline.promised else "usual"


def _next_step(row: Row, per_action: bool) -> str:
    if row.baseline.promised:
        return f"Ask {side_text(row.campaign.platform)} for what makes good the promised rate."
    if per_action:
        return "Look at where and to whom the ads were shown."
    return "Look at where the ads were shown, and consider a price per click for the next order."


def _proof(row: Row) -> Iterator[Proof]:
    campaign, baseline = row.campaign, row.baseline
    yield from count_proof(campaign, "impressions", "interactions", "clicks")
    yield Proof(
        says=f"promised rate, by {baseline.source}"
        if baseline.promised
        else f"usual rate: {baseline.interactions:,} of {baseline.impressions:,}, {baseline.source}",
        table="agreements" if baseline.promised else "delivery",
        key=f"{campaign.connector}/{campaign.account_id}",
        value=_rate(row.usual),
        as_of=campaign.coverage.as_of,
    )


def _price_proof(row: Row, price: int) -> Proof:
    campaign = row.campaign
    return Proof(
        says="least price of an interaction, at the upper 95% limit of the rate",
        table="delivery",
        key=f"{campaign.subject} {campaign.month}",
        value=f"{campaign.currency}{NO_BREAK}{price_text(price, campaign.currency, most=4)}",
        as_of=campaign.coverage.as_of,
    )


def _count(count: int) -> str:
    return plural(count, "interaction") if count else "no interaction"


def _rate(rate: Fraction | float) -> str:
    """``0.02996%``: four significant digits."""
    return f"{float(rate) * 100:.4g}%"


def _chance(log_tail: float) -> str:
    """``0.0045%``: two significant digits, as far as a reader can tell them apart."""
    percent = math.exp(log_tail) * 100
    return "below 0.0001%" if percent < 0.0001 else f"{percent:.2g}%"
