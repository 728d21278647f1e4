"""Before the first sync: a configuration, the connectors, and whether the credentials work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .answers import DONE, NOTHING, PARTLY, as_json_option, say_json, settings_of

if TYPE_CHECKING:
    from ..connector import Report


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("config.toml"))
def init(path: Path) -> None:
    """Write a commented configuration to PATH (default: config.toml)."""
    from ..commands import init as write

    write(path)
    click.echo(f"{path} is written. Fill in a connector, then: adtally check")


@click.command()
@click.option("--matrix", is_flag=True, help="What each platform offers, as a table in Markdown.")
@as_json_option
def connectors(as_json: bool, matrix: bool) -> None:
    """List the installed connectors with their reports, limits and fields."""
    from ..registry import connector_types

    types = connector_types()
    if matrix:
        from ..reporting.matrix import as_markdown

        click.echo(as_markdown(types))
        return
    if as_json:
        say_json(
            {name: [_report_facts(report) for report in kind.declared()] for name, kind in types.items()}
        )
        return
    for name, kind in types.items():
        click.secho(name, bold=True)
        fields = [field.alias or key for key, field in kind.model_fields.items()]
        click.echo(f"  fields: {', '.join(fields)}")
        for report in kind.declared():
            yields = ", ".join(record.__name__ for record in report.records)
            click.echo(f"  {report.name}: {yields}{_limits(report)}")


@click.command()
@click.argument("names", nargs=-1)
@as_json_option
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Prove the credentials of the connectors by the cheapest real call. Stores nothing."""
    from ..commands import check as prove
    from ..reporting.wording import shown

    results = prove(settings_of(ctx), names or None)
    failed = [result for result in results if result.error]
    if as_json:
        say_json(
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


def _limits(report: Report) -> str:
    if report.cadence == "edges":
        return f", {report.grain}, the days around the ends of months, restated {report.restated_days} days"
    if report.cadence != "daily":
        return ""
    kept = f", kept {report.retention_days} days" if report.retention_days else ""
    return f", {report.grain}, {report.max_days} days a request, restated {report.restated_days} days{kept}"


def _report_facts(report: Report) -> dict[str, object]:
    return {
        "report": report.name,
        "records": [record.__name__ for record in report.records],
        "cadence": report.cadence,
        "grain": report.grain,
        "max_days": report.max_days,
        "restated_days": report.restated_days,
        "retention_days": report.retention_days,
        "traits": list(report.traits),
    }
