"""Pinterest Ads: delivery, interactions, terms, orders and invoices."""

from .connector import PinterestAds

__all__ = ["PinterestAds"]
