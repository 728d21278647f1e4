"""The command line: parses, calls the function of the same name, prints. No logic of its own."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from .. import __version__
from .answers import INTERRUPTED, NOTHING, PARTLY, USAGE
from .closing import close
from .importing import import_
from .judging import reconcile, report
from .looking import export, status
from .setting_up import check, connectors, init
from .showing import show
from .syncing import sync
from .trying import demo, sandbox
from .working import findings

STOPS = (signal.SIGINT, signal.SIGTERM)


class Root(click.Group):
    """Turns our errors into a line and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        from ..errors import AdtallyError, ConfigError, LedgerError

        try:
            return super().invoke(ctx)
        except ConfigError as error:
            _stop(str(error), USAGE)
        except LedgerError as error:
            _stop(str(error), NOTHING)
        except AdtallyError as error:
            _stop(str(error), PARTLY)
        except KeyboardInterrupt:
            _stop("Interrupted. What was fetched is stored; run the command again to go on.", INTERRUPTED)


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    help="The configuration; default: $ADTALLY_CONFIG, then ./config.toml.",
)
@click.option("-v", "--verbose", count=True, help="Log each unit to stderr; -vv each request, too.")
@click.version_option(__version__)
@click.pass_context
def main(ctx: click.Context, path: Path | None, verbose: int) -> None:
    r"""The open ledger of ad spend: what platforms report and bill, and what of it holds up.

    \b
    adtally init                 write a config.toml to fill in
    adtally check                prove the credentials
    adtally sync                 pull what is missing
    adtally reconcile            judge the bills, list what to claim
    adtally report --html r.html
    """
    ctx.obj = path
    for each in STOPS:
        signal.signal(each, _interrupted)
    logging.basicConfig(
        level=logging.ERROR, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    if verbose:  # only ours: other libraries print whole requests
        logging.getLogger("adtally").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)


for command in (
    init,
    connectors,
    check,
    sync,
    reconcile,
    findings,
    close,
    status,
    report,
    show,
    export,
    import_,
    sandbox,
    demo,
):
    main.add_command(command)


def _interrupted(_signal: int, _frame: FrameType | None) -> NoReturn:
    for each in STOPS:  # the state is being made safe: a second signal must not disturb that
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _stop(message: str, code: int) -> NoReturn:
    click.secho(message, fg="red" if code != INTERRUPTED else None, err=True)
    sys.exit(code)
