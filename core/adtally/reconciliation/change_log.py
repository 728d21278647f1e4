"""The platforms' own logs of changes: which days they are known for, and what was set on each of them.

A log proves something only as far as it has no hole: a change that was not fetched would tell another story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from ..calendar import Window, from_ordinal, local_day, to_ordinal
from . import sql_orders
from .owners import AccountId
from .reading import Reading
from .statuses import Changed, read_histories

LOOK_BACK = timedelta(days=400)
"""How far before the month a change is looked for."""


class Control(NamedTuple):
    """How a campaign is set today."""

    status: str = ""
    budget_id: str = ""
    budget_micros: int | None = None
    budget_period: str = ""


class ChangeLog:
    """Who keeps a log, how far it is known around the month, and the changes in it."""

    def __init__(self, reading: Reading) -> None:
        self._month = reading.month
        self._days: defaultdict[AccountId, set[int]] = defaultdict(set)
        since = {"first": to_ordinal(reading.month.first_day - LOOK_BACK), "known_at": reading.known.at}
        for platform, account_id, first, last, asked_on in reading.conn.execute(sql_orders.LOG_CELLS, since):
            days = self._days[platform, account_id]
            if first is not None:
                over = min(asked_on, to_ordinal(reading.known.on)) if asked_on is not None else first
                days.update(range(max(first, since["first"]), min(last + 1, over)))
        self._reach = {account: self._around_month(days) for account, days in self._days.items()}
        self.statuses = read_histories(reading.conn)
        self.budgets: dict[tuple[str, str, str], list[Changed]] = {}
        """By platform, account, and campaign or shared budget; values in micros."""
        for platform, account_id, entity_id, at, old, new in reading.conn.execute(sql_orders.BUDGET_CHANGES):
            changed = Changed.told(at, old, new)
            self.budgets.setdefault((platform, account_id, entity_id), []).append(changed)
        self.controls: Mapping[tuple[str, str, str], Control] = {
            (platform, account_id, campaign_id): Control(*values)
            for platform, account_id, campaign_id, *values in reading.conn.execute(sql_orders.CONTROLS)
        }

    def keeps(self, account: AccountId) -> bool:
        """Whether somebody could have fetched a log of the account."""
        return account in self._days

    def is_known(self, account: AccountId) -> bool:
        """Whether the log is fetched for the whole month."""
        return self._reach.get(account) is not None

    def reaches_today(self, account: AccountId) -> bool:
        """Whether it is fetched without a hole from the month to now: what is set today was set by it."""
        reach = self._reach.get(account)
        return reach is not None and to_ordinal(reach.last_day) == max(self._days[account])

    def within(self, account: AccountId, changes: Sequence[Changed], timezone: str) -> list[Changed]:
        """The changes with no hole of the log between them and the month."""
        reach = self._reach.get(account)
        return [change for change in changes if reach and local_day(change.at, timezone) in reach]

    def _around_month(self, days: set[int]) -> Window | None:
        first, last = to_ordinal(self._month.first_day), to_ordinal(self._month.last_day)
        if any(day not in days for day in range(first, last + 1)):
            return None
        while first - 1 in days:
            first -= 1
        while last + 1 in days:
            last += 1
        return Window(from_ordinal(first), from_ordinal(last))
