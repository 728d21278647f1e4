"""Everything that the HTML report shows of one month, ready to be laid out: no template computes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from ..calendar import month_name
from ..engine.day_states import DayState, Status
from ..reconciliation.accruals import Accrual, accruals
from ..reconciliation.drift import Drift
from ..reconciliation.result import Finding, Month, Result
from ..reconciliation.verdicts import Severity, Verdict
from . import buckets, campaigns, checked, claims, confirmed, months
from .buckets import Buckets, Line, PlatformBuckets
from .campaigns import Listed, Prices, WhatIf
from .checked import CheckLine, Reason
from .claims import PlatformClaims, Rest
from .completeness import Completeness, completeness
from .confirmed import Confirmed
from .since import estimates

COLUMNS = 4
"""Currencies side by side when there are more than five; the others follow in tables below."""


class Page(Struct, frozen=True, kw_only=True):
    month: Month
    running: bool
    other_months: list[tuple[Month, int]]
    """The other judged months, and how many claims each has."""
    platforms: int
    currencies: list[str]
    currency_groups: list[list[str]]
    billed: dict[str, int]
    unbilled: list[str]

    claims: list[Finding]
    claimed: dict[str, int]
    claimed_platforms: int
    claim_table: list[PlatformClaims]
    claim_scale: dict[str, int]
    """The largest cell of each currency: its bar has the full width."""
    claim_severities: set[Severity]
    listed: list[Finding]
    rest: list[Rest]
    largest: Finding | None
    own_proof: int
    """Claims that rest on what the advertiser counted."""
    questions: list[Finding]
    waste: list[Finding]
    worth_knowing: list[Finding]

    evidence: bool
    sums: list[Buckets]
    bucket_table: list[PlatformBuckets]
    bucket_groups: list[list[str]]
    bucket_lines: list[Line]
    headline: dict[str, Confirmed]
    """The cost of a confirmed visit or click, by currency."""
    headline_kind: str
    confirmed: list[Confirmed]
    confirmed_title: str
    platform_prices: dict[str, tuple[int, int]]
    campaigns: list[Listed]
    prices: list[Prices]
    what_ifs: list[WhatIf]
    models: list[str]

    data: Completeness
    accruals: list[Accrual]
    estimated: list[str]
    """One sentence a currency: what accounts without a bill cost."""
    since: Drift | None
    """What changed since the month was closed; None: it never was."""
    day_states: set[DayState]

    verdicts: dict[Verdict, int]
    ran: int
    most_results: int
    not_checkable: list[Reason]
    pending: list[Reason]
    may_become: dict[str, int]
    settled: date | None
    by_check: list[CheckLine]


def page_of(result: Result, status: Status, month: Month) -> Page:
    """The page of that month; sums of the table of claims equal its headline by construction."""
    found = claims.claims(month)
    listed, rest = claims.listed(found)
    table = claims.by_platform(month, found)
    data = completeness(status, month.month)
    accrued, name = list(accruals(month.facts.accounts)), month_name(month.month.last_day)
    verdicts = checked.verdict_counts(month)
    columns = months.currencies(month)
    groups = _groups(columns)
    billed = months.billed(month.support)
    sums = {code: buckets.buckets(month.support, code) for code in sorted(billed)}
    known = buckets.has_evidence(month)
    bucket_groups = _groups(list(sums))
    headline = confirmed.headline(month)
    prices = campaigns.prices(month)
    return Page(
        month=month,
        running=months.is_running(month, status.today),
        other_months=[(one, len(claims.claims(one))) for one in result.months if one is not month],
        platforms=len({feed.platform for feed in status.feeds} | {row.platform for row in month.support}),
        currencies=columns,
        currency_groups=groups,
        billed={code: billed[code] for code in columns},
        unbilled=months.platforms_without_bills(month),
        claims=found,
        claimed=dict(sorted(claims.at_risk(found).items())),
        claimed_platforms=len({row.platform for row in found}),
        claim_table=table,
        claim_scale={
            code: max(cell.micros for row in table for cell in row.cells if cell.currency == code)
            for code in columns
        },
        claim_severities={row.severity for row in found},
        listed=listed,
        rest=rest,
        largest=next(iter(claims.largest_first(month, found)), None),
        own_proof=sum(_rests_on_own_count(row) for row in found),
        questions=claims.asked(month, "ask"),
        waste=claims.asked(month, "waste"),
        worth_knowing=claims.asked(month, "info"),
        evidence=known,
        sums=list(sums.values()),
        bucket_table=buckets.by_platform(month),
        bucket_groups=bucket_groups,
        bucket_lines=[
            line
            for group in bucket_groups
            for line in buckets.lines([sums[code] for code in group], known=known)
        ],
        headline=headline,
        headline_kind=confirmed.kind_of(headline.values()),
        confirmed=confirmed.without_single_sums(confirmed.confirmed(month)),
        confirmed_title=_confirmed_title(headline),
        platform_prices=confirmed.platform_prices(month),
        campaigns=campaigns.campaign_lines(month),
        prices=prices,
        what_ifs=campaigns.what_ifs(month),
        models=campaigns.columns(prices),
        data=data,
        accruals=accrued,
        estimated=list(estimates(accrued)),
        since=next((one for one in result.since_closing if one.month == name), None),
        day_states={state for row in (*data.gaps, *data.others) for _, state in row.cells if state},
        verdicts=verdicts,
        ran=sum(verdicts.values()) - verdicts["not_checkable"],
        most_results=max(verdicts.values()),
        not_checkable=checked.reasons(month.outcomes, "not_checkable"),
        pending=checked.reasons(month.outcomes, "pending"),
        may_become=dict(checked.may_become_claims(month)),
        settled=checked.settled_day(month),
        by_check=checked.by_check(month),
    )


def _groups(columns: Sequence[str]) -> list[list[str]]:
    if len(columns) <= COLUMNS + 1:
        return [list(columns)] if columns else []
    return [list(columns[first : first + COLUMNS]) for first in range(0, len(columns), COLUMNS)]


def _rests_on_own_count(finding: Finding) -> bool:
    return any(proof.evidence_class in buckets.OWN for proof in finding.evidence)


def _confirmed_title(headline: dict[str, Confirmed]) -> str:
    dearer = [(row.platform_units or 0) > row.own_units for row in headline.values()]
    if dearer and all(dearer):
        return f"A confirmed {confirmed.kind_of(headline.values())} costs more than the platforms report"
    return "What a confirmed interaction cost"
