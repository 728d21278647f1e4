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
from ..account_facts import AccountMonth
from ..coverage_facts import Coverage
from ..facts import BillGroup, CampaignMonth, Document
from ..verdicts import SEVERITIES, Outcome, Severity, Stake, Verdict
from .sentences import change_text, day_text, plural, price_text, sentence


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


def of_account(account: AccountMonth) -> Outcome:
    return Outcome(
        check_id="",
        subject=account.subject,
        verdict="not_checkable",
        connector=account.connector,
        platform=account.platform,
        account_id=account.account_id,
        window=account.month,
        currency=account.currency,
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
    first = min(group.documents, key=lambda document: document.subject)
    windows = [document.window or month for document in group.documents]
    return replace(
        of_document(first, month),
        subject=group.subject,
        invoice_id=first.invoice_id if len(group.documents) == 1 else "",
        window=reduce(Window.span, windows),
    )


def campaign_pool(campaign: CampaignMonth) -> str:
    return f"campaign:{campaign.subject}/{month_name(campaign.month.first_day)}"


def document_stake(subjects: Iterable[str], micros: int, *, lines_of: str = "") -> Stake:
    """Money that lies in some of these documents (``Document.subject``), nobody can say in which."""
    pools = [f"document:{subject}" for subject in sorted(set(subjects))]
    return Stake(pool=pools[0], also=tuple(pools[1:]), micros=micros, lines_of=lines_of)


def billed_stake(campaign: CampaignMonth, micros: int) -> Stake:
    """Money that lies in the campaign's own lines."""
    return document_stake([line.invoice for line in campaign.lines], micros, lines_of=campaign.subject)


def not_checkable(blank: Outcome, reason: str, next_step: str) -> Outcome:
    return replace(blank, verdict="not_checkable", explanation=sentence(reason), next_step=next_step)


def not_fetched(blank: Outcome, coverage: Coverage) -> Outcome:
    days = plural(coverage.missing_days, "day")
    sync = f"adtally sync {blank.connector} --first-day {blank.window.first_day}"
    return not_checkable(blank, f"Not checked: reports for {days} were not fetched.", f"Run `{sync}`.")


def compared(
    blank: Outcome, *, billed: int, expected: int, tolerance: int, residual: int | None = None
) -> Outcome:
    """Billed against expected, with the sentence for whatever is no finding.

    ``residual`` is what remains of the difference after a documented bridge; without one it is the
    difference. The verdict and the direction are those of the residual.
    """
    diff = billed - expected
    rest = diff if residual is None else residual
    verdict = verdict_of(rest, tolerance)
    limit = price_text(tolerance, blank.currency)
    said = {
        "match": "Billed and expected are equal.",
        "within_tolerance": f"{change_text(rest, blank.currency)}, within the limit of {limit}.",
    }
    return replace(
        blank,
        verdict=verdict,
        billed_micros=billed,
        expected_micros=expected,
        diff_micros=diff,
        tolerance_micros=tolerance,
        residual_micros=rest,
        direction="over" if rest > 0 else "under" if rest < 0 else "",
        explanation=said.get(verdict, ""),
    )


def verdict_of(rest: int, tolerance: int) -> Verdict:
    if rest == 0:
        return "match"
    return "within_tolerance" if abs(rest) <= tolerance else "finding"


def grade(at_risk: int, base: int, currency: str) -> Severity:
    """How grave a breach is: by its share of the document or campaign, or by its size.

    Critical from 5% or 1,000 major units, high from 1% or 100. Without a table of exchange rates the units
    are the currency's own; where it has no decimals, 100 of them are taken as one (JPY 100,000 as 1,000).
    """
    unit = MICROS * (100 if exponent(currency) == 0 else 1)
    share = at_risk * 100 // abs(base) if base else 0
    if at_risk >= 1_000 * unit or share >= 5:
        return "critical"
    return "high" if at_risk >= 100 * unit or share >= 1 else "medium"


def at_least(floor: Severity, severity: Severity) -> Severity:
    return SEVERITIES[min(SEVERITIES.index(severity), SEVERITIES.index(floor))]


def at_most(ceiling: Severity, severity: Severity) -> Severity:
    return SEVERITIES[max(SEVERITIES.index(severity), SEVERITIES.index(ceiling))]


def weighed(outcome: Outcome, severity: Severity, stakes: Iterable[Stake]) -> Outcome:
    """A finding with its money. Any other outcome comes back as it is.

    Too much is a claim on the stakes. Too little is at most medium and asks for nothing: there is nothing to
    claim back, nor where no money is at stake. What rests on assumed terms is at most medium.
    """
    if outcome.verdict != "finding":
        return outcome
    if outcome.direction == "under" or "assumed_terms" in outcome.flags:
        severity = at_most("medium", severity)
    if outcome.direction == "under":
        return replace(
            outcome, severity=severity, asks="info", next_step="Nothing to claim; expect a correction."
        )
    kept = tuple(stake for stake in stakes if stake.micros > 0)
    at_risk = sum(stake.micros for stake in kept)
    if not at_risk:
        severity = at_most("medium", severity)
        return replace(
            outcome, severity=severity, asks="info", next_step="Nothing to claim: no money was billed for it."
        )
    return replace(outcome, severity=severity, asks="claim", stakes=kept, at_risk_micros=at_risk)


def as_pending(outcome: Outcome, until: date | None) -> Outcome:
    """The same numbers without a judgement, if they may still change: no claim, severity low."""
    if until is None or outcome.verdict == "not_checkable":
        return outcome
    wait = f"The numbers may change until {day_text(until)}."
    rest, so_far = outcome.residual_micros, ""
    if outcome.verdict == "finding" and rest:
        so_far = f" So far {change_text(rest, outcome.currency)}."
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
