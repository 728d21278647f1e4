"""``adtally sync``."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .answers import DAY, as_json_option, console_for, day_of, say_json, settings_of
from .recording import Recorder
from .turns import Duration, turns

if TYPE_CHECKING:
    from ..engine.summary import Run

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--first-day", type=DAY, help="Where a never-synced account starts, this time.")
@click.option("--last-day", type=DAY, help="No later day than this one.")
@click.option(
    "--account", "accounts", multiple=True, help="Only this account id; may be given several times."
)
@click.option("--full", is_flag=True, help="Ask for final days again, too.")
@click.option("--workers", type=click.IntRange(1, 64), help="Units fetched side by side.")
@click.option(
    "--deadline",
    type=Duration(),
    help="Ask for nothing more after this time, such as 50m. What is left makes the exit code 3.",
)
@click.option(
    "--every", type=Duration(), help="Repeat so often, such as 6h, from start to start; until interrupted."
)
@click.option("--jitter", type=Duration(), help="Begin up to so much later, such as 5m, at random.")
@click.option("--log", type=FILE, help="Append a line of JSON for each unit; - is stderr.")
@click.option("--metrics", type=FILE, help="Write a .prom file for node_exporter after each run.")
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
    deadline: timedelta | None,
    every: timedelta | None,
    jitter: timedelta | None,
    log: Path | None,
    metrics: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Pull what is missing or may still be restated, of all connectors or of NAMES; resumes, safe in cron."""
    from ..commands import open_ledger, sync as pull
    from ..errors import ConfigError, LedgerError

    if every and jitter and jitter >= every:
        raise click.UsageError("--jitter must be shorter than --every")
    if metrics and dry_run:
        raise click.UsageError("--metrics is about units that are fetched: leave out --dry-run")
    settings = settings_of(ctx)
    recorder = Recorder(settings, names, log=log, metrics=metrics)
    for is_late in turns(every, jitter):
        if is_late:
            click.echo("The run took longer than --every: the next one begins at once", err=True)
        try:
            with open_ledger(settings) as ledger, recorder.watch() as progress:
                run = pull(
                    settings,
                    ledger,
                    connectors=names or None,
                    first_day=day_of(first_day),
                    last_day=day_of(last_day),
                    accounts=accounts,
                    full=full,
                    workers=workers,
                    deadline=deadline,
                    dry_run=dry_run,
                    progress=progress,
                )
        except (ConfigError, LedgerError) as error:
            recorder.close(None, error)
            if every is None or isinstance(error, ConfigError):
                raise
            click.echo(str(error), err=True)  # another sync may hold the ledger now and not next time
        else:
            code = recorder.close(run, None)
            _print(run, as_json=as_json, dry_run=dry_run)
            if every is None:
                ctx.exit(code)


def _print(run: Run, *, as_json: bool, dry_run: bool) -> None:
    from ..reporting.terminal import print_sync
    from ..reporting.unit_log import run_figures

    if as_json:
        say_json(run_figures(run))
    elif dry_run:
        click.echo(f"{run.planned} units would be fetched")
    else:
        print_sync(console_for(), run)
