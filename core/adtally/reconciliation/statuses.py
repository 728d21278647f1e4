"""Days on which a campaign stood still, from the history of status changes; today's status proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..calendar import DAY, Window, day_start
from ..ledger import Connection
from . import sql

ACTIVE = frozenset(["active", "enable", "enabled", "live", "running"])
"""The platforms' last words for a campaign that may run (CAMPAIGN_STATUS_ENABLE); with others it may not."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    at: datetime
    old: str
    new: str


Histories = Mapping[tuple[str, str, str], Sequence[StatusChange]]
"""By platform, account and campaign id ("" for the account itself), oldest change first."""


def read_histories(conn: Connection, campaigns: Collection[tuple[str, str, str]]) -> Histories:
    """The status changes of these campaigns and of their accounts."""
    accounts = {(platform, account_id) for platform, account_id, _ in campaigns}
    found: defaultdict[tuple[str, str, str], list[StatusChange]] = defaultdict(list)
    for platform, account_id, level, entity_id, at, old, new in conn.execute(sql.STATUS_CHANGES):
        of_account = level == "account" and entity_id == account_id
        key = (platform, account_id, "" if of_account else entity_id)
        if (of_account and (platform, account_id) in accounts) or (level == "campaign" and key in campaigns):
            found[key].append(StatusChange(datetime.fromisoformat(at), old, new))
    return found


def paused_days(changes: Sequence[StatusChange], window: Window, timezone: str) -> set[date]:
    """The days of the window on which the thing was not active at any moment, by the clock of the zone."""
    if not changes:
        return set()
    return {
        day
        for day in window
        if _stood_still(changes, day_start(day, timezone), day_start(day + DAY, timezone))
    }


def _stood_still(changes: Sequence[StatusChange], start: datetime, end: datetime) -> bool:
    before = [change.new for change in changes if change.at <= start]
    after = [change.old for change in changes if change.at > start]
    at_start = before[-1] if before else after[0]
    during = [change.new for change in changes if start < change.at < end]
    return all(
        status and status.casefold().rpartition("_")[2] not in ACTIVE for status in (at_start, *during)
    )
