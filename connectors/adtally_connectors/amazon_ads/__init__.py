"""Amazon Ads: delivery, interactions, terms and invoices of sponsored ads and of the DSP."""

from .connector import AmazonAds

__all__ = ["AmazonAds"]
