"""One reading of the ledger for one month: what every part of the facts is read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ..calendar import Window, to_ordinal
from ..ledger import Connection
from ..ledger.tables import COUNTRY, DELIVERY, EVIDENCE, HOURLY, INTERACTION
from . import sql
from .coverage import Days, Known
from .coverage_facts import Coverage
from .owners import AccountId, Owners

LOOK_BACK = timedelta(days=92)
"""How far before the month a running account may begin."""


@dataclass(frozen=True, slots=True)
class Reading:
    conn: Connection
    month: Window
    today: date
    known: Known
    owners: Owners
    days: Days

    @property
    def bounds(self) -> dict[str, int]:
        """The month as parameters of a query."""
        return bounds(self.month)

    def costs(self, account: AccountId, window: Window) -> tuple[dict[str, int | None], Coverage]:
        """What the account's delivery cost over some days, by currency, and how far that is known."""
        here = self.owners.by_account.get(account, [])
        coverage = self.days.coverage((owner.key for owner in here), window)
        platform, account_id = account
        named = {"platform": platform, "account_id": account_id}
        costs: dict[str, int | None] = {
            currency: cost if known == rows else None
            for currency, rows, known, cost in self.conn.execute(sql.ACCOUNT_COST, named | bounds(window))
        }
        if not costs and here and coverage.complete:
            costs = {self.owners.main(account).currency: 0}
        return costs, coverage


def open_reading(conn: Connection, month: Window, span: Window, today: date, known: Known) -> Reading:
    """Make the rows visible that were believed then; fetched days are known for the whole ``span``."""
    views = {
        "believed": DELIVERY,
        "believed_actions": INTERACTION,
        "believed_evidence": EVIDENCE,
        "believed_hours": HOURLY,
        "believed_countries": COUNTRY,
    }
    for view, table in views.items():
        conn.execute(f"DROP VIEW IF EXISTS temp.{view}")
        text = sql.BELIEVED_NOW if known == Known() else sql.BELIEVED_AT
        columns = ", ".join(table.columns)
        conn.execute(text.format(view=view, table=table.name, instant=known.at, columns=columns))
    for statement in sql.MONEY:
        conn.execute(statement)
    reach = span.span(Window(month.first_day - LOOK_BACK, month.last_day))
    return Reading(conn, month, today, known, Owners(conn), Days(conn, sql.CELLS, reach, known))


def bounds(window: Window) -> dict[str, int]:
    """A window as parameters of a query."""
    return {"first": to_ordinal(window.first_day), "last": to_ordinal(window.last_day)}
