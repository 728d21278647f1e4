"""The file of a report: a block about itself, a line of columns, rows, and a footer.

Source: API v13, "Reports" (report file schema, time zones), 2024-11-06; read 2026-11. ``--`` and nothing at
all say that something is not told. FormatVersion 2.0 has no separators of thousands. The books of a day close
some three hours after it, in the last of the campaigns' time zones.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adtally import ContractError, TransientError, check_count

from .queries import PACIFIC_IANA, Report

log = logging.getLogger(__name__)

UNKNOWN = {"", "--"}
HOURS = frozenset(map(str, range(24)))
LONGEST_HEAD = 50
"""Lines before that of the columns; there are ten."""
COMPLETE_AFTER = 3
"""Days after which Microsoft must not call a day incomplete any more: closing takes hours."""
OFFSET = re.compile(r"\((?:GMT|UTC)(?:([+-])(\d\d):(\d\d))?\)")


class Unfit(TransientError):
    """The file has less than it should: another report is needed."""


class Row(NamedTuple):
    day: date | None
    """None in a report that is not by day or hour."""
    hour: int | None
    """None in a report that is not by hour."""
    ids: Mapping[str, str]
    told: Mapping[str, str | None]


def checked(cells: Iterator[list[str]], report: Report, timezone: str, today: date) -> Iterator[Row]:
    """Each row of what was asked for; ``timezone`` is the account's, by its IANA name.

    A report that is not by day names things, and one that was renamed may have several rows there.
    Raises Unfit for a file that ends early, has fewer rows than it says, or whose days are incomplete long
    after they ended; ContractError for another table than was asked for.
    """
    head = _head(cells, report)
    late = (today - report.window.last_day).days
    if head.get("Potential Incomplete Data", "").casefold() == "true" and late > COMPLETE_AFTER:
        raise Unfit(f"Microsoft still counts {report.window.last_day}, {late} days later")
    clock = PACIFIC_IANA if report.level.by == "hour" else timezone
    _compare_clocks(head.get("Time Zone", ""), clock, report)
    came, seen, footer = 0, set[tuple[object, ...]](), False
    for line in cells:
        if not any(line):
            continue
        if line[0].startswith("@"):
            footer = True
            break
        row = _row(line, report)
        key = (row.day, *(() if row.hour is None else (row.hour,)), *row.ids.values())
        if row.day and key in seen:
            raise ContractError(f"the report has two rows of {' '.join(map(str, key))}")
        seen.add(key)
        came += 1
        yield row
    told = head.get("Rows", "")
    if told.isdigit():
        try:
            check_count(came, int(told))
        except TransientError as error:
            raise Unfit(error.message) from None
    elif not footer:
        raise Unfit(f"the report ends without its footer after {came:,} rows")


def count(text: str | None) -> int | None:
    """A whole number. Raises ContractError for anything else."""
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise ContractError(f"not a count: {text[:40]!r}") from None


def _head(cells: Iterator[list[str]], report: Report) -> dict[str, str]:
    """What the block before the columns says, by name. Raises ContractError for other columns."""
    said = dict[str, str]()
    for number, line in enumerate(cells):
        if line and line[0] == report.columns[0]:
            if tuple(line) != report.columns:
                raise ContractError(
                    f"the report has the columns {', '.join(line)[:200]}: others were asked for"
                )
            return said
        name, colon, value = ",".join(line).partition(":")
        if (line and not colon) or number > LONGEST_HEAD:
            raise ContractError(
                f"the report begins with {','.join(line)[:80]!r} where its columns should stand"
            )
        if line:
            said[name.strip()] = value.strip()
    raise Unfit("the report ends before its columns")


def _row(line: Sequence[str], report: Report) -> Row:
    """The row. Raises ContractError for another account, campaign or day than asked for."""
    columns = report.columns
    if len(line) != len(columns):
        raise Unfit(f"a row of the report has {len(line)} cells of {len(columns)}")
    told = {
        name: None if cell.strip() in UNKNOWN else cell.strip()
        for name, cell in zip(columns, line, strict=True)
    }
    ids = {name: told.pop(name) or "" for name in report.level.ids}
    account_id = told.pop("AccountId")
    if account_id != report.account_id:
        raise ContractError(f"the report has a row of account {account_id}, not {report.account_id}")
    if report.campaigns and ids["CampaignId"] not in report.campaigns:
        raise ContractError(f"the report has a row of campaign {ids['CampaignId']}, which was not asked for")
    for name in report.level.ids:
        if name.endswith("Id") and name != "GoalId" and not ids[name]:
            raise ContractError(f"the report has a row without {name}")
    return Row(*_time(told.pop("TimePeriod", None), report), ids, told)


def _time(text: str | None, report: Report) -> tuple[date | None, int | None]:
    """The day and the hour, such as ``2026-10-01`` or ``2026-10-01|7``."""
    if not report.level.by:
        return None, None
    day, bar, hour = (text or "").partition("|")
    if bool(bar) != (report.level.by == "hour") or (bar and hour not in HOURS):
        raise ContractError(f"the report has a row of no {report.level.by}: {(text or '')[:40]!r}")
    return _day(day, report), int(hour) if bar else None


def _day(text: str, report: Report) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ContractError(f"the report has a row of no day: {text[:40]!r}") from None
    if day not in report.window:
        raise ContractError(f"the report has a row of {day}, outside of {report.window}")
    return day


def _compare_clocks(shown: str, timezone: str, report: Report) -> None:
    """Warn where the report names another offset than the zone has in either half of the year.

    Raises ContractError for that in a report by hour: its hours would be taken for others.
    """
    found = OFFSET.search(shown)
    if found is None:
        return
    sign, hours, minutes = found.groups(default="0")
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    noon = (f"{report.window.last_day.year}-{month}-01T12:00" for month in ("01", "07"))
    if offset not in {_offset(text, timezone) for text in noon}:
        if report.level.by == "hour":
            raise ContractError(f"hours by {shown[:60]} came where those of {timezone} were asked for")
        log.warning(
            "microsoft_ads: %s: the report is by %s, the account by %s",
            report.account_id,
            shown[:60],
            timezone,
        )


def _offset(text: str, timezone: str) -> timedelta | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone)).utcoffset()
