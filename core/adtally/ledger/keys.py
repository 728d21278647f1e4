"""The integers that stand for text in the facts: accounts, feeds, entities, currencies, actions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..calendar import instant_text
from ..connector import Report
from ..money import exponent
from ..records import Account

EntityIds = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Feed:
    """One report of one account, as the ledger knows it."""

    feed: int
    account_key: int
    connector: str
    account: Account
    report: Report


class Keys:
    """Looks keys up and hands out new ones. For the one process that may write."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._texts: dict[str, int] = dict(conn.execute("SELECT text, text_key FROM texts"))
        self._actions: dict[tuple[str, str], int] = {
            (action, attribution): key
            for key, action, attribution in conn.execute(
                "SELECT action_key, action, attribution FROM actions"
            )
        }
        self._last_entity: int = conn.execute("SELECT COALESCE(MAX(entity), 0) FROM entities").fetchone()[0]
        self._reserved: dict[tuple[int, EntityIds], int] = {}

    def text(self, text: str) -> int:
        key = self._texts.get(text)
        if key is None:
            key = self._conn.execute(
                "INSERT INTO texts (text) VALUES (?) RETURNING text_key", (text,)
            ).fetchone()[0]
            self._texts[text] = key
        return key

    def currency(self, code: str) -> int:
        """Raises ContractError for a code that is not in ISO 4217."""
        exponent(code)
        return self.text(code)

    def action(self, action: str, attribution: str) -> int:
        key = self._actions.get((action, attribution))
        if key is None:
            key = self._conn.execute(
                "INSERT INTO actions (action, attribution) VALUES (?, ?) RETURNING action_key",
                (action, attribution),
            ).fetchone()[0]
            self._actions[action, attribution] = key
        return key

    def entities(self, account_key: int) -> dict[EntityIds, int]:
        """The known entities of an account, by campaign, ad group and ad id."""
        rows = self._conn.execute(
            "SELECT campaign_id, ad_group_id, ad_id, entity FROM entities WHERE account_key = ?",
            (account_key,),
        )
        return {(campaign, group, ad): entity for campaign, group, ad, entity in rows}

    def new_entity(self, account_key: int, ids: EntityIds) -> int:
        """The key that these ids will have, whichever unit stores them first."""
        key = (account_key, ids)
        if key not in self._reserved:
            self._last_entity += 1
            self._reserved[key] = self._last_entity
        return self._reserved[key]

    def stored(self, account_key: int, entities: Iterable[EntityIds]) -> None:
        """Say that these entities are in the ledger: from now on they are found there."""
        for ids in entities:
            self._reserved.pop((account_key, ids), None)


def see_account(
    conn: sqlite3.Connection, connector: str, platform: str, account: Account, now: datetime
) -> int:
    """Note the account as seen now; returns its key."""
    at = instant_text(now)
    state = {
        "platform": platform,
        "name": account.name,
        "currency": account.currency,
        "timezone": account.timezone,
        "status": account.status,
        "manager_id": account.manager_id,
        "payment": account.payment,
        "last_seen": at,
    }
    columns = ("connector", "account_id", "first_seen", *state)
    update = ", ".join(f"{name} = excluded.{name}" for name in state)
    key: int = conn.execute(
        f"INSERT INTO accounts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (connector, account_id) DO UPDATE SET {update} RETURNING account_key",
        (connector, account.id, at, *state.values()),
    ).fetchone()[0]
    return key


def see_feed(
    conn: sqlite3.Connection, account_key: int, connector: str, account: Account, report: Report
) -> Feed:
    """The feed of this report, with the facts that the connector declares today."""
    final = report.final_after
    facts = (
        ",".join(record.__name__ for record in report.records),
        report.grain,
        report.cadence,
        report.restated_days,
        final["cost"],
        final["clicks"],
        final["conversions"],
        report.retention_days,
    )
    columns = (
        "records, grain, cadence, restated_days, final_cost, final_clicks, final_conversions, retention_days"
    )
    same = "(" + ", ".join(f"excluded.{name}" for name in columns.split(", ")) + f") IS NOT ({columns})"
    update = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", "))
    conn.execute(
        f"INSERT INTO feeds (account_key, report, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (account_key, report) DO UPDATE SET {update} WHERE {same}",
        (account_key, report.name, *facts),
    )
    feed: int = conn.execute(
        "SELECT feed FROM feeds WHERE account_key = ? AND report = ?", (account_key, report.name)
    ).fetchone()[0]
    return Feed(feed, account_key, connector, account, report)
