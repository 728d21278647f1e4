"""What was looked at: results by verdict, what could not be checked and why, what may still change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from ..reconciliation.result import Month
from ..reconciliation.verdicts import VERDICTS, Outcome, Verdict


class Reason(Struct, frozen=True, kw_only=True):
    """Results of one check that say the same, and what to do about them."""

    check_id: str
    explanation: str
    next_step: str
    count: int


class CheckLine(Struct, frozen=True, kw_only=True):
    check_id: str
    counts: dict[Verdict, int]


def verdict_counts(month: Month) -> dict[Verdict, int]:
    """Results by verdict, zeros included."""
    counts = Counter(outcome.verdict for outcome in month.outcomes)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def by_check(month: Month) -> list[CheckLine]:
    """Each check that ran, with its results by verdict; zeros are left out."""
    counts: dict[str, Counter[Verdict]] = {}
    for outcome in month.outcomes:
        counts.setdefault(outcome.check_id, Counter())[outcome.verdict] += 1
    return [
        CheckLine(check_id=check_id, counts={verdict: one[verdict] for verdict in VERDICTS if verdict in one})
        for check_id, one in sorted(counts.items())
    ]


def reasons(outcomes: Iterable[Outcome], verdict: Verdict) -> list[Reason]:
    """Results with that verdict, grouped by what they say, the most frequent first."""
    counts = Counter(
        (outcome.check_id, outcome.explanation, outcome.next_step)
        for outcome in outcomes
        if outcome.verdict == verdict
    )
    return [
        Reason(check_id=check_id, explanation=explanation, next_step=next_step, count=count)
        for (check_id, explanation, next_step), count in sorted(
            counts.items(), key=lambda item: (-item[1], item[0])
        )
    ]


def may_become_claims(month: Month) -> Counter[str]:
    """What pending results have at risk, in micros by currency: no part of the claims."""
    sums: Counter[str] = Counter()
    for outcome in month.outcomes:
        if outcome.verdict == "pending" and outcome.at_risk_micros:
            sums[outcome.currency] += outcome.at_risk_micros
    return sums


def settled_day(month: Month) -> date | None:
    """The day from which no number of the month moves any more; None when they are all final."""
    days = [day for campaign in month.facts.campaigns for day in campaign.coverage.pending_until.values()]
    return max(days, default=None)
