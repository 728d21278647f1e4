"""Laws about numbers that do not come as they should: left out, or of another type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..errors import ContractError
from ..world import Reply
from .documents import GONE, Gone, Json, Path, decoded, metrics, with_metric
from .hearing import Change, Course, Hearing, Row
from .loopback import Arrived
from .trial import Broken

Value: TypeAlias = Callable[[Json], "Json | Gone"]

KEYS = {
    "delivery": ("account_id", "day", "grain", "campaign_id", "ad_group_id", "ad_id"),
    "interactions": (
        *("account_id", "day", "grain", "campaign_id", "ad_group_id", "ad_id"),
        *("action", "attribution"),
    ),
    "delivery_hourly": ("account_id", "hour", "campaign_id"),
}
WRONG: dict[str, Value] = {
    "an object": lambda value: {"value": value},
    "text": lambda _: "n/a",
}


def absent_stays_null(hearing: Hearing) -> str:
    """Leave each number out of all rows in turn: the unit fails and names it, or columns become NULL."""
    plain = hearing.plain()
    tried = 0
    for path, reports in _by_metric(plain).items():
        if path[-1] in hearing.trial.zero_if_absent:
            continue
        tried += 1
        course = hearing.sync(_with(path, lambda _: GONE), ledger=hearing.copy("absent.db"), reports=reports)
        _judge(plain, course, f"without {'.'.join(path)}", named=path[-1])
    return "" if tried else "no row of a daily report has a number"


def wrong_types_are_refused(hearing: Hearing) -> str:
    """Turn each number of all rows into an object, then into text: the unit fails, or columns become NULL."""
    plain = hearing.plain()
    by_metric = _by_metric(plain)
    for path, reports in by_metric.items():
        for what, value in WRONG.items():
            course = hearing.sync(_with(path, value), ledger=hearing.copy("wrong.db"), reports=reports)
            _judge(plain, course, f"with {what} as {'.'.join(path)}")
    return "" if by_metric else "no row of a daily report has a number"


def _by_metric(plain: Course) -> dict[Path, frozenset[str]]:
    """The metrics of all answers to daily reports, each with the reports that were given it."""
    found = dict[Path, set[str]]()
    for stream in plain.streams:
        if stream.report.by_days and stream.records:
            for answer in stream.answers:
                for path in metrics(decoded(answer.body)):
                    found.setdefault(path, set()).add(stream.report.name)
    return {path: frozenset(found[path]) for path in sorted(found)}


def _with(path: Path, value: Value) -> Change:
    def change(_asked: Arrived, reply: Reply) -> Reply:
        return with_metric(reply, path, value)

    return change


def _judge(plain: Course, course: Course, what: str, *, named: str = "") -> None:
    """Raise Broken unless each unit failed by a ContractError or kept its numbers or lost them to NULL."""
    for failure in course.run.failures:
        told = f"{what} {failure.report or 'accounts'} fails with {failure.error}: {failure.message}"
        if failure.error != ContractError.__name__:
            raise Broken(f"{told}; it has to be a ContractError")
        if named not in failure.message:
            raise Broken(f"{told}; the message has to name {named}")
    for table, key in KEYS.items():
        after = dict(_rows(course, table, key))
        for of, row in _rows(plain, table, key):
            where = f"in {table}, {' '.join(str(part) for part in of if part)}"
            if of not in after and table != "interactions":
                raise Broken(f"{what} a row vanishes {where}: it would count as zero")
            for column, number in row.items():
                new = after.get(of, row)[column]
                if isinstance(number, int) and column not in ("as_of", *key) and new not in (number, None):
                    raise Broken(f"{what} {column} turns from {number} to {new} {where}: it has to be NULL")


def _rows(course: Course, table: str, key: tuple[str, ...]) -> Iterator[tuple[tuple[object, ...], Row]]:
    return ((tuple(row[name] for name in key), row) for row in course.tables[table])
