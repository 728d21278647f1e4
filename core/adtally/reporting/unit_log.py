"""A sync for machines: one line of JSON a unit, and one for the run (docs/operations.md has every key)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import msgspec

from ..calendar import instant_text
from ..engine.summary import Failure, Progress, Run, UnitEnd
from ..errors import ConfigError

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[bytes], None]
"""Takes one whole line, with its end."""


def lines_to(path: Path) -> Write:
    """What appends lines to a file, opened for each of them: a log may be rotated at any time.

    The file is created at once. Raises ConfigError when it cannot be written; later on, the sync goes on
    without the lines that it cannot take, and says so.
    """
    try:
        path.open("ab").close()
    except OSError as error:
        raise ConfigError(f"--log {path}: cannot be written ({error.strerror})") from None

    def write(line: bytes) -> None:
        try:
            with path.open("ab", buffering=0) as file:
                file.write(line)
        except OSError as error:
            log.error("--log %s: a line is lost, the sync goes on (%s)", path, error.strerror)

    return write


class UnitLog(Progress):
    """Writes a line when a unit ends, and when a connector or account does not even start."""

    def __init__(self, write: Write, *, clock: Callable[[], datetime]) -> None:
        self._write, self._clock = write, clock

    def unit_ended(self, end: UnitEnd) -> None:
        self._line("unit", msgspec.structs.asdict(end))

    def failed(self, failure: Failure) -> None:
        facts = {"connector": failure.connector, "account_id": failure.account_id, "error": failure.message}
        self._line("failed", facts)

    def run_ended(self, run: Run | None, *, exit_code: int, error: str = "") -> None:
        """Write the closing line; without a run, ``error`` says why there is none."""
        figures = run_figures(run) if run else {}
        self._line("run", {**figures, "exit_code": exit_code, "error": error})

    def _line(self, event: str, facts: Mapping[str, object]) -> None:
        line = {"at": instant_text(self._clock()), "event": event, **facts}
        self._write(msgspec.json.encode(line) + b"\n")


def run_figures(run: Run) -> dict[str, object]:
    """What ``adtally sync --json`` promises."""
    return {
        "run_id": run.run_id,
        "units": run.units,
        "rows": run.rows,
        "requests": run.requests,
        "seconds": run.seconds,
        "failures": run.failures,
        "notes": run.notes,
        "planned": run.planned,
    }
