"""When repeated runs begin, on a clock that only our own waits and runs move."""

from collections.abc import Iterator
from datetime import timedelta

import click
import pytest

from adtally.cli.turns import Duration, turns

HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits = list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def begun(
    runs: Iterator[float], every: timedelta | None, jitter: timedelta | None = None
) -> list[tuple[float, bool]]:
    """When each run began, in seconds, and whether late; ``runs`` is how long they take."""
    clock, found = Clock(), list[tuple[float, bool]]()
    chances = iter((0.5, 0.0, 1.0, 0.25))
    due = turns(every, jitter, now=clock, sleep=clock.sleep, chance=lambda: next(chances))
    for length, is_late in zip(runs, due, strict=False):
        found.append((clock.now - 1_000, is_late))
        clock.now += length
    return found


def test_without_every_there_is_one_run_at_once() -> None:
    assert begun(iter([60, 60]), None) == [(0, False)]


def test_jitter_delays_also_a_single_run() -> None:
    assert begun(iter([60, 60]), None, timedelta(minutes=5)) == [(150, False)]


def test_runs_begin_by_the_start_of_the_one_before_however_long_it_took() -> None:
    assert begun(iter([60, 3_000, 1]), HOUR) == [(0, False), (3_600, False), (7_200, False)]


def test_jitter_never_adds_up() -> None:
    assert begun(iter([60, 60, 60, 60]), HOUR, timedelta(minutes=5)) == [
        (150, False),
        (3_600, False),
        (7_200 + 300, False),
        (10_800 + 75, False),
    ]


def test_run_that_takes_too_long_is_followed_at_once_and_the_rhythm_goes_on_from_there() -> None:
    assert begun(iter([9_000, 60, 60]), HOUR, timedelta(minutes=5)) == [
        (150, False),
        (9_150, True),
        (9_150 + 3_600, False),
    ]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("50m", timedelta(minutes=50)),
        ("6h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
    ],
)
def test_durations_are_a_number_and_a_letter(text: str, length: timedelta) -> None:
    assert Duration().convert(text, None, None) == length


@pytest.mark.parametrize(
    "text", ["", "6", "h", "0h", "-1h", "1.5h", "6 h", "6H", "٣h", "²h", "99999d", "6h\n"]
)
def test_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write a number and s, m, h or d, such as 6h"):
        Duration().convert(text, None, None)
