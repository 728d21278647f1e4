"""How the last sync went and how far the data reaches, as a file for Prometheus' node_exporter.

Source: "Exposition formats", text format 0.0.4, prometheus.io/docs/instrumenting/exposition_formats;
"Textfile Collector", README of node_exporter; both read 2026-11-23.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeAlias, get_args

from ..calendar import DAY, day_start
from ..engine.known_feeds import KnownFeed, newest_complete_day
from ..engine.summary import Progress, Run, UnitEnd, UnitStatus
from ..errors import ConfigError

log = logging.getLogger(__name__)

Labels: TypeAlias = Mapping[str, str]
Sample: TypeAlias = tuple[Labels, float]

STATUSES: tuple[UnitStatus, ...] = get_args(UnitStatus)
METRICS = {
    "adtally_sync_timestamp_seconds": "When the last sync ended.",
    "adtally_sync_exit_code": "Exit code of the last sync: 0 all came, 3 something did not come.",
    "adtally_sync_duration_seconds": "How long the last sync took.",
    "adtally_sync_requests": "Requests of the last sync.",
    "adtally_sync_units": "Units of the last sync by how they ended.",
    "adtally_sync_rows": "Rows that the last sync wrote or moved to the history.",
    "adtally_sync_success_timestamp_seconds": "When a unit of the connector last came; 0: never.",
    "adtally_newest_complete_day_timestamp_seconds": "When the newest complete day ended in its time zone.",
}
"""Every metric, all of them gauges, with its help."""


class UnitCounter(Progress):
    """Counts the units of a sync by connector and how they ended."""

    def __init__(self) -> None:
        self.units: Counter[tuple[str, UnitStatus]] = Counter()

    def unit_ended(self, end: UnitEnd) -> None:
        self.units[end.connector, end.status] += 1


def metrics_text(
    connectors: Sequence[str],
    *,
    run: Run | None,
    units: Mapping[tuple[str, UnitStatus], int],
    exit_code: int,
    seconds: float,
    ended: datetime,
    feeds: Sequence[KnownFeed],
) -> str:
    """The text of the file for these configured connectors; without a run, what it would have done is absent.

    ``feeds`` are the ledger's: when units came and how far days reach is not about one sync only.
    """
    samples: dict[str, Iterable[Sample]] = {
        "adtally_sync_timestamp_seconds": [({}, int(ended.timestamp()))],
        "adtally_sync_exit_code": [({}, exit_code)],
        "adtally_sync_duration_seconds": [({}, seconds)],
        "adtally_sync_success_timestamp_seconds": _last_came(connectors, feeds),
        "adtally_newest_complete_day_timestamp_seconds": _newest_days(connectors, feeds),
    }
    if run is not None:
        samples["adtally_sync_requests"] = [({}, run.requests)]
        samples["adtally_sync_units"] = [
            ({"connector": name, "status": status}, units.get((name, status), 0))
            for name in connectors
            for status in STATUSES
        ]
        samples["adtally_sync_rows"] = [({"table": table}, rows) for table, rows in sorted(run.rows.items())]
    return "".join(line for name in METRICS for line in _lines(name, samples.get(name, ())))


def check_metrics_file(path: Path) -> None:
    """Raises ConfigError when the file could not be written after a sync."""
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(
            f"--metrics {path}: cannot be written; it needs a folder that this user may write to"
        )


def write_metrics(path: Path, text: str) -> None:
    """Put the text in the file's place at once, readable for others; a disk that refuses is only said."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")  # no *.prom: nobody reads half a file
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        log.error("--metrics %s: not written, it tells of an earlier sync (%s)", path, error.strerror)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _last_came(connectors: Iterable[str], feeds: Iterable[KnownFeed]) -> list[Sample]:
    newest = dict.fromkeys(connectors, 0)
    for feed in feeds:
        if feed.connector in newest:
            came = (cell.done_at for cell in feed.cells if cell.done_at is not None)
            newest[feed.connector] = max(newest[feed.connector], *came, 0)
    return [({"connector": name}, at) for name, at in newest.items()]


def _newest_days(connectors: Sequence[str], feeds: Iterable[KnownFeed]) -> Iterator[Sample]:
    for feed in feeds:
        day = newest_complete_day(feed.cells)
        if day is not None and feed.has_delivery and feed.connector in connectors:
            labels = {"connector": feed.connector, "account": feed.account_id, "report": feed.report}
            yield labels, int(day_start(day + DAY, feed.timezone).timestamp())


def _lines(name: str, samples: Iterable[Sample]) -> Iterator[str]:
    found = list(samples)
    if not found:
        return
    yield f"# HELP {name} {METRICS[name]}\n"
    yield f"# TYPE {name} gauge\n"
    for labels, value in found:
        pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{pairs}}} {value}\n" if pairs else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
