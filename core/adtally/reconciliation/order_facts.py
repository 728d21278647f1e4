"""What the checks see of a campaign's switches: days on which it stood still, and its daily budget."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from ..calendar import Window

Unknown: TypeAlias = Literal["", "log", "value"]
"""Why a history is not known: the log lacks days, or tells no change and today's value proves nothing."""


class PausedDays(Struct, frozen=True, kw_only=True):
    """The days of a month on which a campaign, or its account, was paused from midnight to midnight."""

    days: tuple[date, ...] = ()
    costs: tuple[tuple[date, int], ...] = ()
    """Those of the days that cost something, in micros."""
    changes: tuple[tuple[datetime, str, str], ...] = ()
    """The changes of status behind that: when, from what, to what."""
    unknown: Unknown = ""
    """Not "": no day is known to be paused or not."""


class DailyBudget(Struct, frozen=True, kw_only=True):
    """A daily budget of one campaign, or of several that share it, over one month."""

    connector: str
    platform: str
    account_id: str
    budget_id: str
    campaigns: tuple[str, ...]
    """Ids of the campaigns with rows in the month that the budget is for."""
    shared: bool = False
    in_force: tuple[tuple[Window, int], ...] = ()
    """Micros a day, over the days on which some of the campaigns could run; of a change the larger counts."""
    heavy: tuple[tuple[date, int], ...] = ()
    """Days that cost more than twice the smallest budget of the month, with the cost in micros."""
    unknown: Unknown = ""
    """Not "": the budget of some days is not known, ``in_force`` is empty."""

    @property
    def subject(self) -> str:
        name = f"budget:{self.budget_id}" if self.shared else self.campaigns[0]
        return f"{self.connector}/{self.account_id}/{name}"
