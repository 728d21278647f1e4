"""TikTok Ads: delivery, interactions, terms, balances, invoices and payments."""

from .connector import TikTokAds

__all__ = ["TikTokAds"]
