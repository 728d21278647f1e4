"""Several who watch one sync."""

from __future__ import annotations

from ..engine.summary import Failure, Progress, UnitEnd


class Watchers(Progress):
    """Tells all of them, in order."""

    def __init__(self, *watchers: Progress) -> None:
        self._watchers = watchers

    def started(self, connector: str, accounts: int, units: int) -> None:
        for watcher in self._watchers:
            watcher.started(connector, accounts, units)

    def unit_ended(self, end: UnitEnd) -> None:
        for watcher in self._watchers:
            watcher.unit_ended(end)

    def failed(self, failure: Failure) -> None:
        for watcher in self._watchers:
            watcher.failed(failure)

    def waiting(self, connector: str, seconds: float) -> None:
        for watcher in self._watchers:
            watcher.waiting(connector, seconds)

    def finished(self, connector: str) -> None:
        for watcher in self._watchers:
            watcher.finished(connector)
