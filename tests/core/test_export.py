"""Public tables as files: whole, in plain words, and harmless to a spreadsheet."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adtally.errors import ConfigError
from adtally.exporting import export
from adtally.ledger import Ledger
from adtally.ledger.public import TABLES, columns
from adtally.records import Campaign

from .ledger.feeds import AT_NOON, delivery, feed, put, report

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", 'say "hi", then\ngo', "Größe ✓"]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened


def with_names(ledger: Ledger, names: list[str]) -> None:
    into = feed(ledger, report("campaigns", (Campaign,), cadence="snapshot"))
    put(ledger, into, [Campaign(campaign_id=f"c{n}", name=name) for n, name in enumerate(names)], window=None)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_header_and_every_row(ledger: Ledger, tmp_path: Path) -> None:
    put(ledger, feed(ledger), [delivery(cost_micros=-5), delivery(campaign_id="c2", cost_micros=None)])

    count = export(ledger, "delivery", tmp_path / "out.csv")

    rows = read_csv(tmp_path / "out.csv")
    assert count == 2
    assert list(rows[0]) == columns(ledger, "delivery")
    assert [(row["campaign_id"], row["cost_micros"], row["clicks"], row["as_of"]) for row in rows] == [
        ("c1", "-5", "", AT_NOON),
        ("c2", "", "", AT_NOON),
    ]


def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(ledger: Ledger, tmp_path: Path) -> None:
    with_names(ledger, HOSTILE)

    export(ledger, "campaigns", tmp_path / "out.csv")

    assert [row["name"] for row in read_csv(tmp_path / "out.csv")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "plain",
        'say "hi", then\ngo',
        "Größe ✓",
    ]


def test_json_lines_keep_every_value_as_it_is(ledger: Ledger, tmp_path: Path) -> None:
    with_names(ledger, HOSTILE)

    count = export(ledger, "campaigns", tmp_path / "out.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert count == len(HOSTILE)
    assert [row["name"] for row in rows] == HOSTILE
    assert (rows[0]["budget_micros"], rows[0]["first_day"]) == (None, None)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("table", TABLES)
def test_every_public_table_can_be_exported(ledger: Ledger, tmp_path: Path, table: str, ending: str) -> None:
    assert export(ledger, table, tmp_path / f"out.{ending}") == 0


@pytest.mark.parametrize("table", ["delivery_facts", "sqlite_master", "runs; DROP TABLE runs"])
def test_table_that_is_not_public_is_refused_with_those_that_are(
    ledger: Ledger, tmp_path: Path, table: str
) -> None:
    with pytest.raises(ConfigError, match=f"no table {table!r}: choose from accounts, campaigns, "):
        export(ledger, table, tmp_path / "out.csv")

    assert not (tmp_path / "out.csv").exists()


def test_unknown_ending_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"out\.xlsx: the ending must be one of \.csv, \.jsonl"):
        export(ledger, "runs", tmp_path / "out.xlsx")


def test_file_that_cannot_be_written_is_named(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"nowhere/out\.csv: cannot be written \(No such file or directory\)"
    ):
        export(ledger, "runs", tmp_path / "nowhere" / "out.csv")


def test_old_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    with_names(ledger, ["Brand"])
    (tmp_path / "out.csv").write_text("old\n" * 1_000)

    export(ledger, "campaigns", tmp_path / "out.csv")

    assert [row["name"] for row in read_csv(tmp_path / "out.csv")] == ["Brand"]
    assert sorted(file.name for file in tmp_path.glob("out*")) == ["out.csv"]
