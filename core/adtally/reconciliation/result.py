"""What ``adtally.reconcile`` gives back: findings as people work them, and the numbers around them."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from ..calendar import Window
from .drift import Drift
from .facts import Facts
from .verdicts import VERDICTS, Asks, Direction, Outcome, Proof, Severity, Verdict

State: TypeAlias = Literal["open", "acknowledged", "closed", "resolved"]


class Finding(Struct, frozen=True, kw_only=True):
    """One finding with its life: the same check, subject and month keep the same id from run to run."""

    finding_id: str
    check_id: str
    subject: str
    month: str
    verdict: Verdict
    severity: Severity
    asks: Asks
    direction: Direction
    confidence: str
    state: State = "open"
    connector: str
    platform: str
    account_id: str
    campaign_id: str
    invoice_id: str
    first_day: date
    last_day: date
    currency: str
    billed_micros: int | None
    expected_micros: int | None
    diff_micros: int | None
    tolerance_micros: int | None
    residual_micros: int | None
    at_risk_micros: int
    formula: str
    evidence: tuple[Proof, ...]
    explanation: str
    next_step: str
    flags: tuple[str, ...] = ()
    figures: dict[str, int | str] = {}
    first_seen: datetime
    last_seen: datetime


class Support(Struct, frozen=True, kw_only=True):
    """The three buckets of one platform and currency, and what fits none of them. They are never mixed.

    ``backed_micros`` and ``unbacked_micros`` split what was paid per action where evidence is connected;
    ``platform_word_micros`` was paid per action and only the platform's own count says so;
    ``per_view_micros`` was paid per view (cpm, vcpm, flat); ``unknown_micros`` has no known pricing model.
    """

    platform: str
    currency: str
    backed_micros: dict[str, int]
    """By evidence class: E1, E2, E3."""
    unbacked_micros: int
    platform_word_micros: int
    per_view_micros: int
    per_view_interactions: int | None
    unknown_micros: int

    @property
    def billed_micros(self) -> int:
        per_action = sum(self.backed_micros.values()) + self.unbacked_micros + self.platform_word_micros
        return per_action + self.per_view_micros + self.unknown_micros


class Detail(Struct, frozen=True, kw_only=True):
    """Everything that was seen and said of a month: as many rows as there are campaigns and checks."""

    facts: Facts
    outcomes: tuple[Outcome, ...]

    def packed(self) -> bytes:
        """As the ledger keeps it, a tenth of the size."""
        return zlib.compress(msgspec.msgpack.encode(self), level=1)


@lru_cache(maxsize=1)
def unpacked(packed: bytes) -> Detail:
    """What ``Detail.packed`` made; only the last one stays in memory."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=Detail)


class Month(Struct, frozen=True, kw_only=True):
    """One judged calendar month; its detail is unpacked when it is looked at."""

    month: Window
    detail: bytes
    findings: tuple[Finding, ...]
    support: tuple[Support, ...]

    @property
    def facts(self) -> Facts:
        return unpacked(self.detail).facts

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return unpacked(self.detail).outcomes


class Result(Struct, frozen=True, kw_only=True):
    """Every judged month, oldest first."""

    period: Window
    months: tuple[Month, ...]
    since_closing: tuple[Drift, ...] = ()
    """Of a report: what changed since those of the months that were closed."""

    @property
    def findings(self) -> list[Finding]:
        """Claims first, then by severity and money within a currency."""
        return [finding for month in self.months for finding in month.findings]

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome for month in self.months for outcome in month.outcomes]

    def document(self) -> dict[str, object]:
        """The result as ``reconcile --json`` prints it."""
        findings = self.findings
        counts = Counter(o.verdict for month in self.months for o in month.outcomes)
        at_risk: dict[str, int] = {}
        for finding in findings:
            if finding.asks == "claim":
                at_risk[finding.currency] = at_risk.get(finding.currency, 0) + finding.at_risk_micros
        return {
            "period": {"first_day": self.period.first_day, "last_day": self.period.last_day},
            "counts": {verdict: counts[verdict] for verdict in VERDICTS},
            "findings": findings,
            "not_checkable": [
                {
                    "check_id": o.check_id,
                    "subject": o.subject,
                    "first_day": o.window.first_day,
                    "why": o.explanation,
                }
                for month in self.months
                for o in month.outcomes
                if o.verdict == "not_checkable"
            ],
            "at_risk_micros": at_risk,
            "support": [row for month in self.months for row in month.support],
        }
