"""A sync while it runs, one line a connector, and what it did at its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType

from msgspec import Struct
from rich.console import Console
from rich.live import Live
from rich.text import Text

from ...engine.summary import Failure, Progress, Run, UnitEnd
from ...errors import DeadlineError
from ..completeness import cause_of, reports_text
from ..wording import days_text, plural, seconds_text, shown
from .layout import bar, encodable, fit, left, paragraph, right, say
from .status import what_failed

BAR = 20
NAME = 16
CAUSES, NOTES = 5, 3


class Course(Struct, kw_only=True):
    """How far one connector has come."""

    connector: str
    accounts: int
    units: int
    done: int = 0
    failed: int = 0
    skipped: int = 0
    lost: int = 0
    """Failures of the whole connector, or of accounts none of whose units is planned."""
    rows: int = 0
    waits_until: float = 0.0
    started_at: float = 0.0
    is_started: bool = False
    is_finished: bool = False

    @property
    def failures(self) -> int:
        return self.failed + self.lost

    @property
    def is_over(self) -> bool:
        return self.is_finished or (bool(self.lost) and not self.is_started)


class SyncProgress(Progress):
    """Shows a sync on stderr: redrawn lines on a terminal, elsewhere one line per finished connector.

    The engine calls its methods from any thread. ``now`` counts seconds from any point.
    """

    def __init__(self, console: Console, *, now: Callable[[], float] = time.monotonic) -> None:
        self._console, self._now = console, now
        self._lock = threading.Lock()
        self._courses: dict[str, Course] = {}
        self._began = now()
        self._live: Live | None = None

    def __enter__(self) -> SyncProgress:
        self._began = self._now()
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(
                console=self._console, get_renderable=self.picture, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def started(self, connector: str, accounts: int, units: int) -> None:
        with self._lock:
            course = self._course(connector)
            course.accounts, course.units, course.started_at = accounts, units, self._now()
            course.is_started = True

    def unit_ended(self, end: UnitEnd) -> None:
        with self._lock:
            course = self._course(end.connector)
            course.rows += end.rows
            course.waits_until = 0.0
            match end.status:
                case "done":
                    course.done += 1
                case "failed" | "denied" | "waiting":
                    course.failed += 1
                case "not_offered" | "skipped":
                    course.skipped += 1

    def failed(self, failure: Failure) -> None:
        with self._lock:
            self._course(failure.connector).lost += 1

    def waiting(self, connector: str, seconds: float) -> None:
        with self._lock:
            self._course(connector).waits_until = self._now() + seconds

    def finished(self, connector: str) -> None:
        with self._lock:
            course = self._course(connector)
            course.is_finished = True
            if self._live is None:
                say(self._console, f"{left(fit(connector, NAME), NAME)}  {_finished(course, self._now())}")

    def picture(self) -> Text:
        """The lines of this moment: a head, one a connector, and the time."""
        with self._lock:
            courses = list(self._courses.values())
            lines = [_head(courses), *(_line(course, self._now()) for course in courses)]
            lines.append(_time(courses, self._now() - self._began))
        text = "\n".join(encodable(line, self._console) for line in lines)
        return Text(text, no_wrap=True, overflow="crop")

    def _course(self, connector: str) -> Course:
        fresh = Course(connector=connector, accounts=0, units=0, started_at=self._now())
        return self._courses.setdefault(connector, fresh)


def print_sync(console: Console, run: Run) -> None:
    """Print what a sync did, what did not come and what to do about it."""
    first, *others = sync_lines(run)
    paragraph(console, [("Synced", "bold"), "  "], first)
    for line in others:
        paragraph(console, ["        "], line)


def sync_lines(run: Run) -> list[str]:
    """The end of a sync in lines of any length: units, rows by table, failures and notes."""
    told = [f"{plural(run.units.done, 'unit')} done"]
    told += [f"{run.units.skipped:,} left out"] if run.units.skipped else []
    told += [f"{run.units.failed:,} failed"] if run.units.failed else []
    asked = plural(run.requests, "request")
    lines = [f"{', '.join(told)}; {asked} in {seconds_text(run.seconds)}"]
    stored = [f"{table} {count:,}" for table, count in sorted(run.rows.items()) if count]
    lines.append(f"rows: {', '.join(stored)}" if stored else "nothing new")
    lines += [shown(cause_of(note)) for note in run.notes[:NOTES]]
    if len(run.notes) > NOTES:
        lines.append(f"{len(run.notes) - NOTES:,} more notes: adtally status")
    causes = _by_cause(run.failures)
    for failures in causes[:CAUSES]:
        lines += _cause_lines(failures)
    if len(causes) > CAUSES:
        lines.append(f"{len(causes) - CAUSES:,} more causes: adtally status")
    return lines


def _by_cause(failures: Iterable[Failure]) -> list[list[Failure]]:
    """Failures of one connector and account that say the same, request ids apart."""
    together: dict[tuple[str, str, str], list[Failure]] = {}
    for failure in failures:
        key = (failure.connector, failure.account_id, cause_of(failure.message))
        together.setdefault(key, []).append(failure)
    return list(together.values())


def _cause_lines(failures: Sequence[Failure]) -> Iterator[str]:
    first = failures[0]
    what = [shown(reports_text({one.report for one in failures}))]
    days = [day for one in failures for day in (one.first_day, one.last_day) if day]
    if days:
        what.append(days_text(min(days), max(days)))
    how = "stopped" if first.error == DeadlineError.__name__ else "failed"
    yield what_failed(first.connector, first.account_id, what, how, cause_of(first.message))
    yield f"then: {shown(first.retry)}"


def _head(courses: Sequence[Course]) -> str:
    done = sum(course.is_over for course in courses)
    told = f"{done} of {plural(len(courses), 'connector')} done"
    return f"Sync{right(told, 74)}"


def _line(course: Course, now: float) -> str:
    accounts = plural(course.accounts, "account") if course.is_started else ""
    name = f"{left(fit(course.connector, NAME), NAME)}{right(accounts, 14)}  "
    if course.is_over and not course.is_started:
        return f"{name}failed, see below"
    if course.is_finished and course.failures:
        return f"{name}{_meter(course)}  {course.failures:,} failed, see below"
    if course.waits_until > now and not course.is_finished:
        return f"{name}slowed by the platform, goes on in {seconds_text(course.waits_until - now)}"
    return f"{name}{_meter(course)}  {right(plural(course.rows, 'row'), 14)}"


def _meter(course: Course) -> str:
    past = course.done + course.failed + course.skipped
    return f"[{bar(past, course.units, BAR)}] {past:,}/{course.units:,}"


def _finished(course: Course, now: float) -> str:
    parts = [plural(course.accounts, "account"), plural(course.done, "unit"), plural(course.rows, "row")]
    if course.failures:
        parts.append(f"{course.failures:,} failed")
    return f"{', '.join(parts)}, {seconds_text(now - course.started_at)}"


def _time(courses: Sequence[Course], elapsed: float) -> str:
    past = sum(course.done + course.failed + course.skipped for course in courses)
    ahead = sum(course.units for course in courses) - past
    estimate = f", about {seconds_text(elapsed * ahead / past)} left" if past and ahead > 0 else ""
    return f"{left(seconds_text(elapsed) + estimate, 40)}Ctrl-C stops safely, nothing is lost"
