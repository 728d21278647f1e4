"""What every command shares: exit codes, settings, the ledger, and how results leave."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from ..ledger import Ledger
    from ..settings import Settings

DONE, FOUND, USAGE, PARTLY, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 130
SEVERITIES = ("critical", "high", "medium", "low", "info")

DAY = click.DateTime(["%Y-%m-%d"])
as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def settings_of(ctx: click.Context) -> Settings:
    from ..settings import Settings

    return Settings.load(ctx.find_root().obj)


@contextmanager
def known_ledger(settings: Settings) -> Generator[Ledger]:
    from ..commands import open_ledger
    from ..errors import LedgerError

    if not settings.ledger_path.exists():
        raise LedgerError(f"{settings.ledger_path}: there is no ledger yet; run adtally sync first")
    with open_ledger(settings) as ledger:
        yield ledger


def console_for(*, err: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=err, highlight=False, soft_wrap=False)


def say_json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def day_of(value: datetime | None) -> date | None:
    return value.date() if value else None
