"""One unit from the platform into the ledger: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ..calendar import Window, to_ordinal
from ..connector import Connector, Unit
from ..errors import TooLarge
from ..ledger import Ledger
from ..ledger.intake import Intake
from ..ledger.keys import EntityIds, Feed, Keys
from ..ledger.store import translated
from ..ledger.units import Attempt, record_done, remember
from ..ledger.write import write_unit
from .plan import Planned

EVER = Window(date.min, date.max)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every unit of one account needs at hand. ``clock`` gives aware UTC instants."""

    ledger: Ledger
    keys: Keys
    connector: Connector
    entities: dict[EntityIds, int]
    today: date
    run_id: str
    clock: Callable[[], datetime]


def fetch_unit(desk: Desk, feed: Feed, planned: Planned, remembered: dict[str, str]) -> dict[str, int]:
    """Fetch one unit and replace what the ledger holds of it; returns the rows changed by table.

    Raises the connector's errors, and ContractError for rows that cannot be stored; the ledger is then as
    it was before.
    """
    started = desk.clock()

    def keep(texts: dict[str, str]) -> None:
        with desk.ledger.transaction():
            remember(desk.ledger.conn, feed.feed, planned.cell, planned.window, texts)

    unit = Unit(feed.account, planned.window, desk.today, dict(remembered), keep)
    with translated(desk.ledger.path):
        intake = _take(desk, feed, unit)
    try:
        if planned.report.cadence == "file":
            covers, replaced = Window(intake.first_day or desk.today, intake.last_day or desk.today), EVER
        else:
            covers, replaced = planned.covers, planned.window
        first, last = to_ordinal(replaced.first_day), to_ordinal(replaced.last_day)
        with desk.ledger.transaction():
            changed = write_unit(desk.ledger.conn, intake, first, last, desk.today)
            attempt = Attempt(feed.feed, planned.cell, covers, desk.run_id, started, ended=desk.clock())
            record_done(desk.ledger.conn, attempt, intake.taken, desk.today)
    except Exception:
        intake.drop()
        raise
    intake.release()
    return changed


def _take(desk: Desk, feed: Feed, unit: Unit) -> Intake:
    """Read the whole stream; where the platform finds it too much, in halves, down to one day."""
    report = feed.report
    todo, done = [unit.window], list[Window]()
    intake = Intake(desk.ledger.conn, desk.keys, feed, desk.entities, desk.clock())
    while todo:
        part, before = todo[0], intake.taken
        try:
            within = part if report.cadence == "daily" else None
            intake.take(desk.connector.fetch(report, unit.within(part)), within)
            done.append(todo.pop(0))
        except TooLarge:
            if report.cadence != "daily" or part.days == 1:
                intake.drop()
                raise
            todo[:1] = part.halves()
            if intake.taken != before:  # half of a part is in: begin again, now in smaller ones
                intake.drop()
                todo, done = [*done, *todo], []
                intake = Intake(desk.ledger.conn, desk.keys, feed, desk.entities, desk.clock())
        except Exception:
            intake.drop()
            raise
    return intake
