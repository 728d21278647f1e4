"""The ledger: the only room that speaks SQL."""

from .store import Ledger

__all__ = ["Ledger"]
