"""The days on which campaigns were paused from midnight to midnight, and what those days cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from ..calendar import Window
from .change_log import ChangeLog, Control
from .order_facts import PausedDays
from .owners import Owner
from .statuses import is_active, paused_days


def standstill(log: ChangeLog, owner: Owner, campaign_id: str, month: Window) -> PausedDays | None:
    """The paused days of the campaign, or of its whole account; None where no platform keeps a log.

    A campaign without a change is known only if it may run today: nobody tells since when it may not.
    """
    account, zone = owner.account, owner.timezone
    if not log.keeps(account):
        return None
    if not log.is_known(account):
        return PausedDays(unknown="log")
    own, of_account = (
        log.within(account, log.statuses.get((*account, entity), ()), zone) for entity in (campaign_id, "")
    )
    control = log.controls.get((*account, campaign_id), Control())
    if not own and not (log.reaches_today(account) and is_active(control.status)):
        return PausedDays(unknown="value")
    days = paused_days(own, month, zone) | paused_days(of_account, month, zone)
    changes = sorted((change.at, change.old, change.new) for change in (*own, *of_account))
    return PausedDays(days=tuple(sorted(days)), changes=tuple(changes) if days else ())


def with_costs(paused: PausedDays, costs: Mapping[date, int]) -> PausedDays:
    """The same days with what they cost, in micros by day."""
    return replace(paused, costs=tuple((day, costs[day]) for day in paused.days if costs.get(day)))
