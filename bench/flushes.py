"""How often a sync makes the disk write at once: counted as the system calls that it really makes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, say, unmeasured
from .google import CAMPAIGNS
from .server import google
from .synced import DAYS

GATE, GOAL, FLOOR = "flushes: fsync and fdatasync calls per 100 k rows", 30, 120
ACCOUNTS, WINDOWS = 4, 4


def figures(folder: Path) -> Iterator[Figure]:
    strace = shutil.which("strace")
    if strace is None:
        yield unmeasured(GATE, "strace", GOAL, FLOOR)
        return
    say("syncing under strace")
    counted = folder / "calls"
    with google() as url:
        ended = subprocess.run(
            [
                *(strace, "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", str(counted)),
                *(sys.executable, "-m", "bench.synced", str(folder / "synced"), url),
                *(str(ACCOUNTS), str(WINDOWS)),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
    if "ptrace" in ended.stderr.lower():  # installed, and this machine lets no process watch another
        yield unmeasured(GATE, "ptrace", GOAL, FLOOR)
        return
    ended.check_returncode()
    lines = [line.split() for line in counted.read_text(encoding="utf-8").splitlines()]
    calls = sum(int(line[3]) for line in lines if line and line[-1] in {"fsync", "fdatasync"})
    yield Figure(GATE, calls / (ACCOUNTS * WINDOWS * DAYS * CAMPAIGNS) * 100_000, GOAL, FLOOR)
