"""The config.toml by which a user of the sandbox reaches it, with the publishers' files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from .model import Account, Agreement
from .publishers import Table, decimal_text, tables
from .social import CENTER, SOCIAL_MANAGER
from .world import World

RATES: dict[str, dict[str, str]] = {
    "EUR": {"cpm": "3.20", "vcpm": "4.80", "cpc": "0.45", "cpv": "0.04", "cpcv": "0.09", "cpe": "0.15"},
    "USD": {"cpm": "3.50", "vcpm": "5.20", "cpc": "0.50", "cpv": "0.05", "cpcv": "0.10", "cpl": "9.00"},
    "JPY": {"cpm": "520", "vcpm": "780", "cpc": "70", "cpv": "6", "cpa": "1800"},
    "NZD": {"cpm": "4.10", "cpc": "0.60", "cpa": "24.00"},
    "TWD": {"cpm": "110", "cpc": "12", "cpi": "70"},
    "KWD": {"cpm": "1.050", "cpc": "0.150", "cpl": "2.750", "cpi": "0.750", "cpa": "4.250", "cps": "8%"},
}


def write_config(world: World, directory: Path, url: str) -> Path:
    """Write config.toml and the files that it names into ``directory``; the path of config.toml.

    ``url`` is where the sandbox answers.
    """
    directory.mkdir(parents=True, exist_ok=True)
    files = tables(world)
    for table in files:
        table.write(directory)
    parts = [_head(world, url), *map(_connector, files), *_rates(), *_agreements(world)]
    path = directory / "config.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _head(world: World, url: str) -> str:
    return f"""# The sandbox: made-up advertisers on this machine. Nothing here is a secret.
[ledger]
path = "adtally.db"

[sync]
first_day = {world.first_day}
workers = 4

[connectors.google]
use = "google_ads"
base_url = "{url}/google_ads"
grains = ["account", "campaign", "ad_group", "ad"]
client_id = "sandbox-client"
client_secret = "sandbox-client-secret"
refresh_token = "sandbox-refresh-token"

[connectors.meta]
use = "meta_ads"
base_url = "{url}/meta_ads"
grains = ["account", "campaign", "ad_group", "ad"]
access_token = "sandbox-meta-token"
app_secret = "sandbox-meta-secret"
business_id = "{SOCIAL_MANAGER}"
poll_seconds = 0

[connectors.tiktok]
use = "tiktok_ads"
base_url = "{url}/tiktok_ads"
grains = ["account", "campaign", "ad_group", "ad"]
access_token = "sandbox-tiktok-token"
app_id = "sandbox-app"
app_secret = "sandbox-app-secret"
bc_id = "{CENTER}"
poll_seconds = 0
requests_per_second = 1000
"""


def _connector(table: Table) -> str:
    columns = ", ".join(f"{name} = {json.dumps(name)}" for name in table.columns)
    fields = {"use": "files", "path": table.path, "record": table.record, **table.constants}
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    return "\n".join([f"[connectors.{table.connector}]", *lines, f"columns = {{ {columns} }}", ""])


def _rates() -> Iterator[str]:
    for currency, rates in RATES.items():
        yield _table(f"[reconcile.rates.{currency}]", rates)


def _agreements(world: World) -> Iterator[str]:
    for account in world.accounts:
        for campaign in account.campaigns:
            if campaign.agreement:
                yield _agreement(account, campaign.campaign_id, campaign.agreement)


def _agreement(account: Account, campaign_id: str, agreement: Agreement) -> str:
    share = agreement.share_ppm
    text = f"{decimal_text(share * 100)}%" if share else decimal_text(agreement.rate_micros)
    fields = {
        "connector": account.connector,
        "account": account.account_id,
        "campaign": campaign_id,
        "model": agreement.model,
        "rate": text,
        "kind": agreement.kind,
    }
    table = _table("[[agreements]]", fields)
    if agreement.flight:
        first, last = agreement.flight.first_day, agreement.flight.last_day
        table += f"flight = {{ first_day = {first}, last_day = {last} }}\n"
    if agreement.click_only:
        table += "click_only = true\n"
    return table


def _table(head: str, fields: Mapping[str, str]) -> str:
    return "\n".join([head, *(f"{name} = {json.dumps(value)}" for name, value in fields.items()), ""])
