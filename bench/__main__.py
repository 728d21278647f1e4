"""Runs every gate and prints one table; exit code 1 when a floor is missed."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from . import (
    decoding,
    end_to_end,
    flushes,
    ledger_file,
    memory,
    reconciled,
    refetch,
    scale,
    startup,
    write_path,
)
from .figures import HEADING

FAMILIES = (
    startup,
    decoding,
    write_path,
    ledger_file,
    refetch,
    flushes,
    end_to_end,
    scale,
    reconciled,
    memory,
)


def main() -> int:
    missed = 0
    print(HEADING)
    for family in FAMILIES:
        with TemporaryDirectory(prefix="adtally-bench-") as folder:
            for figure in family.figures(Path(folder)):
                print(figure.line(), flush=True)
                missed += figure.verdict == "MISSED"
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
