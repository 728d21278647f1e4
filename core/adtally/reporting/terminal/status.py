"""How far the data has come, as a calendar of signs, and the command for each trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rich.console import Console

from ...calendar import Window, months
from ...engine.day_states import SIGNS, DayState, Status, Trouble
from ..completeness import GAPS, Row, completeness, merged, stale_days
from ..wording import day_text, days_text, instant_text, plural, shown
from .layout import fit, left, paragraph, say
from .trust import print_drift, print_expiring, print_sums

LABEL = 26
RANKS = {"campaign": 0, "account": 1, "ad_group": 2, "ad": 3}
SIGN_WORDS: dict[DayState, str] = {
    "final": "final",
    "restated": "may be restated",
    "partial": "partial",
    "zero": "zero",
    "missing": "missing (never asked)",
    "failed": "failed",
    "denied": "not permitted",
    "inactive": "not active",
}
SIGN_STYLES: dict[DayState, str] = {"missing": "red", "failed": "red", "denied": "red", "partial": "yellow"}


def print_status(console: Console, status: Status) -> None:
    """Print each daily report as a calendar: the newest month, and older ones where days are missing.

    Below it what will soon be lost, what to do, and what the numbers are worth.
    """
    if not status.as_of:
        say(console, "Nothing here yet. Next: adtally sync")
        return
    stale = stale_days(status)
    age = f" ({plural(stale, 'day')} old)" if stale else ""
    say(console, ("Status", "bold"), f"  data as of {instant_text(status.as_of)}{age}")
    days = sorted({day for feed in status.feeds for day in feed.days})
    calendar = list(months(Window(days[0], days[-1]))) if days else []
    for number, month in enumerate(calendar):
        _print_month(console, status, month, newest=number == len(calendar) - 1)
    _print_signs(console, status)
    _print_whole(console, status)
    print_expiring(console, status.retention)
    troubles = merged(status.troubles)
    if troubles:
        say(console)
        say(console, ("What to do", "bold"))
    for trouble in troubles:
        for line in trouble_lines(trouble):
            paragraph(console, ["  "], line)
    print_sums(console, status.sums)
    print_drift(console, status.drift)
    for sentence in status.seen_twice:
        paragraph(console, [("Seen twice  ", "bold")], shown(sentence))


def trouble_lines(trouble: Trouble) -> Iterator[str]:
    """Yield what did not come and why, then the command that fetches it once the cause is gone."""
    what = [shown(trouble.report), days_text(trouble.first_day, trouble.last_day)]
    yield what_failed(trouble.connector, trouble.account_id, what, trouble.status, trouble.message)
    if trouble.retry and trouble.status != "not_offered":
        yield f"then: {shown(trouble.retry)}"


def what_failed(connector: str, account_id: str, what: Iterable[str], status: str, message: str) -> str:
    """``google/123 campaign_daily, 21–31 Oct failed: token expired``."""
    where = f"{connector}/{account_id}" if account_id else connector
    told = ", ".join(part for part in what if part)
    return f"{shown(where)} {told + ' ' if told else ''}{status.replace('_', ' ')}: {shown(message)}"


def _print_month(console: Console, status: Status, month: Window, *, newest: bool) -> None:
    state = completeness(status, month)
    rows = [*state.gaps, *state.others] if newest else [row for row in state.gaps if _is_worth_a_month(row)]
    rows = sorted(_without_twins(rows), key=lambda row: (not row.has_gap, _owner(row)))
    for report in sorted({row.feed.report for row in rows}, key=_rank_of(rows)):
        say(console)
        title = f"{shown(report)}, {month.first_day:%b %Y}"
        say(console, (left(fit(title, LABEL), LABEL + 2), "bold"), _ruler(month), "  newest")
        for row in (row for row in rows if row.feed.report == report):
            _print_row(console, row)


def _without_twins(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each account's campaigns, and of its other reports those whose days look otherwise."""
    first: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: (_owner(row), RANKS.get(row.feed.grain, 0), row.feed.report)):
        shown_before = first.setdefault(_owner(row), row)
        if shown_before is row or (row.cells, row.never_synced) != (
            shown_before.cells,
            shown_before.never_synced,
        ):
            yield row


def _is_worth_a_month(row: Row) -> bool:
    """Whether an older month has gaps that are not the same for ever: what to do names those once."""
    return not row.never_synced and any(state in GAPS and state != "denied" for _, state in row.cells)


def _owner(row: Row) -> tuple[str, str]:
    return row.feed.connector, row.feed.account_id


def _rank_of(rows: Iterable[Row]) -> Callable[[str], tuple[int, str]]:
    ranks = {row.feed.report: RANKS.get(row.feed.grain, 0) for row in rows}
    return lambda report: (ranks[report], report)


def _print_row(console: Console, row: Row) -> None:
    feed = row.feed
    name = fit(f"{feed.connector}/{feed.account_id}", LABEL - 5)
    label = f"{left(name, LABEL - 5)}  {left(feed.currency, 3)}  "
    if row.never_synced:
        say(console, label, ("never synced", "red"))
        return
    signs = [(SIGNS[state], SIGN_STYLES.get(state, "")) if state else " " for _, state in row.cells]
    newest = feed.newest_complete_day
    say(console, label, *signs, f"  {day_text(newest) if newest else 'none'}")


def _ruler(month: Window) -> str:
    """The numbers 1, 11, 21 and 31 above their days; the last one ends there."""
    signs = [" "] * month.days
    for day in (1, 11, 21):
        signs[day - 1 : day - 1 + len(str(day))] = str(day)
    if month.days == 31:
        signs[29:31] = "31"
    return "".join(signs)


def _print_signs(console: Console, status: Status) -> None:
    present: dict[str, str] = {}
    for state, sign in SIGNS.items():
        if any(state in feed.days.values() for feed in status.feeds):
            present.setdefault(sign, SIGN_WORDS[state])
    if present:
        say(console)
        paragraph(console, [], ", ".join(f"{sign} {word}" for sign, word in present.items()), style="dim")


def _print_whole(console: Console, status: Status) -> None:
    """Reports that come as a whole have no calendar: only their newest day is told."""
    whole = [feed for feed in status.feeds if not feed.days and feed.newest_complete_day is not None]
    if whole:
        say(console)
    for feed in whole:
        name = fit(f"{feed.connector}/{feed.account_id}", LABEL)
        say(console, f"{left(name, LABEL)}  {fit(feed.report, 31)}: {day_text(feed.newest_complete_day)}")
