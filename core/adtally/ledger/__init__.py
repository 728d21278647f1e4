"""The ledger: the only room that speaks SQL."""

from sqlite3 import Connection

from .store import Ledger

__all__ = ["Connection", "Ledger"]
