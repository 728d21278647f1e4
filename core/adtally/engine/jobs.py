"""Who syncs what: the accounts that the connectors see, each with its reports and their units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from ..calendar import local_day
from ..connector import Report
from ..ledger import Connection, Ledger
from ..ledger.amend import amend_cells
from ..ledger.keys import Feed, see_account, see_feed
from ..ledger.units import read_cells
from ..ledger.write import retire_feed
from ..money import exponent
from ..records import Account
from ..registry import Configured
from .plan import Horizon, Planned, plan


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to sync. Days are inclusive; ``accounts`` () = all."""

    first_day: date
    last_day: date | None = None
    accounts: tuple[str, ...] = ()
    full: bool = False
    workers: int = 8
    dry_run: bool = False
    seconds: float | None = None
    """The time that the run may take; None = as long as it needs."""
    configured: tuple[str, ...] = ()
    """All connectors of the configuration, also those not synced now, in its order; () = as given."""


@dataclass(slots=True)
class Job:
    """One account of one connector, and its units in the order of asking."""

    configured: Configured
    account: Account
    today: date
    account_key: int = 0
    left: int = 0
    """Units that nobody has begun with."""
    units: list[tuple[Feed, Planned, dict[str, str]]] = field(
        default_factory=list[tuple[Feed, Planned, dict[str, str]]]
    )


class Owners:
    """Which connector syncs which records of an account: of several on one platform, the first configured."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._owners: dict[tuple[str, str, str], str] = {}

    def stored(self, connector: str) -> None:
        """Let a connector that cannot say now what it sees keep what it has in the ledger."""
        rows = self._conn.execute(
            "SELECT a.platform, a.account_id, f.records, f.grain FROM feeds AS f "
            "JOIN accounts AS a ON a.account_key = f.account_key WHERE a.connector = ? AND f.records <> ''",
            (connector,),
        )
        for platform, account_id, records, grain in rows.fetchall():
            for record in records.split(","):
                self._owners.setdefault((platform, account_id, f"{record} {grain}"), connector)

    def claim(self, configured: Configured, account: Account, report: Report) -> str:
        """The connector that syncs these records of the account: this one, unless another was first."""
        platform = configured.connector.platform
        keys = [(platform, account.id, f"{record.__name__} {report.grain}") for record in report.records]
        others = {self._owners.setdefault(key, configured.name) for key in keys} - {configured.name}
        return min(others, default=configured.name)


def stored_file_accounts(conn: Connection, connector: str) -> list[Account]:
    """The accounts that files brought: also one that no file names any more must be read again, as empty."""
    rows = conn.execute(
        "SELECT a.account_id, a.currency, a.timezone FROM accounts AS a WHERE a.connector = ? AND EXISTS "
        "(SELECT 1 FROM feeds AS f "
        "WHERE f.account_key = a.account_key AND f.cadence = 'file' AND f.records <> '')",
        (connector,),
    )
    return [Account(id=id_, currency=currency, timezone=timezone) for id_, currency, timezone in rows]


def plan_job(
    ledger: Ledger,
    configured: Configured,
    account: Account,
    reports: Iterable[Report],
    wishes: Wishes,
    now: datetime,
) -> Job:
    """Note the account and its reports in the ledger, and plan what to fetch; a dry run notes nothing.

    What a vanished file brought moves to the history. Raises ContractError for an
    unknown time zone or currency.
    """
    if account.currency:
        exponent(account.currency)  # amounts in an unknown currency would be scaled by a guess
    job = Job(configured, account, local_day(now, account.timezone))
    horizon = Horizon(wishes.first_day, wishes.last_day, job.today, wishes.full)
    names = set[str]()
    with ledger.transaction(keep=not wishes.dry_run):
        key = see_account(ledger.conn, configured.name, configured.connector.platform, account, now)
        job.account_key = key
        for report in reports:
            names.add(report.name)
            feed = see_feed(ledger.conn, key, configured.name, account, report)
            amend_cells(ledger.conn, feed, job.today, now)
            cells = read_cells(ledger.conn, feed.feed)
            for planned in plan(report, cells, horizon):
                state = cells.get(planned.cell)
                job.units.append((feed, planned, state.remembered if state else {}))
        stored = ledger.conn.execute(
            "SELECT feed, report FROM feeds WHERE account_key = ? AND cadence = 'file' AND records <> ''",
            (key,),
        )
        for number, name in stored.fetchall():
            if name not in names:
                retire_feed(ledger.conn, number, int(now.timestamp()))
    job.left = len(job.units)
    return job
