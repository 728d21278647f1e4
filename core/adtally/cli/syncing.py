"""``adtally sync``."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .answers import DAY, as_json_option, console_for, day_of, say_json, settings_of

if TYPE_CHECKING:
    from ..engine.summary import Run

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--first-day", type=DAY, help="Where a never-synced account starts, this time.")
@click.option("--last-day", type=DAY, help="No later day than this one.")
@click.option(
    "--account", "accounts", multiple=True, help="Only this account id; may be given several times."
)
@click.option("--full", is_flag=True, help="Ask for final days again, too.")
@click.option("--workers", type=click.IntRange(1, 64), help="Accounts fetched side by side.")
@click.option("--every", help="Repeat after this time, such as 6h; until interrupted.")
@click.option("--dry-run", is_flag=True, help="Only count the units that would be fetched.")
@as_json_option
@click.pass_context
def sync(
    ctx: click.Context,
    names: tuple[str, ...],
    first_day: datetime | None,
    last_day: datetime | None,
    accounts: tuple[str, ...],
    full: bool,
    workers: int | None,
    every: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Pull what is missing or may still be restated, of all connectors or of NAMES; resumes, safe in cron."""
    from ..commands import open_ledger, sync as pull
    from ..errors import LedgerError
    from ..reporting.terminal import SyncProgress

    settings, pause = settings_of(ctx), _seconds(every) if every else None
    while True:
        try:
            with open_ledger(settings) as ledger, SyncProgress(console_for(err=True)) as progress:
                run = pull(
                    settings,
                    ledger,
                    connectors=names or None,
                    first_day=day_of(first_day),
                    last_day=day_of(last_day),
                    accounts=accounts,
                    full=full,
                    workers=workers,
                    dry_run=dry_run,
                    progress=progress,
                )
        except LedgerError as error:  # another sync may hold it now and not next time
            if pause is None:
                raise
            click.echo(str(error), err=True)
        else:
            _print(run, as_json=as_json, dry_run=dry_run)
            if pause is None:
                ctx.exit(run.exit_code)
        time.sleep(pause or 0)


def _print(run: Run, *, as_json: bool, dry_run: bool) -> None:
    from ..reporting.terminal import print_sync

    if as_json:
        say_json(_run_facts(run))
    elif dry_run:
        click.echo(f"{run.planned} units would be fetched")
    else:
        print_sync(console_for(), run)


def _run_facts(run: Run) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "units": run.units,
        "rows": run.rows,
        "requests": run.requests,
        "seconds": run.seconds,
        "failures": run.failures,
        "notes": run.notes,
        "planned": run.planned,
    }


def _seconds(text: str) -> float:
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or unit not in UNITS or not int(number):
        raise click.BadParameter(
            f"{text!r}: write a number and s, m, h or d, such as 6h", param_hint="--every"
        )
    return int(number) * UNITS[unit]
