"""How far the data of each account has come, day by day."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

DayState: TypeAlias = Literal[
    "final", "restated", "partial", "zero", "missing", "failed", "denied", "inactive"
]

SIGNS: dict[DayState, str] = {
    "final": ".",
    "restated": "~",
    "partial": "/",
    "zero": "0",
    "missing": "?",
    "failed": "x",
    "denied": "x",
    "inactive": "-",
}


class Trouble(Struct, frozen=True, kw_only=True):
    """A unit that did not come, and what to do."""

    connector: str
    account_id: str
    report: str
    first_day: date
    last_day: date
    status: Literal["failed", "denied", "not_offered"]
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
    newest_complete_day: date | None
    days: dict[date, DayState]


class Status(Struct, frozen=True, kw_only=True):
    """What is there, what is missing, what may still change."""

    today: date
    as_of: str
    """The newest fetch, a UTC instant as text; "" when nothing was ever synced."""
    feeds: tuple[FeedStatus, ...]
    troubles: tuple[Trouble, ...]
    seen_twice: tuple[str, ...]
    """Sentences about accounts that two connectors see; the first configured one syncs them."""
