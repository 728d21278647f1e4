"""The sandbox from the first request to the findings: just what was planted, to the micro."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

import pytest

import adtally
from adtally.engine.summary import Run
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.result import Result
from adtally.world import World, serve
from adtally.world.config import EXCHANGE_RATES
from adtally.world.networks import NETWORKS

PAGE = Path(__file__).parent.parent / "docs" / "platforms" / "README.md"
LINES = "SELECT DISTINCT connector FROM invoice_lines"
CREDITS = """
SELECT connector FROM invoices WHERE kind IN ('credit_memo', 'refund')
UNION SELECT connector FROM invoice_lines WHERE kind IN ('credit', 'invalid_traffic')
"""


@dataclass(frozen=True)
class Sandboxed:
    truth: list[dict[str, object]]
    run: Run
    result: Result
    again: Result
    second: Run
    world: World
    ledger: Path


@pytest.fixture(scope="module")
def sandboxed(nobody_waits: None, seed: int, tmp_path_factory: pytest.TempPathFactory) -> Sandboxed:
    folder = tmp_path_factory.mktemp("sandbox")
    world = World.build(seed=seed)
    world.write_truth(folder / "truth.json")
    runs, results = list[Run](), list[Result]()

    for day in (*World.visits, world.today):
        with serve(world.on(day)) as platforms:
            settings = adtally.Settings.load(platforms.write_config(folder))
            noon = partial(datetime.combine, day, time(12), UTC)
            with adtally.open_ledger(settings) as ledger:
                some = World.between.get(day)
                runs.append(adtally.sync(settings, ledger, connectors=some, clock=noon))
                adtally.import_(ledger, folder / EXCHANGE_RATES)
                results.append(adtally.reconcile(settings, ledger, clock=noon))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["planted"]
    return Sandboxed(truth, runs[-2], results[-2], results[-1], runs[-1], world, folder / "adtally.db")


def test_findings_are_exactly_the_planted_faults(sandboxed: Sandboxed) -> None:
    planted = {
        (str(row["check_id"]), str(row["subject"]), str(row["month"])): row
        for row in sandboxed.truth
        if row["kind"] == "fault"
    }
    found = {
        (finding.check_id, finding.subject, finding.month): finding
        for finding in sandboxed.result.findings
        if finding.severity != "info"
    }

    assert sorted(map(str, found)) == sorted(map(str, planted))
    for key, row in planted.items():
        amount = row["at_risk_micros"] if row["at_risk_micros"] is not None else row["diff_micros"]
        assert found[key].at_risk_micros == (amount or 0)


def test_every_check_that_can_accuse_has_a_fault_and_a_decoy(sandboxed: Sandboxed) -> None:
    accusers = {check.id for check in CHECKS.values() if check.severity != "info"}

    assert {row["check_id"] for row in sandboxed.truth if row["kind"] == "fault"} == accusers
    assert {row["check_id"] for row in sandboxed.truth if row["kind"] == "decoy"} == accusers


def test_decoys_and_innocents_were_really_judged(sandboxed: Sandboxed) -> None:
    judged = {
        (outcome.check_id, outcome.subject, f"{outcome.window.last_day:%Y-%m}"): outcome.verdict
        for outcome in sandboxed.result.outcomes
    }
    spared = [row for row in sandboxed.truth if row["kind"] != "fault"]

    assert spared
    for row in spared:
        verdict = judged[str(row["check_id"]), str(row["subject"]), str(row["month"])]
        assert verdict in ("match", "within_tolerance", "explained", "clear"), row


def test_only_the_accounts_that_may_not_be_read_fail(sandboxed: Sandboxed) -> None:
    failures = sandboxed.run.failures

    assert {failure.error for failure in failures} == {"DeniedError"}
    refused = {(failure.connector, failure.account_id) for failure in failures}
    denied = [account for account in sandboxed.world.accounts if account.access == "denied"]
    assert refused == {(account.connector, account.account_id) for account in denied}
    assert len(refused) == len(
        adtally.connectors().keys() & {account.platform for account in sandboxed.world.accounts}
    )


def test_second_sync_asks_only_for_what_may_still_change_and_finds_the_same(sandboxed: Sandboxed) -> None:
    assert sandboxed.second.requests < sandboxed.run.requests
    assert sum(sandboxed.second.rows.values()) == 0
    assert sandboxed.again.findings == sandboxed.result.findings


@pytest.fixture(scope="module")
def ledger(sandboxed: Sandboxed) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(sandboxed.ledger)) as conn:
        yield conn


def test_each_network_has_faults_of_its_own(sandboxed: Sandboxed) -> None:
    faults = Counter(
        str(row["subject"]).partition("/")[0].removesuffix("_bills")
        for row in sandboxed.truth
        if row["kind"] == "fault"
    )

    assert {network.connector: min(2, faults[network.connector]) for network in NETWORKS} == {
        network.connector: 2 for network in NETWORKS
    }


def test_one_query_tells_every_platform_by_month(sandboxed: Sandboxed, ledger: sqlite3.Connection) -> None:
    query, _ = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    happened: dict[tuple[str, str, str], Counter[str]] = {}
    for account in sandboxed.world.accounts:
        for campaign in account.campaigns:
            for row in sandboxed.world.days[campaign.campaign_id]:
                key = (account.platform, f"{row.day:%Y-%m}", account.currency)
                sums = happened.setdefault(key, Counter())
                for name in ("impressions", "clicks", "cost_micros"):
                    sums[name] += getattr(row, name)

    told = {
        (platform, month, currency): {"impressions": shown, "clicks": clicks, "cost_micros": cost}
        for platform, month, currency, shown, clicks, interactions, cost in ledger.execute(query)
        if interactions
    }

    over = {key: sums for key, sums in happened.items() if key[1] in ("2026-09", "2026-10")}
    assert {key: sums for key, sums in told.items() if key in over} == over


def test_rows_of_their_ad_report_are_our_ads(ledger: sqlite3.Connection) -> None:
    _, query = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    cursor = ledger.execute(query)

    rows = [dict(zip((column[0] for column in cursor.description), row, strict=True)) for row in cursor]

    assert len(rows) == ledger.execute("SELECT COUNT(*) FROM delivery WHERE grain = 'ad'").fetchone()[0]
    assert {row["platform"] for row in rows} >= {"google_ads", "meta_ads", "tiktok_ads"}
    assert [row for row in rows if not (row["account_name"] and row["campaign_name"])] == []


def test_connectors_declare_the_lines_and_credits_that_they_bring(ledger: sqlite3.Connection) -> None:
    used = dict(ledger.execute("SELECT connector, platform FROM accounts"))
    brought = {
        trait: {used[name] for (name,) in ledger.execute(query)}
        for trait, query in (("lines", LINES), ("credits", CREDITS))
    }

    declared = {
        trait: {
            name
            for name, kind in adtally.connectors().items()
            if any(trait in report.traits for report in kind.declared())
        }
        for trait in brought
    }

    platforms = adtally.connectors().keys()
    assert brought["lines"] & platforms == declared["lines"]
    assert brought["credits"] & platforms <= declared["credits"]
