"""The config.toml by which a user of the sandbox reaches it, with the publishers' files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from ..money import MICROS
from ..platforms import PLATFORMS
from .filing import exchange_rates
from .messages import Fake, Reachable
from .model import Account, Agreement
from .publishers import Table, decimal_text, tables
from .world import World

TAXES = """connector,jurisdiction,rate_ppm,valid_from,valid_to,source
quay_invoices,US-NY,80000,2026-01-01,,made up
"""
EXCHANGE_RATES = "eurofxref.csv"
"""The file of exchange rates that a user gets from the European Central Bank."""
RATES: dict[str, dict[str, str]] = {
    "EUR": {"cpm": "3.20", "vcpm": "4.80", "cpc": "0.45", "cpv": "0.04", "cpcv": "0.09", "cpe": "0.15"},
    "USD": {"cpm": "3.50", "vcpm": "5.20", "cpc": "0.50", "cpv": "0.05", "cpcv": "0.10", "cpl": "9.00"},
    "JPY": {"cpm": "520", "vcpm": "780", "cpc": "70", "cpv": "6", "cpa": "1800"},
    "GBP": {"cpm": "3.00", "cpc": "0.40"},
    "NZD": {"cpm": "4.10", "cpc": "0.60", "cpa": "24.00"},
    "TWD": {"cpm": "110", "cpc": "12", "cpi": "70"},
    "KWD": {"cpm": "1.050", "cpc": "0.150", "cpl": "2.750", "cpi": "0.750", "cpa": "4.250", "cps": "8%"},
}


GRAINS = ("account", "campaign", "ad_group", "ad")
SAID = ("order", "units", "counted_by", "validation_days")
"""What an agreement says under the same name as the config."""


def write_config(world: World, directory: Path, url: str, fakes: Mapping[str, Fake]) -> Path:
    """Write config.toml and the files that it names into ``directory``; the path of config.toml.

    ``url`` is where the sandbox answers, with ``fakes``. A platform that cannot be signed in to without an
    extra that is not installed is left out, and so is what comes of it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    signed_in = {name: fake for name, fake in fakes.items() if isinstance(fake, Reachable)}
    left_out = [name for name, fake in signed_in.items() if not all(map(find_spec, fake.needs))]
    reached = {name: fake for name, fake in signed_in.items() if name not in left_out}
    by_file = {account.platform for account in world.accounts if account.platform not in PLATFORMS}
    shown = replace(world, accounts=tuple(a for a in world.accounts if a.platform in by_file | {*reached}))
    files = tables(shown)
    for table in files:
        table.write(directory)
    (directory / "taxes.csv").write_text(TAXES, encoding="utf-8")
    (directory / EXCHANGE_RATES).write_text(_exchange_rates(world), encoding="utf-8")
    platforms = (_platform(shown, name, fake, url) for name, fake in reached.items())
    parts = [_head(world, left_out), *platforms, *map(_connector, files), *_rates(), *_agreements(shown)]
    path = directory / "config.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _head(world: World, left_out: Iterable[str]) -> str:
    extras = "".join(f"# Left out: {name}, which needs pip install 'adtally[{name}]'\n" for name in left_out)
    return f"""# The sandbox: made-up advertisers on this machine. Nothing here is a secret.
{extras}[ledger]
path = "adtally.db"

[sync]
first_day = {world.first_day}
workers = 4
"""


def _platform(world: World, platform: str, fake: Reachable, url: str) -> str:
    """The table by which a platform is reached, under the name that the world's accounts have."""
    connector = next((account.connector for account in world.of_platform(platform)), platform)
    fields = {"use": platform, "base_url": f"{url}/{platform}", "grains": GRAINS, **fake.table()}
    return _table(f"[connectors.{connector}]", fields)


def _connector(table: Table) -> str:
    columns = ", ".join(f"{name} = {json.dumps(name)}" for name in table.columns)
    fields = {"use": "files", "path": table.path, "record": table.record, **table.constants}
    return _table(f"[connectors.{table.connector}]", fields) + f"columns = {{ {columns} }}\n"


def _exchange_rates(world: World) -> str:
    known = [(day, rate) for day, rate in exchange_rates(world.seed).items() if day <= world.today]
    lines = (f"{day},{decimal_text(int(rate * MICROS))}" for day, rate in reversed(known))
    return "\n".join(["Date,GBP", *lines, ""])


def _rates() -> Iterator[str]:
    yield _table("[reconcile]", {"taxes": "taxes.csv"})
    for currency, rates in RATES.items():
        yield _table(f"[reconcile.rates.{currency}]", rates)


def _agreements(world: World) -> Iterator[str]:
    for account in world.accounts:
        if account.bought_by:
            fields = {"connector": account.connector, "account": account.account_id}
            fee = f'{{ share = "15%", of = "gross", billed_by = "{account.bought_by}" }}'
            yield _table("[[agreements]]", fields) + f"fee = {fee}\n"
        for campaign in account.campaigns:
            if campaign.agreement:
                yield _agreement(account, campaign.campaign_id, campaign.agreement)


def _agreement(account: Account, campaign_id: str, agreement: Agreement) -> str:
    share = agreement.share_ppm
    text = f"{decimal_text(share * 100)}%" if share else decimal_text(agreement.rate_micros)
    fields: dict[str, object] = {
        "connector": account.connector,
        "account": account.account_id,
        "campaign": campaign_id,
        "model": agreement.model,
        **({} if agreement.tiers else {"rate": text}),
        "kind": agreement.kind,
        **{name: value for name in SAID if (value := getattr(agreement, name))},
    }
    if agreement.budget_micros is not None:
        fields["budget"] = decimal_text(agreement.budget_micros)
    table = _table("[[agreements]]", fields)
    if agreement.tiers:
        steps = (
            f'{{ {f"up_to = {up_to}, " if up_to else ""}rate = "{decimal_text(rate)}" }}'
            for up_to, rate in agreement.tiers
        )
        table += f"tiers = [{', '.join(steps)}]\n"
    if agreement.flight:
        first, last = agreement.flight.first_day, agreement.flight.last_day
        table += f"flight = {{ first_day = {first}, last_day = {last} }}\n"
    if agreement.click_only:
        table += "click_only = true\n"
    return table


def _table(head: str, fields: Mapping[str, object]) -> str:
    return "\n".join([head, *(f"{name} = {json.dumps(value)}" for name, value in fields.items()), ""])
