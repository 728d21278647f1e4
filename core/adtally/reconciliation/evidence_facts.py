"""Evidence as the checks see it: counts and records beside campaigns, and what is known of their sources."""

from __future__ import annotations

from msgspec import Struct

from ..calendar import Window
from ..money import MICROS
from .coverage_facts import Coverage

LOWER_BOUNDS = frozenset({"sampled", "thresholded", "other_row", "truncated"})
"""Flags of counts that may lack something: enough to confirm by, never to convict by."""


class EvidenceSum(Struct, frozen=True, kw_only=True):
    """Evidence of one source, kind and class, joined to the campaign by a verified key."""

    connector: str = ""
    """The table of the configuration that brought it, and ``account_id`` its account there."""
    account_id: str = ""
    source_id: str
    kind: str
    evidence_class: str
    quantity: int
    """Whole units of what was not refused, taken back or a test."""
    records: int
    view_through: int = 0
    """The part of ``quantity`` that followed no click: people who only saw the ad."""
    flags: tuple[str, ...] = ()
    """Every flag of any of its rows, in order."""

    @property
    def is_lower_bound(self) -> bool:
        return not LOWER_BOUNDS.isdisjoint(self.flags)

    @property
    def acted(self) -> int:
        """Whole units of people who did something with the ad."""
        return self.quantity - self.view_through


class EvidenceSource(Struct, frozen=True, kw_only=True):
    """One account of one connector that brings evidence, in one month."""

    connector: str
    account_id: str
    timezone: str = "UTC"
    kinds: tuple[str, ...] = ()
    """The kinds of which it has any row in the month."""
    coverage: Coverage = Coverage()
    file_days: Window | None = None
    """Of a file the first and the last day of the month with any row; None where days were asked for."""
    unmapped: dict[str, int] = {}
    """By kind: whole units whose key means no campaign that is known."""


class TaggedShare(Struct, frozen=True, kw_only=True):
    """The part of an account's billed money whose campaigns a kind of evidence has a verified key for."""

    connector: str
    account_id: str
    currency: str
    kind: str
    ppm: int


class SessionTrail(Struct, frozen=True, kw_only=True):
    """Sessions and clicks of an account's campaigns that have both, in the days before the month."""

    connector: str
    account_id: str
    window: Window
    clicks: int
    sessions: int

    @property
    def ratio_ppm(self) -> int:
        return self.sessions * MICROS // self.clicks


class ServiceCredit(Struct, frozen=True, kw_only=True):
    """What a document gave back for invalid traffic, in micros above zero."""

    connector: str
    account_id: str
    currency: str
    campaign_id: str = ""
    """"" = of the whole account."""
    amount_micros: int
    key: str
    """Connector, document and line."""
    of_month: bool = True
    """False: a later document that does not say for which month, so that it may be for this one."""
