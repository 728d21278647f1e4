"""What a gate measured, and how that is judged: by a goal that is wanted and a floor that must hold."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

RUNS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. A goal above its floor wants much of it, any other goal wants little."""

    gate: str
    value: float
    goal: float
    floor: float
    shown: str = "{:.1f}"
    needs: str = ""
    """What the machine lacks, where nothing could be measured: that is a missed floor too."""

    @property
    def verdict(self) -> str:
        sign = 1 if self.goal > self.floor else -1
        if sign * self.value >= sign * self.goal:
            return "goal met"
        return "within floor" if sign * self.value >= sign * self.floor else "MISSED"

    def line(self) -> str:
        """The row of the table."""
        value, goal, floor = (self.shown.format(number) for number in (self.value, self.goal, self.floor))
        found = f"needs {self.needs}" if self.needs else value
        return f"{self.gate:<65}{found:>12}{goal:>8}{floor:>8}  {self.verdict}"


HEADING = f"{'gate':<65}{'figure':>12}{'goal':>8}{'floor':>8}  verdict"


def unmeasured(gate: str, needs: str, goal: float, floor: float, shown: str = "{:.1f}") -> Figure:
    """The line of a gate that this machine cannot measure; its verdict is ``MISSED``."""
    return Figure(gate, math.nan, goal, floor, shown, needs)


def say(what: str) -> None:
    """Tell whoever waits what takes so long; the table itself goes to stdout."""
    print(f"... {what}", file=sys.stderr, flush=True)


class Stopwatch:
    """CPU seconds, user and system, of all threads of this process while it runs."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - began


def medians(*works: Callable[[int], float], runs: int = RUNS) -> list[float]:
    """The median of what each work returns, given the number of the run; the works take turns.

    Taking turns spreads the moods of a shared machine over all of them, so that their ratio holds.
    """
    found = [[work(run) for work in works] for run in range(runs)]
    return [median(values) for values in zip(*found, strict=True)]
