"""How fast the command answers when there is nothing to do, and what it leaves unloaded for that."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, medians

HEAVY = {"pydantic", "requests", "rich", "sqlite_utils"}
HELP = "from adtally.cli import main; main(['--help'])"
LOADED = f"""\
import sys
try:
    {HELP}
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def figures(_: Path) -> Iterator[Figure]:
    (seconds,) = medians(lambda _: help_seconds())
    yield Figure("adtally --help: CPU seconds", seconds, 0.3, 0.5, "{:.2f}")
    ended = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    heavy = HEAVY & set(ended.stderr.split())
    yield Figure(
        " ".join(["adtally --help: heavy modules loaded", *sorted(heavy)]), len(heavy), 0, 0, "{:.0f}"
    )


def help_seconds() -> float:
    """User and system seconds of a fresh process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", HELP], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
