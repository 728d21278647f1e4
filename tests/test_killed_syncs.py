"""A sync that is killed anywhere is completed by the next one; ``make soak`` does this two hundred times."""

from pathlib import Path

from tests.soak import soak


def test_killed_syncs_leave_the_ledger_of_an_undisturbed_one(tmp_path: Path) -> None:
    done = soak(6, seed=7, folder=tmp_path)

    assert (done.kills, done.unequal) == (6, [])
    assert done.asked_again <= done.kills
