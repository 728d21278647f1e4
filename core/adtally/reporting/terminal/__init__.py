"""What people read in a terminal: results on stdout, progress on stderr, 80 columns, 16 colours by name."""

from .findings import print_finding, print_findings
from .result import print_result
from .status import print_status
from .sync import SyncProgress, print_sync, sync_lines

__all__ = [
    "SyncProgress",
    "print_finding",
    "print_findings",
    "print_result",
    "print_status",
    "print_sync",
    "sync_lines",
]
