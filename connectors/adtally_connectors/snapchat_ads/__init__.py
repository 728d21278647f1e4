"""Snapchat Ads: delivery, interactions, terms, funding sources and invoices."""

from .connector import SnapchatAds

__all__ = ["SnapchatAds"]
