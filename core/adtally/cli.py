"""The command line: parses, calls the function of the same name, prints. No logic of its own."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from . import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from .connector import Report
    from .engine.summary import Run
    from .ledger import Ledger
    from .settings import Settings

DONE, FOUND, USAGE, PARTLY, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 130
SEVERITIES = ("critical", "high", "medium", "low", "info")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

DAY = click.DateTime(["%Y-%m-%d"])


class Root(click.Group):
    """Turns our errors into a line and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        from .errors import AdtallyError, ConfigError, LedgerError

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
    signal.signal(signal.SIGTERM, _terminated)
    logging.basicConfig(
        level=logging.ERROR, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    if verbose:  # only ours: other libraries print whole requests
        logging.getLogger("adtally").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("config.toml"))
def init(path: Path) -> None:
    """Write a commented configuration to PATH (default: config.toml)."""
    from .commands import init as write

    write(path)
    click.echo(f"{path} is written. Fill in a connector, then: adtally check")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def connectors(as_json: bool) -> None:
    """List the installed connectors with their reports, limits and fields."""
    from .registry import connector_types

    types = connector_types()
    if as_json:
        _json({name: [_report_facts(report) for report in kind.declared()] for name, kind in types.items()})
        return
    for name, kind in types.items():
        click.secho(name, bold=True)
        click.echo(f"  fields: {', '.join(kind.model_fields)}")
        for report in kind.declared():
            limits = (
                f", {report.grain}, {report.max_days} days a request, restated {report.restated_days} days"
            )
            yields = ", ".join(record.__name__ for record in report.records)
            click.echo(f"  {report.name}: {yields}{limits if report.cadence == 'daily' else ''}")


@main.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Prove the credentials of the connectors by the cheapest real call. Stores nothing."""
    from .commands import check as prove
    from .reporting.wording import shown

    results = prove(_settings(ctx), names or None)
    failed = [result for result in results if result.error]
    if as_json:
        _json(
            [
                {
                    "connector": result.connector,
                    "accounts": [
                        {"id": a.id, "name": a.name, "currency": a.currency} for a in result.accounts
                    ],
                    "error": str(result.error) if result.error else None,
                }
                for result in results
            ]
        )
    for result in [] if as_json else results:
        if result.error:
            click.secho(f"{result.connector}: {shown(str(result.error))}", fg="red")
            continue
        click.secho(f"{result.connector}: good, {len(result.accounts)} accounts", bold=True)
        for account in result.accounts:
            click.echo(
                f"  {shown(account.id)}  {account.currency}  {account.timezone}  {shown(account.name)}"
            )
    ctx.exit(DONE if not failed else NOTHING if len(failed) == len(results) else PARTLY)


@main.command()
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
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
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
    from .commands import open_ledger, sync as pull
    from .reporting.terminal import SyncProgress, print_sync

    settings, pause = _settings(ctx), _seconds(every) if every else None
    while True:
        with open_ledger(settings) as ledger, SyncProgress(_console(err=True)) as progress:
            run = pull(
                settings,
                ledger,
                connectors=names or None,
                first_day=_day(first_day),
                last_day=_day(last_day),
                accounts=accounts,
                full=full,
                workers=workers,
                dry_run=dry_run,
                progress=progress,
            )
        if as_json:
            _json(_run_facts(run))
        elif dry_run:
            click.echo(f"{run.planned} units would be fetched")
        else:
            print_sync(_console(), run)
        if pause is None:
            ctx.exit(run.exit_code)
        time.sleep(pause)


@main.command()
@click.option("--month", help="A calendar month, such as 2026-10; default: every one that has ended.")
@click.option("--first-day", type=DAY, help="With --last-day: other days than a month; printed, not stored.")
@click.option("--last-day", type=DAY)
@click.option("--check", "check_id", help="Only the results of this check.")
@click.option("--connector", help="Only the results of this connector.")
@click.option("--as-of", type=DAY, help="As it was believed when this day ended (UTC); printed, not stored.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 1 for a finding at or above it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
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
    from .commands import reconcile as judge, status as read_status
    from .reporting.terminal import print_result

    settings = _settings(ctx)
    with _ledger(settings) as ledger:
        result = judge(
            settings,
            ledger,
            month=month,
            first_day=_day(first_day),
            last_day=_day(last_day),
            check=check_id,
            connector=connector,
            as_of=_day(as_of),
        )
        if as_json:
            _json(result.document())
        else:
            print_result(_console(), result, read_status(ledger))
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on else ()
    ctx.exit(FOUND if any(finding.severity in bad for finding in result.findings) else DONE)


@main.group(invoke_without_command=True)
@click.pass_context
def findings(ctx: click.Context) -> None:
    """List, show, acknowledge and close findings; their history stays."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_findings)


@findings.command("list")
@click.option("--month", help="Only of this month.")
@click.option(
    "--state", type=click.Choice(["open", "acknowledged", "closed", "resolved"]), help="Only in this state."
)
@click.option("--all", "everything", is_flag=True, help="Also those that are only worth knowing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def list_findings(
    ctx: click.Context,
    month: str | None = None,
    state: str | None = None,
    everything: bool = False,
    as_json: bool = False,
) -> None:
    """List the findings, claims first, the largest money first."""
    from .reconciliation.findings import read_findings
    from .reporting.terminal import print_findings

    with _ledger(_settings(ctx)) as ledger:
        rows = [
            finding
            for finding in read_findings(ledger.conn, month)
            if (everything or finding.severity != "info") and (state is None or finding.state == state)
        ]
    if as_json:
        _json(rows)
    else:
        print_findings(_console(), rows)


@findings.command("show")
@click.argument("finding_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def show_finding(ctx: click.Context, finding_id: str, as_json: bool) -> None:
    """Show one finding: the numbers, the proof, what to do, and its history."""
    from .reconciliation.findings import find, read_events
    from .reporting.terminal import print_finding

    with _ledger(_settings(ctx)) as ledger:
        finding = find(ledger.conn, finding_id)
        events = read_events(ledger.conn, finding.finding_id)
    if as_json:
        _json({"finding": finding, "events": events})
        return
    print_finding(_console(), finding)
    for event in events:
        click.echo(
            f"{event.at:%Y-%m-%d %H:%M} UTC  {event.action}" + (f": {event.note}" if event.note else "")
        )


@findings.command("ack")
@click.argument("finding_id")
@click.option("--note", required=True, help="Who knows of it, and what happens next.")
@click.pass_context
def ack_finding(ctx: click.Context, finding_id: str, note: str) -> None:
    """Note that somebody works on a finding."""
    _work(ctx, finding_id, "acknowledged", note)


@findings.command("close")
@click.argument("finding_id")
@click.option("--note", required=True, help="How it ended.")
@click.pass_context
def close_finding(ctx: click.Context, finding_id: str, note: str) -> None:
    """Close a finding; it opens again when its amount changes."""
    _work(ctx, finding_id, "closed", note)


@main.command()
@click.option("--month", help="Only the days of this month.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def status(ctx: click.Context, month: str | None, as_json: bool) -> None:
    """Show how far the data of each account reaches, and what did not come."""
    from .commands import month_window, status as read_status
    from .reporting.terminal import print_status

    with _ledger(_settings(ctx)) as ledger:
        found = read_status(ledger, window=month_window(month) if month else None)
    if as_json:
        _json(found)
    else:
        print_status(_console(), found)


@main.command()
@click.option("--month", help="A calendar month, such as 2026-10; default: the newest that has ended.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write one self-contained file.")
@click.option("--as-of", type=DAY, help="As it was believed when this day ended (UTC).")
@click.pass_context
def report(ctx: click.Context, month: str | None, html: Path | None, as_of: datetime | None) -> None:
    """Print the report of a month; with --html also as a file to send."""
    from .commands import report as make, status as read_status
    from .reporting.terminal import print_result

    settings = _settings(ctx)
    with _ledger(settings) as ledger:
        result = make(settings, ledger, month=month, html=html, as_of=_day(as_of))
        print_result(_console(), result, read_status(ledger))
    if html:
        click.echo(f"\nReport: {html}")


@main.command()
@click.argument("table")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_context
def export(ctx: click.Context, table: str, path: Path) -> None:
    """Write the rows of a public TABLE to FILE, a .csv or a .jsonl."""
    from .exporting import export as write

    with _ledger(_settings(ctx)) as ledger:
        count = write(ledger, table, path)
    click.echo(f"{path}: {count:,} rows of {table}")


@main.command()
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
def sandbox(port: int, seed: int, into: Path) -> None:
    """Run the built-in ad platforms on 127.0.0.1 until interrupted, and print a ready configuration."""
    from .showcase import sandbox as serve

    with serve(seed=seed, port=port) as platforms:
        path = platforms.write_config(into)
        click.echo(path.read_text(encoding="utf-8"))
        click.echo(f"Running at {platforms.url}. In another terminal: adtally --config {path} sync", err=True)
        while True:
            time.sleep(3600)


@main.command()
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
    from .reporting.terminal import SyncProgress, print_result, print_sync
    from .showcase import demo as run

    with SyncProgress(_console(err=True)) as progress:
        shown = run(into, seed=seed, progress=progress)
    console = _console()
    print_sync(console, shown.run)
    click.echo()
    print_result(console, shown.result, shown.status)
    click.echo(f"\nReport: {shown.html}")


def _work(ctx: click.Context, finding_id: str, action: str, note: str) -> None:
    from .commands import utc_now
    from .reconciliation.findings import work

    with _ledger(_settings(ctx)) as ledger:
        finding = work(
            ledger, finding_id, "closed" if action == "closed" else "acknowledged", note, utc_now()
        )
    click.echo(f"{finding.finding_id} is {finding.state}.")


def _settings(ctx: click.Context) -> Settings:
    from .settings import Settings

    return Settings.load(ctx.find_root().obj)


@contextmanager
def _ledger(settings: Settings) -> Generator[Ledger]:
    from .commands import open_ledger
    from .errors import LedgerError

    if not settings.ledger_path.exists():
        raise LedgerError(f"{settings.ledger_path}: there is no ledger yet; run adtally sync first")
    with open_ledger(settings) as ledger:
        yield ledger


def _console(*, err: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=err, highlight=False, soft_wrap=False)


def _json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def _report_facts(report: Report) -> dict[str, object]:
    return {
        "report": report.name,
        "records": [record.__name__ for record in report.records],
        "cadence": report.cadence,
        "grain": report.grain,
        "max_days": report.max_days,
        "restated_days": report.restated_days,
        "retention_days": report.retention_days,
    }


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


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _seconds(text: str) -> float:
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or unit not in UNITS or not int(number):
        raise click.BadParameter(
            f"{text!r}: write a number and s, m, h or d, such as 6h", param_hint="--every"
        )
    return int(number) * UNITS[unit]


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _stop(message: str, code: int) -> NoReturn:
    click.secho(message, fg="red" if code != INTERRUPTED else None, err=True)
    sys.exit(code)
