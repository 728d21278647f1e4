"""Rows of the ledger as it has them, and the answers behind them."""

from __future__ import annotations

from rich.console import Console

from ...ledger.shown import KeptAnswer, Shown, TableRow
from ..wording import NO_BREAK, day_text, plural, shown as safe
from .layout import paragraph, say


def print_shown(console: Console, found: Shown) -> None:
    """Print each row with its columns that are not empty, then the numbered answers, then what is missing."""
    what = f"invoice {safe(found.invoice_id)}" if found.day is None else str(found.day)
    then = f", as believed when {day_text(found.as_of)} {found.as_of.year} ended" if found.as_of else ""
    say(console, (f"{safe(found.connector)}/{safe(found.account_id)}", "bold"), f"  {what}{then}")
    if not found.rows:
        say(console, "The ledger has no rows of it.")
    for table, rows in found.rows.items():
        for row in rows:
            _print_row(console, found, table, row)
    for number, answer in enumerate(found.answers, 1):
        _print_answer(console, number, answer)
    if found.day is None and found.as_of:
        paragraph(console, [], "The rows are today's: of a document only the newest version is kept.")
    _print_missing(console, found)


def _print_row(console: Console, found: Shown, table: str, row: TableRow) -> None:
    head = {
        "connector": found.connector,
        "account_id": found.account_id,
        "day": str(found.day),
        "invoice_id": found.invoice_id,
        "report": row.get("report"),
    }
    say(console)
    say(console, (table, "bold"), f"  {safe(str(head['report']))}" if head["report"] else "")
    told = {name: value for name, value in row.items() if value not in (None, "", head.get(name))}
    paragraph(
        console, ["  "], ", ".join(f"{name}{NO_BREAK}{safe(str(value))}" for name, value in told.items())
    )


def _print_answer(console: Console, number: int, answer: KeptAnswer) -> None:
    say(console)
    days = f"{answer.first_day}..{answer.last_day}"
    at = f"{answer.fetched_at:%Y-%m-%d %H:%M:%S} UTC"
    say(console, (f"answer {number}", "bold"), f"  {safe(answer.report)} {days}, fetched {at}")
    say(console, f"  {safe(answer.method)} {safe(answer.url)}")
    if answer.sent:
        say(console, f"  {safe(answer.sent)}")
    say(console, f"  {answer.status} {safe(answer.content_type)}, {plural(answer.bytes, 'byte')}")
    say(console, f"  sha256 {answer.sha256}")


def _print_missing(console: Console, found: Shown) -> None:
    if found.answers:
        say(console)
        say(console, "The bytes of answer 1: the same command with --raw 1")
    if found.from_files:
        say(console)
        named = ", ".join(map(safe, found.from_files))
        paragraph(console, [], f"These rows come from files, which are the answers themselves: {named}")
    if found.not_kept:
        first_day = f" --first-day {found.day}" if found.day else ""
        say(console)
        paragraph(
            console,
            [],
            f"No answers were kept when these rows came ({', '.join(map(safe, found.not_kept))}). "
            "To keep them, set keep_raw = true in [ledger], then fetch the days again: "
            f"adtally sync {safe(found.connector)} --full{first_day}",
        )
