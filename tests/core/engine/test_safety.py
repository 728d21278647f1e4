"""A ledger that cannot be written: the sync says so, nothing is half there, and the next one goes on."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from adtally.cli import main
from adtally.connector import Unit
from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.records import Delivery

from ..ledger.test_unusable_files import damage
from ..shop import user
from .north import Platform, configured, everything, rows, sync
from .test_interruption import ROOT, accounts, undisturbed

LIMITED = """
import resource, sys
from pathlib import Path
from adtally.errors import LedgerError
from adtally.ledger import Ledger
from tests.core.engine.test_interruption import accounts
from tests.core.engine.north import configured, sync

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    with Ledger(Path(sys.argv[1])) as ledger:
        sync(ledger, configured(accounts()))
except LedgerError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("is_new", "kilobytes"), [(True, 0), (True, 40), (False, 0), (False, 20), (False, 120), (False, 160)]
)
def test_sync_that_may_write_no_more_is_completed_by_the_next_one(
    tmp_path: Path, is_new: bool, kilobytes: int
) -> None:
    """No file may grow beyond a limit; a used-up quota looks like that."""
    path = tmp_path / "adtally.db"
    if not is_new:
        Ledger(path).close()

    limited = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(kilobytes * 1024)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert limited.stdout.startswith(f"{path}: the disk takes no more; check its space, its quota and its")
    assert limited.stderr == ""
    with Ledger(path) as ledger:
        assert ledger.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert sync(ledger, configured(accounts()), run_id="r2").exit_code == 0
        assert everything(ledger) == undisturbed(tmp_path)


def many(unit: Unit) -> Iterator[Delivery]:
    for day in unit.window:
        for number in range(300):
            yield Delivery(day=day, campaign_id=f"campaign {number}", cost_micros=number)


@pytest.mark.parametrize("pages", [0, 9, 18, 27, 36])
def test_sync_whose_disk_is_full_is_completed_by_the_next_one(tmp_path: Path, pages: int) -> None:
    with Ledger(tmp_path / "undisturbed.db") as ledger:
        sync(ledger, configured(Platform(daily=many)))
        undisturbed = everything(ledger)

    with Ledger(tmp_path / "adtally.db") as ledger:
        allowed = ledger.conn.execute("PRAGMA page_count").fetchone()[0] + pages
        ledger.conn.execute(f"PRAGMA max_page_count = {allowed}")
        with pytest.raises(LedgerError, match="the disk is full; free some space and run again"):
            sync(ledger, configured(Platform(daily=many)))
        ledger.conn.execute("PRAGMA max_page_count = 1000000")
        for first, last, status, count in rows(ledger, "units", "first_day", "last_day", "status", "rows"):
            stored = "SELECT COUNT(*) FROM delivery WHERE day BETWEEN ? AND ?"
            assert (status, ledger.conn.execute(stored, (first, last)).fetchone()) == ("done", (count,))

        run = sync(ledger, configured(Platform(daily=many)), run_id="r2")

        assert run.exit_code == 0
        assert everything(ledger) == undisturbed


def of_a_newer_version(path: Path) -> None:
    with Ledger(path) as ledger, ledger.transaction():
        ledger.conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('adtally', 'v9', '')"
        )


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE songs (title TEXT)")


def with_a_damaged_page(path: Path) -> None:
    with Ledger(path) as ledger:
        sync(ledger, configured(Platform()))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)


def with_a_damaged_header(path: Path) -> None:
    Ledger(path).close()
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (of_a_newer_version, "written by a newer adtally (v9); update the program"),
        (of_another_program, "it is the database of another program (it has a table songs); choose another"),
        (with_a_damaged_page, "it is damaged and was left as it is; restore a copy"),
        (with_a_damaged_header, "it is no SQLite file; choose another [ledger] path"),
    ],
)
def test_sync_into_a_file_that_is_no_good_ledger_exits_4_and_leaves_it_alone(
    tmp_path: Path, arrange: Callable[[Path], None], said: str
) -> None:
    config, path = user(tmp_path), tmp_path / "adtally.db"
    arrange(path)
    before = path.read_bytes()

    answer = CliRunner().invoke(main, ["--config", str(config), "sync"])

    assert answer.exit_code == 4
    assert answer.stderr.startswith(f"{path}: {said}")
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", [["status"], ["export", "units", "units.csv"]], ids=" ".join)
def test_reader_of_a_damaged_ledger_exits_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    config, path = user(tmp_path), tmp_path / "adtally.db"
    with Ledger(path) as ledger:
        sync(ledger, configured(Platform()))
    before = damage(path, "unit_cells")

    answer = CliRunner().invoke(main, ["--config", str(config), *words])

    assert answer.exit_code == 4
    assert answer.stderr.startswith(f"{path}: it is damaged and was left as it is")
    assert path.read_bytes() == before
