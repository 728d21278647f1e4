"""Files as units: each is the whole truth about its own rows, and a bad one leaves them as they were."""

from datetime import timedelta
from pathlib import Path

from adtally.ledger import Ledger
from adtally.registry import Configured, load_type
from adtally.tokens import TokenFile

from .north import NOON, rows, sync

HEADER = "account,day,campaign,cost\n"
COLUMNS = {"account": "account", "day": "day", "campaign_id": "campaign", "cost_micros": "cost"}
LATER = NOON + timedelta(hours=1)


def files(folder: Path, *, grain: str = "campaign") -> Configured:
    fields = {
        "path": "*.csv",
        "record": "delivery",
        "platform": "harbour",
        "currency": "EUR",
        "timezone": "UTC",
        "grain": grain,
        "columns": {name.removesuffix("_micros"): column for name, column in COLUMNS.items()},
    }
    connector = load_type("files", folder).model_validate(fields)
    connector.bind(folder=folder, token_file=TokenFile(folder / "tokens.json", "harbour"))
    return Configured("harbour", connector, (), ("campaign",))


def delivered(ledger: Ledger) -> list[tuple[object, ...]]:
    return rows(ledger, "delivery", "account_id", "day", "cost_micros")


def test_file_that_vanishes_takes_its_rows_along(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n")
    (tmp_path / "b.csv").write_text(f"{HEADER}1,2026-10-02,c1,2\n2,2026-10-02,c1,3\n")
    sync(ledger, files(tmp_path))

    (tmp_path / "a.csv").unlink()
    run = sync(ledger, files(tmp_path), now=LATER, run_id="r2")

    assert run.exit_code == 0
    assert delivered(ledger) == [("1", "2026-10-02", 2_000_000), ("2", "2026-10-02", 3_000_000)]
    assert rows(ledger, "delivery_history", "day", "superseded_at") == [
        ("2026-10-01", "2026-10-12T13:00:00Z")
    ]
    assert rows(ledger, "units", "account_id", "report", "first_day", "last_day", "rows") == [
        ("1", "delivery:b.csv", "2026-10-02", "2026-10-02", 1),
        ("2", "delivery:b.csv", "2026-10-02", "2026-10-02", 1),
    ]


def test_account_that_no_file_names_any_more_has_no_rows(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n2,2026-10-01,c1,2\n")
    sync(ledger, files(tmp_path))

    (tmp_path / "a.csv").write_text(f"{HEADER}2,2026-10-01,c1,2\n")
    run = sync(ledger, files(tmp_path), now=LATER, run_id="r2")

    assert run.failures == []
    assert delivered(ledger) == [("2", "2026-10-01", 2_000_000)]
    assert rows(ledger, "delivery_history", "account_id") == [("1",)]


def test_bad_row_fails_its_file_and_leaves_what_it_brought_before(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n")
    (tmp_path / "b.csv").write_text(f"{HEADER}2,2026-10-01,c1,2\n")
    sync(ledger, files(tmp_path))

    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.40\n1,2026-10-02,c1,much\n")
    run = sync(ledger, files(tmp_path), now=LATER, run_id="r2")

    assert [(failed.account_id, failed.report, failed.first_day) for failed in run.failures] == [
        ("1", "delivery:a.csv", None),
        ("2", "delivery:a.csv", None),
    ]
    assert "a.csv line 3" in run.failures[0].message
    assert "'much'" in run.failures[0].message
    assert run.exit_code == 3
    assert delivered(ledger) == [("1", "2026-10-01", 1_500_000), ("2", "2026-10-01", 2_000_000)]


def test_two_files_that_disagree_are_both_named(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n")
    (tmp_path / "b.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.40\n1,2026-10-02,c1,1\n")

    run = sync(ledger, files(tmp_path))

    assert [failed.message for failed in run.failures] == [
        "delivery:b.csv and delivery:a.csv have different values for the same row of 2026-10-01: "
        "correct or remove one of the two"
    ]
    assert delivered(ledger) == [("1", "2026-10-01", 1_500_000)]


def test_dry_run_leaves_the_rows_of_a_vanished_file(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n")
    (tmp_path / "b.csv").write_text(f"{HEADER}1,2026-10-02,c1,2\n")
    sync(ledger, files(tmp_path))

    (tmp_path / "a.csv").unlink()
    run = sync(ledger, files(tmp_path), dry_run=True)

    assert run.planned == 1
    assert delivered(ledger) == [("1", "2026-10-01", 1_500_000), ("1", "2026-10-02", 2_000_000)]


def test_no_file_at_all_is_a_failure_and_takes_nothing_away(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}1,2026-10-01,c1,1.50\n")
    sync(ledger, files(tmp_path))

    (tmp_path / "a.csv").unlink()
    run = sync(ledger, files(tmp_path), now=LATER, run_id="r2")

    assert [failed.error for failed in run.failures] == ["ConfigError"]
    assert run.exit_code == 4
    assert delivered(ledger) == [("1", "2026-10-01", 1_500_000)]
