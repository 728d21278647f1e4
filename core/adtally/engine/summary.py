"""What a sync did, in numbers and in words for those who must act."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, field

UnitStatus: TypeAlias = Literal["done", "failed", "denied", "not_offered", "skipped", "waiting"]


class Failure(Struct, frozen=True, kw_only=True):
    """What did not come, why, and the command to run once the cause is gone."""

    connector: str
    account_id: str = ""
    report: str = ""
    first_day: date | None = None
    last_day: date | None = None
    error: str
    message: str
    retry: str
    not_before: str | None = None
    """The instant from which on a quota is there again, where the platform said so."""


class UnitEnd(Struct, frozen=True, kw_only=True):
    """How one unit went. ``rows`` were written or moved to the history."""

    run_id: str
    connector: str
    account_id: str
    report: str
    first_day: date
    last_day: date
    status: UnitStatus
    rows: int
    seconds: float
    error: str


class UnitCounts(Struct, kw_only=True):
    done: int = 0
    skipped: int = 0
    failed: int = 0


class Run(Struct, kw_only=True):
    """One sync. ``rows`` counts the rows that were written or moved to the history, by table."""

    run_id: str
    units: UnitCounts = field(default_factory=UnitCounts)
    rows: dict[str, int] = field(default_factory=dict[str, int])
    requests: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list[Failure])
    notes: list[str] = field(default_factory=list[str])
    """What was left out on purpose: accounts seen twice, reports that the platform does not offer."""
    planned: int = 0
    """Units that were to be fetched."""
    started: int = 0
    """Connectors that got past their credentials, or had nothing to fetch."""

    @property
    def exit_code(self) -> int:
        """0 all came, 3 something did not, 4 nothing could even start."""
        if not self.failures:
            return 0
        return 3 if self.units.done or self.started else 4


class Progress:
    """What a sync tells whoever watches, one call at a time; this one tells nobody."""

    def started(self, connector: str, accounts: int, units: int) -> None:
        """The connector's accounts are known and its units planned."""

    def unit_ended(self, end: UnitEnd) -> None:
        """A unit is through, however it went."""

    def failed(self, failure: Failure) -> None:
        """A whole connector or account did not come."""

    def waiting(self, connector: str, seconds: float) -> None:
        """A worker waits because the platform said so."""

    def finished(self, connector: str) -> None:
        """Every unit of the connector is done with."""
