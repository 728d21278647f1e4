"""One thread thinks at a time: whoever holds the baton runs Python, whoever waits parts with it.

Threads that decode and write side by side cost more than they save (GIL hand-overs inside executemany), so
workers hold the baton while they decode, normalise and write, and give it away while they wait for the
network or for a pause to end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Baton:
    """A lock that its holder can put down for a while. Parting without holding it does nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = threading.local()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._held.here = True

    def __exit__(self, *_: object) -> None:
        self._held.here = False
        self._lock.release()

    @contextmanager
    def parted(self) -> Iterator[None]:
        if not getattr(self._held, "here", False):
            yield
            return
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()
