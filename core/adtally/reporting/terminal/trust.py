"""What the numbers are worth: days that are soon lost, grains that disagree, and how long numbers moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console

from ...engine.day_states import DayState, Drift, Expiring, GapVerdict, GrainGap
from ..completeness import reports_text
from ..wording import ABSENT, day_text, days_text, platform_label, plural, shown
from .layout import fit, left, paragraph, right, say

MOST_GAPS = 5
LABEL = 26
VERDICTS: dict[GapVerdict, str] = {
    "unexplained": "not explained",
    "lacking": "short",
    "rounding": "within rounding",
    "equal": "equal",
}
NOT_HERE: dict[DayState, str] = {"denied": "not permitted", "failed": "failed", "missing": "never asked"}


def print_expiring(console: Console, retention: Iterable[Expiring]) -> None:
    """Print the days that will be lost, the most urgent first, and the command that fetches them."""
    together: defaultdict[tuple[date, str], list[Expiring]] = defaultdict(list)
    for row in retention:
        together[row.stops_on, row.retry].append(row)
    if together:
        say(console)
        say(console, ("Soon lost", "bold red"))
    for (stops_on, retry), rows in sorted(together.items()):
        one = rows[0]
        where = f"{shown(one.connector)}/{shown(one.account_id)}"
        reports = shown(reports_text({row.report for row in rows}))
        lost = plural(max(row.days for row in rows), "day")
        why = ", ".join(word for state, word in NOT_HERE.items() if any(state in row.counts for row in rows))
        end = f"from {day_text(stops_on)} {stops_on.year} the platform no longer answers for the first"
        told = f"{where} {reports}, {days_text(one.first_day, one.last_day)}: {lost} {why}; {end}"
        paragraph(console, ["  "], told)
        paragraph(console, ["  "], f"run: {shown(retry)}")


def print_sums(console: Console, sums: Sequence[GrainGap]) -> None:
    """Print how many sums agree with those of their campaigns, and the first that do not.

    What campaigns without ads explain is told once for an account: at its finest grain, of its newest month.
    """
    if not sums:
        return
    counts = Counter(row.verdict for row in sums)
    told = ", ".join(f"{counts[verdict]:,} {word}" for verdict, word in VERDICTS.items() if counts[verdict])
    say(console)
    compared = f"{len(sums):,} compared with their campaigns, by account, grain and month: {told}"
    paragraph(console, [("Sums  ", "bold")], compared)
    unexplained = [row for row in sums if row.verdict == "unexplained"]
    lacking = {(row.connector, row.account_id): row for row in sums if row.verdict == "lacking"}
    lines = [*unexplained, *lacking.values()]
    for row in lines[:MOST_GAPS]:
        _print_gap(console, row)
    if len(lines) > MOST_GAPS:
        say(console, f"  {len(lines) - MOST_GAPS:,} more: adtally status --json")
    if lines and lines[-1].verdict == "lacking":
        paragraph(console, ["  "], f"Short: {lines[-1].cause}.", style="dim")


def _print_gap(console: Console, row: GrainGap) -> None:
    month = f"{date.fromisoformat(f'{row.month}-01'):%b %Y}"
    where = f"{shown(row.connector)}/{shown(row.account_id)} {month}, {plural(row.days, 'day')}: {row.says}"
    if row.verdict == "lacking":
        paragraph(console, ["  "], where)
    else:
        paragraph(console, ["  "], f"{where}: {row.cause}", style="yellow")
        paragraph(console, ["  "], f"then: {shown(row.retry)}")


def print_drift(console: Console, drift: Sequence[Drift]) -> None:
    """Print for each platform the oldest age at which a number changed, and where we look too briefly."""
    if not drift:
        return
    say(console)
    heads = [right(metric.metric, 12) for metric in drift[0].metrics]
    say(console, (left("Numbers moved until day", LABEL), "bold"), *heads, right("asked again", 14))
    for row in drift:
        until = [
            _until(row.watched_until_days, metric.moved_until_days, metric.final_after)
            for metric in row.metrics
        ]
        label = left(fit(platform_label(row.platform), LABEL - 2), LABEL)
        say(console, label, *(right(text, 12) for text in until), right(f"{row.restated_days} days", 14))
    paragraph(console, [], f"in brackets: final after; {ABSENT} no day was fetched twice", style="dim")
    for row in drift:
        if row.warning:
            paragraph(console, ["  "], row.warning, style="yellow")


def _until(watched: int | None, moved: int | None, final_after: int) -> str:
    return f"{ABSENT if watched is None and moved is None else moved or 0} ({final_after})"
