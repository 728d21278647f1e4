"""How far the numbers of some days are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from ..connector import MetricGroup


class Coverage(Struct, frozen=True, kw_only=True):
    """How much of some days of an account is fetched, and until when the numbers may move."""

    missing_days: int = 0
    pending_until: Mapping[MetricGroup, date] = {}
    """Metric groups that are not final yet, with the day from which they are."""
    as_of: datetime | None = None

    @property
    def complete(self) -> bool:
        return self.missing_days == 0
