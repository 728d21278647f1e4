"""The end of ``reconcile`` and ``report``: totals, buckets, claims, what to do, what was not seen."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from ...calendar import month_name
from ...engine.day_states import Status
from ...money import amount_text, money_text
from ...reconciliation.accruals import accruals
from ...reconciliation.result import Finding, Month, Result
from ..campaigns import what_if_text, what_ifs
from ..checked import may_become_claims, verdict_counts
from ..claims import asked, at_risk, claims, largest_first, listed
from ..completeness import account_names, completeness
from ..months import billed, currencies, is_running, shown_month
from ..wording import (
    ABSENT,
    FIRST_COMMANDS,
    day_text,
    instant_text,
    month_text,
    plural,
    shown,
)
from .closing import print_estimates, print_since
from .findings import print_entries
from .layout import heading, left, paragraph, right, say, widest
from .status import trouble_lines
from .totals import print_buckets, print_totals

NEXT_STEPS = 3
TROUBLES = 5


def print_result(
    console: Console, result: Result, status: Status, *, month: Month | None = None, limit: int = 10
) -> None:
    """Print one month in full, after a line for each judged month if there are several.

    ``month`` defaults to the newest that has ended; ``limit`` is the number of claims listed.
    """
    chosen = month or shown_month(result, status.today)
    if not status.as_of:
        _print_nothing(console)
        return
    if chosen is None:
        say(console, "Nothing is judged yet. Next: adtally reconcile")
        return
    if len(result.months) > 1:
        _print_months(console, result, chosen, status)
    _print_head(console, chosen, status)
    print_totals(console, chosen)
    print_buckets(console, chosen)
    _print_what_ifs(console, chosen)
    found = claims(chosen)
    _print_claims(console, chosen, found, status, limit)
    _print_next(console, chosen, found)
    print_since(console, result.since_closing, month_name(chosen.month.last_day))
    _print_checked(console, chosen, found)
    _print_data(console, chosen, status)
    print_estimates(console, accruals(chosen.facts.accounts))


def _print_nothing(console: Console) -> None:
    say(console, ("Nothing here yet.", "bold"), " Three commands fill the ledger:")
    for command, does in FIRST_COMMANDS:
        say(console, f"  {left(command, 16)}{does}")


def _print_months(console: Console, result: Result, chosen: Month, status: Status) -> None:
    rows: list[tuple[str, str, str, str, str]] = []
    for month in result.months:
        found = claims(month)
        sums, whole = at_risk(found), billed(month.support)
        note = "running" if is_running(month, status.today) else ""
        note = "shown below" if month.month == chosen.month else note
        for number, currency in enumerate(currencies(month)):
            rows.append(
                (
                    month_text(month.month) if number == 0 else "",
                    currency,
                    amount_text(whole[currency], currency),
                    amount_text(sums[currency], currency),
                    note if number == 0 else "",
                )
            )
        if not currencies(month):
            rows.append((month_text(month.month), ABSENT, ABSENT, ABSENT, note))
    wide = [widest((row[column] for row in rows), least) for column, least in ((0, 6), (2, 12), (3, 12))]
    head = f"{right('billed', wide[1])}  {right('claim back', wide[2])}"
    say(console, (left("Months", wide[0]), "bold"), f"  {'':3}  {head}")
    for name, currency, whole_text, claim, note in rows:
        amounts = f"{right(whole_text, wide[1])}  {right(claim, wide[2])}"
        say(console, f"{left(name, wide[0])}  {left(currency, 3)}  {amounts}", (f"  {note}", "dim"))
    say(console)


def _print_head(console: Console, month: Month, status: Status) -> None:
    accounts = {(feed.connector, feed.account_id) for feed in status.feeds}
    platforms = {feed.platform for feed in status.feeds}
    running = "still running, " if is_running(month, status.today) else ""
    told = f"{plural(len(platforms), 'platform')}, {plural(len(accounts), 'account')}"
    as_of = f"data as of {instant_text(status.as_of)}"
    say(console, *heading(month_text(month.month), f"{running}{told}, {as_of}"))
    say(console)


def _print_what_ifs(console: Console, month: Month) -> None:
    """What the same delivery would have cost as views alone; the other models stand in the report."""
    views = [row for row in what_ifs(month) if row.model == "cpm"]
    for row in views:
        paragraph(console, [], what_if_text(row))
    if views:
        say(console)


def _print_claims(console: Console, month: Month, found: list[Finding], status: Status, limit: int) -> None:
    questions, waste = asked(month, "ask"), asked(month, "waste")
    if found:
        say(console, *heading("Claims", f"{len(found):,} open, largest first within each currency"))
        shown_claims, rest = listed(found, limit)
        print_entries(console, shown_claims, account_names(status))
        if rest:
            say(console, f"{sum(row.count for row in rest):,} more: adtally findings list")
    else:
        counts = verdict_counts(month)
        ran = sum(counts.values()) - counts["not_checkable"]
        told = f"Nothing to claim: {plural(ran, 'check')} ran, {counts['not_checkable']:,} could not."
        say(console, *heading("Claims", told))
    for rows, words in (
        (questions, "to ask about, where no contract turns it into money"),
        (waste, "billed as agreed, with too little interaction: waste, not a claim"),
    ):
        if rows:
            money = _sums_text(at_risk(rows))
            paragraph(console, [], f"{plural(len(rows), 'finding')} {words}{money and f': {money}'}")
    say(console)


def _print_next(console: Console, month: Month, found: list[Finding]) -> None:
    steps = list(dict.fromkeys(row.next_step for row in largest_first(month, found) if row.next_step))
    if not steps:
        return
    say(console, ("What to do next", "bold"))
    for number, step in enumerate(steps[:NEXT_STEPS], start=1):
        paragraph(console, [f"{number}. "], shown(step))
    say(console)


def _print_checked(console: Console, month: Month, found: list[Finding]) -> None:
    counts = verdict_counts(month)
    told = (
        f"{plural(counts['finding'], 'finding')} ({plural(len(found), 'claim')}), {counts['match']:,} match, "
        f"{counts['within_tolerance']:,} within tolerance, {counts['explained']:,} explained, "
        f"{counts['clear']:,} clear, {counts['pending']:,} pending, {counts['not_checkable']:,} not checkable"
    )
    if counts["not_checkable"]:
        told += " (the report says what is missing)"
    paragraph(console, [("Checked", "bold"), "  "], told)
    money = _sums_text(may_become_claims(month))
    if money:
        paragraph(console, ["         "], f"pending may become claims: {money}", style="magenta")


def _sums_text(sums: Mapping[str, int]) -> str:
    return ", ".join(money_text(micros, currency) for currency, micros in sorted(sums.items()) if micros)


def _print_data(console: Console, month: Month, status: Status) -> None:
    state = completeness(status, month.month)
    newest = f"newest day everywhere {day_text(state.newest)}" if state.newest else "some have no day yet"
    told = f"{state.complete} of {plural(state.accounts, 'account')} complete, {newest}"
    if state.stale_days:
        told += f", {plural(state.stale_days, 'day')} old"
    paragraph(console, [("Data", "bold"), "     "], told)
    for trouble in state.troubles[:TROUBLES]:
        for line in trouble_lines(trouble):
            paragraph(console, ["         "], line, style="yellow")
    if len(state.troubles) > TROUBLES:
        say(console, f"         {len(state.troubles) - TROUBLES:,} more: adtally status")
    if state.complete < state.accounts:
        say(console, "         The gaps, day by day: adtally status")
