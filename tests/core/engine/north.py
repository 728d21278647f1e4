"""A platform that answers as a test arranges, and the connector that asks it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pydantic import PrivateAttr

from adtally.baton import Baton
from adtally.connector import Connector, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.engine.summary import Failure, Progress, Run
from adtally.ledger import Ledger
from adtally.ledger.public import TABLES, read_table
from adtally.records import Account, Campaign, Delivery, Grain, Interaction
from adtally.registry import Configured

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
FIRST = date(2026, 9, 24)
UNITS = ["2026-09-24..2026-09-30", "2026-10-01..2026-10-07", "2026-10-08..2026-10-11"]
"""The units of an account that was never synced, from FIRST until yesterday."""


def account(id_: str = "1", *, timezone: str = "UTC") -> Account:
    return Account(id=id_, currency="EUR", timezone=timezone)


def every_day(unit: Unit) -> Iterator[Delivery]:
    for day in unit.window:
        yield Delivery(day=day, campaign_id="c1", impressions=10, cost_micros=1_000_000)


def refused(on: str, error: Exception, *, account_id: str = "") -> Callable[[Unit], Iterable[Delivery]]:
    """Every day, but for the window that begins on this day."""

    def daily(unit: Unit) -> Iterator[Delivery]:
        if str(unit.window.first_day) == on and account_id in ("", unit.account.id):
            raise error
        yield from every_day(unit)

    return daily


@dataclass
class Platform:
    """What the platform has, and what it was asked."""

    accounts: Iterable[Account] = (account(),)
    daily: Callable[[Unit], Iterable[Delivery]] = every_day
    actions: Callable[[Unit], Iterable[Interaction]] = lambda _: ()
    refuses: Exception | None = None
    """What it answers when asked for its accounts."""
    asked: list[str] = field(default_factory=list[str])

    def note(self, report: str, unit: Unit) -> None:
        self.asked.append(f"{unit.account.id} {report} {unit.window}")

    @property
    def days_asked(self) -> list[str]:
        """The windows of the daily delivery, in the order of asking."""
        return [text.split()[2] for text in self.asked if "campaign_daily" in text]


class North(Connector):
    name = "northwind"
    base_url: str = "https://north.example"
    _platform: Platform = PrivateAttr(default_factory=Platform)

    def accounts(self) -> Iterable[Account]:
        if self._platform.refuses:
            raise self._platform.refuses
        return self._platform.accounts

    @pulls(Delivery, max_days=7, restated_days=3)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        self._platform.note("campaign_daily", unit)
        yield from self._platform.daily(unit)

    @pulls(Interaction, max_days=31)
    def actions(self, unit: Unit) -> Iterator[Interaction]:
        self._platform.note("actions", unit)
        yield from self._platform.actions(unit)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        self._platform.note("campaigns", unit)
        yield Campaign(campaign_id="c1", name="Brand")


def configured(
    platform: Platform | None = None,
    name: str = "north",
    *,
    kind: type[North] = North,
    accounts: tuple[str, ...] = (),
    grains: tuple[Grain, ...] = ("campaign",),
) -> Configured:
    connector = kind()
    connector._platform = platform or Platform()
    return Configured(name, connector, accounts, grains)


class Hasty(Baton):
    """Nobody waits for a refusal to pass."""

    def pause(self, seconds: float) -> None:
        pass


def sync(
    ledger: Ledger,
    *connectors: Configured,
    now: datetime = NOON,
    run_id: str = "r1",
    progress: Progress | None = None,
    **wishes: object,
) -> Run:
    asked = Wishes(**({"first_day": FIRST, "workers": 2} | wishes))  # type: ignore[arg-type]
    return run_sync(
        ledger, connectors, asked, clock=lambda: now, progress=progress, baton=Hasty(), run_id=run_id
    )


def failure(error: str, message: str, window: str = "", **changes: object) -> Failure:
    first, _, last = window.partition("..")
    days = {
        "first_day": date.fromisoformat(first) if first else None,
        "last_day": date.fromisoformat(last) if last else None,
    }
    facts: dict[str, object] = {
        "connector": "north",
        "account_id": "1",
        "report": "campaign_daily",
        "retry": "adtally sync north --account 1",
    }
    return Failure(**(facts | days | {"error": error, "message": message} | changes))  # type: ignore[arg-type]


def rows(ledger: Ledger, table: str, *columns: str) -> list[tuple[object, ...]]:
    names = ", ".join(columns)
    return ledger.conn.execute(f"SELECT {names} FROM {table} ORDER BY {names}").fetchall()


def everything(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """All that the public tables say, but for when and how often it was fetched."""
    told: dict[str, list[tuple[object, ...]]] = {
        table: sorted(read_table(ledger, table)[1], key=repr)
        for table in TABLES
        if table not in ("runs", "units")
    }
    unit = ("connector", "account_id", "report", "first_day", "last_day", "status", "rows", "remembered")
    return told | {"units": rows(ledger, "units", *unit)}
