"""A way into a ledger from the side: a unit's records through the shipped intake and the shipped write."""

from __future__ import annotations

from collections.abc import Iterable

from adtally.calendar import Window, to_ordinal
from adtally.ledger import Ledger
from adtally.ledger.intake import Intake
from adtally.ledger.keys import Feed, Keys, see_account, see_feed
from adtally.ledger.write import write_unit
from adtally.records import Account, Delivery

from .northwind import REPORT, account
from .synced import NOW

CONNECTOR = "north"


class Desk:
    """One account of a ledger, and the way in for its units."""

    def __init__(self, ledger: Ledger, owner: Account | None = None) -> None:
        owner = owner or account(0)
        with ledger.transaction():
            key = see_account(ledger.conn, CONNECTOR, "northwind", owner, NOW)
            self.feed: Feed = see_feed(ledger.conn, key, CONNECTOR, owner, REPORT)
        self.ledger, self.keys = ledger, Keys(ledger.conn)
        self.entities = self.keys.entities(key)

    def take(self, records: Iterable[Delivery], days: Window) -> Intake:
        """A unit, taken and not yet written."""
        taken = Intake(self.ledger.conn, self.keys, self.feed, self.entities, NOW)
        taken.take(records, days)
        return taken

    def write(self, taken: Intake, days: Window) -> int:
        """Store the unit in a transaction of its own; returns how many rows changed."""
        with self.ledger.transaction():
            first, last = to_ordinal(days.first_day), to_ordinal(days.last_day)
            changed = write_unit(self.ledger.conn, taken, first, last, NOW.date())
        self.entities.update(taken.fresh)
        taken.release()
        return changed["delivery"]
