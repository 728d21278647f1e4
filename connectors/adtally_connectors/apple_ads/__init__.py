"""Apple Ads: delivery, installs, terms and budget orders."""

from .connector import AppleAds

__all__ = ["AppleAds"]
