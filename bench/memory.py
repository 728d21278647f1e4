"""The largest resident size of a sync in a fresh process: nine times the days must not need more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure
from .server import google

FEW, MANY = 1, 9
"""Windows of each of eight accounts: 119,040 and 1,071,360 rows."""


def figures(folder: Path) -> Iterator[Figure]:
    with google() as url:
        peaks = [peak_megabytes(folder / f"{windows}", url, windows) for windows in (FEW, MANY)]
    yield Figure("memory: MB more at 1 M rows than at 0.1 M", peaks[1] - peaks[0], 10, 30)


def peak_megabytes(folder: Path, url: str, windows: int) -> float:
    """The peak of a whole sync, in megabytes."""
    command = [sys.executable, "-m", "bench.synced", str(folder), url, str(windows)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(ended.stdout) / 1024
