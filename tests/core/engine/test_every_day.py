"""Whatever happens from the first sync to the last: every day is known once, as the platform told it last."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from adtally.ledger import Ledger

from ..ledger.feeds import report
from .north import account
from .story import Platform, Run, live_through

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Apia",
    "America/St_Johns",
    "America/Santiago",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)
CLOCK_CHANGES = (
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia leaves out a day
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # Sao Paulo has no midnight
    datetime(2026, 3, 8, 5, tzinfo=UTC),  # St. John's
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe turns back by half an hour
    datetime(2026, 9, 6, 4, tzinfo=UTC),  # Santiago has no midnight
)
RUNS = st.builds(
    Run,
    apart=st.integers(0, 12 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    back=st.integers(1, 40),
    last=st.none() | st.integers(0, 30),
    full=st.sampled_from([False, False, False, True]),
    failing=st.frozensets(st.integers(0, 9), max_size=4),
    denied=st.sampled_from(["", "", "", "0"]),
    max_days=st.integers(1, 12),
)


@pytest.fixture(scope="module")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger without a row: faster to copy than to make."""
    path = tmp_path_factory.mktemp("new") / "adtally.db"
    Ledger(path).close()
    return path


@contextmanager
def opened(new_ledger: Path) -> Iterator[Ledger]:
    with (
        TemporaryDirectory() as folder,
        Ledger(copyfile(new_ledger, Path(folder) / "adtally.db")) as ledger,
    ):
        yield ledger


FEW = settings(max_examples=50, deadline=None)


@FEW
@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=2),
    begin=st.sampled_from(CLOCK_CHANGES),
    runs=st.lists(RUNS, min_size=1, max_size=5),
    max_days=st.integers(1, 12),
    restated_days=st.integers(0, 9),
    retention_days=st.none() | st.integers(1, 30),
)
def test_every_day_is_known_once_and_no_final_day_is_asked_again(
    new_ledger: Path,
    zones: list[str],
    begin: datetime,
    runs: list[Run],
    max_days: int,
    restated_days: int,
    retention_days: int | None,
) -> None:
    of = report(max_days=max_days, restated_days=restated_days, retention_days=retention_days)
    platform = Platform(of, begin - timedelta(days=2))
    accounts = [account(str(number), timezone=zone) for number, zone in enumerate(zones)]

    with opened(new_ledger) as ledger:
        live_through(ledger, platform, accounts, [replace(run, max_days=max_days) for run in runs])

    assert platform.needless == []


@FEW
@given(
    zone=st.sampled_from(ZONES),
    begin=st.sampled_from(CLOCK_CHANGES),
    runs=st.lists(RUNS, min_size=2, max_size=5),
    restated_days=st.integers(0, 9),
    retention_days=st.none() | st.integers(1, 30),
)
def test_every_day_is_known_once_also_when_windows_become_longer_or_shorter(
    new_ledger: Path,
    zone: str,
    begin: datetime,
    runs: list[Run],
    restated_days: int,
    retention_days: int | None,
) -> None:
    of = report(restated_days=restated_days, retention_days=retention_days)

    with opened(new_ledger) as ledger:
        live_through(ledger, Platform(of, begin - timedelta(days=2)), [account("0", timezone=zone)], runs)


@FEW
@given(
    zone=st.sampled_from(ZONES),
    begin=st.sampled_from(CLOCK_CHANGES),
    runs=st.lists(
        st.tuples(RUNS, st.integers(-40 * 24, 80 * 24).map(lambda hours: timedelta(hours=hours))),
        min_size=1,
        max_size=3,
    ),
    restated_days=st.integers(0, 9),
    retention_days=st.none() | st.integers(1, 30),
)
def test_every_day_is_known_once_also_after_a_clock_that_was_wrong(
    new_ledger: Path,
    zone: str,
    begin: datetime,
    runs: list[tuple[Run, timedelta]],
    restated_days: int,
    retention_days: int | None,
) -> None:
    """Each time somebody sets the clock and syncs again, before the wrong time has come."""
    of = report(restated_days=restated_days, retention_days=retention_days)
    wrong_and_right = [
        replace(run, ahead=ahead, apart=apart, max_days=7)
        for run, wrong in runs
        for ahead, apart in ((wrong, run.apart), (timedelta(), timedelta()))
    ]

    with opened(new_ledger) as ledger:
        platform = Platform(of, begin - timedelta(days=2))
        live_through(ledger, platform, [account("0", timezone=zone)], wrong_and_right)
