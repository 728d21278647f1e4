"""Exchange rates of the European Central Bank, from its file into the ledger."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

import adtally
from adtally.cli import main
from adtally.errors import ConfigError
from adtally.importing import Imported, import_
from adtally.ledger import Ledger
from adtally.reference_rates import ReferenceRate, read_reference_rates

HISTORY = """\
Date,USD,JPY,BGN,ISK,
2026-10-30,1.1172,175.68,N/A,136,
2026-10-29,1.113,175.92,N/A,135.8,
2025-12-31,1.1,184.1,1.9558,147.4,
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened


def written(folder: Path, text: str, name: str = "eurofxref-hist.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(ledger: Ledger) -> list[tuple[object, ...]]:
    return ledger.conn.execute("SELECT * FROM fx_rates ORDER BY quote, day").fetchall()


def test_rates_are_exact_fractions_of_a_euro(ledger: Ledger, tmp_path: Path) -> None:
    found = import_(ledger, written(tmp_path, HISTORY))

    assert found == Imported(days=3, currencies=4, rates=10, changed=10)
    assert rows(ledger) == [
        ("EUR", "BGN", "2025-12-31", 9779, 5000, "ECB"),
        ("EUR", "ISK", "2025-12-31", 737, 5, "ECB"),
        ("EUR", "ISK", "2026-10-29", 679, 5, "ECB"),
        ("EUR", "ISK", "2026-10-30", 136, 1, "ECB"),
        ("EUR", "JPY", "2025-12-31", 1841, 10, "ECB"),
        ("EUR", "JPY", "2026-10-29", 4398, 25, "ECB"),
        ("EUR", "JPY", "2026-10-30", 4392, 25, "ECB"),
        ("EUR", "USD", "2025-12-31", 11, 10, "ECB"),
        ("EUR", "USD", "2026-10-29", 1113, 1000, "ECB"),
        ("EUR", "USD", "2026-10-30", 2793, 2500, "ECB"),
    ]


def test_second_import_changes_nothing_and_a_corrected_rate_is_kept(ledger: Ledger, tmp_path: Path) -> None:
    path = written(tmp_path, HISTORY)
    import_(ledger, path)

    assert import_(ledger, path).changed == 0
    written(tmp_path, HISTORY.replace("1.1172", "1.1173").replace("136,", "136.00,"))
    assert import_(ledger, path).changed == 1
    assert ("EUR", "USD", "2026-10-30", 11173, 10000, "ECB") in rows(ledger)


def test_zip_and_the_file_of_the_last_day_are_read_too(tmp_path: Path) -> None:
    archive = tmp_path / "eurofxref-hist.zip"
    with ZipFile(archive, "w") as file:
        file.writestr("eurofxref-hist.csv", HISTORY)
    last = written(tmp_path, "\ufeffDate, USD, XQQ, \n30 October 2026, 1.1172, 2, \n", "eurofxref.csv")

    assert len(read_reference_rates(archive)) == 10
    assert read_reference_rates(last) == [
        ReferenceRate(day=date(2026, 10, 30), currency="USD", num=2793, den=2500),
        ReferenceRate(day=date(2026, 10, 30), currency="XQQ", num=2, den=1),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: expected rates of the European Central Bank"),
        ("invoice,total\n1,2\n", "line 1: expected rates of the European Central Bank"),
        ("Date,usd\n", "line 1: expected rates"),
        ("Date,USD,USD\n", "line 1: each currency stands there once"),
        ("Date,EUR\n", "line 1: each currency stands there once"),
        ("Date,USD\n30.10.2026,1.1\n", "line 2: the day is '30.10.2026', expected one such as 2026-10-30"),
        ("Date,USD\n31 October 1\n", "line 2: 1 values, expected 2"),
        ("Date,USD\n2026-10-30,1.1,7\n", "line 2: 3 values, expected 2"),
        ("Date,USD\n\n2026-10-30,\n", "line 3: USD is '', expected a number such as 1.1172, or N/A"),
        ("Date,USD\n2026-10-30,0\n", "line 2: USD is '0'"),
        ("Date,USD\n2026-10-30,-1\n", "line 2: USD is '-1'"),
        ("Date,USD\n2026-10-30,1e3\n", "line 2: USD is '1e3'"),
        ("Date,USD\n2026-10-30,1\n2026-10-30,2\n", "line 3: 2026-10-30 stands in line 2 already"),
    ],
)
def test_any_other_file_is_refused_with_line_and_reason(
    text: str, says: str, ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as refused:
        import_(ledger, written(tmp_path, text))

    assert says in str(refused.value)
    assert rows(ledger) == []


def test_bytes_archives_and_missing_files_are_refused(tmp_path: Path) -> None:
    binary, empty = tmp_path / "x.csv", tmp_path / "x.zip"
    binary.write_bytes(b"\xff\xfe\x00")
    with ZipFile(empty, "w") as file:
        file.writestr("readme.txt", "no rates")

    for path, says in (
        (binary, "this is no text"),
        (empty, "in an archive of just one .csv"),
        (tmp_path / "none.csv", "cannot be read"),
    ):
        with pytest.raises(ConfigError, match=says):
            read_reference_rates(path)


def test_command_says_how_many_days_and_currencies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "", "config.toml")
    path = written(tmp_path, HISTORY, "rates.csv")

    answers = [CliRunner().invoke(main, ["import", "rates.csv", *words]) for words in ((), (), ("--json",))]
    refused = CliRunner().invoke(main, ["import", "config.toml"])

    assert [answer.exit_code for answer in answers] == [0, 0, 0]
    assert answers[0].output == "rates.csv: rates of 4 currencies on 3 days, 10 new or corrected\n"
    assert answers[1].output == "rates.csv: rates of 4 currencies on 3 days, 0 new or corrected\n"
    assert '"days": 3' in answers[2].output
    assert (refused.exit_code, "config.toml, line 1: expected rates" in refused.output) == (2, True)
    assert adtally.import_ is import_
    assert path.exists()
