"""A first sync as a user starts it: configuration, connector, HTTP, ledger; nothing is replaced."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adtally.calendar import cells
from adtally.commands import open_ledger, sync
from adtally.calendar import Window
from adtally.settings import Settings

GRID = next(cells(Window(date(2026, 1, 1), date(2026, 1, 1)), 31)).first_day
"""A first day on which a 31-day window of the fixed grid begins."""
WINDOWS = 4
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CONFIG = """\
[ledger]
path = "ledger.db"
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
    """One finished sync: the ledger file, its delivery rows, and the CPU seconds from first call to close."""

    path: Path
    rows: int
    cpu: float


def first_sync(folder: Path, url: str, accounts: int) -> Synced:
    """Sync ``accounts`` accounts and four windows of 31 days into a new ledger in ``folder``."""
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, accounts=accounts))
    settings = Settings.load(config)
    last_day = GRID + timedelta(days=31 * WINDOWS - 1)
    began = time.process_time()
    with open_ledger(settings) as ledger:
        run = sync(settings, ledger, first_day=GRID, last_day=last_day, clock=lambda: NOW)
    cpu = time.process_time() - began
    if run.failures:
        raise SystemExit(f"the sync failed: {run.failures[0].message}")
    return Synced(settings.ledger_path, run.rows["delivery"], cpu)
