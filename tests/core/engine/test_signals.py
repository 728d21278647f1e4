"""A sync that is told to end: it ends soon, leaves a sound ledger, and the next one completes it."""

import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from adtally.ledger import Ledger

from ..harbour import GOOD, Harbour, answer, serve
from ..test_cli import ADTALLY, LAST_WEEK, process
from .north import rows

SOON = 5
"""Seconds: two, on a machine that has other things to do."""
STORED = {
    "delivery": ("connector", "account_id", "day", "campaign_id", "clicks"),
    "units": ("connector", "account_id", "report", "first_day", "last_day", "status", "rows", "remembered"),
}


@contextmanager
def busy() -> Iterator[Harbour]:
    """A platform that tells everybody to come back in a minute, until it may go on."""
    platform = Harbour()

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(platform, self.path, self.headers.get("Authorization", ""))
            is_free = self.path.startswith("/accounts") or platform.go_on.is_set()
            self.send_response(status if is_free else 429)
            self.send_header("Retry-After", "60")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the parent gives
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Exchange) as server:
        platform.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield platform
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running(config: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [ADTALLY, "--config", config, *words],
        cwd=config.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def assert_completed_as_if_nothing_happened(platform: Harbour, folder: Path) -> None:
    """Look at the ledger of ``folder``, complete it, and compare it with one that was never disturbed."""
    with Ledger(folder / "adtally.db") as ledger:
        assert ledger.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert rows(ledger, "runs", "status") == [("interrupted",)]
    platform.go_on.set()
    assert process(folder / "config.toml", "sync", "north").returncode == 0
    other = folder / "undisturbed"
    other.mkdir()
    assert process(configure(platform, other), "sync", "north").returncode == 0
    with Ledger(folder / "adtally.db") as ledger, Ledger(other / "adtally.db") as undisturbed:
        for table, columns in STORED.items():
            assert rows(ledger, table, *columns) == rows(undisturbed, table, *columns)


def configure(platform: Harbour, folder: Path) -> Path:
    return platform.configure(folder, first_day=LAST_WEEK, south=GOOD)


@pytest.mark.parametrize(
    "signals",
    [
        [signal.SIGINT],
        [signal.SIGTERM],
        [signal.SIGTERM, signal.SIGTERM],
        [signal.SIGTERM, signal.SIGINT],
    ],
)
def test_signal_in_the_middle_of_a_unit_ends_the_sync(
    tmp_path: Path, signals: Sequence[signal.Signals]
) -> None:
    with serve(Harbour(accounts=("1", "slow"))) as platform:
        with running(configure(platform, tmp_path), "sync", "north", "--workers", "1") as sync:
            assert platform.asked.wait(30)
            for each in signals:
                sync.send_signal(each)
            stdout, stderr = sync.communicate(timeout=SOON)

        assert (sync.returncode, stdout) == (130, "")
        assert stderr.endswith("What was fetched is stored; run the command again to go on.\n")
        assert_completed_as_if_nothing_happened(platform, tmp_path)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_signal_while_the_platform_lets_the_sync_wait_ends_it(tmp_path: Path, how: signal.Signals) -> None:
    with busy() as platform:
        with running(configure(platform, tmp_path), "-v", "sync", "north") as sync:
            assert sync.stderr is not None
            assert any("asking again in 60 s" in line for line in sync.stderr)
            sync.send_signal(how)
            sync.communicate(timeout=SOON)

        assert sync.returncode == 130
        assert_completed_as_if_nothing_happened(platform, tmp_path)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_signal_between_two_runs_ends_the_repetition(tmp_path: Path, how: signal.Signals) -> None:
    with serve(Harbour()) as platform:
        with running(configure(platform, tmp_path), "sync", "north", "--every", "6h", "--json") as sync:
            assert sync.stdout is not None
            assert any(line == "}\n" for line in sync.stdout)
            sync.send_signal(how)
            sync.communicate(timeout=SOON)

        assert sync.returncode == 130
        with Ledger(tmp_path / "adtally.db") as ledger:
            assert rows(ledger, "runs", "status") == [("done",)]
