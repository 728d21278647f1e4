"""X Ads: delivery, interactions, terms, orders and balances."""

from .connector import XAds

__all__ = ["XAds"]
