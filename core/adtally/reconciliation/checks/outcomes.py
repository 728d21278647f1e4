"""Outcomes step by step: whom they are about, what the comparison says, and what money follows.

Every outcome starts as ``not_checkable``, so that what a check forgets to say can never look like a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce

from msgspec.structs import replace

from ...calendar import Window, month_name
from ...money import MICROS, exponent
from ..facts import BillGroup, CampaignMonth, Coverage, Document
from ..verdicts import SEVERITIES, Direction, Outcome, Severity, Stake, Verdict
from .sentences import change_text, day_text, exact_text, plural, sentence

MEDIUM: Severity = "medium"


def of_campaign(campaign: CampaignMonth) -> Outcome:
    return Outcome(
        check_id="",
        subject=campaign.subject,
        verdict="not_checkable",
        connector=campaign.connector,
        platform=campaign.platform,
        account_id=campaign.account_id,
        campaign_id=campaign.campaign_id,
        window=campaign.month,
        currency=campaign.currency,
    )


def of_document(document: Document, month: Window) -> Outcome:
    """About the days that the document names, or the month in which it was found."""
    return Outcome(
        check_id="",
        subject=document.subject,
        verdict="not_checkable",
        connector=document.connector,
        platform=document.platform,
        account_id=document.account_id,
        invoice_id=document.invoice_id,
        window=document.window or month,
        currency=document.currency,
    )


def of_group(group: BillGroup, month: Window) -> Outcome:
    """About all days of the group; the invoice is named only where there is just one."""
    first, windows = group.documents[0], [document.window or month for document in group.documents]
    return replace(
        of_document(first, month),
        subject=group.subject,
        invoice_id=first.invoice_id if len(group.documents) == 1 else "",
        window=reduce(Window.span, windows),
    )


def campaign_pool(campaign: CampaignMonth) -> str:
    return f"campaign:{campaign.subject}/{month_name(campaign.month.first_day)}"


def document_stake(subjects: Iterable[str], micros: int) -> Stake:
    """Money that lies in some of these documents (``Document.subject``), nobody can say in which."""
    pools = [f"document:{subject}" for subject in sorted(set(subjects))]
    return Stake(pool=pools[0], also=tuple(pools[1:]), micros=micros)


def not_checkable(blank: Outcome, reason: str, next_step: str) -> Outcome:
    return replace(blank, verdict="not_checkable", explanation=sentence(reason), next_step=next_step)


def not_fetched(blank: Outcome, coverage: Coverage) -> Outcome:
    days = plural(coverage.missing_days, "day")
    sync = f"adtally sync {blank.connector} --first-day {blank.window.first_day}"
    return not_checkable(
        blank, f"Not checked: {days} of the account's reports were not fetched.", f"Run `{sync}`."
    )


def direction_of(diff: int) -> Direction:
    return "over" if diff > 0 else "under" if diff < 0 else ""


def verdict_of(diff: int, tolerance: int) -> Verdict:
    if diff == 0:
        return "match"
    return "within_tolerance" if abs(diff) <= tolerance else "finding"


def compared(blank: Outcome, *, billed: int, expected: int, tolerance: int) -> Outcome:
    """Billed against expected, with the sentence for whatever is no finding."""
    diff = billed - expected
    verdict = verdict_of(diff, tolerance)
    limit = exact_text(tolerance, blank.currency)
    said = {
        "match": "Billed and expected are equal.",
        "within_tolerance": f"{change_text(diff, blank.currency)}, within the limit of {limit}.",
    }
    return replace(
        blank,
        verdict=verdict,
        billed_micros=billed,
        expected_micros=expected,
        diff_micros=diff,
        tolerance_micros=tolerance,
        residual_micros=diff,
        direction=direction_of(diff),
        explanation=said.get(verdict, ""),
    )


def grade(at_risk: int, base: int, currency: str) -> Severity:
    """How grave a breach is: by its share of the document or campaign, or by its size.

    Critical from 5% or 1,000 major units, high from 1% or 100. Without a table of exchange rates the units are
    the currency's own; where it has no decimals, 100 of them are taken as one (JPY 100,000 as 1,000).
    """
    unit = MICROS * (100 if exponent(currency) == 0 else 1)
    for severity, percent, units in (("critical", 5, 1_000), ("high", 1, 100)):
        if at_risk >= units * unit or (base and at_risk * 100 >= percent * abs(base)):
            return "critical" if severity == "critical" else "high"
    return MEDIUM


def at_least(severity: Severity, floor: Severity) -> Severity:
    return min(severity, floor, key=SEVERITIES.index)


def at_most(severity: Severity, ceiling: Severity) -> Severity:
    return max(severity, ceiling, key=SEVERITIES.index)


def weighed(outcome: Outcome, severity: Severity, stakes: Iterable[Stake], confidence: str = "") -> Outcome:
    """A finding with its money. Any other outcome comes back as it is.

    Too much is a claim on the stakes. Too little is at most medium and asks for nothing: there is nothing to
    claim back. What rests on assumed terms is at most medium.
    """
    if outcome.verdict != "finding":
        return outcome
    if outcome.direction == "under" or "assumed_terms" in outcome.flags:
        severity = at_most(severity, MEDIUM)
    if outcome.direction == "under":
        return replace(
            outcome, severity=severity, asks="info", next_step="Nothing to claim; expect a correction."
        )
    kept = tuple(stake for stake in stakes if stake.micros > 0)
    at_risk = sum(stake.micros for stake in kept)
    return replace(outcome, severity=severity, asks="claim", stakes=kept, at_risk_micros=at_risk)


def as_pending(outcome: Outcome, until: date | None) -> Outcome:
    """The same numbers without a judgement, if they may still change: no claim, severity low."""
    if until is None or outcome.verdict == "not_checkable":
        return outcome
    wait = f"The numbers may change until {day_text(until)}."
    diff, so_far = outcome.diff_micros, ""
    if outcome.verdict == "finding" and diff:
        so_far = f" So far {change_text(diff, outcome.currency)}."
    return replace(
        outcome,
        verdict="pending",
        severity="low",
        asks="info",
        stakes=(),
        at_risk_micros=0,
        explanation=sentence(wait + so_far, wait),
        next_step=f"Wait until {day_text(until)}.",
    )
