"""What is asked of X: parameters of lists, of active entities and of report jobs.

Source: X Ads API v12, "Analytics", "Active Entities", "Asynchronous Analytics", "Timezones" (snapshot of
2026-08-22; read 2026-11). A plain date is midnight by the account's clock; the end is exclusive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal, TypeAlias

from adtally import Unit, Window, batches, day_start

Entity: TypeAlias = Literal[
    "CAMPAIGN", "LINE_ITEM", "PROMOTED_TWEET", "PROMOTED_ACCOUNT", "FUNDING_INSTRUMENT"
]
Groups: TypeAlias = tuple[str, ...]

DAY = timedelta(days=1)
LATE_DAYS = 30
"""How much later than a day itself its changes are looked for."""
IDS_OF_FILTER, IDS_OF_POLL, IDS_OF_JOB = 200, 200, 20
"""The most ids that a filter, a look at jobs, and a job may name."""
IDS_AT_ONCE = 8 * IDS_OF_JOB
"""Asked for before their records are yielded: some 24 jobs, of the 100 that X works on for an account."""
PLACEMENTS = ("ALL_ON_TWITTER", "SPOTLIGHT", "TREND")

BILLING: Groups = ("BILLING",)
DELIVERY: Groups = ("BILLING", "ENGAGEMENT", "VIDEO")
WEB: Groups = ("WEB_CONVERSION",)
MOBILE: Groups = ("MOBILE_CONVERSION",)
OPTIONAL = (WEB, MOBILE)
"""What an account may lack without lacking reports."""
EVERYTHING = (DELIVERY, WEB, MOBILE)
"""Conversions are asked for apart, and those of apps apart from those of web sites."""

EVERY_STATE: Mapping[str, object] = {"count": 1000, "with_deleted": True}
"""Lists leave deleted things out, and with them ads that are not deleted but whose line item is."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report of up to 20 things at one placement, by day."""

    entity: Entity
    ids: tuple[str, ...]
    window: Window
    placement: str
    groups: Groups

    @property
    def params(self) -> dict[str, object]:
        return {
            "entity": self.entity,
            "entity_ids": ",".join(self.ids),
            "start_time": self.window.first_day,
            "end_time": self.window.last_day + DAY,
            "granularity": "DAY",
            "placement": self.placement,
            "metric_groups": ",".join(self.groups),
        }

    @property
    def key(self) -> str:
        """By what its id is remembered: a job for other things is another one."""
        return f"job {sha256(repr(self.params).encode()).hexdigest()[:16]}"


def active(entity: Entity, unit: Unit, campaigns: tuple[str, ...] = ()) -> dict[str, object]:
    """Whose metrics of the unit's days changed since they began; with campaigns, only theirs."""
    after = unit.window.last_day + DAY
    return {
        "entity": entity,
        "start_time": unit.window.first_day,
        "end_time": max(after, min(after + LATE_DAYS * DAY, unit.today)),
        "campaign_ids": ",".join(campaigns) or None,
    }


def jobs(
    entity: Entity,
    ids: Sequence[str],
    placed: Mapping[str, Collection[str]],
    groups: Sequence[Groups],
    unit: Unit,
) -> Iterator[Job]:
    """The jobs that tell everything about these ids, each at the placements that it was shown at."""
    for window in spans(unit.window, unit.account.timezone):
        for some in batches(ids, IDS_OF_JOB):
            for placement in PLACEMENTS:
                shown = tuple(one for one in some if placement in placed[one])
                if shown:
                    yield from (Job(entity, shown, window, placement, each) for each in groups)


def spans(window: Window, timezone: str) -> Iterator[Window]:
    """The days, parted where the clock changes; a day with another length than 24 hours stands alone.

    Whether X counts days on by 24 hours or by the clock is not said: so both are the same.
    """
    first, before = window.first_day, window.first_day - DAY
    for day in window:
        if _is_odd(day, timezone):
            if first <= before:
                yield Window(first, before)
            yield Window(day, day)
            first = day + DAY
        before = day
    if first <= window.last_day:
        yield Window(first, window.last_day)


def _is_odd(day: date, timezone: str) -> bool:
    return day_start(day + DAY, timezone) - day_start(day, timezone) != DAY
