"""The file of a report: lines about it, the table by day and placement, and its total.

Source: files as quoted in googleads-dfa-reporting-samples, issues 11 and 12 (read 2026-11). A file begins
with lines of a name and a value, a varying number of them; ``Report Fields`` is the last one, then come the
columns' names. The last line is ``Grand Total:``. None of this can be switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from adtally import Account, ContractError, TransientError, Window, check_count, to_micros

from . import queries

FIELDS, TOTAL = "Report Fields", "Grand Total:"
ZONE, ACCOUNT = "Report Time Zone", "Account ID"
MICROS = 1_000_000
LABELS = {
    "Date": "dfa:date",
    "Placement ID": "dfa:placementId",
    "Placement": "dfa:placement",
    "Impressions": "dfa:impressions",
    "Active View: Measurable Impressions": "dfa:activeViewMeasurableImpressions",
    "Active View: Viewable Impressions": "dfa:activeViewViewableImpressions",
    "Clicks": "dfa:clicks",
    "Video Plays": "dfa:richMediaVideoPlays",
    "Video Completions": "dfa:richMediaVideoCompletions",
    "Click-through Conversions": "dfa:activityClickThroughConversions",
    "View-through Conversions": "dfa:activityViewThroughConversions",
}
"""Columns' names that are known; others are taken by their place alone."""


class Incomplete(TransientError):
    """The file lacks rows; so it will when it is read again."""


class Row(NamedTuple):
    """One placement on one day; counts are millionths, None = suppressed."""

    day: date
    placement_id: str
    placement: str
    counts: dict[str, int | None]


def table(lines: Iterable[list[str]], account: Account, window: Window) -> Iterator[Row]:
    """The rows of the table.

    Raises ContractError for a file of another time zone, account, shape or day, and for a placement's day
    that comes twice. Raises Incomplete for a file that ends early, at the end also when its rows do not
    add up to its total. A file that ends with the columns' names is one without rows.
    """
    left = (line for line in lines if any(line))
    _check_preamble(left, account)
    header = next(left, None)
    if header is None:
        raise Incomplete("the report file ends before its columns: sync again")
    _check_header(header)
    sums, seen = _Sums(), set[tuple[date, str]]()
    for line in left:
        if len(line) != len(queries.COLUMNS):
            raise ContractError(f"a row of the report has {len(line)} cells, not {len(queries.COLUMNS)}")
        if line[0] == TOTAL:
            sums.check(_counts(line))
            return
        row = _row(line)
        if row.day not in window:
            raise ContractError(f"a row of {row.day} came, which was not asked for")
        if (key := (row.day, row.placement_id)) in seen:
            raise ContractError(f"placement {row.placement_id[:40]} comes twice on {row.day}")
        seen.add(key)
        sums.add(row.counts)
        yield row
    if seen:
        raise Incomplete("the report file ends without its total: sync again")


def _check_preamble(lines: Iterator[list[str]], account: Account) -> None:
    """Read until the line before the columns."""
    told: dict[str, str] = {}
    for line in lines:
        if line[0] == FIELDS:
            break
        told[line[0]] = line[1] if len(line) > 1 else ""
    else:
        raise Incomplete(f"the report file ends before {FIELDS!r}: sync again")
    if told.get(ZONE) != account.timezone:
        raise ContractError(
            f"the report counts days by {told.get(ZONE, 'an unknown clock')[:40]}, timezone says "
            f"{account.timezone}: correct timezone in the configuration"
        )
    if told.get(ACCOUNT, account.manager_id) != account.manager_id:
        raise ContractError(f"the report is about the CM360 account {told[ACCOUNT][:40]}")


def _check_header(names: list[str]) -> None:
    known = [LABELS.get(name, asked) for name, asked in zip(names, queries.COLUMNS, strict=False)]
    if len(names) != len(queries.COLUMNS) or known != list(queries.COLUMNS):
        raise ContractError(f"the report has other columns than asked for: {', '.join(names)[:300]}")


def _row(line: list[str]) -> Row:
    try:
        day = date.fromisoformat(line[0])
    except ValueError:
        raise ContractError(f"the report has no day in {line[0][:40]!r}: {queries.DATE}") from None
    return Row(day, line[1], line[2], _counts(line))


def _counts(line: list[str]) -> dict[str, int | None]:
    cells = zip(queries.METRICS, line[len(queries.DIMENSIONS) :], strict=True)
    return {name: _count(name, text) for name, text in cells}


def _count(name: str, text: str) -> int | None:
    if not text.strip("-"):  # a dash stands for what is left out for privacy
        return None
    try:
        count = to_micros(text)
    except ContractError:
        raise ContractError(f"{name}: {text[:40]!r} is no count") from None
    if count < 0:
        raise ContractError(f"{name}: {text[:40]!r} is below zero")
    return count


class _Sums:
    """What the rows add up to, by metric."""

    def __init__(self) -> None:
        self._sums: dict[str, int] = dict.fromkeys(queries.METRICS, 0)
        self._suppressed, self._rounded = set[str](), set[str]()

    def add(self, counts: dict[str, int | None]) -> None:
        for name, count in counts.items():
            if count is None:
                self._suppressed.add(name)
                continue
            self._sums[name] += count
            if count % MICROS:
                self._rounded.add(name)

    def check(self, told: dict[str, int | None]) -> None:
        """Compare with the file's total, but for fractions, which are rounded.

        Where cells are suppressed, the total may be more.
        """
        for name, total in told.items():
            came = self._sums[name]
            if total is None or name in self._rounded or (name in self._suppressed and came <= total):
                continue
            try:
                check_count(came, total, f"millionths of {name}")
            except TransientError as error:
                raise Incomplete(error.message) from None
