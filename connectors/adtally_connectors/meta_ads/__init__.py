"""Meta ads (Facebook, Instagram): delivery, actions, terms, balances, changes, invoices and charges."""

from .connector import MetaAds

__all__ = ["MetaAds"]
