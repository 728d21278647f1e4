"""Google Ads: delivery, conversions, terms, account budgets, changes and invoices."""

from .connector import GoogleAds

__all__ = ["GoogleAds"]
