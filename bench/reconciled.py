"""A year of 10 M rows judged month by month, beside the same sums written by hand in SQL.

Each side runs in a process of its own, and tells its CPU seconds and its largest resident size.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from adtally.calendar import Window, months, to_ordinal
from adtally.commands import open_ledger, reconcile
from adtally.ledger import Ledger
from adtally.settings import Settings

from .figures import Figure, say
from .northwind import ACCOUNTS, ADS, account
from .scale import KEYS, LAST, fill, sync_until
from .synced import FIRST

CONFIG = """\
[ledger]
path = "year.db"
[sync]
workers = 1
[reconcile]
effect_ratio = "0.5"
[connectors.north]
use = "bench.advertiser:Advertiser"
grains = ["ad"]
"""
COPIED = KEYS | {
    "feeds": {"feed": 2, "account_key": 1},
    "unit_cells": {"feed": 2},
    "delivery_facts": {"feed": 2, "entity": ADS},
    "campaigns": {"account_id": 1},
    "terms": {"account_id": 1},
}
TRAIL = timedelta(days=89)
BY_HAND = (
    """
SELECT f.account_key, e.campaign_id, d.currency, {sums}, MIN(d.view_definition), MAX(d.view_definition)
FROM feeds AS f CROSS JOIN delivery_facts AS d JOIN entities AS e ON e.entity = d.entity
WHERE d.feed = f.feed AND d.day BETWEEN ? AND ? GROUP BY 1, 2, 3
""",
    """
SELECT f.account_key, e.campaign_id, SUM(d.impressions), SUM(COALESCE(d.interactions, d.clicks)),
  MIN(d.day), MAX(d.day), COUNT(DISTINCT d.day)
FROM feeds AS f CROSS JOIN delivery_facts AS d JOIN entities AS e ON e.entity = d.entity
WHERE d.feed = f.feed AND d.day BETWEEN ? AND ? GROUP BY 1, 2
""",
)
"""What each campaign counted in the month, and what it usually does: as the facts have it."""
COUNTED = (
    *("impressions", "measurable_impressions", "viewable_impressions", "clicks", "interactions"),
    *("engagements", "video_views", "video_completions", "leads", "installs", "conversions_micros"),
    *("purchases", "revenue_micros", "billable_units", "cost_micros", "credited_micros"),
)


class Spent(NamedTuple):
    """CPU seconds of the whole process, and the megabytes that it held at most."""

    seconds: float
    megabytes: float


def figures(folder: Path) -> Iterator[Figure]:
    say(f"filling a ledger with a year of {ACCOUNTS} accounts with {ADS} ads")
    year = filled(folder / "year", ACCOUNTS)
    say("reconciling its twelve months, and adding the same rows up by hand")
    judged, by_hand, again = spent(year, "judge"), spent(year, "add"), spent(year, "judge")
    yield Figure(
        "reconcile 10 M rows: CPU, times SQL by hand", judged.seconds / by_hand.seconds, 1.3, 2.0, "{:.2f}"
    )
    yield Figure("reconcile 10 M rows: largest resident MB", judged.megabytes, 150, 300, "{:.0f}")
    yield Figure(
        "reconcile an unchanged year: CPU, share of the first time",
        again.seconds / judged.seconds,
        0.1,
        0.2,
        "{:.2f}",
    )


def filled(folder: Path, accounts: int) -> Path:
    """The configuration of a ledger with a year of so many accounts."""
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    settings = Settings.load(config)
    sync_until(settings, LAST, [account(0).id])
    with Ledger(settings.ledger_path) as ledger:
        fill(ledger, COPIED, accounts)
    return config


def spent(config: Path, what: str) -> Spent:
    """What the work took in a fresh process."""
    command = [sys.executable, "-m", "bench.reconciled", str(config), what]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return Spent(*json.loads(ended.stdout))


def judge(config: Path) -> None:
    settings = Settings.load(config)
    now = datetime.combine(LAST + timedelta(days=40), datetime.min.time(), UTC)
    with open_ledger(settings) as ledger:
        reconcile(settings, ledger, clock=lambda: now)


def add(config: Path) -> None:
    sums = ", ".join(f"SUM(d.{name}), COUNT(d.{name})" for name in COUNTED)
    with sqlite3.connect(config.with_name("year.db")) as conn:
        for month in months(Window(FIRST, LAST)):
            of_month, usual = (query.format(sums=sums) for query in BY_HAND)
            last = to_ordinal(month.last_day)
            conn.execute(of_month, (to_ordinal(month.first_day), last)).fetchall()
            conn.execute(usual, (to_ordinal(month.last_day - TRAIL), last)).fetchall()


if __name__ == "__main__":
    {"judge": judge, "add": add}[sys.argv[2]](Path(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps((time.process_time(), peak)))
