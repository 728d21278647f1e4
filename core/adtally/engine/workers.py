"""Worker threads that share one baton, and relieve each other while a platform prepares a report."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from ..baton import Baton, Stopped

RELIEFS = 32
"""Threads beyond the wanted number, each for one that waits for a report in the making."""

Work = Callable[[], None]


class Source(Protocol):
    """Where work comes from; asked only by who holds the baton."""

    @property
    def is_empty(self) -> bool:
        """Nothing is left to take."""
        ...

    def take(self) -> Work | None:
        """Something that can be done now, or None while all that is left depends on what others do."""
        ...

    def wait(self) -> None:
        """Wait, without the baton, until that may have changed."""
        ...


class Crew:
    """So many places to work; a thread has the baton or waits for it, for the network or for a place."""

    def __init__(self, source: Source, places: int, baton: Baton) -> None:
        self._source, self._baton, self._wanted = source, baton, places
        self._places = threading.Semaphore(places)
        self._threads = list[threading.Thread]()
        self._errors = list[BaseException]()

    def run(self) -> None:
        """Work the source off.

        The first error calls the rest off and is raised; so does an interrupt of the thread that waits here.
        """
        try:
            for _ in range(self._wanted):
                self._start()
            for thread in self._threads:  # grows meanwhile, at its end
                while thread.is_alive():
                    thread.join(0.2)  # in pieces, so that an interrupt is heard
        except BaseException:
            self._baton.stop()
            raise
        if self._errors:
            raise self._errors[0]

    def rest(self, seconds: float) -> None:
        """Wait so long without the baton, while another thread works in this one's place."""
        self._places.release()
        try:
            if len(self._threads) < self._wanted + RELIEFS and not self._source.is_empty:
                self._start()
            self._baton.pause(seconds)
        finally:
            self._sit_down()

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        try:
            with self._baton:
                while not self._source.is_empty:
                    if not self._piece():
                        self._source.wait()
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._errors.append(error)
            self._baton.stop()

    def _piece(self) -> bool:
        self._sit_down()
        try:
            work = self._source.take()
            if work:
                work()
            return work is not None
        finally:
            self._places.release()

    def _sit_down(self) -> None:
        with self._baton.parted():
            while not self._places.acquire(timeout=0.5):
                self._baton.check()


class Tasks:
    """A source of tasks that do not depend on each other."""

    def __init__(self, tasks: Iterable[Work]) -> None:
        self._tasks = deque(tasks)

    @property
    def is_empty(self) -> bool:
        return not self._tasks

    def take(self) -> Work | None:
        return self._tasks.popleft() if self._tasks else None

    def wait(self) -> None:
        """Nothing to wait for."""
