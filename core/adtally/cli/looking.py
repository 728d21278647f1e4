"""``adtally status`` and ``adtally export``."""

from __future__ import annotations

from pathlib import Path

import click

from .answers import as_json_option, console_for, known_ledger, say_json, settings_of


@click.command()
@click.option("--month", help="Only the days of this month.")
@as_json_option
@click.pass_context
def status(ctx: click.Context, month: str | None, as_json: bool) -> None:
    """Show how far the data of each account reaches, what did not come, and what its numbers are worth."""
    from ..commands import month_window, status as read_status
    from ..reporting.terminal import print_status

    with known_ledger(settings_of(ctx)) as ledger:
        found = read_status(ledger, window=month_window(month) if month else None)
    if as_json:
        say_json(found)
    else:
        print_status(console_for(), found)


@click.command()
@click.argument("table")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_context
def export(ctx: click.Context, table: str, path: Path) -> None:
    """Write the rows of a public TABLE to FILE, a .csv or a .jsonl."""
    from ..exporting import export as write

    with known_ledger(settings_of(ctx)) as ledger:
        count = write(ledger, table, path)
    click.echo(f"{path}: {count:,} rows of {table}")
