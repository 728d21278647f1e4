"""A closed month: the amounts, verdicts, findings and documents as they stood."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from .verdicts import VERDICTS, Verdict

Kind: TypeAlias = Literal["missing", "failed", "denied", "waiting", "pending"]
MISSING: frozenset[Kind] = frozenset(["missing", "failed", "denied", "waiting"])
"""Kinds of warnings by which a closing is not complete; what may still change is all there."""


class Lack(Struct, frozen=True, kw_only=True):
    """Something that was not there, or not final, when the month was closed."""

    kind: Kind
    says: str


class ClosedAmounts(Struct, frozen=True, kw_only=True):
    """What an account or campaign cost, was billed and should have been billed, in one currency."""

    connector: str
    account_id: str
    campaign_id: str = ""
    """"" = the whole account."""
    currency: str
    platform: str
    cost_micros: int | None
    billed_micros: int | None
    """None: no bill is known for it alone."""
    expected_micros: int | None
    """Of an account after the documented bridge, of a campaign at the agreed rate; None: not judged."""
    estimate_micros: int | None = None
    """An ESTIMATE, where an account has no bill."""


class ClosedVerdicts(Struct, frozen=True, kw_only=True):
    """How many results one check had of one kind."""

    check_id: str
    verdict: Verdict
    results: int


class ClosedFinding(Struct, frozen=True, kw_only=True):
    """A finding as it stood."""

    finding_id: str
    check_id: str
    subject: str
    connector: str
    account_id: str
    severity: str
    asks: str
    state: str
    currency: str
    diff_micros: int | None
    at_risk_micros: int


class ClosedDocument(Struct, frozen=True, kw_only=True):
    """A closed document that is about the month."""

    connector: str
    invoice_id: str
    number: str
    account_id: str
    kind: str
    issue_day: date | None
    currency: str
    total_micros: int


class Closing(Struct, frozen=True, kw_only=True):
    """A month as it was closed. A month may be closed again; then both closings stay."""

    closing_id: int
    """0: not stored."""
    month: str
    closed_at: datetime
    version: str
    """Of adtally."""
    warnings: tuple[Lack, ...]
    amounts: tuple[ClosedAmounts, ...]
    verdicts: tuple[ClosedVerdicts, ...]
    findings: tuple[ClosedFinding, ...]
    documents: tuple[ClosedDocument, ...]

    @property
    def complete(self) -> bool:
        """Whether everything was there that had been asked for."""
        return not any(one.kind in MISSING for one in self.warnings)

    @property
    def estimates(self) -> dict[str, int]:
        """What accounts without a bill are estimated at, by currency."""
        sums: Counter[str] = Counter()
        for row in self.amounts:
            sums[row.currency] += row.estimate_micros or 0
        return {currency: micros for currency, micros in sorted(sums.items()) if micros}


def verdict_counts(closing: Closing) -> dict[Verdict, int]:
    """How many results of each kind, over all checks; 0 for those of which there were none."""
    counts: dict[Verdict, int] = dict.fromkeys(VERDICTS, 0)
    for row in closing.verdicts:
        counts[row.verdict] += row.results
    return counts
