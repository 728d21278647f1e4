"""The life of a ledger: a platform whose numbers settle, syncs that fail, and what must hold in the end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from pydantic import PrivateAttr

from adtally.calendar import DAY, Window, from_ordinal, local_day, to_ordinal
from adtally.connector import Connector, Report, Unit
from adtally.errors import ContractError, DeniedError, TransientError
from adtally.ledger import Ledger
from adtally.records import Account, Delivery
from adtally.registry import Configured

from .north import sync

BELIEVED_TWICE = """
WITH told AS (
  SELECT feed, day, entity, as_of, superseded_at AS until FROM delivery_facts_history
  UNION ALL SELECT feed, day, entity, as_of, 1 << 62 FROM delivery_facts
), follow AS (
  SELECT *, LAG(until) OVER (PARTITION BY feed, day, entity ORDER BY as_of, until) AS before FROM told
)
SELECT feed, day, entity FROM follow WHERE as_of > until OR as_of < before
"""
Key = tuple[str, date]
"""An account and a day."""
Rows = tuple[tuple[str, int], ...]
"""Campaigns and their cost."""


@dataclass(frozen=True)
class Run:
    """One sync, so long after the one before, of days from so many before today on, and of so many."""

    apart: timedelta
    back: int
    last: int | None = None
    full: bool = False
    max_days: int = 7
    failing: frozenset[int] = frozenset()
    """Which units break off, by the order of asking."""
    denied: str = ""
    """The account that may not be read."""
    ahead: timedelta = timedelta()
    """How wrong the clock is."""


@dataclass
class Platform:
    """What it tells of a day changes until it is no longer restated, and then never again."""

    report: Report
    now: datetime
    run: Run = field(default_factory=lambda: Run(timedelta(), 1))
    told: dict[Key, Rows] = field(default_factory=dict[Key, Rows])
    settled: set[Key] = field(default_factory=set[Key])
    """Days that were told when they were no longer restated."""
    broken: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    """Cells whose last try failed."""
    asked: Counter[Key] = field(default_factory=Counter[Key])
    needless: list[str] = field(default_factory=list[str])
    """Windows of which all was known for good."""
    impossible: list[str] = field(default_factory=list[str])
    """Windows that are too long, not over yet or too long ago."""
    units: int = 0

    def begin(self, run: Run) -> None:
        self.run, self.now, self.units = run, self.now + run.apart, 0
        self.report = replace(self.report, max_days=run.max_days)
        self.asked.clear()

    def rows(self, key: Key, timezone: str) -> Rows:
        """What is true of a day now; nothing while it is not over."""
        age = (local_day(self.now, timezone) - key[1]).days
        chance = Random(f"{key} {'final' if age > self.report.restated_days else self.now}")
        chosen = [f"c{n}" for n in range(3) if age > 0 and chance.random() < 0.6]
        return tuple((campaign, chance.randrange(3)) for campaign in chosen)

    def cell(self, key: Key) -> tuple[str, int]:
        return key[0], to_ordinal(key[1]) // self.report.max_days

    def answer(self, unit: Unit) -> Iterator[Delivery]:
        number, self.units = self.units, self.units + 1
        keys = [(unit.account.id, day) for day in unit.window]
        cell = self.cell(keys[0])
        self.asked.update(keys)
        if not self.run.full and cell not in self.broken and self.settled.issuperset(keys):
            self.needless.append(f"{unit.account.id} {unit.window}")
        age = (unit.today - unit.window.first_day).days
        if (
            unit.window.days > self.report.max_days
            or unit.window.last_day >= unit.today
            or (self.report.retention_days is not None and age > self.report.retention_days)
        ):
            self.impossible.append(f"{unit.account.id} {unit.window}")
        self.broken.add(cell)
        if self.run.denied == unit.account.id:
            self.broken |= {self.cell(key) for key in self.settled if key[0] == unit.account.id}
            raise DeniedError("not permitted")
        told = {key: self.rows(key, unit.account.timezone) for key in keys}
        for at, (key, rows) in enumerate(told.items()):
            if number in self.run.failing and at >= len(told) // 2:
                raise TransientError("cut") if number % 2 else ContractError("not a number")
            for campaign, cost in rows:
                yield Delivery(day=key[1], campaign_id=campaign, cost_micros=cost)
        self.broken.discard(cell)
        self.told |= told
        self.settled |= {key for key in keys if (unit.today - key[1]).days > self.report.restated_days}


class North(Connector):
    name = "northwind"
    base_url: str = "https://north.example"
    _platform: Platform = PrivateAttr()
    _accounts: list[Account] = PrivateAttr()

    def accounts(self) -> list[Account]:
        return self._accounts

    def reports(self) -> list[Report]:
        return [self._platform.report]

    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        return self._platform.answer(unit)


def live_through(ledger: Ledger, platform: Platform, accounts: list[Account], runs: list[Run]) -> None:
    """Sync once for each run, then once more undisturbed, and look at every day of every account."""
    connector = North()
    connector._platform, connector._accounts = platform, accounts
    undisturbed = Run(timedelta(), runs[-1].back, max_days=runs[-1].max_days)
    first_day = date.max
    for number, run in enumerate([*runs, undisturbed]):
        platform.begin(run)
        now = platform.now + run.ahead
        first_day = now.date() - run.back * DAY
        sync(
            ledger,
            Configured("north", connector, (), ("campaign",)),
            now=now,
            run_id=f"r{number}",
            first_day=first_day,
            last_day=None if run.last is None else first_day + run.last * DAY,
            full=run.full,
            workers=1,  # so that a story is the same each time it is told
        )
        assert platform.impossible == []
        assert [key for key, times in platform.asked.items() if times > 1] == []
        covered = days(ledger, "first_done_at IS NOT NULL")
        assert [key for key, times in covered.items() if times > 1] == []

    done = days(ledger, "unit_cells.status = 'done'")
    retention = platform.report.retention_days
    for each in accounts:
        today = local_day(platform.now, each.timezone)
        oldest = first_day if retention is None else max(first_day, today - retention * DAY)
        wanted = list(Window(oldest, today - DAY)) if oldest < today else []
        assert [day for day in wanted if done[each.id, day] != 1] == []
        for day in wanted:
            assert platform.told[each.id, day] == platform.rows((each.id, day), each.timezone)
    stored = ledger.conn.execute("SELECT account_id, day, campaign_id, cost_micros FROM delivery").fetchall()
    assert sorted(stored) == sorted(
        (id_, str(day), campaign, cost)
        for (id_, day), rows in platform.told.items()
        for campaign, cost in rows
    )
    assert ledger.conn.execute(BELIEVED_TWICE).fetchall() == []


def days(ledger: Ledger, where: str) -> Counter[Key]:
    """In how many of these cells each day lies."""
    cells = ledger.conn.execute(
        "SELECT account_id, first_day, last_day FROM unit_cells "
        f"JOIN feeds USING (feed) JOIN accounts USING (account_key) WHERE {where}"
    )
    return Counter((id_, from_ordinal(day)) for id_, first, last in cells for day in range(first, last + 1))
