"""``adtally close`` as a user meets it: exit codes, words, JSON, exports and the report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adtally.cli import main

from .shop import DELIVERY, user

Command = Callable[..., Result]
MONTH = "2024-03"


@pytest.fixture
def adtally(tmp_path: Path) -> Command:
    config = user(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(config), *words])

    return run


@pytest.fixture
def synced(adtally: Command) -> Command:
    assert adtally("sync").exit_code == 0
    return adtally


def test_closing_says_what_it_keeps_and_the_json_is_whole(synced: Command) -> None:
    text, told = synced("close", "--month", MONTH), synced("close", "--month", MONTH, "--json")

    assert text.stdout.startswith(f"Closed {MONTH}  closing 1, adtally ")
    assert "1 account" in text.stdout
    document = json.loads(told.stdout)
    assert (document["month"], document["closing_id"]) == (MONTH, 2)
    assert [row["cost_micros"] for row in document["amounts"] if not row["campaign_id"]] == [100_000_000]
    assert [row["total_micros"] for row in document["documents"]] == [129_000_000]


def test_exit_code_tells_whether_something_was_missing(synced: Command) -> None:
    """A file has the days that it has, and the days around them count as told."""
    closed = synced("close", "--month", MONTH)
    document = json.loads(synced("close", "--month", MONTH, "--json").stdout)
    missing = [one for one in document["warnings"] if one["kind"] != "pending"]

    assert closed.exit_code == (3 if missing else 0)
    assert ("closed, but not complete" in closed.stdout) == bool(missing)


def test_month_that_is_not_over_ends_with_2_and_what_to_do(synced: Command) -> None:
    refused = synced("close", "--month", "2999-01")

    assert refused.exit_code == 2
    assert "2999-01 is not over: it ends on 2999-01-31" in refused.stderr
    assert "run adtally close --month 2999-01 after that" in refused.stderr


def test_month_that_was_never_closed_cannot_be_shown(synced: Command) -> None:
    refused = synced("close", "--month", MONTH, "--show")

    assert refused.exit_code == 2
    assert f"run adtally close --month {MONTH}" in refused.stderr


def test_what_changed_since_is_shown_reported_and_exported(synced: Command, tmp_path: Path) -> None:
    synced("close", "--month", MONTH)
    assert "Nothing changed." in synced("close", "--month", MONTH, "--show").stdout
    (tmp_path / "delivery.csv").write_text(DELIVERY + "2024-03-03,brand,1,5.00\n", encoding="utf-8")
    synced("sync")

    shown = synced("close", "--month", MONTH, "--show")
    document = json.loads(synced("close", "--month", MONTH, "--show", "--json").stdout)
    reported = synced("report", "--month", MONTH, "--html", str(tmp_path / "r.html"))
    exported = synced("export", "closing_amounts", str(tmp_path / "closing.csv"))

    assert shown.exit_code == 0
    [row] = [line.split() for line in shown.stdout.splitlines() if line.startswith("cost ")]
    assert row == ["cost", "harbour/1234", "EUR", "100.00", "105.00"]
    assert {change["what"] for change in document["changes"]} == {"cost"}
    assert f"Since closing  {MONTH} was closed on" in reported.stdout
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h2>Since closing</h2>" in html
    assert "harbour/1234" in html
    assert exported.exit_code == 0
    assert (tmp_path / "closing.csv").read_text(encoding="utf-8").startswith("closing_id,connector,")


def test_account_without_a_bill_is_an_estimate_everywhere(adtally: Command, tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text("Id,From,To,Net,Tax,Total\n", encoding="utf-8")
    adtally("sync")

    closed = adtally("close", "--month", MONTH)
    reported = adtally("report", "--month", MONTH, "--html", str(tmp_path / "r.html"))
    adtally("export", "accruals", str(tmp_path / "accruals.jsonl"))

    assert "ESTIMATE for accounts without a bill: EUR 100.00" in closed.stdout
    assert "ESTIMATE  EUR 100.00 for 1 account without a bill" in " ".join(reported.stdout.split("\n"))
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<b>ESTIMATE</b>, not billed" in html
    [row] = [json.loads(line) for line in (tmp_path / "accruals.jsonl").read_text("utf-8").splitlines()]
    assert (row["month"], row["account_id"], row["estimate_micros"]) == (MONTH, "1234", 100_000_000)


def test_month_that_was_never_closed_has_no_such_table_in_the_report(synced: Command, tmp_path: Path) -> None:
    reported = synced("report", "--month", MONTH, "--html", str(tmp_path / "r.html"))

    assert "Since closing" not in reported.stdout
    assert "Since closing" not in (tmp_path / "r.html").read_text(encoding="utf-8")
