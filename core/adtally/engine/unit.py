"""One unit from the platform into the ledger: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ..calendar import Window, to_ordinal
from ..connector import Connector, Unit
from ..errors import TimedOut, TooLarge
from ..ledger import Ledger
from ..ledger.intake import Intake
from ..ledger.keys import EntityIds, Feed, Keys
from ..ledger.raw import Answers
from ..ledger.store import translated
from ..ledger.units import Attempt, record_done, remember
from ..ledger.write import write_unit
from ..records import Campaign
from ..redaction import Redactor
from .keeping import kept
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
    redactor: Redactor | None = None
    """None: answers are not kept."""


def fetch_unit(desk: Desk, feed: Feed, planned: Planned, remembered: dict[str, str]) -> dict[str, int]:
    """Fetch one unit and replace what the ledger holds of it; returns the rows changed by table.

    Raises the connector's errors, and ContractError for rows that cannot be stored; the ledger is then as
    it was before.
    """
    if desk.redactor is None:
        return _fetch(desk, feed, planned, remembered, None)
    with translated(desk.ledger.path), kept(desk.ledger, desk.connector, desk.redactor) as answers:
        return _fetch(desk, feed, planned, remembered, answers)


def _fetch(
    desk: Desk, feed: Feed, planned: Planned, remembered: dict[str, str], answers: Answers | None
) -> dict[str, int]:
    started = desk.clock()

    def keep(texts: dict[str, str]) -> None:
        with desk.ledger.transaction():
            remember(desk.ledger.conn, feed.feed, planned.cell, planned.window, texts)

    unit = Unit(feed.account, planned.window, desk.today, dict(remembered), keep)
    with translated(desk.ledger.path):
        intake = _take(desk, feed, unit, answers)
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
            if answers is not None:
                answers.write(feed.feed, planned.cell, planned.window, intake.as_of)
        desk.entities.update(intake.fresh)
        desk.keys.stored(feed.account_key, intake.fresh)
    finally:
        intake.release()
    return changed


def _take(desk: Desk, feed: Feed, unit: Unit, answers: Answers | None) -> Intake:
    """Read the whole stream; where the platform finds it too much, in parts."""
    todo, done = [unit], list[Unit]()
    intake = _intake(desk, feed)
    try:
        while todo:
            part, before = todo[0], intake.taken
            answered = answers.count if answers is not None else 0
            try:
                intake.take(desk.connector.fetch(feed.report, part), part.window)
                done.append(todo.pop(0))
            except (TooLarge, TimedOut):
                parts = _parts(desk, feed, part)
                if not parts:
                    raise
                todo[:1] = parts
                if intake.taken != before:  # half of a part is in: begin again, now in smaller ones
                    intake.release()
                    todo, done = [*done, *todo], []
                    intake, answered = _intake(desk, feed), 0
                if answers is not None:
                    answers.keep_first(answered)
    except BaseException:
        intake.release()
        raise
    return intake


def _intake(desk: Desk, feed: Feed) -> Intake:
    return Intake(desk.ledger.conn, desk.keys, feed, desk.entities, desk.clock())


def _parts(desk: Desk, feed: Feed, part: Unit) -> list[Unit]:
    """The halves of what was too much: of its days, else of a day's campaigns; nothing if it has none."""
    if not feed.report.by_days:
        return []
    if part.window.days > 1:
        return [part.within(half) for half in part.window.halves()]
    if not feed.report.by_campaign:
        return []
    campaigns = part.campaigns or _campaigns(desk, part)
    middle = len(campaigns) // 2
    return [part.within(part.window, half) for half in (campaigns[:middle], campaigns[middle:]) if middle]


def _campaigns(desk: Desk, unit: Unit) -> tuple[str, ...]:
    """Every campaign that the account has now, as the platform lists them, and every one that it ever had."""
    known = {campaign for campaign, _, _ in desk.entities if campaign}
    for report in desk.connector.declared():
        if Campaign in report.records:
            records = desk.connector.fetch(report, unit.within(Window(desk.today, desk.today)))
            known.update(record.campaign_id for record in records if isinstance(record, Campaign))
    return tuple(sorted(known))
