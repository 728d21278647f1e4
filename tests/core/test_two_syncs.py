"""Two syncs at once: the second one is told who holds the ledger, and everybody else goes on working."""

import re
import subprocess
from pathlib import Path

from adtally.ledger import Ledger

from .harbour import GOOD, Harbour, serve
from .test_cli import ADTALLY, LAST_WEEK, process

READERS = (
    ["reconcile"],
    ["findings"],
    ["status"],
    ["report", "--html", "report.html"],
    ["export", "delivery", "delivery.csv"],
)


def test_second_sync_exits_4_and_names_the_first_while_all_others_work(tmp_path: Path) -> None:
    with serve(Harbour(accounts=("1", "slow"))) as harbour:
        config = harbour.configure(tmp_path, first_day=LAST_WEEK, south=GOOD)
        with subprocess.Popen(
            [ADTALLY, "--config", config, "sync", "north", "--workers", "1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as first:
            assert harbour.asked.wait(30)
            second = process(config, "sync", "north")
            readers = [process(config, *words) for words in READERS]
            is_first_at_it = first.poll() is None
            harbour.go_on.set()
            first.wait(30)
        third = process(config, "sync", "north")

    assert second.returncode == 4
    assert second.stdout == ""
    said = re.fullmatch(
        r".*/adtally\.db: a sync is already running "
        r"\(run (\S+) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ), process (\d+)\); wait for it\n",
        second.stderr,
    )
    assert said is not None, second.stderr
    assert int(said[3]) == first.pid
    assert [answer.returncode for answer in readers] == [0] * len(READERS), readers
    assert is_first_at_it
    assert (first.returncode, third.returncode) == (0, 0)
    with Ledger(tmp_path / "adtally.db") as ledger:
        runs = ledger.conn.execute("SELECT run_id, started_at, status FROM runs WHERE command = 'sync'")
        [(run_id, started_at, status), (_, _, last)] = runs.fetchall()
    assert (run_id, started_at, status, last) == (said[1], said[2], "done", "done")
