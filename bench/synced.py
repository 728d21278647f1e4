"""A first sync as a user starts it: configuration, connector, HTTP, ledger; nothing is a stand-in.

By one worker, so that CPU seconds and memory are those of the work and not of how threads meet. As a program
it syncs once in a fresh process and tells how large that grew.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adtally.calendar import from_ordinal, to_ordinal
from adtally.commands import open_ledger, sync
from adtally.settings import Settings

from .figures import Stopwatch
from .google import CAMPAIGNS

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAYS = 31
FIRST = from_ordinal(to_ordinal(NOW.date()) // DAYS * DAYS - 12 * DAYS)
"""Where a window of 31 days begins on the fixed grid, a year before now: too old for the log of changes."""
CONFIG = """\
[ledger]
path = "ledger.db"
[sync]
workers = 1
[connectors.google]
use = "google_ads"
base_url = "{url}"
client_id = "id"
client_secret = "hush"
refresh_token = "token"
login_customer_id = "{accounts:010d}"
"""


@dataclass(frozen=True, slots=True)
class Synced:
    """One finished sync: the ledger file, rows written by table, CPU seconds from opening to closing."""

    path: Path
    rows: dict[str, int]
    cpu: float


def configured(folder: Path, url: str, accounts: int) -> Settings:
    """Settings for a new ledger in ``folder`` and a platform with so many accounts."""
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, accounts=accounts), encoding="utf-8")
    return Settings.load(config)


def sync_windows(settings: Settings, windows: int, *, now: datetime = NOW) -> Synced:
    """Sync so many windows of every account, also what is final."""
    last_day = FIRST + timedelta(days=DAYS * windows - 1)
    watch = Stopwatch()
    with watch.running(), open_ledger(settings) as ledger:
        run = sync(settings, ledger, first_day=FIRST, last_day=last_day, full=True, clock=lambda: now)
    if run.failures:
        raise SystemExit(f"the sync failed: {run.failures[0].message}")
    return Synced(settings.ledger_path, run.rows, watch.seconds)


def first_sync(folder: Path, url: str, *, accounts: int, windows: int) -> Synced:
    """Sync so many accounts, so many windows each, into a new ledger in ``folder``."""
    synced = sync_windows(configured(folder, url, accounts), windows)
    if synced.rows["delivery"] != accounts * windows * DAYS * CAMPAIGNS:
        raise SystemExit(
            f"the sync brought {synced.rows['delivery']:,} rows: what the connector asks has changed"
        )
    return synced


def main() -> None:
    """Print the largest resident size, in kilobytes, of syncing so many accounts and windows."""
    folder, url, accounts, windows = sys.argv[1:]
    first_sync(Path(folder), url, accounts=int(accounts), windows=int(windows))
    # Linux only. ru_maxrss would do elsewhere, but begins with what the parent had when it started us.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


if __name__ == "__main__":
    main()
