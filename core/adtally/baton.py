"""One thread thinks at a time: whoever holds the baton runs Python, whoever waits parts with it.

Threads that decode and write side by side cost more than they save (GIL hand-overs inside executemany), so
workers hold the baton while they decode, normalise and write, and give it away while they wait for the
network or for a pause to end.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager


class Stopped(BaseException):
    """The work was called off. No ordinary error: nothing in between may take it for one."""


class Baton:
    """A lock that its holder can put down for a while. Parting without holding it does nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = threading.local()
        self._stopped = threading.Event()

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._stopped.is_set():
            self._lock.release()
            raise Stopped
        self._held.here = True

    def __exit__(self, *_: object) -> None:
        if getattr(self._held, "here", False):
            self._held.here = False
            self._lock.release()

    @contextmanager
    def parted(self) -> Generator[None]:
        """Let others think while this thread waits. Raises Stopped when the work was called off meanwhile."""
        if not getattr(self._held, "here", False):
            yield
            return
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()

    def stop(self) -> None:
        """Call the work off: wait until nobody is in the middle of a thought, and let nobody begin one."""
        with self._lock:
            self._stopped.set()

    def check(self) -> None:
        """Raise Stopped when the work was called off."""
        if self._stopped.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Wait without the baton. Raises Stopped at once when the work is called off."""
        with self.parted():
            if self._stopped.wait(seconds):
                raise Stopped
