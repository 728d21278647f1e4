"""What can be claimed back: the findings whose money enters the headline, and their sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ..money import rounded
from ..reconciliation.result import Finding, Month
from ..reconciliation.verdicts import SEVERITIES, Asks, Severity
from .campaigns import COUNTERFACTUAL
from .months import currencies

SHOWN = 500
"""Claims that a report lists one by one; the smaller rest is summed by platform and currency."""

METRICS = (COUNTERFACTUAL, "engagement-support")
"""Checks that measure every campaign: what they say stands in tables of its own."""


class Cell(Struct, frozen=True, kw_only=True):
    """The claims against one platform in one currency."""

    currency: str
    micros: int
    billed_micros: int
    segments: tuple[tuple[Severity, int], ...]
    """Micros by severity, the worst first; they sum to ``micros``."""
    count: int


class PlatformClaims(Struct, frozen=True, kw_only=True):
    platform: str
    count: int
    cells: tuple[Cell, ...]
    """One for each currency of the table, in its order."""


def is_open(finding: Finding) -> bool:
    return finding.verdict == "finding" and finding.state in ("open", "acknowledged")


def claims(month: Month) -> list[Finding]:
    """Open claims: the contract was broken and this finding owns the money.

    Currencies in alphabetical order, within one the largest first.
    """
    found = [row for row in month.findings if is_open(row) and row.asks == "claim" and row.at_risk_micros > 0]
    return sorted(found, key=lambda row: (row.currency, -row.at_risk_micros, row.finding_id))


def asked(month: Month, asks: Asks) -> list[Finding]:
    """Open findings that no contract turns into money: questions, waste or what is worth knowing.

    The counterfactual of pricing models says something about every campaign; it has a table of its own.
    """
    found = [
        row for row in month.findings if is_open(row) and row.asks == asks and row.check_id not in METRICS
    ]
    severity = SEVERITIES.index
    return sorted(
        found, key=lambda row: (row.currency, severity(row.severity), -row.at_risk_micros, row.finding_id)
    )


def at_risk(findings: Iterable[Finding]) -> Counter[str]:
    """Micros by currency; never added across them."""
    sums: Counter[str] = Counter()
    for row in findings:
        sums[row.currency] += row.at_risk_micros
    return sums


def largest_first(month: Month, found: Sequence[Finding]) -> list[Finding]:
    """Claims in the order in which to work them: by their share of what their currency was billed.

    Amounts of different currencies cannot be compared; shares can.
    """
    whole = Counter({row.currency: 0 for row in found})
    for row in month.support:
        whole[row.currency] += row.billed_micros
    parts = at_risk(found)

    def share(row: Finding) -> int:
        return rounded(row.at_risk_micros * 10**9, max(whole[row.currency], parts[row.currency], 1))

    return sorted(found, key=lambda row: (-share(row), row.finding_id))


def by_platform(month: Month, found: Sequence[Finding]) -> list[PlatformClaims]:
    """One row a platform, the largest claimants first: by their mean share of each currency's claims."""
    columns, whole = currencies(month), at_risk(found)
    billed: Counter[tuple[str, str]] = Counter()
    for support in month.support:
        billed[support.platform, support.currency] += support.billed_micros
    split: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for row in found:
        split[row.platform, row.currency].append(row)

    def cell(platform: str, currency: str) -> Cell:
        rows = split[platform, currency]
        by_severity: list[tuple[Severity, int]] = [
            (severity, sum(row.at_risk_micros for row in rows if row.severity == severity))
            for severity in SEVERITIES
        ]
        return Cell(
            currency=currency,
            micros=sum(micros for _, micros in by_severity),
            billed_micros=billed[platform, currency],
            segments=tuple((severity, micros) for severity, micros in by_severity if micros),
            count=len(rows),
        )

    table: list[PlatformClaims] = []
    for platform in {row.platform for row in month.support} | {row.platform for row in found}:
        cells = tuple(cell(platform, currency) for currency in columns)
        table.append(PlatformClaims(platform=platform, count=sum(one.count for one in cells), cells=cells))
    return sorted(
        table,
        key=lambda row: (
            -sum(rounded(one.micros * 10**9, whole[one.currency] or 1) for one in row.cells),
            row.platform,
        ),
    )


class Rest(Struct, frozen=True, kw_only=True):
    """Claims of one platform and currency that are too small to be listed."""

    platform: str
    currency: str
    count: int
    micros: int


def listed(found: Sequence[Finding], limit: int = SHOWN) -> tuple[list[Finding], list[Rest]]:
    """The claims to list, in the order of ``found``, and sums of those beyond ``limit``.

    The place is shared out between currencies: each has its largest claims listed.
    """
    if len(found) <= limit:
        return list(found), []
    rank: Counter[str] = Counter()
    places: list[tuple[int, str, str]] = []
    for row in found:
        rank[row.currency] += 1
        places.append((rank[row.currency], row.currency, row.finding_id))
    kept = {finding_id for _, _, finding_id in sorted(places)[:limit]}
    counts: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for row in found:
        if row.finding_id not in kept:
            counts[row.currency, row.platform] += 1
            sums[row.currency, row.platform] += row.at_risk_micros
    rest = [
        Rest(platform=platform, currency=currency, count=counts[currency, platform], micros=micros)
        for (currency, platform), micros in sorted(sums.items())
    ]
    return [row for row in found if row.finding_id in kept], rest
