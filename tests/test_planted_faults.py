"""The sandbox from the first request to the findings: just what was planted, to the micro."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial

import pytest

import adtally
from adtally.engine.summary import Run
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.result import Result
from adtally.world import World, serve


@dataclass(frozen=True)
class Sandboxed:
    truth: list[dict[str, object]]
    run: Run
    result: Result
    again: Result
    second: Run


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
                runs.append(adtally.sync(settings, ledger, clock=noon))
                results.append(adtally.reconcile(settings, ledger, clock=noon))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["planted"]
    return Sandboxed(truth, runs[-2], results[-2], results[-1], runs[-1])


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
    refused = sorted({(failure.connector, failure.account_id) for failure in failures})
    assert [connector for connector, _ in refused] == ["google", "meta", "tiktok"]


def test_second_sync_asks_only_for_what_may_still_change_and_finds_the_same(sandboxed: Sandboxed) -> None:
    assert sandboxed.second.requests < sandboxed.run.requests
    assert sum(sandboxed.second.rows.values()) == 0
    assert sandboxed.again.findings == sandboxed.result.findings
