"""Any platform by its CSV exports."""

from .connector import Files

__all__ = ["Files"]
