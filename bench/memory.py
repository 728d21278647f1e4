"""The largest resident size of a sync in a fresh process: ten times the rows must not need more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, say
from .server import google

SIZES = {"0.1 M": (8, 1), "1 M": (8, 9), "10 M": (75, 9)}
"""Accounts and windows of each: 119,040, then 1,071,360, then 10,044,000 rows."""


def figures(folder: Path) -> Iterator[Figure]:
    before, peak = "", 0.0
    with google() as url:
        for size, (accounts, windows) in SIZES.items():
            say(f"syncing {size} rows over HTTP")
            now = peak_megabytes(folder / size, url, accounts, windows)
            if before:
                yield Figure(f"memory: MB more at {size} rows than at {before}", now - peak, 10, 30)
            before, peak = size, now


def peak_megabytes(folder: Path, url: str, accounts: int, windows: int) -> float:
    """The peak of a whole sync, in megabytes."""
    command = [sys.executable, "-m", "bench.synced", str(folder), url, str(accounts), str(windows)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(ended.stdout) / 1024
