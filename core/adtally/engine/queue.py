"""The units that wait, in turns: connector by connector, account by account, report by report."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from ..baton import Baton
from ..errors import AdtallyError
from ..ledger.keys import Feed
from .jobs import Job
from .plan import Planned


@dataclass(slots=True)
class Line:
    """The units of one report of one account. The first one goes alone: its refusal holds for all."""

    job: Job
    feed: Feed
    units: deque[tuple[Planned, dict[str, str]]]
    in_hand: int = 0
    is_proven: bool = False
    refusal: AdtallyError | None = None
    """Why the platform gives nothing of this report: what is left is not asked for."""

    @property
    def is_ready(self) -> bool:
        return bool(self.units) and (self.is_proven or not self.in_hand)


Fetch: TypeAlias = Callable[[Line, Planned, dict[str, str]], AdtallyError | None]


class Queue:
    """A source of units; ``fetch`` does one, and returns how the platform refused it for good."""

    def __init__(self, jobs: Iterable[Job], fetch: Fetch, baton: Baton) -> None:
        self._waiting = deque(filter(None, (list(_lines(job)) for job in jobs)))
        self._fetch, self._baton = fetch, baton
        self._ended = threading.Condition()
        self._endings = 0

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def take(self) -> Callable[[], None] | None:
        """The next unit: the accounts take turns, and in each the first report that can go on."""
        for _ in range(len(self._waiting)):
            lines = self._waiting.popleft()
            self._waiting.append(lines)
            for line in lines:
                if line.is_ready:
                    unit = line.units.popleft()
                    line.in_hand += 1
                    lines[:] = [line for line in lines if line.units]
                    if not lines:
                        self._waiting.pop()
                    return partial(self._one, line, *unit)
        return None

    def wait(self) -> None:
        if self.is_empty:
            return
        seen = self._endings
        with self._baton.parted(), self._ended:
            self._ended.wait_for(lambda: self._endings != seen, timeout=1)

    def _one(self, line: Line, planned: Planned, remembered: dict[str, str]) -> None:
        try:
            line.refusal = self._fetch(line, planned, remembered) or line.refusal
        finally:
            line.in_hand -= 1
            line.is_proven = True
            with self._ended:
                self._endings += 1
                self._ended.notify_all()


def _lines(job: Job) -> Iterator[Line]:
    by_feed: dict[int, Line] = {}
    for feed, planned, remembered in job.units:
        line = by_feed.setdefault(feed.feed, Line(job, feed, deque()))
        line.units.append((planned, remembered))
    yield from by_feed.values()
