"""One line of JSON a unit, whole and without secrets."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adtally.engine.summary import Failure, Run, UnitCounts, UnitEnd
from adtally.errors import ConfigError
from adtally.reporting.unit_log import UnitLog, lines_to

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOON


def end(**changes: object) -> UnitEnd:
    facts: dict[str, object] = {
        "run_id": "r1",
        "connector": "north",
        "account_id": "1",
        "report": "campaign_daily",
        "first_day": date(2026, 10, 1),
        "last_day": date(2026, 10, 7),
        "status": "done",
        "rows": 84,
        "seconds": 0.25,
        "error": "",
    }
    return UnitEnd(**(facts | changes))  # type: ignore[arg-type]


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_unit_each_failure_to_start_and_the_run_have_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sync.jsonl"
    log = UnitLog(lines_to(path), clock=clock)

    log.failed(
        Failure(
            connector="south",
            error="AuthError",
            message="the credentials are not accepted (HTTP 401)",
            retry="adtally sync south",
        )
    )
    log.unit_ended(end())
    log.unit_ended(end(account_id="2", status="denied", rows=0, error="no access\nat all"))
    run = Run(
        run_id="r1",
        units=UnitCounts(done=1, failed=1),
        rows={"delivery": 84},
        requests=3,
        seconds=1.5,
        failures=[Failure(connector="south", error="AuthError", message="no", retry="adtally sync south")],
        planned=2,
        started=1,
    )
    log.run_ended(run, exit_code=3)

    unit = {
        "at": "2026-10-12T12:00:00Z",
        "event": "unit",
        "run_id": "r1",
        "connector": "north",
        "account_id": "1",
        "report": "campaign_daily",
        "first_day": "2026-10-01",
        "last_day": "2026-10-07",
        "status": "done",
        "rows": 84,
        "seconds": 0.25,
        "error": "",
    }
    assert read(path) == [
        {
            "at": "2026-10-12T12:00:00Z",
            "event": "failed",
            "connector": "south",
            "account_id": "",
            "error": "the credentials are not accepted (HTTP 401)",
        },
        unit,
        unit | {"account_id": "2", "status": "denied", "rows": 0, "error": "no access\nat all"},
        {
            "at": "2026-10-12T12:00:00Z",
            "event": "run",
            "run_id": "r1",
            "units": {"done": 1, "skipped": 0, "failed": 1},
            "rows": {"delivery": 84},
            "requests": 3,
            "seconds": 1.5,
            "failures": [
                {
                    "connector": "south",
                    "account_id": "",
                    "report": "",
                    "first_day": None,
                    "last_day": None,
                    "error": "AuthError",
                    "message": "no",
                    "retry": "adtally sync south",
                    "not_before": None,
                }
            ],
            "notes": [],
            "planned": 2,
            "exit_code": 3,
            "error": "",
        },
    ]


def test_run_that_never_began_has_a_line_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "sync.jsonl"

    UnitLog(lines_to(path), clock=clock).run_ended(None, exit_code=4, error="a sync is already running")

    assert read(path) == [
        {
            "at": "2026-10-12T12:00:00Z",
            "event": "run",
            "exit_code": 4,
            "error": "a sync is already running",
        }
    ]


def test_lines_are_added_to_those_of_earlier_runs(tmp_path: Path) -> None:
    path = tmp_path / "sync.jsonl"
    for run in ("r1", "r2"):
        UnitLog(lines_to(path), clock=clock).unit_ended(end(run_id=run))

    assert [line["run_id"] for line in read(path)] == ["r1", "r2"]


def test_log_that_was_rotated_away_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "sync.jsonl"
    log = UnitLog(lines_to(path), clock=clock)
    log.unit_ended(end(account_id="1"))

    path.rename(tmp_path / "sync.jsonl.1")
    log.unit_ended(end(account_id="2"))

    assert [line["account_id"] for line in read(path)] == ["2"]
    assert [line["account_id"] for line in read(tmp_path / "sync.jsonl.1")] == ["1"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (lambda folder: folder, "cannot be written (Is a directory)"),
        (lambda folder: folder / "no" / "sync.jsonl", "cannot be written (No such file or directory)"),
    ],
)
def test_file_that_cannot_be_written_is_refused_at_once(
    tmp_path: Path, path: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        lines_to(path(tmp_path))

    assert str(caught.value) == f"--log {path(tmp_path)}: {said}"


def test_line_that_the_disk_refuses_is_lost_aloud_and_the_sync_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    path = folder / "sync.jsonl"
    log = UnitLog(lines_to(path), clock=clock)
    path.unlink()
    folder.rmdir()

    log.unit_ended(end())

    assert caplog.messages == [f"--log {path}: a line is lost, the sync goes on (No such file or directory)"]
