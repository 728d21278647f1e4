"""What a check says: one outcome for each subject, with the numbers and the proof behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from ..calendar import Window

Verdict: TypeAlias = Literal[
    "match", "within_tolerance", "explained", "clear", "finding", "pending", "not_checkable"
]
Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
Direction: TypeAlias = Literal["", "over", "under"]
EvidenceClass: TypeAlias = Literal["E0", "E1", "E2", "E3"]
Asks: TypeAlias = Literal["claim", "ask", "waste", "info"]
"""Which of the buckets of the report a finding's money goes to; only claims enter the headline."""

VERDICTS: tuple[Verdict, ...] = (
    "finding",
    "match",
    "within_tolerance",
    "explained",
    "clear",
    "pending",
    "not_checkable",
)
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


class Proof(Struct, frozen=True, kw_only=True):
    """One row of evidence: what it says, whose count it is, and where it stands in the ledger."""

    says: str
    table: str
    key: str
    value: str
    evidence_class: EvidenceClass = "E0"
    as_of: datetime | None = None


class Stake(Struct, frozen=True, kw_only=True):
    """Money at risk, and the pool that it belongs to: no micro of a pool is claimed twice.

    Pools: ``document:CONNECTOR/INVOICE`` for what a document bills beyond delivery, and
    ``campaign:CONNECTOR/ACCOUNT/CAMPAIGN/2026-10`` for what delivery cost beyond the contract.
    """

    pool: str
    micros: int
    also: tuple[str, ...] = ()
    """Further pools that the money may lie in, such as the other documents of a group."""
    lines_of: str = ""
    """The campaign, or the one line, whose lines hold the money (its subject); "" where any may."""


class Outcome(Struct, frozen=True, kw_only=True):
    """The judgement of one check on one subject in one month. Amounts are micros of ``currency``."""

    check_id: str
    subject: str
    verdict: Verdict
    flags: tuple[str, ...] = ()
    connector: str = ""
    platform: str = ""
    account_id: str = ""
    campaign_id: str = ""
    invoice_id: str = ""
    window: Window
    currency: str = ""
    billed_micros: int | None = None
    expected_micros: int | None = None
    diff_micros: int | None = None
    tolerance_micros: int | None = None
    residual_micros: int | None = None
    at_risk_micros: int = 0
    stakes: tuple[Stake, ...] = ()
    severity: Severity = "info"
    asks: Asks = "info"
    confidence: Literal["", "low", "medium", "high"] = ""
    direction: Direction = ""
    formula: str = ""
    proof: tuple[Proof, ...] = ()
    explanation: str = ""
    """One sentence: subject, number, consequence; at most 140 characters."""
    next_step: str = ""
    figures: dict[str, int | str] = {}
    """Further figures of the check, such as ``{"tax_micros": 76000000}``."""
