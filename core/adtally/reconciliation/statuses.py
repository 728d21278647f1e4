"""Days on which a campaign stood still, from the history of status changes; today's status proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from ..calendar import DAY, Window, day_start
from ..ledger import Connection
from . import sql

ACTIVE = frozenset(["active", "enable", "enabled", "live", "running"])
"""The platforms' last words for a campaign that may run (CAMPAIGN_STATUS_ENABLE); with others it may not."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of one value; "" where the platform does not say."""

    at: datetime
    old: str
    new: str

    @classmethod
    def told(cls, at: str, old: str, new: str) -> Self:
        return cls(datetime.fromisoformat(at), old, new)


Histories = Mapping[tuple[str, str, str], Sequence[Changed]]
"""By platform, account and campaign id ("" for the account itself), oldest change first."""


def read_histories(conn: Connection) -> Histories:
    """The status changes of all campaigns and accounts."""
    found: defaultdict[tuple[str, str, str], list[Changed]] = defaultdict(list)
    for platform, account_id, level, entity_id, at, old, new in conn.execute(sql.STATUS_CHANGES):
        of_account = level == "account" and entity_id == account_id
        if of_account or level == "campaign":
            key = (platform, account_id, "" if of_account else entity_id)
            found[key].append(Changed.told(at, old, new))
    return found


def is_active(status: str) -> bool:
    return status.casefold().rpartition("_")[2] in ACTIVE


def paused_days(changes: Sequence[Changed], window: Window, timezone: str) -> set[date]:
    """The days of the window on which the thing was not active at any moment, by the clock of the zone."""
    if not changes:
        return set()
    return {
        day
        for day in window
        if all(status and not is_active(status) for status in values_on(changes, day, timezone))
    }


def values_on(changes: Sequence[Changed], day: date, timezone: str) -> list[str]:
    """What was set when the day began, and what it was changed to before it ended. At least one change."""
    start, end = day_start(day, timezone), day_start(day + DAY, timezone)
    before = [change.new for change in changes if change.at <= start]
    after = [change.old for change in changes if change.at > start]
    at_start = before[-1] if before else after[0]
    return [at_start, *(change.new for change in changes if start < change.at < end)]
