"""Every fault of the faulty sandbox, now and then and always: docs/faults.md says what a sync makes of it.

Whatever comes over the wire, the ledger holds only rows that the platform really told, in whole units, and
the next sync without faults completes it to the ledger of an undisturbed one. No secret leaves the
configuration.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.core.engine.north import everything

import adtally
from adtally.engine.summary import Run
from adtally.world import Fake, Sandbox, World, installed, serve
from adtally.world.faults import FAULTS
from adtally.world.messages import Reachable, Request

GROUPS = {
    "with bills": {
        "google_ads": "2000000101",
        "meta_ads": "3000000202",
        "tiktok_ads": "7011111111111111102",
    },
    "networks": {
        "linkedin_ads": "512345601",
        "snapchat_ads": "1c0ffee0-0000-4000-8000-000000000001",
        "reddit_ads": "a2_lindenhof1",
        "x_ads": "18ce54d4xa1",
        "apple_ads": "610000101",
    },
    "report files": {
        "microsoft_ads": "180000101",
        "amazon_ads": "30123456789011",
        "pinterest_ads": "549700000101",
        "dv360": "4560101",
        "cm360": "5510101",
    },
}
"""One account of each platform; some together, so that what strikes one leaves the others alone."""
FIRST = date(2026, 10, 1)
DOCS = Path(__file__).parent.parent / "docs" / "faults.md"
ENTITIES = {"campaigns", "ad_groups", "ads", "terms", "orders", "changes", "units"}
TOLD = {
    "odd-names": ENTITIES | {"accounts", "invoice_lines", "interactions", "interactions_history"},
    "out-of-window": ENTITIES,
    "huge-numbers": {"terms"},
    "missing-page": {"changes", "interactions_history", "units"},
}
"""Where a ledger holds what the fault says: names are names, a campaign may begin in 1999, and nobody counts
the entries of Meta's activity log.
"""
LATER = {"missing-page": {"interactions", "invoice_accounts", "invoice_lines"}}
"""Not noticed while a window still moves, and of bills, which nobody counts: the next sync asks again."""
UNCOUNTED = {"missing-page": ENTITIES | {"balances", "delivery_history"}}
"""Of the networks only Apple counts its lists: what they leave out is missing for a day, as are the terms. So
it is with platforms that hand out files.
"""
UNCOUNTED_LATER = {"missing-page": {"delivery"}}
BY_NAME = {fault: {"delivery", "evidence"} for fault in ("missing-page", "odd-names")}
"""Amazon's invalid clicks and the placements of Campaign Manager 360 are known by their names: what a fault
takes from these, the next sync makes good.
"""
UNSEEN = "x_ads"
"""What its list of active things leaves out is not asked for, and days older than 30 are not asked again."""
OTHER_CODES = {
    ("networks", "unknown-currency", "always"): 3,
    ("report files", "unknown-currency", "always"): 3,
    ("report files", "not-json", "now and then"): 3,
}
"""The accounts of Apple and Campaign Manager 360 are no rows of a list: amounts are refused, and what has
none comes. A table of words is known only when it is read.
"""
SIGNED = {"authorization", "access-token", "developer-token", "developertoken"}
"""Headers with credentials."""
SHARES = {"drip": 0.03, "gzip-bomb": 0.05, "endless-pages": 0.5}
"""How often a fault strikes now and then. Others at every fifth answer; at every tenth what asking again
heals, for six in a row would be a failure."""


Tables = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Synced:
    run: Run
    tables: Tables
    strayed: list[Request]
    """What followed a redirect to another host: harmless for files, which are fetched without credentials."""


def documented() -> dict[str, dict[str, int]]:
    """The exit codes of docs/faults.md, by fault and how often it strikes."""
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.split("|")] for line in lines if line.startswith("| `")]
    return {cells[1]: {"now and then": int(cells[4]), "always": int(cells[5])} for cells in rows}


pytestmark = pytest.mark.usefixtures("nobody_waits")


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(seed=7)


@pytest.fixture(scope="module", params=GROUPS)
def group(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def truth(nobody_waits: None, world: World, group: str, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    undisturbed = synced(world, group, tmp_path_factory.mktemp("truth"))
    assert undisturbed.run.failures == []
    return undisturbed.tables


def configure(group: str, folder: Path, platforms: Sandbox) -> Path:
    """One account of each platform, every kind of report, a patience that a test can afford."""
    folder.mkdir(exist_ok=True)
    path = folder / "config.toml"
    lines = list[str]()
    for platform, account in GROUPS[group].items():
        fields = {
            "base_url": f"{platforms.url}/{platform}",
            "timeout_seconds": 0.5,
            "accounts": [account],
            **table(platforms.fakes[platform]),
        }
        lines.append(f"[connectors.{platform}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def table(fake: Fake) -> Mapping[str, object]:
    assert isinstance(fake, Reachable)
    return fake.table()


def secrets(world: World, group: str) -> set[str]:
    """Every secret of the configuration."""
    found = set[str]()
    for platform in GROUPS[group]:
        fields = adtally.connectors()[platform].model_fields
        for name, value in table(installed()[platform](world)).items():
            if fields[name].annotation is SecretStr:
                found.add(str(value))
    return found


def synced(world: World, group: str, folder: Path, faults: str = "") -> Synced:
    """Sync once, in the sandbox's today."""
    noon = partial(datetime.combine, world.today, time(12), UTC)
    with serve(world, faults=faults) as platforms:
        settings = adtally.Settings.load(configure(group, folder, platforms))
        with adtally.open_ledger(settings) as ledger:
            run = adtally.sync(settings, ledger, first_day=FIRST, clock=noon)
            return Synced(run, everything(ledger), platforms.strayed)


def compared(found: Tables, fault: str, group: str) -> Tables:
    """What must not depend on the fault; of units only those that came."""
    kept = found | {"units": [unit for unit in found["units"] if unit[5] == "done"]}
    leave_out = TOLD.get(fault, set[str]()) | {"performance", "accruals"}  # views, with names and sums
    if group == "report files":
        leave_out |= {f"{name}_history" for name in BY_NAME.get(fault, ())} | UNCOUNTED.get(fault, set[str]())
    if group == "networks" and fault in UNCOUNTED:
        leave_out |= UNCOUNTED[fault]
        for table in ("delivery", "interactions"):
            kept[table] = [row for row in kept[table] if row[0] != UNSEEN]
    return {table: rows for table, rows in kept.items() if table not in leave_out}


def test_every_fault_is_documented() -> None:
    assert sorted(documented()) == sorted(FAULTS)


@pytest.mark.parametrize("often", ["now and then", "always"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_loses_nothing_doubles_nothing_and_leaks_nothing(
    world: World,
    group: str,
    truth: Tables,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    often: str,
) -> None:
    heals = documented()[fault]["now and then"] == 0
    share = 1 if often == "always" else SHARES.get(fault, 0.1 if heals else 0.2)

    with caplog.at_level(logging.DEBUG):
        struck = synced(world, group, tmp_path, f"{fault}={share}")

    later = (
        LATER.get(fault, set[str]())
        | {
            "with bills": set[str](),
            "networks": UNCOUNTED_LATER.get(fault, set[str]()),
            "report files": BY_NAME.get(fault, set[str]()),
        }[group]
    )
    for table_name, rows in compared(struck.tables, fault, group).items():
        assert table_name in later or set(rows) <= set(truth[table_name]), table_name
    assert not any(request.body or SIGNED.intersection(request.headers) for request in struck.strayed)
    said = caplog.text + repr(struck.run) + repr(struck.tables) + repr(struck.strayed)
    assert [secret for secret in secrets(world, group) if secret in said] == []
    expected = OTHER_CODES.get((group, fault, often), documented()[fault][often])
    assert struck.run.exit_code == expected

    healed = synced(world, group, tmp_path)

    assert healed.run.failures == []
    assert compared(healed.tables, fault, group) == compared(truth, fault, group)
