"""``adtally findings``: listing, showing, acknowledging, closing."""

from __future__ import annotations

import click

from .answers import as_json_option, console_for, known_ledger, say_json, settings_of


@click.group(invoke_without_command=True)
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
@as_json_option
@click.pass_context
def list_findings(
    ctx: click.Context,
    month: str | None = None,
    state: str | None = None,
    everything: bool = False,
    as_json: bool = False,
) -> None:
    """List the findings, claims first, the largest money first."""
    from ..ledger.public import account_names
    from ..reconciliation.findings import read_findings
    from ..reporting.terminal import print_findings

    with known_ledger(settings_of(ctx)) as ledger:
        rows = [
            finding
            for finding in read_findings(ledger.conn, month)
            if (everything or finding.severity != "info") and (state is None or finding.state == state)
        ]
        names = account_names(ledger)
    if as_json:
        say_json(rows)
    else:
        print_findings(console_for(), rows, names=names)


@findings.command("show")
@click.argument("finding_id")
@as_json_option
@click.pass_context
def show_finding(ctx: click.Context, finding_id: str, as_json: bool) -> None:
    """Show one finding: the numbers, the proof, what to do, and its history."""
    from ..ledger.public import account_names
    from ..reconciliation.findings import find, read_events
    from ..reporting.terminal import print_finding

    with known_ledger(settings_of(ctx)) as ledger:
        finding = find(ledger.conn, finding_id)
        events = read_events(ledger.conn, finding.finding_id)
        names = account_names(ledger)
    if as_json:
        say_json({"finding": finding, "events": events})
        return
    print_finding(console_for(), finding, names=names)
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


def _work(ctx: click.Context, finding_id: str, action: str, note: str) -> None:
    from ..commands import utc_now
    from ..reconciliation.findings import work

    with known_ledger(settings_of(ctx)) as ledger:
        finding = work(
            ledger, finding_id, "closed" if action == "closed" else "acknowledged", note, utc_now()
        )
    click.echo(f"{finding.finding_id} is {finding.state}.")
