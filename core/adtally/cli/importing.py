"""``adtally import``."""

from __future__ import annotations

from pathlib import Path

import click

from .answers import as_json_option, say_json, settings_of


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@as_json_option
@click.pass_context
def import_(ctx: click.Context, path: Path, as_json: bool) -> None:
    """Keep the exchange rates of FILE in the ledger.

    FILE is eurofxref-hist.zip or the .csv in it, from the statistics of the European Central Bank.
    Importing it again changes nothing; corrected rates replace the ones before.
    """
    from ..commands import open_ledger
    from ..importing import import_ as keep

    with open_ledger(settings_of(ctx)) as ledger:
        found = keep(ledger, path)
    if as_json:
        say_json(found)
        return
    rates = f"rates of {found.currencies} currencies on {found.days:,} days"
    click.echo(f"{path}: {rates}, {found.changed:,} new or corrected")
