"""How many clicks of an account usually arrive as sessions: what the quarter before the month tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from ..calendar import DAY, Window
from ..money import MICROS
from . import sql_counts
from .campaign_days import TRAIL_DAYS
from .evidence import read_days, read_files
from .evidence_facts import SessionTrail
from .facts import CampaignMonth
from .mapping import CampaignKeys, CampaignRef
from .owners import AccountId
from .reading import Reading, bounds

SESSION = "session"
ENOUGH = 400
"""Clicks below which the share that arrived is known to no better than some 2.5 points."""


def read_session_trails(
    reading: Reading, keys: CampaignKeys, campaigns: Iterable[CampaignMonth]
) -> Iterator[SessionTrail]:
    """One for each account with sessions in the month whose days before are known, on both sides.

    Of too few clicks there is none. A campaign counts with the largest count that one source has of it, if it
    has clicks, too. What a file does not name is not known.
    """
    month = reading.month
    window = Window(month.first_day - timedelta(days=TRAIL_DAYS), month.first_day - DAY)
    accounts = _fetched(reading, campaigns, window)
    if not accounts:
        return
    sessions = _sessions(reading, keys, window)
    conn = reading.conn
    conn.execute(sql_counts.TRAILING)
    conn.execute(sql_counts.FORGET_TRAILING)
    conn.executemany("INSERT INTO temp.trailing VALUES (?)", [(key,) for key in accounts.values()])
    sums: defaultdict[AccountId, Counter[str]] = defaultdict(Counter)
    for key, campaign_id, clicks in conn.execute(sql_counts.CLICKS, bounds(window)):
        account = reading.owners.by_key[key].account
        counted = sessions.get((account, campaign_id))
        if counted and clicks > 0:
            sums[account] += Counter(clicks=clicks, sessions=counted)
    for account, both in sums.items():
        if both["clicks"] < ENOUGH:
            continue
        owner = reading.owners.main(account)
        yield SessionTrail(
            connector=owner.connector,
            account_id=owner.account_id,
            window=window,
            clicks=both["clicks"],
            sessions=both["sessions"],
        )


def _fetched(reading: Reading, campaigns: Iterable[CampaignMonth], window: Window) -> dict[AccountId, int]:
    """The accounts, with their keys, whose clicks and sources of sessions are known for all the days."""
    keys = {(owner.connector, owner.account_id): key for key, owner in reading.owners.by_key.items()}
    sources: defaultdict[AccountId, set[int]] = defaultdict(set)
    for campaign in campaigns:
        for row in campaign.evidence:
            if row.kind == SESSION:
                account = (campaign.platform, campaign.account_id)
                sources[account].add(keys[row.connector, row.account_id])
    if not sources:
        return {}
    files, days = read_files(reading), read_days(reading, window)
    return {
        account: reading.owners.main(account).key
        for account, own in sources.items()
        if own.isdisjoint(files)
        and all(days.coverage([key], window).complete for key in own)
        and reading.days.coverage([reading.owners.main(account).key], window).complete
    }


def _sessions(reading: Reading, keys: CampaignKeys, window: Window) -> dict[CampaignRef, int]:
    """Sessions by campaign: of several sources the largest count."""
    found: defaultdict[CampaignRef, Counter[int]] = defaultdict(Counter)
    for key, key_kind, value, hint, micros in reading.conn.execute(sql_counts.SESSIONS, bounds(window)):
        evidence = reading.owners.by_key[key].connector
        campaign = keys.find(evidence, key_kind, value, account_hint=hint)
        if campaign is not None:
            found[campaign][key] += micros
    return {campaign: max(by_source.values()) // MICROS for campaign, by_source in found.items()}
