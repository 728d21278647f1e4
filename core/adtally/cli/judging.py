"""``adtally reconcile`` and ``adtally report``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from .answers import (
    DAY,
    DONE,
    FOUND,
    SEVERITIES,
    as_json_option,
    console_for,
    day_of,
    known_ledger,
    say_json,
    settings_of,
)


@click.command()
@click.option("--month", help="A calendar month, such as 2026-10; default: every one that has ended.")
@click.option("--first-day", type=DAY, help="With --last-day: other days than a month; printed, not stored.")
@click.option("--last-day", type=DAY, help="With --first-day.")
@click.option("--check", "check_id", help="Only the results of this check.")
@click.option("--connector", help="Only the results of this connector.")
@click.option("--as-of", type=DAY, help="As it was believed when this day ended (UTC); printed, not stored.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 1 for a finding at or above it.")
@as_json_option
@click.pass_context
def reconcile(
    ctx: click.Context,
    month: str | None,
    first_day: datetime | None,
    last_day: datetime | None,
    check_id: str | None,
    connector: str | None,
    as_of: datetime | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Judge bills against contract and engagement; store the findings and print what to claim."""
    from ..commands import reconcile as judge, status as read_status
    from ..reporting.terminal import print_result

    settings = settings_of(ctx)
    with known_ledger(settings) as ledger:
        result = judge(
            settings,
            ledger,
            month=month,
            first_day=day_of(first_day),
            last_day=day_of(last_day),
            check=check_id,
            connector=connector,
            as_of=day_of(as_of),
        )
        if as_json:
            say_json(result.document())
        else:
            print_result(console_for(), result, read_status(ledger))
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on else ()
    ctx.exit(FOUND if any(finding.severity in bad for finding in result.findings) else DONE)


@click.command()
@click.option("--month", help="A calendar month, such as 2026-10; default: the newest that has ended.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write one self-contained file.")
@click.option("--as-of", type=DAY, help="As it was believed when this day ended (UTC).")
@click.pass_context
def report(ctx: click.Context, month: str | None, html: Path | None, as_of: datetime | None) -> None:
    """Print the report of a month; with --html also as a file to send."""
    from ..commands import report as make, status as read_status
    from ..reporting.terminal import print_result

    settings = settings_of(ctx)
    with known_ledger(settings) as ledger:
        result = make(settings, ledger, month=month, html=html, as_of=day_of(as_of))
        print_result(console_for(), result, read_status(ledger))
    if html:
        click.echo(f"\nReport: {html}")
