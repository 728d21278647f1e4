"""The end of ``close``: what was kept, what was missing, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from ...money import amount_text, money_text
from ...reconciliation.accruals import Accrual
from ...reconciliation.closed_facts import Closing, verdict_counts
from ...reconciliation.drift import Change, Drift
from ..since import SINCE_ROWS, change_text, estimates
from ..wording import ABSENT, instant_text, plural, shown
from .layout import fit, heading, left, paragraph, right, say, widest

WIDE = 44
STYLES = {"pending": "magenta"}


def print_closing(console: Console, closing: Closing) -> None:
    """Print what a closing holds, and its warnings."""
    say(
        console,
        *heading(f"Closed {closing.month}", f"closing {closing.closing_id}, adtally {closing.version}"),
    )
    accounts = {(row.connector, row.account_id) for row in closing.amounts}
    campaigns = sum(1 for row in closing.amounts if row.campaign_id)
    counts = verdict_counts(closing)
    say(
        console,
        f"{plural(len(accounts), 'account')}, {plural(campaigns, 'campaign')}, "
        f"{plural(len(closing.documents), 'document')}, {plural(len(closing.findings), 'finding')}, "
        f"{counts['pending']:,} pending, {counts['not_checkable']:,} not checkable",
    )
    for currency, micros in closing.estimates.items():
        say(console, f"ESTIMATE for accounts without a bill: {money_text(micros, currency)}")
    if closing.warnings:
        say(console)
        told = "closed all the same" if closing.complete else "closed, but not complete"
        say(console, *heading("Warnings", told))
    for warning in closing.warnings:
        style = STYLES.get(warning.kind, "yellow")
        paragraph(console, [(left(warning.kind, 9), style)], shown(warning.says))


def print_drift(console: Console, drift: Drift, *, limit: int | None = None) -> None:
    """Print one short table of what changed since a closing; ``limit`` rows of it at most."""
    closed = f"{drift.month} was closed on {instant_text(drift.closed_at)}, by adtally {drift.version}"
    say(console, *heading("Since closing", closed))
    rows = drift.of_accounts
    if not rows:
        say(console, "Nothing changed.")
    _print_changes(console, rows if limit is None else rows[:limit])
    if limit is not None and len(rows) > limit:
        say(console, f"{len(rows) - limit:,} more: adtally close --month {drift.month} --show")
    say(console)


def print_since(console: Console, drifts: Iterable[Drift], month: str) -> None:
    """What changed since the month was closed; nothing for a month that never was."""
    for drift in drifts:
        if drift.month == month:
            print_drift(console, drift, limit=SINCE_ROWS)


def print_estimates(console: Console, accruals: Iterable[Accrual]) -> None:
    """One line for each currency in which accounts without a bill cost something."""
    for line in estimates(accruals):
        paragraph(console, [("ESTIMATE", "bold"), "  "], line)


def _print_changes(console: Console, changes: Iterable[Change]) -> None:
    rows = [
        (
            fit(change_text(change), WIDE),
            change.currency,
            *(_amount(micros, change.currency) for micros in (change.then_micros, change.now_micros)),
        )
        for change in changes
    ]
    wide = [widest((row[column] for row in rows), least) for column, least in ((0, 6), (2, 4), (3, 3))]
    if rows:
        head = f"  {'':3}  {right('then', wide[1])}  {right('now', wide[2])}"
        say(console, (left("What", wide[0]) + head, "dim"))
    for name, currency, then, now in rows:
        say(
            console,
            f"{left(name, wide[0])}  {left(currency, 3)}  {right(then, wide[1])}  {right(now, wide[2])}",
        )


def _amount(micros: int | None, currency: str) -> str:
    return ABSENT if micros is None else amount_text(micros, currency)
