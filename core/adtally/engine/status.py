"""How far the ledger's data reaches, and what did not come: read from the units alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ..calendar import Window, from_ordinal, instant_text, to_ordinal
from ..ledger import Connection, Ledger
from .day_states import DayState, FeedStatus, Status, Trouble


class CellRow(Struct, frozen=True):
    """One cell of one feed, as ``status`` reads it."""

    first: int
    last: int
    status: Literal["done", "waiting", "failed", "denied", "not_offered"]
    error: str
    done_on: int | None


NEVER_CAME: dict[str, DayState] = {"denied": "denied", "failed": "failed", "not_offered": "inactive"}

_FEEDS = """
SELECT f.feed, a.connector, a.platform, a.account_id, a.name, a.currency, a.timezone, f.report, f.cadence,
  f.records, f.restated_days
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
ORDER BY a.connector, a.account_id, f.feed
"""
_CELLS = "SELECT first_day, last_day, status, error, done_on FROM unit_cells WHERE feed = ? ORDER BY cell"
_DAYS = "SELECT DISTINCT day FROM delivery_facts WHERE feed = ? AND day BETWEEN ? AND ? ORDER BY day"
_NEWEST = "SELECT MAX(done_at) FROM unit_cells"
_SHARED = """
SELECT a.platform, a.account_id, GROUP_CONCAT(a.connector, ', ')
FROM (SELECT DISTINCT a.platform, a.account_id, a.connector, f.grain FROM feeds AS f
      JOIN accounts AS a ON a.account_key = f.account_key WHERE f.records LIKE '%Delivery%') AS a
GROUP BY a.platform, a.account_id, a.grain
HAVING COUNT(*) > 1
"""


def read_status(ledger: Ledger, window: Window, today: date) -> Status:
    """The state of each day of the window for every delivery report, and every unit that did not come."""
    conn = ledger.conn
    feeds: list[FeedStatus] = []
    troubles: list[Trouble] = []
    for (
        feed,
        connector,
        platform,
        account,
        name,
        currency,
        zone,
        report,
        cadence,
        records,
        restated,
    ) in conn.execute(_FEEDS).fetchall():
        cells = [CellRow(*row) for row in conn.execute(_CELLS, (feed,))]
        asked_again = cells[-1:] if cadence == "snapshot" else cells  # today's answer heals an older failure
        troubles += _troubles(connector, account, report, asked_again)
        if "Delivery" not in records.split(",") or not cells:
            continue
        days = _days(conn, feed, cells, window, today, restated if cadence == "daily" else 0)
        feeds.append(
            FeedStatus(
                connector=connector,
                platform=platform,
                account_id=account,
                account_name=name,
                currency=currency,
                timezone=zone,
                report=report,
                newest_complete_day=_newest(cells),
                days=days,
            )
        )
    newest = conn.execute(_NEWEST).fetchone()[0]
    return Status(
        today=today,
        as_of=_instant(newest) if newest else "",
        feeds=tuple(feeds),
        troubles=tuple(_merged(troubles)),
        seen_twice=tuple(
            f"{platform} account {account} is synced by {connectors}"
            for platform, account, connectors in conn.execute(_SHARED)
        ),
    )


def _days(
    conn: Connection, feed: int, cells: Sequence[CellRow], window: Window, today: date, restated_days: int
) -> dict[date, DayState]:
    nothing: DayState = "inactive" if all(cell.status == "not_offered" for cell in cells) else "missing"
    states: dict[date, DayState] = dict.fromkeys((day for day in window if day < today), nothing)
    for cell in cells:
        done_on = from_ordinal(cell.done_on) if cell.done_on is not None else None
        days = Window(from_ordinal(cell.first), from_ordinal(cell.last)).overlap(window)
        for day in days or ():
            if day not in states:
                continue
            if done_on is None:
                states[day] = NEVER_CAME.get(cell.status, "missing")
            elif day >= done_on:
                states[day] = "partial"
            else:
                states[day] = "final" if (done_on - day).days > restated_days else "restated"
    bounds = to_ordinal(window.first_day), to_ordinal(window.last_day)
    filled = {from_ordinal(day) for (day,) in conn.execute(_DAYS, (feed, *bounds))}
    began = conn.execute("SELECT MIN(day) FROM delivery_facts WHERE feed = ?", (feed,)).fetchone()[0]
    for day, state in states.items():
        if state == "final" and day not in filled:
            states[day] = "zero" if began is not None and to_ordinal(day) > began else "inactive"
    return states


def _newest(cells: Iterable[CellRow]) -> date | None:
    done = [min(cell.last, cell.done_on - 1) for cell in cells if cell.done_on is not None]
    return from_ordinal(max(done)) if done else None


def _troubles(connector: str, account: str, report: str, cells: Iterable[CellRow]) -> list[Trouble]:
    return [
        Trouble(
            connector=connector,
            account_id=account,
            report=report,
            first_day=from_ordinal(cell.first),
            last_day=from_ordinal(cell.last),
            status=cell.status,
            message=cell.error,
            retry=f"adtally sync {connector} --account {account}",
        )
        for cell in cells
        if cell.status in ("failed", "denied", "not_offered")
    ]


def _merged(troubles: Iterable[Trouble]) -> list[Trouble]:
    """Neighbouring windows with one cause as one trouble."""
    groups: defaultdict[tuple[str, str, str, str, str], list[Trouble]] = defaultdict(list)
    for trouble in troubles:
        key = (trouble.connector, trouble.account_id, trouble.report, trouble.status, trouble.message)
        groups[key].append(trouble)
    merged = list[Trouble]()
    for group in groups.values():
        first, last = min(t.first_day for t in group), max(t.last_day for t in group)
        merged.append(replace(group[0], first_day=first, last_day=last))
    return merged


def _instant(seconds: int) -> str:
    return instant_text(datetime.fromtimestamp(seconds, UTC))
