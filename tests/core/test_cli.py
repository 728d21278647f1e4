"""The command line as a user and a scheduler meet it: what is printed where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from adtally.cli import main
from adtally.errors import LedgerError
from adtally.ledger import Ledger

from .harbour import GOOD, WRONG, Harbour, serve
from .shop import DELIVERY, user

ADTALLY = Path(sys.executable).with_name("adtally")
LAST_WEEK = str((datetime.now(UTC) - timedelta(days=7)).date())
Command = Callable[..., Result]


@pytest.fixture
def adtally(tmp_path: Path) -> Command:
    """The command line in this process, in the folder of a user with a wrong bill."""
    config = user(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(config), *words])

    return run


@pytest.fixture
def synced(adtally: Command) -> Command:
    assert adtally("sync").exit_code == 0
    return adtally


@pytest.fixture
def judged(synced: Command) -> Command:
    assert synced("reconcile", "--month", "2024-03").exit_code == 0
    return synced


@pytest.fixture
def harbour() -> Iterator[Harbour]:
    with serve(Harbour()) as platform:
        yield platform


def process(config: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The installed command, run to its end."""
    return subprocess.run(
        [ADTALLY, "--config", config, *words],
        cwd=config.parent,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def logged(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*prefix, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))


@pytest.mark.parametrize("command", list(commands(main)), ids=" ".join)
def test_each_command_and_each_of_its_options_has_help(command: tuple[str, ...]) -> None:
    found: click.Command = main
    for name in command:
        assert isinstance(found, click.Group)
        found = found.commands[name]

    answer = CliRunner().invoke(main, [*command, "--help"])

    assert answer.exit_code == 0
    assert found.help
    assert all(option.help for option in found.params if isinstance(option, click.Option))


def test_init_writes_a_configuration_once(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"

    first = CliRunner().invoke(main, ["init", str(path)])
    second = CliRunner().invoke(main, ["init", str(path)])

    assert (first.exit_code, first.stdout) == (
        0,
        f"{path} is written. Fill in a connector, then: adtally check\n",
    )
    assert (second.exit_code, second.stderr) == (2, f"{path}: exists already; nothing was changed\n")


def test_sync_prints_what_it_did_and_exits_0(adtally: Command) -> None:
    answer = adtally("sync")

    assert answer.exit_code == 0
    assert "2 units done" in answer.stdout
    assert "delivery 2, invoice_accounts 1, invoices 1" in answer.stdout


def test_sync_json_has_the_promised_keys(adtally: Command, tmp_path: Path) -> None:
    (tmp_path / "delivery.csv").write_text(DELIVERY + "2024-03-03,brand,many,1.00\n", encoding="utf-8")

    answer = adtally("sync", "--json")

    document = json.loads(answer.stdout)
    document["rows"] = {table: count for table, count in document["rows"].items() if count}
    assert answer.exit_code == 3
    assert document | {"run_id": "", "seconds": 0, "failures": []} == {
        "run_id": "",
        "units": {"done": 1, "skipped": 0, "failed": 1},
        "rows": {"invoices": 1, "invoice_accounts": 1},
        "requests": 0,
        "seconds": 0,
        "failures": [],
        "notes": [],
        "planned": 2,
    }
    [failure] = document["failures"]
    assert failure | {"message": ""} == {
        "connector": "harbour",
        "account_id": "1234",
        "report": "delivery:delivery.csv",
        "first_day": None,
        "last_day": None,
        "error": "ContractError",
        "message": "",
        "not_before": None,
        "retry": "adtally sync harbour --account 1234",
    }
    assert "delivery.csv line 4" in failure["message"]


def test_dry_run_only_counts(adtally: Command, tmp_path: Path) -> None:
    answer = adtally("sync", "--dry-run")

    assert (answer.exit_code, answer.stdout) == (0, "2 units would be fetched\n")
    with Ledger(tmp_path / "adtally.db") as ledger:
        assert ledger.conn.execute("SELECT COUNT(*) FROM delivery").fetchone() == (0,)


def test_sync_of_a_locked_ledger_exits_4_and_names_the_cure(adtally: Command, tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger, ledger.sync_lock():
        answer = adtally("sync")

    assert answer.exit_code == 4
    assert answer.stderr.endswith("adtally.db: a sync is already running (another process); wait for it\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sync", "harbor"], "there is no [connectors.harbor]; did you mean harbour?"),
        (["sync", "--every", "soon"], "'soon': write a number and s, m, h or d, such as 6h"),
        (["sync", "--every", "0h"], "'0h': write a number and s, m, h or d"),
        (
            ["sync", "--deadline", "1.5h"],
            "Invalid value for '--deadline': '1.5h': write a number and s, m, h or d",
        ),
        (["sync", "--every", "1h", "--jitter", "1h"], "--jitter must be shorter than --every"),
        (
            ["sync", "--log", "no/such/folder.jsonl"],
            "--log no/such/folder.jsonl: cannot be written (No such file",
        ),
        (
            ["sync", "--metrics", "no/such/ads.prom"],
            "--metrics no/such/ads.prom: cannot be written; it needs",
        ),
        (["sync", "--metrics", "a.prom", "--dry-run"], "leave out --dry-run"),
        (["sync", "--first-day", "yesterday"], "'yesterday' does not match the format"),
        (["sync", "--workers", "0"], "0 is not in the range"),
        (["sync", "--account", "99"], "no connector sees account 99: adtally check lists the visible ones"),
        (["reconcile", "--month", "March"], "--month 'March': write it as 2026-10"),
        (["reconcile", "--check", "everything"], "no check is called 'everything'"),
        (["reconcile", "--fail-on", "always"], "'always' is not one of"),
        (["export", "invoice", "out.csv"], "no table 'invoice': choose from accounts, campaigns"),
        (["export", "invoices", "out.xlsx"], "the ending must be one of .csv, .jsonl"),
        (
            ["findings", "show", "F-1"],
            "no finding has an id that begins with 'F-1': see adtally findings list",
        ),
        (["findings", "ack", "F-1"], "Missing option '--note'"),
        (["sing"], "No such command 'sing'"),
    ],
)
def test_wrong_use_exits_2_and_says_what_to_do(synced: Command, words: list[str], said: str) -> None:
    answer = synced(*words)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert answer.stdout == ""


def test_missing_configuration_exits_2_and_names_the_way_out(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["--config", str(tmp_path / "config.toml"), "sync"])

    assert answer.exit_code == 2
    assert answer.stderr == f"{tmp_path}/config.toml: no such file; `adtally init` writes one\n"


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["reconcile"],
        ["report"],
        ["findings"],
        ["findings", "list"],
        ["export", "runs", "out.csv"],
    ],
    ids=" ".join,
)
def test_command_that_needs_a_ledger_says_how_to_get_one(adtally: Command, words: list[str]) -> None:
    answer = adtally(*words)

    assert answer.exit_code == 4
    assert answer.stderr.endswith("adtally.db: there is no ledger yet; run adtally sync first\n")


def test_check_lists_accounts_and_its_exit_code_tells_some_from_none(
    adtally: Command, tmp_path: Path
) -> None:
    all_fine = adtally("check", "--json")
    (tmp_path / "bills.csv").unlink()
    some = adtally("check")
    none = adtally("check", "harbour_bills")

    assert all_fine.exit_code == 0
    assert json.loads(all_fine.stdout) == [
        {
            "connector": name,
            "accounts": [{"id": "1234", "name": "", "currency": "EUR"}],
            "error": None,
        }
        for name in ("harbour", "harbour_bills")
    ]
    assert (some.exit_code, none.exit_code) == (3, 4)
    assert "harbour: good, 1 accounts" in some.stdout
    assert "harbour_bills: path: no file in" in none.stdout


def test_connectors_lists_the_installed_ones_with_their_reports(adtally: Command) -> None:
    text, document = adtally("connectors"), json.loads(adtally("connectors", "--json").stdout)

    assert "google_ads" in text.stdout
    assert {"files", "google_ads"} <= document.keys()
    assert set(document["google_ads"][0]) == {
        "report",
        "records",
        "cadence",
        "grain",
        "max_days",
        "restated_days",
        "retention_days",
        "traits",
    }


def test_findings_raise_the_exit_code_only_when_asked(synced: Command) -> None:
    month = ("reconcile", "--month", "2024-03")

    assert synced(*month).exit_code == 0
    assert synced(*month, "--fail-on", "low").exit_code == 1
    assert synced(*month, "--fail-on", "low", "--check", "invoice-duplicate").exit_code == 0
    assert synced("reconcile", "--month", "2024-01", "--fail-on", "info").exit_code == 0


def test_reconcile_json_has_the_promised_keys(synced: Command) -> None:
    document = json.loads(synced("reconcile", "--month", "2024-03", "--json").stdout)

    assert set(document) == {"period", "counts", "findings", "not_checkable", "at_risk_micros", "support"}
    assert document["period"] == {"first_day": "2024-03-01", "last_day": "2024-03-31"}
    assert document["at_risk_micros"].keys() == {"EUR"}
    assert {"platform", "currency", "backed_micros", "unbacked_micros", "per_view_micros"} <= document[
        "support"
    ][0].keys()
    [finding] = [found for found in document["findings"] if found["check_id"] == "invoice-arithmetic"]
    assert (finding["invoice_id"], finding["diff_micros"], finding["state"]) == ("HB-7", 10_000_000, "open")


def test_finding_is_listed_shown_acknowledged_and_closed(judged: Command) -> None:
    listed = json.loads(judged("findings", "list", "--json").stdout)
    [id_] = [found["finding_id"] for found in listed if found["check_id"] == "invoice-arithmetic"]

    told = [
        judged("findings", "ack", id_[:9], "--note", "Ana asked on Monday").stdout,
        judged("findings", "close", id_, "--note", "credited").stdout,
    ]
    shown = json.loads(judged("findings", "show", id_, "--json").stdout)
    again = judged("reconcile", "--month", "2024-03")
    still = json.loads(judged("findings", "list", "--state", "closed", "--json").stdout)

    assert told == [f"{id_} is acknowledged.\n", f"{id_} is closed.\n"]
    assert shown["finding"]["state"] == "closed"
    assert [(event["action"], event["note"]) for event in shown["events"]] == [
        ("closed", "credited"),
        ("acknowledged", "Ana asked on Monday"),
        ("found", ""),
    ]
    assert again.exit_code == 0
    assert [found["finding_id"] for found in still] == [id_]
    assert "HB-7" in judged("findings", "show", id_).stdout
    assert "Ana asked on Monday" in judged("findings", "show", id_).stdout


def test_status_tells_how_far_the_data_reaches(synced: Command) -> None:
    document = json.loads(synced("status", "--month", "2024-03", "--json").stdout)

    assert document["troubles"] == []
    [feed] = document["feeds"]
    assert (feed["connector"], feed["account_id"], feed["newest_complete_day"]) == (
        "harbour",
        "1234",
        "2024-03-02",
    )
    assert list(feed["days"].items())[:3] == [
        ("2024-03-01", "final"),
        ("2024-03-02", "final"),
        ("2024-03-03", "missing"),
    ]
    assert "1234" in synced("status").stdout


def test_report_is_printed_and_written(judged: Command, tmp_path: Path) -> None:
    answer = judged("report", "--month", "2024-03", "--html", str(tmp_path / "r.html"))

    assert answer.exit_code == 0
    assert answer.stdout.endswith(f"Report: {tmp_path}/r.html\n")
    assert "HB-7" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_export_counts_its_rows(synced: Command, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    answer = synced("export", "delivery", str(path))

    assert (answer.exit_code, answer.stdout) == (0, f"{path}: 2 rows of delivery\n")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3


def test_wrong_token_names_connector_and_cure_while_the_others_sync(harbour: Harbour, tmp_path: Path) -> None:
    config = harbour.configure(tmp_path, first_day=LAST_WEEK)

    answer = process(config, "sync")

    assert answer.returncode == 3
    assert "south" in answer.stdout
    assert "the credentials are not accepted (HTTP 401)" in " ".join(answer.stdout.split())
    assert "adtally sync south" in answer.stdout
    assert "delivery" in answer.stdout


def test_no_connector_with_a_good_token_exits_4(harbour: Harbour, tmp_path: Path) -> None:
    config = harbour.configure(tmp_path, first_day=LAST_WEEK, north=WRONG)

    assert process(config, "sync").returncode == 4
    assert process(config, "check").returncode == 4


def test_no_secret_stands_in_any_output_or_file(harbour: Harbour, tmp_path: Path) -> None:
    harbour.accounts = ("1", "html", "bug")
    config = harbour.configure(tmp_path, first_day=LAST_WEEK, south="from-the-environment")
    secrets = (GOOD, WRONG)
    variables = {"ADTALLY_CONNECTORS__SOUTH__ACCESS_TOKEN": WRONG}

    answers = [
        process(config, *words, **variables)
        for words in (
            ["-vv", "check"],
            ["-vv", "sync", "--json"],
            ["-vv", "sync", "--full"],
            ["-vv", "status"],
            ["-vv", "export", "units", "units.csv"],
            ["-vv", "report", "--html", "report.html"],
        )
    ]

    assert [answer.returncode for answer in answers] == [3, 3, 3, 0, 0, 0]
    assert "GET http://127.0.0.1" in answers[1].stderr
    assert "Expected `array`, got `object`" in answers[1].stdout
    assert "the connector failed with KeyError (campaign_daily, line " in answers[1].stdout
    for answer in answers:
        assert [secret for secret in secrets if secret in answer.stdout + answer.stderr] == []
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != config]
    assert {"adtally.db", "units.csv", "report.html"} <= {path.name for path in written}
    for path in written:
        assert [secret for secret in secrets if secret.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_sync_exits_130_and_the_next_one_goes_on(
    harbour: Harbour, tmp_path: Path, how: signal.Signals
) -> None:
    harbour.accounts = ("1", "slow")
    config = harbour.configure(tmp_path, first_day=LAST_WEEK, south=GOOD)
    with subprocess.Popen(
        [ADTALLY, "--config", config, "sync", "north", "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert harbour.asked.wait(30)
        running.send_signal(how)
        stdout, stderr = running.communicate(timeout=30)

    assert (running.returncode, stdout) == (130, "")
    assert "Interrupted. What was fetched is stored; run the command again to go on." in stderr
    harbour.go_on.set()
    assert process(config, "sync", "north").returncode == 0
    with Ledger(tmp_path / "adtally.db") as ledger:
        statuses = ledger.conn.execute("SELECT status FROM runs ORDER BY started_at, status DESC").fetchall()
        accounts = ledger.conn.execute("SELECT DISTINCT account_id FROM delivery ORDER BY 1").fetchall()
    assert sorted(statuses) == [("done",), ("interrupted",)]
    assert accounts == [("1",), ("slow",)]


def test_deadline_ends_the_sync_with_what_is_left_and_the_next_one_goes_on(
    harbour: Harbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accounts are listed in time; then an hour has passed."""
    harbour.accounts = ("1", "z")
    config = harbour.configure(tmp_path, first_day=LAST_WEEK, south=GOOD)
    words = ["--config", str(config), "sync", "north"]
    asked = count()

    class Later:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() + (3600 if next(asked) else 0)

    with monkeypatch.context() as patch:
        patch.setattr("adtally.engine.run.time", Later)
        stopped = CliRunner().invoke(main, [*words, "--deadline", "50m"])

    said = " ".join(stopped.stdout.split())
    assert stopped.exit_code == 3
    assert "north stopped: the deadline came first, " in said
    assert "what came is stored, the next sync goes on there then: adtally sync north" in said
    assert CliRunner().invoke(main, words).exit_code == 0
    with Ledger(tmp_path / "adtally.db") as ledger:
        accounts = ledger.conn.execute("SELECT DISTINCT account_id FROM delivery ORDER BY 1").fetchall()
    assert accounts == [("1",), ("z",)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_between_two_runs_exits_130_at_once(
    adtally: Command, tmp_path: Path, how: signal.Signals
) -> None:
    words = ("sync", "--every", "6h", "--log", "sync.jsonl", "--metrics", "adtally.prom")
    with subprocess.Popen(
        [ADTALLY, "--config", "config.toml", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stdout.readline().startswith("Synced  2 units done")
        with Ledger(tmp_path / "adtally.db") as ledger, ledger.sync_lock():
            running.send_signal(how)
            running.communicate(timeout=10)

    assert running.returncode == 130
    assert [line["event"] for line in logged(tmp_path / "sync.jsonl")] == ["unit", "unit", "run"]
    assert "adtally_sync_exit_code 0\n" in (tmp_path / "adtally.prom").read_text(encoding="utf-8")


def test_every_waits_for_the_next_turn_when_another_sync_holds_the_ledger(
    adtally: Command, tmp_path: Path
) -> None:
    words = ("sync", "--every", "1s", "--log", "sync.jsonl")
    with Ledger(tmp_path / "adtally.db") as ledger, ExitStack() as lock:
        lock.enter_context(ledger.sync_lock())
        with subprocess.Popen(
            [ADTALLY, "--config", "config.toml", *words],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            assert running.stderr
            assert running.stdout
            refused = running.stderr.readline()
            lock.close()
            done = running.stdout.readline()
            running.terminate()
            running.communicate(timeout=10)

    assert refused.endswith("adtally.db: a sync is already running (another process); wait for it\n")
    assert done.startswith("Synced  2 units done")
    assert running.returncode == 130
    first = logged(tmp_path / "sync.jsonl")[0]
    assert (first["event"], first["exit_code"], first["error"]) == ("run", 4, refused.strip())


def test_configuration_that_cannot_work_ends_also_a_repeated_sync(adtally: Command, tmp_path: Path) -> None:
    answer = adtally("sync", "--every", "6h", "--account", "99", "--metrics", str(tmp_path / "a.prom"))

    assert answer.exit_code == 2
    assert "no connector sees account 99" in answer.stderr
    assert "adtally_sync_exit_code 2\n" in (tmp_path / "a.prom").read_text(encoding="utf-8")


def test_log_and_metrics_tell_what_came_and_what_did_not(harbour: Harbour, tmp_path: Path) -> None:
    harbour.accounts = ("1", "html", "bug")
    config = harbour.configure(tmp_path, first_day=LAST_WEEK)

    answer = process(config, "sync", "--log", "sync.jsonl", "--metrics", "adtally.prom")

    lines = logged(tmp_path / "sync.jsonl")
    units = [line for line in lines if line["event"] == "unit"]
    assert answer.returncode == 3
    assert [(line["event"], line["connector"]) for line in lines[:1]] == [("failed", "south")]
    assert {(line["account_id"], line["status"]) for line in units} == {
        ("1", "done"),
        ("html", "failed"),
        ("bug", "failed"),
    }
    assert (lines[-1]["event"], lines[-1]["exit_code"]) == ("run", 3)
    assert {line["run_id"] for line in [*units, lines[-1]]} == {lines[-1]["run_id"]}
    metrics = (tmp_path / "adtally.prom").read_text(encoding="utf-8").splitlines()
    done = sum(line["status"] == "done" for line in units)
    assert f'adtally_sync_units{{connector="north",status="done"}} {done}' in metrics
    assert 'adtally_sync_success_timestamp_seconds{connector="south"} 0' in metrics
    for name in ("sync.jsonl", "adtally.prom"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert [secret for secret in (GOOD, WRONG) if secret in written] == []


def test_log_to_stderr_is_nothing_but_lines_of_json(adtally: Command) -> None:
    answer = adtally("sync", "--log", "-")

    assert [json.loads(line)["event"] for line in answer.stderr.splitlines()] == ["unit", "unit", "run"]
    assert answer.stdout.startswith("Synced  2 units done")


def test_ledger_that_is_no_database_exits_4(adtally: Command, tmp_path: Path) -> None:
    (tmp_path / "adtally.db").write_text("Day,Cost\n" * 200, encoding="utf-8")

    answer = adtally("sync")

    assert answer.exit_code == 4
    assert "adtally.db: it is no SQLite file; choose another [ledger] path" in answer.stderr
    with pytest.raises(LedgerError):
        Ledger(tmp_path / "adtally.db")
