"""The sandbox for people: running it, and the demo from its first request to a report."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

from .commands import open_ledger, reconcile, report, status, sync
from .engine.day_states import Status
from .engine.summary import Progress, Run
from .importing import import_
from .reconciliation.result import Result
from .settings import Settings
from .world import Sandbox, World, serve
from .world.config import EXCHANGE_RATES


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo has to show."""

    visits: tuple[date, ...]
    """The days on which the sandbox was synced."""
    run: Run
    """The last sync."""
    result: Result
    status: Status
    html: Path


@contextmanager
def sandbox(*, seed: int = 7, port: int = 0, faults: str = "") -> Generator[Sandbox]:
    """The built-in ad platforms on 127.0.0.1 for as long as the block runs; port 0 takes a free one.

    ``faults`` makes them fail on purpose: ``latency,429=0.2,reset@google_ads=0.05``. Raises ConfigError for
    one that there is not, and OSError if the port is taken.
    """
    with serve(World.build(seed=seed), port=port, faults=faults) as platforms:
        yield platforms


def demo(into: Path, *, seed: int = 7, progress: Progress | None = None) -> Shown:
    """Sync every sandbox platform into ``into``, reconcile at the sandbox's noon, write report.html there.

    A new ledger is synced at both ends of October and in its middle, too, as cron would have done; a later
    call goes on where the first one ended. What no connector brings is imported: exchange rates. Raises our
    errors; an account that the sandbox refuses is part of the show.
    """
    world = World.build(seed=seed)
    earlier = () if (into / "adtally.db").exists() else World.visits[:-1]
    for day in earlier:
        _visit(world, day, into, progress)
    settings, run = _visit(world, world.today, into, progress)
    clock, html = _noon(world.today), into / "report.html"
    with open_ledger(settings) as ledger:
        result = reconcile(settings, ledger, clock=clock)
        report(settings, ledger, html=html, clock=clock)
        return Shown((*earlier, world.today), run, result, status(ledger, clock=clock), html)


def _visit(world: World, day: date, into: Path, progress: Progress | None) -> tuple[Settings, Run]:
    with serve(world.on(day)) as platforms:
        settings = Settings.load(platforms.write_config(into))
        with open_ledger(settings) as ledger:
            some = World.between.get(day)
            run = sync(settings, ledger, connectors=some, clock=_noon(day), progress=progress)
            import_(ledger, into / EXCHANGE_RATES)
            return settings, run


def _noon(day: date) -> Callable[[], datetime]:
    return partial(datetime.combine, day, time(12), UTC)
