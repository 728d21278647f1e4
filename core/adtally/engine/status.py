"""How far the ledger's data reaches, what did not come, and how far the numbers can be trusted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from itertools import groupby

from msgspec.structs import replace

from ..calendar import Window, from_ordinal, instant_text, to_ordinal
from ..ledger import Connection, Ledger
from .day_states import DayState, FeedStatus, GrainGap, Status, Trouble
from .drift import Tally, drift, watch
from .known_feeds import KnownFeed, asked_days, newest_complete_day, read_feeds, retry_command
from .retention import expiring
from .sums import compare_grains, day_sums

WAITING = "the platform is preparing the report that was ordered; the next sync collects it"
_BEGAN = "SELECT MIN(day) FROM delivery_facts WHERE feed = ?"
_NEWEST = "SELECT MAX(done_at) FROM unit_cells"
_SHARED = """
SELECT a.platform, a.account_id, GROUP_CONCAT(a.connector, ', ')
FROM (SELECT DISTINCT a.platform, a.account_id, a.connector, f.grain FROM feeds AS f
      JOIN accounts AS a ON a.account_key = f.account_key WHERE f.records LIKE '%Delivery%') AS a
GROUP BY a.platform, a.account_id, a.grain
HAVING COUNT(*) > 1
"""


def read_status(ledger: Ledger, window: Window, today: date) -> Status:
    """The state of each day of the window for every delivery report, and every unit that did not come.

    Beside them, for the same days: whether the grains of an account agree, how long each platform's numbers
    moved, and which days will soon be lost. Each fact row is read at most once, in order of its key, or twice
    where an account has several grains.
    """
    conn = ledger.conn
    known = read_feeds(conn)
    feeds: list[FeedStatus] = []
    gaps: list[GrainGap] = []
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for _, of_account in groupby(known, key=lambda feed: feed.account_key):
        delivered = [feed for feed in of_account if feed.has_delivery]
        sums = {feed.feed: day_sums(conn, feed.feed, window) for feed in delivered}
        for feed in delivered:
            feeds.append(_feed_status(conn, feed, sums[feed.feed], window, today))
            if feed.is_money and feed.cadence == "daily":
                watch(conn, feed, sums[feed.feed], window, tallies[feed.platform])
        gaps += compare_grains(conn, delivered, sums, window)
    newest = conn.execute(_NEWEST).fetchone()[0]
    return Status(
        today=today,
        as_of=_instant(newest) if newest else "",
        feeds=tuple(feeds),
        troubles=tuple(_merged(trouble for feed in known for trouble in _troubles(feed))),
        seen_twice=tuple(
            f"{platform} account {account} is synced by {connectors}"
            for platform, account, connectors in conn.execute(_SHARED)
        ),
        sums=tuple(gaps),
        drift=tuple(drift(platform, tally) for platform, tally in sorted(tallies.items())),
        retention=tuple(found for feed in known if (found := expiring(feed, window, today))),
    )


def _feed_status(
    conn: Connection, feed: KnownFeed, with_rows: Collection[int], window: Window, today: date
) -> FeedStatus:
    days = asked_days(feed, window, today)
    began = conn.execute(_BEGAN, (feed.feed,)).fetchone()[0]
    for day, state in days.items():
        if state == "final" and to_ordinal(day) not in with_rows:
            days[day] = "zero" if began is not None and to_ordinal(day) > began else "inactive"
    counts: Counter[DayState] = Counter(days.values())
    first, last = to_ordinal(window.first_day), to_ordinal(window.last_day)
    return FeedStatus(
        connector=feed.connector,
        platform=feed.platform,
        account_id=feed.account_id,
        account_name=feed.account_name,
        currency=feed.currency,
        timezone=feed.timezone,
        report=feed.report,
        grain=feed.grain,
        newest_complete_day=newest_complete_day(feed.cells),
        days=days,
        counts=dict(counts),
        rows=sum(cell.rows for cell in feed.cells if cell.first <= last and cell.last >= first),
    )


def _troubles(feed: KnownFeed) -> list[Trouble]:
    asked_again = (
        feed.cells[-1:] if feed.cadence == "snapshot" else feed.cells
    )  # today's heals an older failure
    return [
        Trouble(
            connector=feed.connector,
            account_id=feed.account_id,
            report=feed.report,
            first_day=from_ordinal(cell.first),
            last_day=from_ordinal(cell.last),
            status=cell.status,
            message=cell.error or WAITING,
            retry=retry_command(feed),
        )
        for cell in asked_again
        if cell.status != "done"
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
