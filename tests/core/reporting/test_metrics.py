"""The metrics file: Prometheus' text format, written as a whole, and true also after a sync that failed."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adtally.engine.known_feeds import KnownFeed, read_feeds
from adtally.engine.summary import Run, UnitCounts, UnitEnd
from adtally.errors import AuthError, ConfigError
from adtally.ledger import Ledger
from adtally.reporting.metrics import (
    METRICS,
    UnitCounter,
    check_metrics_file,
    metrics_text,
    write_metrics,
)

from ..engine.north import FIRST, NOON, Platform, account, configured, sync

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="(\\[\\"n]|[^\\"\n])*"(,[a-z]+="(\\[\\"n]|[^\\"\n])*")*\})? -?[0-9.]+')
"""A line of the text format 0.0.4 as we write it: no time of its own, which node_exporter refuses."""


def text(
    *connectors: str,
    run: Run | None = None,
    counter: UnitCounter | None = None,
    exit_code: int = 0,
    feeds: Sequence[KnownFeed] = (),
) -> str:
    return metrics_text(
        connectors or ("north",),
        run=run,
        units=(counter or UnitCounter()).units,
        exit_code=exit_code,
        seconds=1.5,
        ended=NOON,
        feeds=feeds,
    )


def samples(written: str, name: str) -> list[str]:
    return [
        line.removeprefix(name) for line in written.splitlines() if line.startswith((f"{name} ", f"{name}{{"))
    ]


def test_whole_file_of_a_sync(tmp_path: Path) -> None:
    counter = UnitCounter()
    with Ledger(tmp_path / "adtally.db") as ledger:
        platform = Platform(accounts=[account("7", timezone="America/New_York")])
        run = sync(ledger, configured(platform), last_day=date(2026, 10, 7), progress=counter)
        feeds = read_feeds(ledger.conn)
    at, end = int(NOON.timestamp()), int(datetime(2026, 10, 8, 4, tzinfo=UTC).timestamp())

    written = text("north", "south", run=run, counter=counter, feeds=feeds)

    assert (
        written
        == f"""\
# HELP adtally_sync_timestamp_seconds When the last sync ended.
# TYPE adtally_sync_timestamp_seconds gauge
adtally_sync_timestamp_seconds {at}
# HELP adtally_sync_exit_code Exit code of the last sync: 0 all came, 3 something did not come.
# TYPE adtally_sync_exit_code gauge
adtally_sync_exit_code 0
# HELP adtally_sync_duration_seconds How long the last sync took.
# TYPE adtally_sync_duration_seconds gauge
adtally_sync_duration_seconds 1.5
# HELP adtally_sync_requests Requests of the last sync.
# TYPE adtally_sync_requests gauge
adtally_sync_requests 0
# HELP adtally_sync_units Units of the last sync by how they ended.
# TYPE adtally_sync_units gauge
adtally_sync_units{{connector="north",status="done"}} 4
adtally_sync_units{{connector="north",status="failed"}} 0
adtally_sync_units{{connector="north",status="denied"}} 0
adtally_sync_units{{connector="north",status="not_offered"}} 0
adtally_sync_units{{connector="north",status="skipped"}} 0
adtally_sync_units{{connector="north",status="waiting"}} 0
adtally_sync_units{{connector="south",status="done"}} 0
adtally_sync_units{{connector="south",status="failed"}} 0
adtally_sync_units{{connector="south",status="denied"}} 0
adtally_sync_units{{connector="south",status="not_offered"}} 0
adtally_sync_units{{connector="south",status="skipped"}} 0
adtally_sync_units{{connector="south",status="waiting"}} 0
# HELP adtally_sync_rows Rows that the last sync wrote or moved to the history.
# TYPE adtally_sync_rows gauge
adtally_sync_rows{{table="campaigns"}} 1
adtally_sync_rows{{table="delivery"}} 14
adtally_sync_rows{{table="interactions"}} 0
# HELP adtally_sync_success_timestamp_seconds When a unit of the connector last came; 0: never.
# TYPE adtally_sync_success_timestamp_seconds gauge
adtally_sync_success_timestamp_seconds{{connector="north"}} {at}
adtally_sync_success_timestamp_seconds{{connector="south"}} 0
# HELP adtally_newest_complete_day_timestamp_seconds When the newest complete day ended in its time zone.
# TYPE adtally_newest_complete_day_timestamp_seconds gauge
adtally_newest_complete_day_timestamp_seconds{{connector="north",account="7",report="campaign_daily"}} {end}
"""
    )


def test_every_line_is_of_the_format_and_every_metric_one_group_with_help_and_type(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        platform = Platform(accounts=[account('a"b\\c\nd'), account("2")])
        run = sync(ledger, configured(platform))
        written = text(run=run, feeds=read_feeds(ledger.conn))

    *lines, last = written.split("\n")
    names = [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert last == ""
    assert names == list(METRICS)
    groups = written.split("# HELP ")[1:]
    for name, group in zip(names, groups, strict=True):
        _, kind, *values = group.removesuffix("\n").split("\n")
        assert kind == f"# TYPE {name} gauge"
        assert [line for line in values if not SAMPLE.fullmatch(line) or not line.startswith(name)] == []
        assert len(set(values)) == len(values)


def test_what_platforms_name_is_escaped(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        sync(ledger, configured(Platform(accounts=[account('a"b\\c\nd')])))
        written = text(feeds=read_feeds(ledger.conn))

    assert [
        line.split(",")[1] for line in samples(written, "adtally_newest_complete_day_timestamp_seconds")
    ] == [r'account="a\"b\\c\nd"']


def test_failed_sync_keeps_when_a_unit_last_came(tmp_path: Path) -> None:
    """The ledger knows it, so it holds also where the file of the sync before was lost."""
    counter = UnitCounter()
    later = NOON + timedelta(days=1)
    broken = Platform(refuses=AuthError("the credentials are not accepted"))
    with Ledger(tmp_path / "adtally.db") as ledger:
        sync(ledger, configured())
        run = sync(ledger, configured(broken), now=later, run_id="r2", progress=counter)
        written = text(run=run, counter=counter, exit_code=run.exit_code, feeds=read_feeds(ledger.conn))

    assert run.exit_code == 4
    assert samples(written, "adtally_sync_exit_code") == [" 4"]
    assert samples(written, "adtally_sync_success_timestamp_seconds") == [
        f'{{connector="north"}} {int(NOON.timestamp())}'
    ]


def test_sync_that_never_began_says_only_what_is_known() -> None:
    written = text(exit_code=4)

    assert [line for line in written.splitlines() if not line.startswith("#")] == [
        f"adtally_sync_timestamp_seconds {int(NOON.timestamp())}",
        "adtally_sync_exit_code 4",
        "adtally_sync_duration_seconds 1.5",
        'adtally_sync_success_timestamp_seconds{connector="north"} 0',
    ]


def test_units_are_counted_by_connector_and_how_they_ended() -> None:
    counter = UnitCounter()
    ends = (("north", "done"), ("north", "done"), ("north", "skipped"), ("south", "denied"))
    for connector, status in ends:
        counter.unit_ended(
            UnitEnd(
                run_id="r1",
                connector=connector,
                account_id="1",
                report="campaign_daily",
                first_day=FIRST,
                last_day=FIRST,
                status=status,  # type: ignore[arg-type]
                rows=1,
                seconds=0.1,
                error="",
            )
        )

    written = text("north", "south", run=Run(run_id="r1", units=UnitCounts(done=2)), counter=counter)

    assert [line for line in samples(written, "adtally_sync_units") if not line.endswith(" 0")] == [
        '{connector="north",status="done"} 2',
        '{connector="north",status="skipped"} 1',
        '{connector="south",status="denied"} 1',
    ]


def test_connector_that_is_no_longer_configured_is_left_out(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        sync(ledger, configured())
        written = text("south", feeds=read_feeds(ledger.conn))

    assert "north" not in written


def test_file_is_replaced_as_a_whole_and_others_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "adtally.prom"
    path.write_text("old\n", encoding="utf-8")
    before = path.stat().st_ino

    write_metrics(path, "new\n")

    assert path.read_text(encoding="utf-8") == "new\n"
    assert path.stat().st_ino != before
    assert path.stat().st_mode & 0o444 == 0o444
    assert [file.name for file in tmp_path.iterdir()] == ["adtally.prom"]


def test_disk_that_refuses_the_file_is_said_and_nothing_else_changes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "gone" / "adtally.prom"

    write_metrics(path, "new\n")

    assert caplog.messages == [
        f"--metrics {path}: not written, it tells of an earlier sync (No such file or directory)"
    ]


@pytest.mark.parametrize("place", ["", "gone/adtally.prom"])
def test_file_that_could_not_be_written_is_refused_before_a_sync(tmp_path: Path, place: str) -> None:
    with pytest.raises(ConfigError, match="it needs a folder that this user may write to"):
        check_metrics_file(tmp_path / place)
