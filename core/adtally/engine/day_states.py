"""What ``status`` tells: the state of each day, and what its numbers are worth."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from ..connector import MetricGroup

DayState: TypeAlias = Literal[
    "final", "restated", "partial", "zero", "missing", "failed", "denied", "inactive"
]
GapVerdict: TypeAlias = Literal["equal", "rounding", "lacking", "unexplained"]

SIGNS: dict[DayState, str] = {
    "final": ".",
    "restated": "~",
    "partial": "/",
    "zero": "0",
    "missing": "?",
    "failed": "x",
    "denied": "!",
    "inactive": "-",
}


class Trouble(Struct, frozen=True, kw_only=True):
    """A unit that did not come, or not yet, and what to do."""

    connector: str
    account_id: str
    report: str
    first_day: date
    last_day: date
    status: Literal["failed", "denied", "not_offered", "waiting"]
    message: str
    retry: str
    """The command to run once the cause is gone."""


class FeedStatus(Struct, frozen=True, kw_only=True):
    """One report of one account."""

    connector: str
    platform: str
    account_id: str
    account_name: str
    currency: str
    timezone: str
    report: str
    grain: str = "campaign"
    newest_complete_day: date | None
    days: dict[date, DayState]
    counts: dict[DayState, int] = {}
    """How many of ``days`` are in each state."""
    rows: int = 0
    """Records in the newest answers of the units that touch these days; as many were stored."""


class GrainGap(Struct, frozen=True, kw_only=True):
    """The sums of an account's rows at one grain beside those of its campaigns, over the same days.

    Only days count that both have, and whose cost and clicks are final in both; days with two currencies do
    not. None: a row does not tell. A gap is the grain's sum less that of the campaigns.
    """

    connector: str
    platform: str
    account_id: str
    month: str
    currency: str
    grain: str
    days: int
    rows: int
    campaign_rows: int
    cost_micros: int | None
    campaign_cost_micros: int | None
    cost_gap_micros: int | None
    cost_bound_micros: int
    """How much of the gap of cost rounding can explain; impressions and clicks are not rounded."""
    impressions: int | None
    campaign_impressions: int | None
    impressions_gap: int | None
    clicks: int | None
    campaign_clicks: int | None
    clicks_gap: int | None
    verdict: GapVerdict
    """``lacking``: finer rows are short, as campaigns without ads make them; ``unexplained``: look at it."""
    says: str
    """The gap beyond rounding, in words; "" when there is none."""
    cause: str
    """What makes such a gap, or ""."""
    retry: str
    """The command that asks again for an unexplained gap, or ""."""


class Moved(Struct, frozen=True, kw_only=True):
    """How much numbers of some ages changed: micros of cost and conversions, or clicks."""

    ages: str
    """Days from the day of the numbers to the day (UTC) of the fetch that brought others, such as "4-7"."""
    currency: str
    """"" for counts."""
    changed: int
    """The sum of the absolute changes; a number that changed twice counts twice."""
    of: int
    """The newest sum of all rows of the days that were looked at again at these ages."""
    share_ppm: int | None
    """``changed`` in millionths of ``of``; None without a sum above zero."""


class MetricDrift(Struct, frozen=True, kw_only=True):
    """How long the numbers of one metric group moved."""

    metric: MetricGroup
    final_after: int
    """Days after which the checks take these numbers as final."""
    moved_until_days: int | None
    """The oldest age at which a number changed; None when none did."""
    ages: tuple[Moved, ...]


class Drift(Struct, frozen=True, kw_only=True):
    """How long a platform's numbers move, by what adtally itself saw change."""

    platform: str
    restated_days: int
    """Days for which adtally asks again."""
    watched_until_days: int | None
    """The oldest age at which a day was looked at again; None when none was fetched twice."""
    metrics: tuple[MetricDrift, ...]
    warning: str
    """Why ``restated_days`` is too short; "" when nothing says so."""


class Expiring(Struct, frozen=True, kw_only=True):
    """Days of one report that did not come and that the platform soon no longer answers for."""

    connector: str
    platform: str
    account_id: str
    report: str
    first_day: date
    last_day: date
    days: int
    """Days at stake between these two."""
    counts: dict[DayState, int]
    retention_days: int
    stops_on: date
    """The day from which the platform no longer answers for ``first_day``."""
    retry: str


class Status(Struct, frozen=True, kw_only=True):
    """What is there, what is missing, what may still change."""

    today: date
    as_of: str
    """The newest fetch, a UTC instant as text; "" when nothing was ever synced."""
    feeds: tuple[FeedStatus, ...]
    troubles: tuple[Trouble, ...]
    seen_twice: tuple[str, ...]
    """Sentences about accounts that two connectors see; the first configured one syncs them."""
    sums: tuple[GrainGap, ...] = ()
    drift: tuple[Drift, ...] = ()
    retention: tuple[Expiring, ...] = ()
