"""The file of a report: rows until the total, which is added up anew, then a footer.

Source: Bid Manager API v2 (contract of 2025-11-26), and public programs that read its files (read 2026-11).
Labels of columns change with versions and languages, so columns are known by their place. The row of totals
begins with an empty cell; a file without it, or without the footer after it, was cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from adtally import ContractError, TransientError, to_micros

from .queries import FRACTIONS, Report

NOTHING = "No data returned"
UNKNOWN = {"", "-", "Unknown"}
"""Cells that say nothing: never a zero."""
DAY = "%Y/%m/%d"
ROUNDED = 1
"""Micros by which each row may be off: Google rounds rows and their total apart."""


class Cut(TransientError):
    """The file has less than it should: another one is needed."""


class Row(NamedTuple):
    day: date
    campaign_id: str
    ad_group_id: str
    ad_id: str
    told: Mapping[str, int | None]
    """By metric: counts, and micros of amounts and fractions; None = Google says nothing."""


def checked(cells: Iterator[list[str]], report: Report, left_out: frozenset[str]) -> Iterator[Row]:
    """Each row of what was asked for.

    Raises Cut for a file that ends early or has less than its total says, and ContractError for another
    table than was asked for.
    """
    metrics = report.metrics.without(left_out)
    width = len(report.groups) + len(metrics)
    header = next(cells, list[str]())
    if _is_nothing(header):
        return
    if not header:
        raise Cut("it is empty")
    if len(header) != width:
        raise ContractError(f"the report has {len(header)} columns, {width} were asked for")
    number, sums = 0, [0] * len(metrics)
    for line in cells:
        if not number and _is_nothing(line):
            return
        if not _begins(line) or (not number and len(line) != width):
            break
        if len(line) != width:
            raise Cut(f"row {number + 1} of the report has {len(line)} columns of {width}")
        row = _row(line, report, metrics)
        number += 1
        sums = [one + (told or 0) for one, told in zip(sums, row.told.values(), strict=True)]
        yield row
    else:
        line = []
    if number and len(line) != width:
        raise Cut(f"it ends without a total after {number:,} rows")
    if number:
        _compare(sums, line[len(report.groups) :], metrics, number)
    if not _begins(line) and not any(map(_begins, cells)):
        raise Cut("it ends without its footer")


def _row(line: Sequence[str], report: Report, metrics: Sequence[str]) -> Row:
    """The row. Raises ContractError for another account, campaign or day than asked for."""
    day, account_id, *ids = line[: len(report.groups)]
    campaign_id, ad_group_id, ad_id = [*map(_id, ids), "", "", ""][:3]
    if account_id != report.account_id:
        raise ContractError(f"the report has a row of advertiser {account_id[:40]}, not {report.account_id}")
    if report.campaigns and campaign_id not in report.campaigns:
        raise ContractError(f"the report has a row of campaign {campaign_id[:40]}, which was not asked for")
    told = {name: _number(name, cell) for name, cell in zip(metrics, line[len(report.groups) :], strict=True)}
    return Row(_day(day, report), campaign_id, ad_group_id, ad_id, told)


def _day(text: str, report: Report) -> date:
    try:
        day = datetime.strptime(text.replace("-", "/"), DAY).date()  # noqa: DTZ007 - a day of the account
    except ValueError:
        raise ContractError(f"the report has a row of no day: {text[:40]!r}") from None
    if day not in report.window:
        raise ContractError(f"the report has a row of {day}, outside of {report.window}")
    return day


def _number(name: str, cell: str) -> int | None:
    """The count, or micros. Raises ContractError for anything else."""
    text = cell.strip()
    if text in UNKNOWN:
        return None
    if name in FRACTIONS:
        return to_micros(text)
    try:
        count = int(text) if text.isdigit() else Decimal(text)
        if count == int(count):
            return int(count)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise ContractError(f"{name}: not a count: {text[:40]!r}")


def _compare(sums: Sequence[int], totals: Sequence[str], metrics: Sequence[str], number: int) -> None:
    """Raise Cut where rows are missing, and ContractError where there are too many."""
    for name, came, cell in zip(metrics, sums, totals, strict=True):
        told = _number(name, cell)
        slack = ROUNDED * number if name in FRACTIONS else 0
        if told is None or abs(came - told) <= slack:
            continue
        says = f"the {number:,} rows of the report have {name} {came:,}, its total says {told:,}"
        raise Cut(says) if abs(came) < abs(told) else ContractError(says)


def _id(cell: str) -> str:
    """The id, or "" for what belongs to nothing that Google names."""
    return "" if cell.strip() in UNKNOWN else cell.strip()


def _begins(line: Sequence[str]) -> bool:
    """Whether the first cell says something."""
    return bool(line and line[0].strip())


def _is_nothing(line: Sequence[str]) -> bool:
    return bool(line) and line[0].startswith(NOTHING)
