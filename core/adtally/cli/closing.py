"""``adtally close``."""

from __future__ import annotations

import click

from .answers import DONE, PARTLY, as_json_option, console_for, known_ledger, say_json, settings_of


@click.command()
@click.option("--month", required=True, help="A calendar month that is over, such as 2026-10.")
@click.option("--show", is_flag=True, help="Close nothing: show what changed since the month was closed.")
@as_json_option
@click.pass_context
def close(ctx: click.Context, month: str, show: bool, as_json: bool) -> None:
    """Keep what is known and said of a MONTH today: costs, bills, findings, and estimates where no bill came.

    A month may be closed again; the earlier closings stay. Exit code 3: closed, but something was missing.
    """
    from ..commands import close as keep, since_closing
    from ..reporting.terminal.closing import print_closing, print_drift

    settings = settings_of(ctx)
    with known_ledger(settings) as ledger:
        if show:
            drift = since_closing(settings, ledger, month=month)
            if as_json:
                say_json(drift)
            else:
                print_drift(console_for(), drift)
            return
        closing = keep(settings, ledger, month=month)
    if as_json:
        say_json(closing)
    else:
        print_closing(console_for(), closing)
    ctx.exit(DONE if closing.complete else PARTLY)
