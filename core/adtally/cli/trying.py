"""``adtally sandbox`` and ``adtally demo``: everything without credentials."""

from __future__ import annotations

import time
from pathlib import Path

import click

from .answers import console_for


class ListsFaults(click.Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ..world import FAULTS

        with formatter.section("Faults"):
            formatter.write_dl(list(FAULTS.items()))


@click.command(cls=ListsFaults)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0 takes a free one."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another world.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("sandbox"),
    show_default=True,
    help="Folder for config.toml and files.",
)
@click.option(
    "--faults",
    default="",
    metavar="LIST",
    help="What goes wrong, such as latency=200ms,429=0.2,reset@google_ads=0.05: each name with the platform"
    " that it is for (else all) and how likely it strikes (else always).",
)
def sandbox(port: int, seed: int, into: Path, faults: str) -> None:
    """Run the built-in ad platforms on 127.0.0.1 until interrupted, and print a ready configuration."""
    from ..showcase import sandbox as serve

    with serve(seed=seed, port=port, faults=faults) as platforms:
        path = platforms.write_config(into)
        click.echo(path.read_text(encoding="utf-8"))
        for chosen in platforms.faults:
            click.echo(f"Fault {chosen.item}: {chosen.fault.says}", err=True)
        click.echo(f"Running at {platforms.url}. In another terminal: adtally --config {path} sync", err=True)
        while True:
            time.sleep(3600)


@click.command()
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another world.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Folder for the ledger and the report.",
)
def demo(seed: int, into: Path) -> None:
    """Sync the sandbox, reconcile it, print what to claim, and write report.html. Needs no credentials."""
    from ..reporting.terminal import SyncProgress, print_result, print_sync
    from ..showcase import demo as run

    with SyncProgress(console_for(err=True)) as progress:
        shown = run(into, seed=seed, progress=progress)
    console = console_for()
    if len(shown.visits) > 1:
        days = ", ".join(f"{day:%-d %b}" for day in shown.visits)
        click.echo(f"Synced on {days}, as cron would have. The last time:")
    print_sync(console, shown.run)
    click.echo()
    print_result(console, shown.result, shown.status)
    click.echo(f"\nReport: {shown.html}")
