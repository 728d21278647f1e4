"""``adtally show``."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from .answers import DAY, as_json_option, console_for, day_of, known_ledger, say_json, settings_of


@click.command()
@click.argument("connector")
@click.argument("account")
@click.argument("day", type=DAY, required=False, metavar="[DAY]")
@click.option("--invoice", metavar="ID", help="A document instead of a day.")
@click.option("--report", help="Only the rows and answers of this report.")
@click.option("--campaign", metavar="ID", help="Only the rows of this campaign.")
@click.option("--as-of", type=DAY, help="As it was believed when this day ended (UTC).")
@click.option("--raw", type=click.IntRange(1), metavar="N", help="Write the bytes of answer N to stdout.")
@as_json_option
@click.pass_context
def show(
    ctx: click.Context,
    connector: str,
    account: str,
    day: datetime | None,
    invoice: str | None,
    report: str | None,
    campaign: str | None,
    as_of: datetime | None,
    raw: int | None,
    as_json: bool,
) -> None:
    """Show the rows of one DAY or invoice, and the answers of the platform behind them.

    Answers are kept where keep_raw = true in [ledger] was set when they came.
    """
    from ..commands import show as find
    from ..ledger.raw import read_answer
    from ..reporting.terminal.shown import print_shown

    with known_ledger(settings_of(ctx)) as ledger:
        found = find(
            ledger,
            connector,
            account,
            day_of(day),
            invoice=invoice,
            report=report,
            campaign=campaign,
            as_of=day_of(as_of),
        )
        if raw is not None:
            if raw > len(found.answers):
                raise click.BadParameter(f"there are {len(found.answers)} answers", param_hint="--raw")
            sha256 = found.answers[raw - 1].sha256
            body = read_answer(ledger, sha256)
            click.echo(f"verified: the bytes are those that were kept, sha256 {sha256}", err=True)
            sys.stdout.buffer.write(body)
        elif as_json:
            say_json(found)
        else:
            print_shown(console_for(), found)
