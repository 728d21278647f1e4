"""When a repeated command begins: by the start of its runs, with a random wait against crowds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import SystemRandom

import click

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_random = SystemRandom().random


class Duration(click.ParamType[timedelta]):
    """``90s``, ``50m``, ``6h`` or ``1d``."""

    name = "duration"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([0-9]{1,4})([smhd])", value)
        if not found or not int(found[1]):
            self.fail(f"{value!r}: write a number and s, m, h or d, such as 6h", param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})


def turns(
    every: timedelta | None,
    jitter: timedelta | None,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = _random,
) -> Iterator[bool]:
    """Yield when a run is to begin, and whether that is late because the one before took too long.

    Runs are due ``every`` so often since the first one was, each up to ``jitter`` later; a late one begins at
    once, and the next are due from then on. Without ``every`` there is one.
    """
    due, is_late = now(), False
    while True:
        if not is_late:
            spread = jitter.total_seconds() * chance() if jitter else 0.0
            sleep(max(0.0, due + spread - now()))
        yield is_late
        if every is None:
            return
        due += every.total_seconds()
        is_late = due < now()
        if is_late:
            due = now()
