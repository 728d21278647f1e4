"""What ``make demo`` runs: the sandbox from first request to report, without credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from .commands import open_ledger, reconcile, report, status, sync
from .engine.day_states import Status
from .engine.summary import Progress, Run
from .reconciliation.result import Result
from .settings import Settings
from .world import World, serve


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo has to show."""

    run: Run
    result: Result
    status: Status
    html: Path


def demo(into: Path, *, seed: int = 7, progress: Progress | None = None) -> Shown:
    """Sync every sandbox platform into ``into``/adtally.db, reconcile at the sandbox's noon, write report.html.

    A second call goes on where the first one ended. Raises our errors; an account that the sandbox refuses is
    no error but part of the show.
    """
    world = World.build(seed=seed)
    noon = datetime.combine(world.today, time(12), UTC)
    with serve(world) as platforms:
        settings = Settings.load(platforms.write_config(into))
        with open_ledger(settings) as ledger:
            run = sync(settings, ledger, clock=lambda: noon, progress=progress)
            result = reconcile(settings, ledger, clock=lambda: noon)
            html = into / "report.html"
            report(settings, ledger, html=html, clock=lambda: noon)
            return Shown(run, result, status(ledger, clock=lambda: noon), html)
