"""What a sync leaves behind beside the ledger: a picture while it runs, its log and its metrics."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .answers import NOTHING, USAGE, console_for

if TYPE_CHECKING:
    from ..engine.known_feeds import KnownFeed
    from ..engine.summary import Progress, Run
    from ..errors import AdtallyError
    from ..settings import Settings

STDERR = Path("-")


class Recorder:
    """Records the runs of one command, one after the other.

    Raises ConfigError when a file cannot be written, before anything starts.
    """

    def __init__(
        self, settings: Settings, names: Sequence[str], *, log: Path | None, metrics: Path | None
    ) -> None:
        from ..commands import utc_now
        from ..reporting.metrics import UnitCounter, check_metrics_file
        from ..reporting.unit_log import UnitLog, lines_to

        self._settings = settings
        self._connectors = [name for name in settings.connectors if not names or name in names]
        self._clock = utc_now
        self._began = time.monotonic()
        self._is_drawn = log != STDERR
        self._log = UnitLog(_to_stderr if log == STDERR else lines_to(log), clock=utc_now) if log else None
        self._counter, self._metrics = UnitCounter(), metrics
        if metrics:
            check_metrics_file(metrics)

    @contextmanager
    def watch(self) -> Generator[Progress]:
        """Whom a run is to tell how it goes."""
        from ..reporting.terminal import SyncProgress
        from ..reporting.watchers import Watchers

        self._began = time.monotonic()
        self._counter.units.clear()
        watchers: list[Progress] = [self._counter]
        if self._log:
            watchers.append(self._log)
        with ExitStack() as picture:
            if self._is_drawn:
                watchers.append(picture.enter_context(SyncProgress(console_for(err=True))))
            yield Watchers(*watchers)

    def close(self, run: Run | None, error: AdtallyError | None) -> int:
        """Write log and metrics of a run, or of one that ``error`` prevented; returns the exit code."""
        from ..errors import ConfigError
        from ..reporting.metrics import metrics_text, write_metrics

        code = run.exit_code if run else USAGE if isinstance(error, ConfigError) else NOTHING
        if self._log:
            self._log.run_ended(run, exit_code=code, error=str(error or ""))
        if self._metrics:
            text = metrics_text(
                self._connectors,
                run=run,
                units=self._counter.units,
                exit_code=code,
                seconds=round(time.monotonic() - self._began, 3),
                ended=self._clock(),
                feeds=_known_feeds(self._settings),
            )
            write_metrics(self._metrics, text)
        return code


def _known_feeds(settings: Settings) -> list[KnownFeed]:
    """What the ledger has; nothing where it cannot be read, which the exit code tells, too."""
    from ..commands import open_ledger
    from ..engine.known_feeds import read_feeds
    from ..errors import LedgerError

    try:
        with open_ledger(settings) as ledger:
            return read_feeds(ledger.conn)
    except LedgerError:
        return []


def _to_stderr(line: bytes) -> None:
    click.echo(line, nl=False, err=True)
